//! What stands before a table: a byte order mark, Excel's `sep=`, lines of comment.

use super::declared::{Said, last_is_class, of_attribute};
use super::delimiter::Delimiter;
use crate::recipe::columns::Role;

/// The beginning of a text, up to its first record.
#[derive(Debug, Default, PartialEq)]
pub(in crate::data) struct Preamble {
    /// Bytes of it.
    pub(in crate::data) bytes: usize,
    /// Lines of it.
    pub(in crate::data) lines: u64,
    /// What `sep=` says.
    pub(in crate::data) delimiter: Option<Delimiter>,
    /// The last line of comment without its mark: it may name the columns, as `numpy.savetxt` writes them.
    pub(in crate::data) comment: Option<String>,
    /// Lines of comment.
    pub(in crate::data) comments: usize,
    /// The names of the columns, where the text itself says them before its rows, as Weka's ARFF does.
    pub(in crate::data) names: Option<(Vec<String>, Vec<Said>)>,
}

/// Read it from the first bytes of a file.
pub(in crate::data) fn read(sample: &[u8]) -> Preamble {
    let mark = if sample.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    if let Some(found) = attributes(sample, mark) {
        return found;
    }
    if let Some(found) = looped(sample, mark) {
        return found;
    }
    let mut found = Preamble { bytes: mark, ..Preamble::default() };
    while let Some(line) = next_line(&sample[found.bytes..]) {
        let text = String::from_utf8_lossy(line);
        let text = text.trim();
        if let Some(delimiter) = separator(text).filter(|_| found.lines == 0) {
            found.delimiter = Some(delimiter);
        } else if let Some(comment) = comment(text).or_else(|| semicolons(text, found.comments > 0)) {
            found.comments += 1;
            found.comment = Some(comment.to_owned());
        } else if !text.is_empty() || found.lines == 0 {
            return found;
        }
        found.bytes += line.len();
        found.lines += 1;
    }
    // Where every line begins so, the mark is part of the data, as of colours.
    if found.comments > 0 { Preamble { bytes: mark, ..Preamble::default() } } else { found }
}

/// What a line of comment says, without its mark.
fn comment(text: &str) -> Option<&str> {
    // A semicolon may as well part cells.
    if let Some(comment) = text.strip_prefix("; ").filter(|comment| !comment.contains(';')) {
        return Some(comment.trim());
    }
    let mark = ["#", "%", "//", "!", "\\"].into_iter().find(|mark| text.starts_with(mark))?;
    Some(text.trim_start_matches(mark).trim())
}

/// The same of a line that begins with several semicolons, as programs in Lisp write them; without words where others went before.
fn semicolons(text: &str, goes_on: bool) -> Option<&str> {
    let rest = text.strip_prefix(";;")?.trim_start_matches(';');
    let says = rest.starts_with(' ') && !rest.contains(';');
    (says || goes_on && rest.is_empty()).then(|| rest.trim())
}

/// The names of the last loop of a STAR file, as microscopes and crystallographers write it: `loop_`, then a name with `_` before it a line.
fn looped(sample: &[u8], mark: usize) -> Option<Preamble> {
    let mut found = None;
    let (mut names, mut bytes, mut lines, mut begun) = (Vec::new(), mark, 0, false);
    while let Some(line) = next_line(&sample[bytes..]) {
        let text = String::from_utf8_lossy(line);
        let text = text.trim();
        let name = text.strip_prefix('_').filter(|_| begun).and_then(|rest| rest.split_whitespace().next());
        let other = !(text.is_empty() || text.starts_with('#'));
        match name {
            Some(name) => names.push(name.to_owned()),
            None if text == "loop_" => (names, begun) = (Vec::new(), true),
            None if begun && names.len() > 1 && other => {
                let said = vec![Said::default(); names.len()];
                let delimiter = Some(Delimiter::Blank);
                let names = Some((std::mem::take(&mut names), said));
                found = Some(Preamble { bytes, lines, delimiter, names, ..Preamble::default() });
                begun = false;
            }
            // No other text begins so.
            None if found.is_none() && !begun && other && !text.starts_with("data_") && !text.starts_with('_') => {
                return None;
            }
            None => {}
        }
        bytes += line.len();
        lines += 1;
    }
    found
}

