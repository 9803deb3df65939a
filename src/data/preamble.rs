//! What stands before a table: a byte order mark, Excel's `sep=`, lines of comment.

use super::delimiter::Delimiter;

/// The beginning of a text, up to its first record.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Preamble {
    /// Bytes of it.
    pub(super) bytes: usize,
    /// Lines of it.
    pub(super) lines: u64,
    /// What `sep=` says.
    pub(super) delimiter: Option<Delimiter>,
    /// The last line of comment without its mark: it may name the columns, as `numpy.savetxt` writes them.
    pub(super) comment: Option<String>,
    /// Lines of comment.
    pub(super) comments: usize,
}

/// Read it from the first bytes of a file.
pub(super) fn read(sample: &[u8]) -> Preamble {
    let mark = if sample.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let mut found = Preamble { bytes: mark, ..Preamble::default() };
    while let Some(line) = next_line(&sample[found.bytes..]) {
        let text = String::from_utf8_lossy(line);
        let text = text.trim();
        if let Some(delimiter) = separator(text).filter(|_| found.lines == 0) {
            found.delimiter = Some(delimiter);
        } else if let Some(comment) = text.strip_prefix('#') {
            found.comments += 1;
            found.comment = Some(comment.trim_start_matches('#').trim().to_owned());
        } else if !text.is_empty() || found.lines == 0 {
            return found;
        }
        found.bytes += line.len();
        found.lines += 1;
    }
    // Where every line begins so, the mark is part of the data, as of colours.
    if found.comments > 0 { Preamble { bytes: mark, ..Preamble::default() } } else { found }
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
    }
}
