//! Entities of HTML and XML, which stand for characters: `&lt;`, `&#233;`.

/// Bytes of the longest entity with its marks.
const LONGEST: usize = 12;

/// A text with its entities as the characters that they stand for.
pub(in crate::data) fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    unescape(text, &mut plain);
    plain
}

/// Writes text with its entities as the characters that they stand for.
pub(in crate::data) fn unescape(mut text: &str, into: &mut String) {
    while let Some(at) = text.find('&') {
        into.push_str(&text[..at]);
        text = &text[at..];
        let end = text.bytes().take(LONGEST).position(|byte| byte == b';');
        let found = end.and_then(|end| entity(&text[1..end]).map(|c| (c, end)));
        let (c, end) = found.unwrap_or(('&', 0));
        into.push(c);
        text = &text[end + 1..];
    }
    into.push_str(text);
}

fn entity(name: &str) -> Option<char> {
    let known = [
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("nbsp", ' '),
        ("deg", '°'),
        ("micro", 'µ'),
        ("plusmn", '±'),
        ("euro", '€'),
        ("minus", '−'),
    ];
    if let Some(digits) = name.strip_prefix('#') {
        let code = match digits.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => digits.parse().ok(),
        };
        return code.and_then(char::from_u32);
    }
    known.iter().find(|(known, _)| *known == name).map(|(_, c)| *c)
}