/// Whether a text that begins so may be the head of a file of Weka, whose rows are still to come: until it ends, nothing is known of them.
pub(in crate::data) fn is_head(sample: &[u8]) -> bool {
    let mut lines = sample.split(|&byte| byte == b'\n');
    // The last line may be cut off.
    lines.next_back();
    let (mut related, mut says) = (false, false);
    let goes_on = lines.all(|line| {
        let line = line.trim_ascii();
        let begins = |word: &[u8]| line.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        related |= begins(b"@relation");
        says |= !line.is_empty();
        line.is_empty() || line.starts_with(b"%") || line.starts_with(b"@") && related && !begins(b"@data")
    });
    goes_on && says
}

/// The attributes of a file of Weka or KEEL, up to its rows: `@attribute name kind` each, with KEEL what is put in and comes out, then
/// `@data`.
fn attributes(sample: &[u8], mark: usize) -> Option<Preamble> {
    let mut found = Preamble { bytes: mark, delimiter: Some(Delimiter::Byte(b',')), ..Preamble::default() };
    let (mut names, mut said, mut relation) = (Vec::<String>::new(), Vec::<Said>::new(), false);
    let mut outputs = Vec::new();
    while let Some(line) = next_line(&sample[found.bytes..]) {
        let text = String::from_utf8_lossy(line);
        let text = text.trim();
        found.bytes += line.len();
        found.lines += 1;
        if text.is_empty() || text.starts_with('%') {
            continue;
        }
        let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let rest = rest.trim();
        match word.to_ascii_lowercase().as_str() {
            "@relation" => relation = true,
            "@attribute" if relation => {
                let (name, kind) = attribute(rest)?;
                names.push(name.to_owned());
                said.push(Said { holds: of_attribute(kind), role: None });
            }
            "@inputs" | "@input" if relation => {}
            "@outputs" | "@output" if relation => {
                outputs.extend(rest.split(',').map(|name| name.trim_matches([' ', '\'', '"']).to_owned()));
            }
            "@data" if relation => {
                // Rows in braces have their values by their number, which is no table.
                let braces = sample[found.bytes..].trim_ascii_start().starts_with(b"{");
                for (name, said) in names.iter().zip(&mut said) {
                    said.role = outputs.contains(name).then_some(Role::Label);
                }
                last_is_class(&names, &mut said);
                found.names = Some((names, said));
                return (!braces).then_some(found);
            }
            _ => return None,
        }
    }
    None
}

/// The name of an attribute and what stands behind it; none where the quotes around it do not end.
pub(in crate::data) fn attribute(text: &str) -> Option<(&str, &str)> {
    match text.chars().next().filter(|c| matches!(c, '\'' | '"')) {
        Some(quote) => text[1..].split_once(quote),
        None => Some(text.split_at(text.find([' ', '\t', '{', '[']).unwrap_or(text.len()))),
    }
}

/// The first line with its end; none where the bytes hold no whole one.
fn next_line(bytes: &[u8]) -> Option<&[u8]> {
    bytes.iter().position(|&b| b == b'\n').map(|end| &bytes[..=end])
}

