//! Tables in LaTeX: the largest `tabular` of a text, and what is called alike.

use calamine::DataRef;

use crate::data::bytes::source::Input;
use crate::data::raw::Raw;
use crate::data::sheets::cells::Cells;
use crate::support::language::counted;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// How such an environment begins, and how it ends.
const BEGINS: &str = "\\begin{";
const ENDS: &str = "\\end{";
/// What they are called, all but what stands behind: `tabular*`, `longtabu`.
const NAMES: [&str; 7] = ["tabular", "longtable", "array", "tabu", "longtabu", "supertabular", "tblr"];
/// Bytes of the longest name with the bracket behind it.
const LONGEST_NAME: usize = 16;
/// What stands for a character.
const SIGNS: [(&str, &str); 22] = [
    ("pm", "±"),
    ("times", "×"),
    ("cdot", "·"),
    ("leq", "≤"),
    ("le", "≤"),
    ("geq", "≥"),
    ("ge", "≥"),
    ("lt", "<"),
    ("gt", ">"),
    ("textless", "<"),
    ("textgreater", ">"),
    ("sim", "~"),
    ("approx", "≈"),
    ("textasciitilde", "~"),
    ("degree", "°"),
    ("circ", "°"),
    ("mu", "µ"),
    ("textmu", "µ"),
    ("dagger", "†"),
    ("ddagger", "‡"),
    ("checkmark", "✓"),
    ("textbackslash", "\\"),
];
/// Commands that only draw or set something: alone, perhaps with something in square brackets, and with arguments.
const ALONE: [&str; 9] =
    ["hline", "toprule", "midrule", "bottomrule", "centering", "endhead", "endfirsthead", "endfoot", "endlastfoot"];
const WITH_ARGUMENTS: [&str; 8] =
    ["cmidrule", "cline", "addlinespace", "specialrule", "rowcolor", "caption", "label", "noalign"];
/// Most columns, or rows, that one cell goes over.
const MOST_SPANNED: u32 = 1 << 10;

/// Whether a text holds such a table.
pub(in crate::data) fn looks_so(text: &str, _: bool) -> bool {
    text.match_indices(BEGINS).any(|(at, _)| name_at(&text[at + BEGINS.len()..]).is_some())
}

/// What a table is called whose name begins here.
fn name_at(text: &str) -> Option<&str> {
    let name = &text[..text.bytes().take(LONGEST_NAME).position(|byte| byte == b'}')?];
    let is = |known: &&str| name.strip_prefix(*known).is_some_and(|rest| matches!(rest, "" | "*" | "x" | "x*" | "y"));
    NAMES.iter().any(is).then_some(name)
}

/// Load the largest table of such a text.
pub(in crate::data) fn load_file(mut input: Input, recipe: &Recipe, progress: &Progress<'_>) -> Result<Raw> {
    let path = input.path.clone();
    let wrong = |message: String| Error::format(&path, message);
    let text = input.text()?;
    progress.at(0.2, "reading")?;
    let text = without_comments(&text);
    let bodies = bodies(&text);
    let Some(&(first, body)) = bodies.iter().max_by_key(|(_, body)| body.matches('&').count()) else {
        return Err(wrong("the text holds no table: none of tabular, longtable and alike begins in it".to_owned()));
    };
    let notes = vec![if bodies.len() > 1 {
        format!("the largest of {} of the text was read", counted(bodies.len(), "table"))
    } else {
        "the table of the text in LaTeX was read".to_owned()
    }];
    let cells = cells(body, first).map_err(&wrong)?;
    if !cells.is_table() {
        return Err(wrong("the table has fewer than two rows; a row ends with \\\\".to_owned()));
    }
    cells.into_raw(path, "the table", (recipe, progress), notes)
}

/// A text without its comments, line for line.
fn without_comments(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for line in text.lines() {
        // A backslash before it makes a sign of it; of two the second ends a row.
        let is_sign = |at: usize| line[..at].bytes().rev().take_while(|&byte| byte == b'\\').count() % 2 == 1;
        let comment = line.match_indices('%').map(|(at, _)| at).find(|&at| !is_sign(at));
        // Another word for the end of a row.
        plain.push_str(&line[..comment.unwrap_or(line.len())].replace("\\tabularnewline", "\\\\"));
        plain.push('\n');
    }
    plain
}

