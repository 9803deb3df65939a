//! Wide tables as R and pandas print them: columns that have no room stand below the others, in blocks with the same names of rows.

use crate::data::bytes::source::Input;
use crate::data::columns;
use crate::data::raw::Raw;
use crate::support::language::counted;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// Some columns of all rows.
#[derive(Debug, Default)]
struct Block<'t> {
    names: Vec<&'t str>,
    /// The name of each row and its cells.
    rows: Vec<Vec<&'t str>>,
}

/// The blocks of a text, of which the last may be cut off; none where it is no such text.
fn blocks(text: &str, whole: bool) -> Option<Vec<Block<'_>>> {
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
    if !whole {
        lines.pop();
    }
    for line in lines {
        // pandas says so where more columns follow.
        let line = line.trim_end().trim_end_matches('\\');
        let cells: Vec<&str> = line.split_whitespace().collect();
        if cells.is_empty() || line.starts_with('[') && line.ends_with("columns]") {
            continue;
        }
        if line.starts_with(' ') {
            blocks.push(Block { names: cells, rows: Vec::new() });
            continue;
        }
        let block = blocks.last_mut()?;
        if cells.len() != block.names.len() + 1 {
            return None;
        }
        block.rows.push(cells);
    }
    let (first, others) = blocks.split_first()?;
    let named_alike = |block: &Block<'_>, all: bool| {
        let same = block.rows.iter().zip(&first.rows).all(|(row, other)| row[0] == other[0]);
        same && (block.rows.len() == first.rows.len() || !all && block.rows.len() < first.rows.len())
    };
    let (last, inner) = others.split_last()?;
    let fits = inner.iter().all(|block| named_alike(block, true)) && named_alike(last, whole);
    (first.rows.len() > 1 && fits).then_some(blocks)
}

/// Whether a text is so printed: two blocks or more with the same names of rows.
pub(in crate::data) fn looks_so(text: &str, whole: bool) -> bool {
    text.trim_start_matches('\u{feff}').starts_with(' ')
        && blocks(text, whole).is_some_and(|blocks| blocks.len() > 2 || !blocks[1].rows.is_empty())
}

/// Load such a text: its blocks beside each other.
pub(in crate::data) fn load_file(mut input: Input, recipe: &Recipe, progress: &Progress<'_>) -> Result<Raw> {
    let path = input.path.clone();
    let text = input.text()?;
    progress.at(0.2, "reading")?;
    let Some(blocks) = blocks(&text, true) else {
        let message = "its columns stand in blocks as R and pandas print them, and the blocks have not the same rows; write it as CSV";
        return Err(Error::format(&path, message));
    };
    let names: Vec<&str> = blocks.iter().flat_map(|block| block.names.iter().copied()).collect();
    let mut table = format!("\t{}\n", names.join("\t"));
    for (at, row) in blocks[0].rows.iter().enumerate() {
        table.push_str(row[0]);
        for cell in blocks.iter().filter_map(|block| block.rows.get(at)).flat_map(|row| &row[1..]) {
            table.push('\t');
            table.push_str(cell);
        }
        table.push('\n');
    }
    let note = format!(
        "{} of columns below each other, as R and pandas print them, read as one table",
        counted(blocks.len(), "block")
    );
    drop(blocks);
    let mut raw = columns::load_file(Input::of_text(path, table)?, recipe, progress)?;
    raw.notes.insert(0, note);
    Ok(raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_with_the_same_rows_are_one_table() {
        let r = "      a    b\n1   1.5  2.5\n2   3.0  4.0\n    kind\n1      u\n2      v\n";
        let pandas = "     a  \\\n0  1.5   \n1  3.0   \n\n   kind  \n0     u  \n1     v  \n\n[2 rows x 2 columns]\n";
        assert!(looks_so(r, true) && looks_so(pandas, true) && looks_so(&r[..r.len() - 3], false));
        for text in [
            "  a b\n1 1.5 2.5\n2 3 4\n",
            "  a b\n1 1.5 2.5\n2 3 4\n  c\n1 5\n3 6\n",
            " 1 2\n 3 4\n",
            "a b\n1 2\n",
            "  a b\nx 1 2\n",
            "",
        ] {
            assert!(!looks_so(text, true), "{text}");
        }
    }
}
