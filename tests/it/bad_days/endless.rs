//! A table that is labelled takes no more memory the longer it is.

use std::ffi::OsStr;
use std::io::{BufWriter, Write as _};

use eigenscope::Recipe;
use eigenscope::data::NewRows;
use eigenscope::model::Side;
use eigenscope::nets::Compute;
use eigenscope::output::{Applied, TableFormat};

use super::budget::in_a_process_of_its_own;
use super::files::{self, Desk};
use super::readers::{now_mib, peak_mib};

/// Rows of the long table.
const ROWS: usize = 200_000;
/// Mebibytes that may be taken for any table.
const MOST: f64 = 64.0;

#[test]
fn a_long_table_is_labelled_in_the_memory_of_a_short_one() {
    let test = "a_long_table_is_labelled_in_the_memory_of_a_short_one";
    in_a_process_of_its_own(module_path!(), test, || {
        let desk = Desk::new();
        let model = &files::model().0;
        let path = desk.path("long.csv");
        let mut file = BufWriter::new(std::fs::File::create(&path).expect("the folder can be written"));
        let padding = "nothing of this is read ".repeat(25);
        writeln!(file, "padding,gamma,\"b, c\",alpha").expect("there is room");
        for i in 0..ROWS {
            writeln!(file, "{padding},{}.5,0.25,{}", i % 7, i % 11).expect("there is room");
        }
        file.flush().expect("there is room");
        drop(file);
        let size = std::fs::metadata(&path).expect("it is there").len();
        assert!(size as f64 > 1.5 * MOST * f64::from(1 << 20), "the table is larger than what may be taken");

        let compute = Compute::cpu();
        let label = |argument: &OsStr| {
            let mut rows = NewRows::open(argument, &model.reading, &Recipe::default()).expect("it has its columns");
            let mut sink = std::io::sink();
            let mut table = Applied::new(&mut sink, TableFormat::Csv, rows.header(), (model, Side::Learned));
            let mut count = 0;
            while let Some(block) = rows.next_block().expect("all rows are well") {
                let labelled = model.apply(block.features.view(), &compute).expect("they are labelled");
                table.write(&block, &labelled).expect("a sink takes anything");
                count += block.rows.len();
            }
            table.finish().expect("a sink takes anything");
            count
        };
        // The first time everything is made that stays.
        label(desk.put("short.csv", files::table()).as_os_str());
        let before = now_mib();
        assert_eq!(label(path.as_os_str()), ROWS);
        if let (Some(before), Some(after)) = (before, peak_mib()) {
            println!("{:.0} MiB of text took {:.1} MiB", size as f64 / f64::from(1 << 20), after - before);
            assert!(after - before < MOST, "{after:.0} MiB where {before:.0} were in use before");
        }
    });
}