/// What stands within the tables of a text, each with the line in which it begins, from 0.
fn bodies(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let (mut from, mut counted, mut line) = (0, 0, 0);
    while let Some(at) = text[from..].find(BEGINS).map(|at| from + at) {
        from = at + BEGINS.len();
        let Some(name) = name_at(&text[from..]) else { continue };
        let start = from + name.len() + 1;
        let end = text[start..].find(&format!("{ENDS}{name}}}")).map_or(text.len(), |end| start + end);
        // What is asked of columns, and of the table, stands in brackets before its rows.
        let begin = start + arguments(&text[start..end]);
        line += text[counted..begin].matches('\n').count();
        counted = begin;
        found.push((line, &text[begin..end]));
        from = end;
    }
    found
}

/// Bytes of the arguments that a text begins with: `[t]{lrr}`.
fn arguments(text: &str) -> usize {
    let mut at = 0;
    loop {
        let rest = text[at..].trim_start_matches([' ', '\t']);
        let start = text.len() - rest.len();
        if !rest.starts_with(['{', '[', '(']) {
            return at;
        }
        at = start + bracket(rest);
    }
}

/// Bytes of the bracket that a text begins with, others within it, or all of it.
fn bracket(text: &str) -> usize {
    let (mut depth, mut escaped) = (0, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '{' | '[' | '(' => depth += 1,
            '}' | ']' | ')' => {
                depth -= 1;
                if depth <= 0 {
                    return at + c.len_utf8();
                }
            }
            _ => {}
        }
    }
    text.len()
}

/// The cells of a table, whose first line is this one, from 0.
fn cells(body: &str, first: usize) -> Result<Cells, String> {
    let mut cells = Cells::default();
    let rows = rows(body);
    let (mut numbers, mut line, mut counted) = (Vec::with_capacity(rows.len()), first, 0);
    for &(at, _) in &rows {
        line += body[counted..at].matches('\n').count();
        counted = at;
        let least = numbers.last().map_or(0, |last: &u32| last.saturating_add(1));
        numbers.push(least.max(line as u32));
    }
    for (at, (_, text)) in rows.into_iter().enumerate() {
        let (row, mut column) = (numbers[at], 0_u32);
        for cell in parts(text, '&') {
            let Span { text, wide, high } = spanned(cell);
            let said = said(text);
            cells.take((row, column), &DataRef::SharedString(said.trim()))?;
            if high > 1 {
                let last = numbers[(at + high as usize - 1).min(numbers.len() - 1)];
                cells.merge((row, column), (last, column));
            }
            column = column.saturating_add(wide);
        }
    }
    Ok(cells)
}

/// The rows of a table and where each begins, without what only draws; of a head that is written again on each page once.
fn rows(body: &str) -> Vec<(usize, &str)> {
    let head = body.find("\\endfirsthead").or_else(|| body.find("\\endhead"));
    let rest = ["\\endhead", "\\endfoot", "\\endlastfoot", "\\endfirsthead"]
        .iter()
        .filter_map(|end| body.rfind(*end).map(|at| at + end.len()));
    let parts = match (head, rest.max()) {
        (Some(head), Some(rest)) => vec![(0, &body[..head]), (rest, &body[rest..])],
        _ => vec![(0, body)],
    };
    let mut found = Vec::new();
    for (start, part) in parts {
        let mut at = start;
        for row in ends_of_rows(part) {
            // Behind the end of a row may stand how far the next one is.
            let mut text = row.strip_prefix('*').unwrap_or(row);
            if text.starts_with('[') {
                text = &text[bracket(text)..];
            }
            // What draws stands before the row that follows.
            loop {
                let trimmed = text.trim_start();
                let skip = rule(trimmed);
                if skip == 0 {
                    text = trimmed;
                    break;
                }
                text = &trimmed[skip..];
            }
            let place = at + (row.len() - text.len());
            if !text.trim().is_empty() {
                found.push((place, text));
            }
            at += row.len() + 2;
        }
    }
    found
}

