//! Spreadsheets of Excel and OpenDocument: a sheet is a table of text, read on by the rules of any table.

pub(super) mod biff;
pub(super) mod cells;
pub(super) mod hidden;
pub(super) mod ods;
pub(super) mod ole;

use std::io::BufReader;
use std::path::Path;

use calamine::{Data, DataRef, Ods, Reader, SheetVisible, Xls, Xlsb, Xlsx};

use super::bytes::archive::{content, directory};
use super::bytes::source::{Input, LOOKS_LIKE_A_TRAP};
use super::bytes::stream;
use super::raw::{Raw, few};
use crate::support::error::Remedy;
use crate::support::faults;
use crate::support::plain;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};
use cells::Cells;

/// The mark of the containers in which Excel kept its sheets until 2007.
const CONTAINER: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// How the names of the first member of an archive begin that holds sheets.
const MEMBERS: [&str; 9] =
    ["[Content_Types]", "_rels/", "docProps/", "xl/", "customXml/", "mimetype", "content.xml", "META-INF/", "meta.xml"];
/// What unpacks to more than this many times its size is taken for a trap ...
const TRAP: u64 = 200;
/// ... unless it is small all the same.
const HARMLESS: u64 = 1 << 26;
/// Cells of a sheet beyond which it is not read once more for those that were made one: such tables are no work of hands.
const MOST_SEARCHED: usize = 1 << 18;

/// Whether a file begins as a spreadsheet does.
pub(super) fn begins(opening: &[u8]) -> bool {
    if opening.starts_with(CONTAINER) {
        return true;
    }
    let zip = opening.starts_with(b"PK\x03\x04");
    zip && opening.get(30..).is_some_and(|name| MEMBERS.iter().any(|known| name.starts_with(known.as_bytes())))
}

/// A file, open to be read from any place in it.
type File = BufReader<Box<dyn stream::Source>>;

/// A book of sheets.
enum Book {
    Xlsx(Box<Xlsx<File>>),
    Xlsb(Box<Xlsb<File>>),
    Xls(Box<Xls<File>>),
    /// With the cells of each sheet that were made one.
    Ods(Box<Ods<File>>, Vec<(String, Vec<ods::Merged>)>),
}

/// Load a sheet.
pub(super) fn load_file(input: Input, recipe: &Recipe, progress: &Progress<'_>) -> Result<Raw> {
    let path = input.path.clone();
    let old = input.head().starts_with(CONTAINER);
    let mut book = open(&path, old)?;
    progress.at(0.1, "reading")?;
    let names = book.names();
    let (name, cells) = pick(&mut book, &names, recipe, &path, progress)?;
    let others: Vec<&str> = names.iter().map(String::as_str).filter(|other| *other != name).collect();
    let mut said = vec![if others.is_empty() {
        format!("sheet `{}` was read", plain::line(&name))
    } else {
        format!(
            "sheet `{}` was read; others are there: {} (--array names the one to read)",
            plain::line(&name),
            few(&others)
        )
    }];
    if let Book::Xlsx(_) = &book
        && let Ok(members) = directory(&path)
    {
        said.extend(hidden::note(&path, &members, &name));
    }
    cells.into_raw(path, &format!("sheet `{}`", plain::line(&name)), (recipe, progress), said)
}

/// Opens a book by what is in it.
fn open(path: &Path, old: bool) -> Result<Book> {
    let file = || Ok(BufReader::with_capacity(1 << 16, stream::open(path)?.0));
    if old {
        let mut file = file()?;
        ole::check(&mut file, path)?;
        return guarded(path, || Xls::new(file)).map(|book| Book::Xls(Box::new(book)));
    }
    let members = directory(path)?;
    let (stored, unpacked) =
        (stream::open(path)?.1, members.iter().fold(0_u64, |sum, m| sum.saturating_add(m.unpacked)));
    if unpacked > HARMLESS && unpacked > stored.saturating_mul(TRAP) {
        let message = format!("its {stored} bytes promise {unpacked}: {LOOKS_LIKE_A_TRAP}");
        return Err(Error::format(path, message));
    }
    let has = |name: &str| members.iter().any(|member| member.name.eq_ignore_ascii_case(name));
    let file = file()?;
    if has("xl/workbook.bin") {
        guarded(path, || Xlsb::new(file)).map(|book| Book::Xlsb(Box::new(book)))
    } else if has("content.xml") {
        let mut merged = Vec::new();
        for member in members.iter().filter(|member| member.name.eq_ignore_ascii_case("content.xml")) {
            merged.extend(ods::check(content(path, member)?).map_err(|what| Error::format(path, what))?);
        }
        guarded(path, || Ods::new(file)).map(|book| Book::Ods(Box::new(book), merged))
    } else {
        guarded(path, || Xlsx::new(file)).map(|book| Book::Xlsx(Box::new(book)))
    }
}

