//! Seeds of the fuzz targets: small sound files of every kind, by the writers that the tests have. In a folder of one's own:
//! `EIGENSCOPE_SEEDS=fuzz/corpus cargo test --release --test it fuzz_seeds`.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use eigenscope::data::{Painted, Spot, read_known, read_matrix};
use eigenscope::output::{Comparison, read_model};
use eigenscope::project::{
    DataRef, Deed, Did, Document, Edit, Group, Journal, Project, Rows, Side, ViewState, journal, read_project,
    read_stored, write_project, write_project_with,
};
use eigenscope::recipe::columns::read_roles;
use eigenscope::support::progress::Progress;
use eigenscope::{Recipe, Result};
use image::{DynamicImage, ImageFormat, RgbaImage};

use crate::bad_days::files;
use crate::support::bytes::{gzip, idx, npy};
use crate::support::desk::{Desk, open};
use crate::support::npy::to_npy;

/// A target, what a seed of it is called, its bytes, and what reads it where they are a file by themselves.
type Seed = (&'static str, String, Vec<u8>, Option<fn(&Path) -> Result<()>>);

fn data(path: &Path) -> Result<()> {
    open(path, &Recipe::default()).map(drop)
}

fn matrix(path: &Path) -> Result<()> {
    read_matrix(path, files::ROWS, &Recipe::default(), &Progress::silent()).map(drop)
}

/// A page with cells over several rows and columns, entities and a table within another ...
const PAGE: &[u8] = b"<html><script>a < b</script><!-- no --><table><tr><th>x&nbsp;&amp;&#160;y<th colspan=2>z<tr><td rowspan=2>1<td>2,5\
    <td>3<tr><td>4<td><table><tr><td>in</table>5</table>";
/// ... and what Excel of 2003 writes.
const SHEET: &[u8] = b"<?xml version=\"1.0\"?><Workbook><Worksheet ss:Name=\"a\"><Table><Row><Cell><Data ss:Type=\"String\">x</Data></Cell>\
    <Cell ss:Index=\"3\" ss:MergeDown=\"1\"><Data>y</Data></Cell></Row><Row><Cell><Data>1</Data></Cell><Cell/></Row>\
    <Row><Cell><Data>2</Data></Cell><Cell ss:Index=\"3\"><Data>3</Data></Cell></Row></Table></Worksheet></Workbook>";

/// A table in LaTeX, with what only draws, commands in cells, comments and a cell over two columns.
const TEX: &[u8] = b"\\begin{tabular}[t]{l|rr} \\hline\nx & \\multicolumn{2}{c}{y} \\\\ \\cmidrule(lr){2-3}\n\\textbf{1.5} & $-2$ & 20\\% \\\\[2pt] % one\n\
    2.5 & 1{,}000 & --- \\\\\n\\end{tabular}\n";

/// Texts that are known by how they look: sparse ARFF, dumps of databases, logs, output of their programs, records in XML.
fn texts() -> Vec<Seed> {
    let texts: [(&str, &[u8]); 7] = [
        ("sparse.txt", b"@relation a\n@attribute x numeric\n@attribute k {a, b}\n@data\n{0 1.5}\n{1 b}\n{0 2, 1 b}\n"),
        ("dump.txt", b"CREATE TABLE `t` (`a` int, w text);\nINSERT INTO `t` VALUES (1,'x\\''),(2,NULL);\nCOPY u (a, b) FROM stdin;\n1\t2\n\\.\n"),
        ("log.txt", b"t=12:30 x=1.5 w=\"a b\"\nt=12:31 x=2 w=c\nt=12:32 x=3 w=d\n"),
        ("psql.txt", b"-[ RECORD 1 ]\nx | 1.5\ny | a+\n  | b\n-[ RECORD 2 ]\nx | 2\ny | c\n"),
        ("mysql.txt", b"**** 1. row ****\n x: 1.5\nyy: a\n**** 2. row ****\n x: 2\nyy: NULL\n2 rows in set\n"),
        ("records.txt", b"<?xml version=\"1.0\"?><d><head n='2'/><row id='1'><a>1.5</a><w><![CDATA[<x>]]></w></row><!-- > --><row id='2'><a>2</a><m b=\"7\"/></row></d>"),
        ("blocks.txt", b"- a: 1\n  b: x\n- a: 2\n  b: \"y\"\n- a: 3\n  b: z\n"),
    ];
    let seed = |(name, bytes): (&str, &[u8])| ("texts", name.to_owned(), bytes.to_vec(), Some(data as fn(&Path) -> _));
    texts.into_iter().map(seed).collect()
}

fn tables() -> Vec<Seed> {
    let texts: [(&str, &[u8]); 15] = [
        ("a.csv", &files::table()),
        ("decimal.csv", b"sep=;\nx;y;label\n1,5;2.000,25;a\n3,5;4,5;b\n;6;a\n"),
        ("gaps.tsv", b"day\tn/a\tname\n2024-01-02\tNA\t\"two\nlines\"\n2024-02-03\t-1e-3\t\"a \"\"word\"\"\"\n2024-03-04\t7\tz\n"),
        ("no-header.txt", b"1 2 3\n4 5 6\n7 8 10\n"),
        ("comments.txt", b"# made by hand\n# twice\nid|flag|class\n001|yes|a\n002|no|b\n010|yes|a\n"),
        ("windows.csv", b"\xef\xbb\xbfa,b\r\n1,2\r\n\r\n3,4\r\n"),
        ("weka.arff", b"@relation a\n@attribute 'x y' numeric\n@attribute kind {a, b}\n@data\n1.5,a\n2.5,b\n3,?\n"),
        ("orange.tab", b"x\tkind\nc\ta b\n\tclass\n1.5\ta\n2.5\tb\n3\ta\n"),
        ("marked.tab", b"C#x\tmS#name\tcD#kind\n1.5\tu\ta\n2.5\tv\tb\n3\tw\ta\n"),
        ("frame.txt", b"+-----+---+\n| x   | y |\n+-----+---+\n| 1.5 | 2 |\n| 2.5 | 4 |\n| 3.5 | 1 |\n+-----+---+\n3 rows\n"),
        ("list.txt", b"     +---------+\n     |   x   y |\n     |---------|\n  1. | 1.5   2 |\n  2. | 2.5   4 |\n     +---------+\n"),
        ("mac.csv", b"a,w\r1.5,\"x\ny\"\r2,z\r3,u\r"),
        ("wrapped.csv", b"\"a,w\"\r\n\"1.5,\"\"x, y\"\"\"\r\n\"2,z\"\r\n\"3,u\"\r\n"),
        ("quoted.csv", b"'a b','c'\n'x, \"1\"',2\n'it''s',3\n"),
        ("own.csv", b"row,x,cluster,learned_1\n1,0.5,0,1.5\n2,0.25,1,2.5\n3,1,0,0\n"),
    ];
    let table = |(name, bytes): (&str, &[u8])| ("table", name.to_owned(), bytes.to_vec(), Some(data as fn(&Path) -> _));
    let mut seeds: Vec<Seed> = texts.into_iter().map(table).collect();
    let rows = b"x,colour,day,on\n1.5,red,2024-01-03,yes\n,green,NA,no\n1e3,blue,2024-12-31,yes\n";
    seeds.push(("new_rows", "rows.csv".to_owned(), rows.to_vec(), None));
    seeds.push(("new_rows", "moved.csv".to_owned(), b"day;on;x;z;colour\n3.1.2024;1;2,5;q;red\n".to_vec(), None));
    seeds.push(("packed", "a.csv.gz".to_owned(), gzip(&files::table()), Some(data)));
    let zst = zstd::stream::encode_all(&*files::table(), 3).expect("memory takes it");
    seeds.push(("packed", "a.csv.zst".to_owned(), zst, Some(data)));
    seeds.push(("objects", "a.jsonl".to_owned(), files::objects(), Some(data)));
    seeds.push(("objects", "list.jsonl".to_owned(), files::list_of_objects(), Some(data)));
    for (name, page) in [("rows.html", PAGE), ("excel-2003.html", SHEET)] {
        seeds.push(("html", name.to_owned(), page.to_vec(), Some(data)));
    }
    seeds.push(("libsvm", "a.svm".to_owned(), files::libsvm(), Some(data)));
    seeds.push(("latex", "a.tex".to_owned(), TEX.to_vec(), Some(data)));
    seeds.push(("basket", "a.basket".to_owned(), b"bread=2, milk\n# none\nmilk,eggs=0.5\n".to_vec(), Some(data)));
    seeds
}

/// An array behind its length.
fn pieces(first: u8, parts: &[&[u8]]) -> Vec<u8> {
    let piece = |part: &&[u8]| [&(part.len() as u16).to_le_bytes()[..], part].concat();
    std::iter::once(first).chain(parts.iter().flat_map(piece)).collect()
}

fn arrays() -> Vec<Seed> {
    let labels = npy("<U3", "(24,)", &[b'a', 0, 0, 0, b'b', 0, 0, 0, 0, 0, 0, 0].repeat(24));
    let whole = npy("<i8", "(3,)", &[5_i64, 7, 9].map(i64::to_le_bytes).concat());
    let sparse: [&[u8]; 5] = [
        &npy("|S3", "()", b"csr"),
        &npy("<i8", "(2,)", &[24_i64; 2].map(i64::to_le_bytes).concat()),
        &npy("<i4", "(2,)", &[1_i32, 0].map(i32::to_le_bytes).concat()),
        &npy("<i4", "(25,)", &(0..25).flat_map(|i: i32| i.min(2).to_le_bytes()).collect::<Vec<u8>>()),
        &npy("<f8", "(2,)", &[0.5_f64; 2].map(f64::to_le_bytes).concat()),
    ];
    let square = to_npy(&ndarray::Array2::from_shape_fn((files::ROWS, files::ROWS), |(i, j)| {
        1.0 / (1.0 + (i as f64 - j as f64).abs())
    }));
    let floats = npy("<f4", "(4, 2)", &(0..8).flat_map(|v| (0.5 * v as f32).to_le_bytes()).collect::<Vec<u8>>());
    let turned = npy("|b1", "(3, 2)", &[1, 0, 1, 1, 0, 0]);
    let doubles = idx(14, &[3, 2], &[1.5_f64, 2.5, 3.5, 4.5, 5.5, 7.0].map(f64::to_be_bytes).concat());
    let named = |target, name: &str, bytes, read| (target, name.to_owned(), bytes, read);
    vec![
        named("npy", "a.npy", files::npy(), Some(data as fn(&Path) -> _)),
        named("npy", "floats.npy", floats, Some(data)),
        named("npy", "flags.npy", turned, Some(data)),
        named("npy", "one.npy", whole.clone(), Some(data)),
        named("npz", "stored.npz", files::npz(false), Some(data)),
        named("npz", "packed.npz", files::npz(true), Some(data)),
        named("npz", "sparse.npz", files::sparse(), Some(data)),
        named("npz", "parts", pieces(0, &[&files::npy(), &labels]), None),
        named("npz", "sparse-parts", pieces(1, &sparse), None),
        named("matrix", "sparse-parts", pieces(1, &sparse), None),
        named("matrix", "sparse.npz", files::sparse(), Some(matrix)),
        named("matrix", "chain.mtx", files::matrix(), Some(matrix)),
        named("matrix", "square.npy", square, Some(matrix)),
        named("market", "chain.mtx", files::matrix(), Some(data)),
        named("market", "columns.mtx", files::columns(), Some(data)),
        named("idx", "a-idx3-ubyte", files::idx(), Some(data)),
        named("idx", "doubles.idx2", doubles, Some(data)),
    ]
}

/// The small files that other programs wrote.
fn of_others() -> Vec<Seed> {
    let mut seeds: Vec<Seed> = Vec::new();
    for folder in ["tables", "formats"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/references").join(folder);
        for entry in std::fs::read_dir(folder).expect("it is there") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let target = match name.rsplit('.').next() {
                Some("parquet") => "parquet",
                Some("arrow" | "arrows" | "feather") => "arrow",
                Some("xlsx" | "xls" | "ods") => "sheet",
                Some("npz") => "npz",
                Some("mtx") => "market",
                Some("svm") => "libsvm",
                Some("json" | "jsonl") => "objects",
                _ => continue,
            };
            seeds.push((target, name, std::fs::read(path).expect("it is there"), None));
        }
    }
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let sheet = [
        format!(
            "<workbook xmlns=\"{main}\" xmlns:r=\"{relations}\"><sheets><sheet name=\"one\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
        ),
        format!("<sst xmlns=\"{main}\"><si><t>x</t></si><si><r><t>y</t></r></si><si><t>a b</t></si></sst>"),
        format!(
            "<styleSheet xmlns=\"{main}\"><numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"yyyy-mm-dd\"/></numFmts><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/></cellXfs></styleSheet>"
        ),
        format!(
            "<worksheet xmlns=\"{main}\"><dimension ref=\"A1:C3\"/><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c><c r=\"C1\" t=\"inlineStr\"><is><t>on</t></is></c></row><row r=\"2\"><c r=\"A2\"><v>1.5</v></c><c r=\"B2\" s=\"1\"><v>45000</v></c><c r=\"C2\" t=\"b\"><v>1</v></c></row><row r=\"3\"><c r=\"A3\"><f>A2+1</f><v>2.5</v></c><c r=\"B3\" t=\"e\"><v>#N/A</v></c><c r=\"C3\" t=\"str\"><v>q</v></c></row></sheetData><mergeCells count=\"1\"><mergeCell ref=\"A1:A1\"/></mergeCells></worksheet>"
        ),
    ];
    seeds.push(("sheet", "parts".to_owned(), sheet.join("\0").into_bytes(), None));
    seeds
}

