use clap::CommandFactory as _;

use super::*;

#[test]
fn lists_of_formats_read_as_sentences() {
    assert_eq!(
        sample_formats("and"),
        "CSV, TSV, JSON Lines, Parquet, Arrow, NPY, Excel, HTML, XML, LaTeX, SQL, NPZ, IDX, LIBSVM and Matrix Market"
    );
    assert_eq!(
        sample_formats("or"),
        "CSV, TSV, JSON Lines, Parquet, Arrow, NPY, Excel, HTML, XML, LaTeX, SQL, NPZ, IDX, LIBSVM or Matrix Market"
    );
    assert_eq!(unpacked_formats(), "Parquet, Excel and NPZ");
    let shown = extensions(Format::of_samples());
    assert_eq!(shown.first().zip(shown.last()), Some((&"csv", &"zst")));
    assert_eq!(extensions(Format::of_matrices()), ["mtx", "npz", "npy", "gz", "zst"]);
}

#[test]
fn every_extension_says_one_format_and_every_format_is_read() {
    for (at, format) in Format::ALL.iter().enumerate() {
        assert!(format.samples.is_some() || format.matrix.is_some(), "{}", format.sentence);
        assert!(format.mark.is_none() || !format.unmarked.is_empty(), "{}", format.sentence);
        for extension in format.extensions {
            let name = format!("some.{extension}");
            let say_so = Format::ALL.iter().enumerate().filter(|(_, other)| other.is_said_by(&name));
            assert_eq!(say_so.map(|(other, _)| other).collect::<Vec<_>>(), [at], "{name}");
        }
    }
    assert!(Format::ALL.iter().any(|format| format.is_said_by("train-images-idx3-ubyte")));
    assert!(!Format::ALL.iter().any(|format| format.is_said_by("npy") || format.is_said_by("my-npy")));
}

#[test]
fn the_help_of_the_affinity_file_names_what_is_read() {
    #[derive(clap::Parser)]
    struct Only {
        #[command(flatten)]
        recipe: Recipe,
    }
    let command = Only::command();
    let help = command.get_arguments().find(|arg| arg.get_id() == "affinity_file").and_then(|arg| arg.get_help());
    let help = help.expect("the flag has a help text").to_string();
    for format in Format::of_matrices() {
        assert!(format.extensions.iter().all(|e| help.contains(&format!(".{e}"))), "{help}");
    }
}

#[test]
fn a_table_of_weka_is_one_however_long_its_head_is() {
    let head =
        |comments: usize| "% a line of comment\n".repeat(comments) + "@relation a\n@attribute b numeric\n@data\n";
    let is = |text: String| is_table(&mut Input::of_text("a.arff", text).expect("it opens"), "auto");
    assert!(is(head(0) + "1\n2\n") && is(head(4000) + "1\n2\n"));
    let attributes = (0..4000).map(|at| format!("@attribute a{at} numeric\n")).collect::<Vec<_>>().concat();
    assert!(is(format!("@relation a\n{attributes}@data\n1\n")));
    assert!(!is(format!("@relation a\n{attributes}@data\n{{0 1}}\n")));
}