/// The sheet that a person named, or the first with a table.
fn pick(
    book: &mut Book,
    names: &[String],
    recipe: &Recipe,
    path: &Path,
    progress: &Progress<'_>,
) -> Result<(String, Cells)> {
    if recipe.array != "auto" {
        let exact = names.iter().find(|name| **name == recipe.array);
        let name = exact.or_else(|| names.iter().find(|name| name.eq_ignore_ascii_case(&recipe.array)));
        let Some(name) = name else {
            let all: Vec<&str> = names.iter().map(String::as_str).collect();
            let message = format!("--array {}: no such sheet; there are {}", recipe.array, few(&all));
            let remedy = Remedy::set("array", "auto", "takes the first with a table", "Take the first sheet");
            return Err(Error::format(path, message).or(remedy));
        };
        return Ok((name.clone(), book.cells(name, path, progress)?));
    }
    // A sheet that a person hid, or of notes alone, is read where there is no other.
    let seen = book.seen();
    let (shown, hidden): (Vec<&String>, Vec<&String>) = names.iter().partition(|name| seen(name));
    let mut narrow = None;
    for name in shown.into_iter().chain(hidden) {
        let cells = book.cells(name, path, progress)?;
        if cells.is_table() && cells.is_wide() {
            return Ok((name.clone(), cells));
        }
        if cells.is_table() && narrow.is_none() {
            narrow = Some((name.clone(), cells));
        }
    }
    narrow.ok_or_else(|| Error::format(path, "no sheet holds a table of two rows or more"))
}

impl Book {
    fn names(&self) -> Vec<String> {
        match self {
            Self::Xlsx(book) => book.sheet_names(),
            Self::Xlsb(book) => book.sheet_names(),
            Self::Xls(book) => book.sheet_names(),
            Self::Ods(book, _) => book.sheet_names(),
        }
    }

    /// Which of the sheets a person sees.
    fn seen(&self) -> impl Fn(&str) -> bool + use<> {
        let sheets = match self {
            Self::Xlsx(book) => book.sheets_metadata(),
            Self::Xlsb(book) => book.sheets_metadata(),
            Self::Xls(book) => book.sheets_metadata(),
            Self::Ods(book, _) => book.sheets_metadata(),
        };
        let hidden: Vec<String> = sheets
            .iter()
            .filter(|sheet| sheet.visible != SheetVisible::Visible)
            .map(|sheet| sheet.name.clone())
            .collect();
        move |name| hidden.iter().all(|hidden| hidden != name)
    }

    /// All cells of a sheet that hold anything.
    fn cells(&mut self, name: &str, path: &Path, progress: &Progress<'_>) -> Result<Cells> {
        let mut cells = Cells::within(stream::open(path)?.1.saturating_mul(TRAP).max(HARMLESS));
        // A book may have sheets of pictures and of code.
        match self {
            Self::Xlsx(book) => guarded(path, || {
                let Ok(mut reader) = book.worksheet_cells_reader(name) else { return Ok::<(), String>(()) };
                while let Some(cell) = reader.next_cell().map_err(|e| e.to_string())? {
                    cells.take(cell.get_position(), cell.get_value())?;
                }
                Ok(())
            })?,
            Self::Xlsb(book) => guarded(path, || {
                let Ok(mut reader) = book.worksheet_cells_reader(name) else { return Ok::<(), String>(()) };
                while let Some(cell) = reader.next_cell().map_err(|e| e.to_string())? {
                    cells.take(cell.get_position(), cell.get_value())?;
                }
                Ok(())
            })?,
            Self::Xls(book) => guarded(path, || range(book.worksheet_range(name).ok(), &mut cells))?,
            Self::Ods(book, merged) => {
                guarded(path, || range(book.worksheet_range(name).ok(), &mut cells))?;
                let regions = merged.iter().filter(|(sheet, _)| sheet == name).flat_map(|(_, regions)| regions);
                regions.for_each(|&(start, end)| cells.merge(start, end));
            }
        }
        if let Self::Xlsx(book) = self
            && cells.len() <= MOST_SEARCHED
        {
            // A cell over several rows stands for each of them.
            let merged = faults::caught(|| book.merge_cells_by_sheet_name(name));
            for region in merged.ok().and_then(Result::ok).unwrap_or_default() {
                cells.merge(region.start, region.end);
            }
        }
        progress.at(0.4, "reading")?;
        Ok(cells)
    }
}

/// The cells of a sheet that is read as a whole.
fn range(sheet: Option<calamine::Range<Data>>, cells: &mut Cells) -> Result<(), String> {
    let Some(sheet) = sheet else { return Ok(()) };
    let (top, left) = sheet.start().unwrap_or_default();
    for (row, column, value) in sheet.used_cells() {
        let place = (top + row as u32, left + column as u32);
        cells.take(place, &borrowed(value))?;
    }
    Ok(())
}

/// The same value as one that a sheet gives cell by cell.
fn borrowed(value: &Data) -> DataRef<'_> {
    match value {
        Data::Int(value) => DataRef::Int(*value),
        Data::Float(value) => DataRef::Float(*value),
        Data::Bool(yes) => DataRef::Bool(*yes),
        Data::DateTime(moment) => DataRef::DateTime(*moment),
        Data::String(text) | Data::DurationIso(text) => DataRef::SharedString(text),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
        Data::Empty => DataRef::Empty,
    }
}

/// Runs what reads a book, which may stumble over one that contradicts itself.
fn guarded<T, E: ToString>(path: &Path, read: impl FnOnce() -> Result<T, E>) -> Result<T> {
    let read = faults::caught(|| read().map_err(|e| e.to_string()));
    read.unwrap_or_else(|_| Err("it contradicts itself".to_owned())).map_err(|what| {
        let message = format!("the spreadsheet is damaged, or locked with a password: {}", plain::line(&what));
        Error::format(path, message)
    })
}