/// Bytes of the command that only draws which a text begins with, and of its arguments; 0 where there is none.
fn rule(text: &str) -> usize {
    let Some(name) = text.strip_prefix('\\') else { return 0 };
    let end = name.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(name.len());
    let (name, rest) = name.split_at(end);
    if WITH_ARGUMENTS.contains(&name) {
        1 + end + arguments(rest)
    } else if ALONE.contains(&name) {
        1 + end + if rest.starts_with('[') { bracket(rest) } else { 0 }
    } else {
        0
    }
}

/// A text at its double backslashes that stand in no bracket.
fn ends_of_rows(text: &str) -> Vec<&str> {
    let (mut depth, mut from, mut at) = (0_usize, 0, 0);
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if bytes.get(at + 1) == Some(&b'\\') && depth == 0 => {
                found.push(&text[from..at]);
                from = at + 2;
                at += 1;
            }
            b'\\' => at += 1,
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    found.push(&text[from..]);
    found
}

/// A text at a mark that stands in no bracket and behind no backslash.
fn parts(text: &str, mark: char) -> Vec<&str> {
    let (mut depth, mut from, mut escaped) = (0_usize, 0, false);
    let mut found = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ if c == mark && depth == 0 => {
                found.push(&text[from..at]);
                from = at + c.len_utf8();
            }
            _ => {}
        }
    }
    found.push(&text[from..]);
    found
}

/// A cell, and over how many columns and rows it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span<'a> {
    text: &'a str,
    wide: u32,
    high: u32,
}

/// What a cell holds, and how far it goes: `\multicolumn{2}{c}{Left}`, `\multirow{3}{*}{x}`, or one within the other.
fn spanned(cell: &str) -> Span<'_> {
    let outer = span(cell.trim());
    let inner = span(outer.text);
    Span { text: inner.text, wide: outer.wide.max(inner.wide), high: outer.high.max(inner.high) }
}

fn span(cell: &str) -> Span<'_> {
    let one = Span { text: cell, wide: 1, high: 1 };
    let wide = cell.strip_prefix("\\multicolumn");
    let Some(rest) = wide.or_else(|| cell.strip_prefix("\\multirow")) else { return one };
    let rest = rest.trim_start_matches('*').trim_start();
    let rest = if rest.starts_with('[') { rest[bracket(rest)..].trim_start() } else { rest };
    let inner = inside(rest).and_then(|(count, rest)| {
        // Its width, which may stand without brackets.
        let rest = rest.trim_start();
        let rest = rest.strip_prefix(['*', '=']).or_else(|| Some(inside(rest)?.1))?;
        Some((count, inside(rest)?.0))
    });
    let Some((count, text)) = inner else { return one };
    let count = count.trim().parse().unwrap_or(1_u32).clamp(1, MOST_SPANNED);
    let (wide, high) = if wide.is_some() { (count, 1) } else { (1, count) };
    Span { text: text.trim(), wide, high }
}

/// What stands in the curly bracket that a text begins with, and behind it.
fn inside(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let (all, rest) = if text.starts_with('{') { text.split_at(bracket(text)) } else { return None };
    let inner = all.strip_prefix('{')?;
    Some((inner.strip_suffix('}').unwrap_or(inner), rest))
}

/// A cell as it is read: commands, brackets and the signs of formulas taken off.
fn said(cell: &str) -> String {
    let mut out = String::new();
    let mut chars = cell.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            // As of footnotes; an exponent keeps its sign.
            '^' if !out.ends_with("10") => {}
            '$' | '{' | '}' => {}
            '~' | '\n' => out.push(' '),
            '\\' => {
                let mut name = String::new();
                while let Some(letter) = chars.next_if(char::is_ascii_alphabetic) {
                    name.push(letter);
                }
                if name.is_empty() {
                    match chars.next() {
                        Some(c @ ('%' | '&' | '_' | '#' | '$' | '{' | '}')) => out.push(c),
                        Some(',' | ';' | ':' | ' ' | '\\') => out.push(' '),
                        _ => {}
                    }
                } else if let Some((_, sign)) = SIGNS.iter().find(|(known, _)| *known == name) {
                    out.push_str(sign);
                }
            }
            c => out.push(c),
        }
    }
    out.replace("---", "—").replace("--", "–").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