fn pictures() -> Vec<Seed> {
    let coloured: DynamicImage =
        RgbaImage::from_fn(7, 5, |x, y| image::Rgba([(x * 30) as u8, (y * 50) as u8, 9, (x * y * 8) as u8])).into();
    let mut seeds = Vec::new();
    for (name, picture) in [
        ("rgba.png", coloured.clone()),
        ("rgb.png", coloured.to_rgb8().into()),
        ("grey.png", coloured.to_luma8().into()),
        ("deep.png", coloured.to_luma16().into()),
        ("rgb.jpg", coloured.to_rgb8().into()),
        ("grey.jpg", coloured.to_luma8().into()),
    ] {
        let kind = if name.ends_with("png") { ImageFormat::Png } else { ImageFormat::Jpeg };
        let mut bytes = std::io::Cursor::new(Vec::new());
        picture.write_to(&mut bytes, kind).expect("memory takes it");
        seeds.push(("picture", name.to_owned(), bytes.into_inner(), None));
    }
    seeds
}

fn done() -> (Project, Vec<Did>) {
    let mut edits = Document::default();
    let mut apply = |edit, founded| {
        let deed = Deed { side: Side::Learned, title: "edit".to_owned(), founded, edit };
        edits.apply(deed).expect("it is made")
    };
    let groups = vec![(0, Group::cluster(1, Rows::of(0..5))), (1, Group::named("b"))];
    let first = apply(Edit::Assign(1, Rows::of([3, 9, 10])), groups);
    let more = [Edit::Outliers(Rows::of([4])), Edit::Name(0, "first".to_owned()), Edit::Merge(0, 1)];
    let changes: Vec<_> = more.into_iter().map(|edit| apply(edit, Vec::new())).collect();
    let project = Project {
        program: "0".to_owned(),
        data: DataRef { name: Some("moons".to_owned()), samples: 600, features: 2, ..DataRef::default() },
        selection: Rows::of([4, 5]),
        colour_by: Some("learned".to_owned()),
        views: vec![ViewState { three_d: true, axes: [Some("vector 2".to_owned()), None, None] }],
        trained: Some(1.5),
        edits,
        ..Project::default()
    };
    let did = changes.iter().cloned().map(Did::Labels).chain([
        Did::Back(changes[2].clone()),
        Did::Back(first),
        Did::Selected(Rows::of([7, 8])),
        Did::Settings(Box::new(files::recipe())),
        Did::Painted(Painted::new([Spot { at: [0.5, -1.0], class: 2 }, Spot { at: [3.0, 0.25], class: 0 }])),
    ]);
    (project, did.collect())
}