/// The delimiter that a line such as `sep=;` tells Excel.
fn separator(line: &str) -> Option<Delimiter> {
    let line = line.trim_matches('"');
    let (key, value) = line.split_at_checked(4)?;
    if !key.eq_ignore_ascii_case("sep=") {
        return None;
    }
    match value.as_bytes() {
        // The blanks around the line were taken off, and a tab with them.
        [] => Some(Delimiter::Byte(b'\t')),
        [byte] if byte.is_ascii() => Some(Delimiter::Byte(*byte)),
        _ => Delimiter::given(value).ok().flatten(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excels_line_says_the_delimiter() {
        for (text, delimiter) in [("sep=;\na;b\n", b';'), ("\"sep=,\"\r\na,b\r\n", b','), ("SEP=\t\na\tb\n", b'\t')] {
            let found = read(text.as_bytes());
            assert_eq!((found.delimiter, found.lines), (Some(Delimiter::Byte(delimiter)), 1), "{text}");
        }
        assert_eq!(read(b"separator,b\n1,2\n"), Preamble::default());
    }

    #[test]
    fn comments_are_told_from_data() {
        let found = read(b"\xef\xbb\xbf# made by run 7\n## x,y,z\n\n1,2,3\n");
        assert_eq!((found.lines, found.comments, found.comment.as_deref()), (3, 2, Some("x,y,z")));
        assert_eq!(read(b"#ff0000,1\n#00ff00,2\n"), Preamble::default());
        assert_eq!(read(b"a,b\n# 1,2\n"), Preamble::default());
        assert_eq!(read(b"% made by hand\n%\n1 2\n").lines, 2);
        assert_eq!(read(b"; made by hand\n; twice\na b\n1 2\n").lines, 2);
        assert_eq!(read(b"; a; b\n1;2;3\n").lines, 0, "a name is missing");
        assert_eq!(read(b";;; Images\n;;; of seven kinds\n;;;\nA,B\n1,2\n").lines, 3);
        assert_eq!(read(b";;;\n;;2019;2020\na;b;1;2\n").lines, 0, "cells are empty");
        assert_eq!(read(b"// made by hand\na,b\n1,2\n").lines, 1);
        assert_eq!(read(b"%%MatrixMarket matrix\n").lines, 0, "all of it");
    }

    #[test]
    fn a_loop_names_its_columns() {
        let text = "\n# version 3\n\ndata_optics\n\nloop_\n_rlnA #1\n_rlnB #2\n 1 2\n\ndata_particles\n\nloop_ \n_rlnX #1\n_rlnY #2\n 1.5 2\n 3 4\n";
        let found = read(text.as_bytes());
        assert_eq!(found.names.map(|(names, _)| names.join("|")).as_deref(), Some("rlnX|rlnY"));
        assert_eq!((&text[found.bytes..], found.lines), (" 1.5 2\n 3 4\n", 15));
        assert_eq!(read(b"a b\n1 2\nloop_\n_x\n_y\n1 2\n").names, None);
    }

    #[test]
    fn a_head_goes_on_until_its_rows_begin() {
        let head = "% irises\n\n@RELATION iris\n@attribute a numeric\n";
        assert!([head, &format!("{head}@att"), "% irises\n\n"].iter().all(|text| is_head(text.as_bytes())));
        for text in [&format!("{head}@data\n1\n"), "a,b\n1,2\n", "@handle,b\n@me,1\n", "% a note\n1 2\n", "\n\n", "{"] {
            assert!(!is_head(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn attributes_name_the_columns() {
        let text =
            b"% irises\n@RELATION iris\n\n@attribute 'sepal length' numeric\n@ATTRIBUTE class {a, b}\n@data\n1,a\n";
        let found = read(text);
        let names = |found: &Preamble| found.names.as_ref().map(|(names, _)| names.join("|"));
        let label = |found: &Preamble| {
            let said = found.names.as_ref().map(|(_, said)| said.iter().map(|said| said.role).collect::<Vec<_>>());
            said.unwrap_or_default()
        };
        assert_eq!(names(&found).as_deref(), Some("sepal length|class"));
        let keel = read(b"@relation iris\n@attribute Length real [4.3, 7.9]\n@attribute Kind{a, b}\n@inputs Length\n@outputs Kind\n@data\n1.5, a\n");
        assert_eq!((names(&keel).as_deref(), label(&keel)), (Some("Length|Kind"), vec![None, Some(Role::Label)]));
        assert_eq!((&text[found.bytes..], found.lines), (&b"1,a\n"[..], 6));
        assert_eq!(read(b"@relation a\n@attribute b numeric\n@data\n{0 1}\n").names, None);
        assert_eq!(read(b"@handle,b\n@me,1\n").names, None);
    }
}
