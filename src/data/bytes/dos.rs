//! Text of DOS, code page 850, of which the letters of western languages stand where code page 437 has them.

/// What the bytes from 128 on are.
const CHARACTERS: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";
/// Letters within a word that nothing else explains: where they stand other encodings have quotes, or nothing.
const PROOFS: [u8; 12] = [0x81, 0x82, 0x83, 0x84, 0x87, 0x88, 0x89, 0x8b, 0x8d, 0x93, 0x94, 0x98];
/// Of these so many at least.
const FEWEST: usize = 2;
/// Letters of the alphabet for each other one, at least: scripts of Asia have half as many.
const PLAIN: usize = 3;

/// Whether bytes that are no UTF-8 are a text of DOS beyond doubt: its letters within words of plain ones, and nothing that is none.
pub(super) fn is_dos(bytes: &[u8]) -> bool {
    let letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphabetic);
    let small = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_lowercase);
    let (mut proofs, mut high, mut plain) = (0, 0, 0);
    for (at, &byte) in bytes.iter().enumerate() {
        if byte.is_ascii() {
            plain += usize::from(byte.is_ascii_alphabetic());
            continue;
        }
        let before = at.checked_sub(1);
        // The text begins before the first of these bytes.
        let after_letter = before.is_none_or(letter);
        let within = after_letter && letter(at + 1);
        // Capitals of the code page do not stand among small letters.
        let capital = matches!(byte, 0x80 | 0x8e..=0x90 | 0x92 | 0x99 | 0x9a | 0xa5);
        let known = matches!(byte, 0x80..=0x9a | 0xa0..=0xa5 | 0xe1);
        if !known || capital && before.is_some_and(small) && small(at + 1) || !(after_letter || letter(at + 1)) {
            return false;
        }
        high += 1;
        proofs += usize::from(within && PROOFS.contains(&byte));
    }
    proofs >= FEWEST && plain >= PLAIN * high
}

/// Such a text as UTF-8, at the end of `text`.
pub(super) fn decode(bytes: &[u8], text: &mut Vec<u8>) {
    let characters: Vec<char> = CHARACTERS.chars().collect();
    let mut buffer = [0; 4];
    for &byte in bytes {
        match byte.checked_sub(128).and_then(|at| characters.get(usize::from(at))) {
            Some(character) => text.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes()),
            None => text.push(byte),
        }
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{GB18030, MACINTOSH, SHIFT_JIS, WINDOWS_1250, WINDOWS_1252};

    use super::*;

    #[test]
    fn letters_of_dos_are_told_from_those_of_others() {
        assert_eq!(CHARACTERS.chars().count(), 128);
        let german = b"Name;Gr\x94\xe1e\r\nM\x81ller;1,5\r\nSch\x84fer;2,5\r\n\x99zt\x81rk;3\r\n";
        assert!(is_dos(german));
        let mut text = Vec::new();
        decode(german, &mut text);
        assert_eq!(String::from_utf8_lossy(&text), "Name;Größe\r\nMüller;1,5\r\nSchäfer;2,5\r\nÖztürk;3\r\n");
        let text = "Müller;Größe;Žižek – „Wort” l’été à Genève\nŠkoda;naïve;François;Çelik;Noël\n";
        for encoding in [WINDOWS_1252, WINDOWS_1250, MACINTOSH] {
            assert!(!is_dos(&encoding.encode(text).0), "{}", encoding.name());
        }
        for encoding in [SHIFT_JIS, GB18030] {
            assert!(!is_dos(&encoding.encode("テスト,データ\n名前,値\n").0), "{}", encoding.name());
        }
        assert!(!is_dos(b"a \x84quoted\x94 word, don\x92t\n") && !is_dos(b"caf\x82\n"));
    }
}