fn projects(desk: &Desk) -> Vec<Seed> {
    let (project, did) = done();
    let path = desk.path("p.eigenscope");
    write_project(&path, &project).expect("it is written");
    let whole = std::fs::read(&path).expect("it is there");
    let behind = |bytes: &[u8]| bytes.iter().position(|&b| b == b'\n').expect("a first line") + 1;
    let body = whole[behind(&whole) + 16..].to_vec();
    write_project_with(&path, &project, Some(&files::stored())).expect("it is written");
    let with_results = std::fs::read(&path).expect("it is there");
    let results = &with_results[whole.len() + 16..];
    let parts = [&b"\xffR"[..], &(body.len() as u32).to_le_bytes()[..], &body, results].concat();
    let stored: fn(&Path) -> Result<()> = |path| {
        assert!(read_stored(path)?.is_some_and(|stored| stored.model(path).is_ok_and(|model| model.is_some())));
        read_project(path).map(drop)
    };
    let path = desk.path("p.journal");
    let journal = Journal::new(|| ()).expect("a thread");
    journal.begin(
        vec![path.clone()],
        Some("p.eigenscope".into()),
        Project { edits: Document::default(), ..project },
        None,
    );
    for did in did {
        journal.put(did);
    }
    drop(journal);
    let written = std::fs::read(&path).expect("it is there");
    let (mut alone, mut rest) = (Vec::new(), &written[behind(&written)..]);
    while let Some(length) = rest.first_chunk::<4>().map(|four| u32::from_le_bytes(*four) as usize) {
        alone.extend((length as u16).to_le_bytes());
        alone.extend(&rest[12..12 + length]);
        rest = &rest[12 + length..];
    }
    let kept: fn(&Path) -> Result<()> = |path| {
        assert_eq!(journal::read(path).map(|kept| kept.edits), Some(8));
        Ok(())
    };
    vec![
        ("project", "p.eigenscope".to_owned(), whole, Some((|path| read_project(path).map(drop)) as fn(&Path) -> _)),
        ("project", "body".to_owned(), body, None),
        ("project", "results.eigenscope".to_owned(), with_results, Some(stored)),
        ("project", "results-parts".to_owned(), parts, None),
        ("journal", "p.journal".to_owned(), written, Some(kept)),
        ("journal", "pieces".to_owned(), alone, None),
    ]
}

/// An exported table with labels that a person gave.
const EDITED: &[u8] =
    b"x,row,cluster,label_edited,label_source\n1,0,0,a,assigned\n2,1,1,b,solver\n3,2,1,b,accepted\n4,3,1,,outlier\n";

fn settings() -> Vec<Seed> {
    let model = &files::model().1;
    let line = model.iter().position(|&b| b == b'\n').expect("a first line") + 1;
    let mut inside = Vec::new();
    flate2::read::GzDecoder::new(&model[line..]).read_to_end(&mut inside).expect("it is whole");
    let roles = "header = \"yes\"\ndelimiter = \";\"\nothers = \"shown\"\n[columns]\nage = \"number\"\nclass = \"label\"\n\
                 visit = { role = \"feature\", kind = \"day-month-year\" }\n";
    let named = |target, name: &str, bytes, read| (target, name.to_owned(), bytes, read);
    vec![
        named("model", "m.eigenscope", model.clone(), Some((|path| read_model(path).map(drop)) as fn(&Path) -> _)),
        named("model", "inside", inside, None),
        named("recipe", "r.toml", files::settings(), Some(|path| eigenscope::cli::read_recipe(path).map(drop))),
        named("roles", "roles.toml", roles.into(), Some(|path| read_roles(path).map(drop))),
        named(
            "known",
            "known.csv",
            b"row,label\n3,a\n0,\"b, c\"\n7,a\n".into(),
            Some(|path| read_known(path).map(drop)),
        ),
        named("known", "labels.csv", EDITED.into(), Some(|path| read_known(path).map(drop))),
        named("comparison", "c.json", files::comparison(), Some(|path| Comparison::read(path).map(drop))),
    ]
}

#[test]
fn every_fuzz_target_has_seeds_that_are_read() {
    let desk = Desk::new();
    let asked = std::env::var_os("EIGENSCOPE_SEEDS").map(PathBuf::from);
    let folder = asked.unwrap_or_else(|| desk.path("seeds"));
    // They do not go with a packed crate.
    let targets = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/fuzz_targets"));
    let targets = targets.into_iter().flatten().map(|entry| entry.expect("an entry").path());
    let mut bare: Vec<String> =
        targets.map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned()).collect();
    let seeds = [tables(), texts(), arrays(), of_others(), pictures(), projects(&desk), settings()].concat();
    for (target, name, bytes, read) in seeds {
        let folder = folder.join(target);
        std::fs::create_dir_all(&folder).expect("the folder can be written");
        let path = folder.join(&name);
        std::fs::write(&path, bytes).expect("the folder can be written");
        if let Some(read) = read {
            read(&path).unwrap_or_else(|e| panic!("{target}: {e}"));
        }
        bare.retain(|one| one != target);
    }
    assert!(bare.is_empty(), "no seed: {bare:?}");
}
