//! Text in other encodings than UTF-8, which becomes UTF-8 on its way: Excel's "Unicode text" is UTF-16, and older programs write whatever
//! their country used.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, PoisonError};

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::dos;
use crate::{Error, Result};

/// Bytes that are decoded at once.
const CHUNK: usize = 1 << 17;
/// Bytes that an encoding is judged by, from the first that UTF-8 does not have.
const JUDGED: usize = 1 << 16;

/// The encoding that a setting names; nothing for `auto`.
///
/// # Errors
/// [`Error::Setting`] for a name that no encoding has.
pub(in crate::data) fn given(label: &str) -> Result<Option<&'static Encoding>> {
    if label.eq_ignore_ascii_case("auto") {
        return Ok(None);
    }
    let known = Encoding::for_label_no_replacement(label.as_bytes());
    known.map(Some).ok_or_else(|| {
        Error::Setting(format!(
            "--encoding {label}: auto, utf-8, utf-16le, windows-1252, shift_jis, gb18030 and the other names of the web's Encoding Standard are known"
        ))
    })
}

/// What was found out about the encoding of a text as far as it was read.
#[derive(Clone, Debug, Default)]
pub(in crate::data) struct Heard(Arc<Mutex<Found>>);

#[derive(Debug, Default)]
struct Found {
    guessed: Option<&'static str>,
    replaced: bool,
    unwrapped: bool,
}

impl Heard {
    fn change(&self, change: impl FnOnce(&mut Found)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Its lines stood in quotes as a whole.
    pub(super) fn is_unwrapped(&self) {
        self.change(|found| found.unwrapped = true);
    }

    /// What a person should know of it.
    pub(in crate::data) fn note(&self) -> Option<String> {
        let found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let guessed = |name: &'static str| {
            format!("the text is not UTF-8 and was read as {name}, judged by its bytes; --encoding names another")
        };
        let replaced = || {
            "some bytes are no characters of the text's encoding and were read as �; --encoding names another"
                .to_owned()
        };
        let encoding = found.guessed.map(guessed).or_else(|| found.replaced.then(replaced));
        let unwrapped =
            found.unwrapped.then(|| "lines stand in quotes as a whole; what is within them was read".to_owned());
        [encoding, unwrapped].into_iter().flatten().reduce(|a, b| format!("{a}; {b}"))
    }
}

/// A text that is decoded while it is read.
pub(super) struct Decoding<R> {
    inner: R,
    state: State,
    heard: Heard,
    /// Bytes that were read and not yet understood: the beginning of a character.
    carried: Vec<u8>,
    /// Decoded text, and how much of it was given away.
    text: Vec<u8>,
    given: usize,
    ended: bool,
    /// Signs for the end of a text that were read last: what follows them says that they are none.
    held: usize,
}

/// What DOS puts behind a text.
const END: u8 = 0x1a;

enum State {
    /// All was UTF-8 so far; whether anything but ASCII was among it.
    Utf8 { beyond_ascii: bool },
    /// Of an encoding that is known.
    Known(Box<Decoder>),
    /// Of DOS.
    Dos,
    /// No text at all: whoever reads it has to say so.
    Raw,
}

impl<R: Read> Decoding<R> {
    /// A text that begins with `opening`, in the encoding given or the one it turns out to have.
    pub(in crate::data) fn new(inner: R, given: Option<&'static Encoding>, opening: &[u8]) -> (Self, Heard) {
        let marked = Encoding::for_bom(opening).map(|(encoding, _)| encoding).filter(|&encoding| encoding != UTF_8);
        let state = match given.or(marked).or_else(|| sixteen_bits(opening)) {
            Some(encoding) => State::Known(Box::new(encoding.new_decoder())),
            None => State::Utf8 { beyond_ascii: false },
        };
        let heard = Heard::default();
        let (carried, text) = (Vec::new(), Vec::new());
        (Self { inner, state, heard: heard.clone(), carried, text, given: 0, ended: false, held: 0 }, heard)
    }

    /// Reads on until something is decoded or all is over.
    fn go_on(&mut self) -> io::Result<()> {
        self.text.clear();
        self.given = 0;
        while self.text.is_empty() && !self.ended {
            let mut bytes = std::mem::take(&mut self.carried);
            self.fetch(&mut bytes, CHUNK)?;
            self.decode(bytes)?;
            self.hold_end();
        }
        Ok(())
    }

    /// Keeps signs for the end of the text back; nothing follows those that are.
    fn hold_end(&mut self) {
        if self.text.is_empty() {
            return;
        }
        self.text.splice(0..0, std::iter::repeat_n(END, std::mem::take(&mut self.held)));
        let end = self.text.iter().rposition(|&byte| byte != END).map_or(0, |last| last + 1);
        self.held = self.text.len() - end;
        self.text.truncate(end);
    }

    /// One piece more, of at most so many bytes.
    fn fetch(&mut self, bytes: &mut Vec<u8>, most: usize) -> io::Result<()> {
        let before = bytes.len();
        bytes.resize(before + most, 0);
        let got = loop {
            match self.inner.read(&mut bytes[before..]) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        bytes.truncate(before + *got.as_ref().unwrap_or(&0));
        self.ended = got? == 0;
        Ok(())
    }

    fn decode(&mut self, bytes: Vec<u8>) -> io::Result<()> {
        match &mut self.state {
            State::Raw => self.text = bytes,
            State::Dos => dos::decode(&bytes, &mut self.text),
            State::Known(decoder) => {
                let room = decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(3 * bytes.len() + 16);
                self.text.resize(room, 0);
                let (_, _, written, replaced) = decoder.decode_to_utf8(&bytes, &mut self.text, self.ended);
                self.text.truncate(written);
                if replaced {
                    self.heard.change(|found| found.replaced = true);
                }
            }
            State::Utf8 { beyond_ascii } => {
                let Err(e) = std::str::from_utf8(&bytes) else {
                    *beyond_ascii |= !bytes.is_ascii();
                    self.text = bytes;
                    return Ok(());
                };
                let (valid, rest) = bytes.split_at(e.valid_up_to());
                *beyond_ascii |= !valid.is_ascii();
                let beyond_ascii = *beyond_ascii;
                self.text.extend_from_slice(valid);
                let rest = rest.to_vec();
                if e.error_len().is_none() && !self.ended {
                    self.carried = rest;
                } else {
                    self.judge(rest, beyond_ascii)?;
                }
            }
        }
        Ok(())
    }

    /// What a text is that goes on with bytes that UTF-8 does not have. Where it had other characters before, it is UTF-8 with some damage;
    /// otherwise nothing of it hung on the encoding so far.
    fn judge(&mut self, mut rest: Vec<u8>, beyond_ascii: bool) -> io::Result<()> {
        while rest.len() < JUDGED && !self.ended {
            self.fetch(&mut rest, JUDGED)?;
        }
        let is_text = |&byte: &u8| byte >= b' ' && byte != 0x7f || matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c);
        let end = rest.iter().rposition(|&byte| byte != END).map_or(0, |last| last + 1);
        if !rest[..end].iter().all(is_text) {
            self.state = State::Raw;
            self.text.extend_from_slice(&rest);
            return Ok(());
        }
        let encoding = if beyond_ascii {
            UTF_8
        } else {
            let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
            detector.feed(&rest, self.ended);
            let guess = detector.guess(None, Utf8Detection::Deny);
            // The encodings of the web, which are all that are told apart there, have none of DOS but for Russian.
            if guess.is_single_byte() && dos::is_dos(&rest[..end]) {
                self.heard.change(|found| found.guessed = Some("code page 850, of DOS"));
                self.state = State::Dos;
                return self.decode(rest);
            }
            self.heard.change(|found| found.guessed = Some(guess.name()));
            guess
        };
        self.state = State::Known(Box::new(encoding.new_decoder_without_bom_handling()));
        let before = std::mem::take(&mut self.text);
        self.decode(rest)?;
        self.text.splice(..0, before);
        Ok(())
    }
}

impl<R: Read> Read for Decoding<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.text.len() && !buffer.is_empty() {
            self.go_on()?;
        }
        let part = &self.text[self.given..];
        let count = part.len().min(buffer.len());
        buffer[..count].copy_from_slice(&part[..count]);
        self.given += count;
        Ok(count)
    }
}

/// UTF-16 without its mark, told by the zeros beside the characters of any table: digits, delimiters, line ends.
fn sixteen_bits(opening: &[u8]) -> Option<&'static Encoding> {
    let plain = |byte: u8| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~');
    let all = |first: usize, holds: &dyn Fn(u8) -> bool| opening.iter().skip(first).step_by(2).all(|&byte| holds(byte));
    let long = opening.len() >= 8;
    if long && all(0, &plain) && all(1, &|byte| byte == 0) {
        return Some(UTF_16LE);
    }
    (long && all(1, &plain) && all(0, &|byte| byte == 0)).then_some(UTF_16BE)
}

#[cfg(test)]
mod tests {
    use encoding_rs::{GB18030, SHIFT_JIS, WINDOWS_1252};

    use super::*;

    /// A stream that gives few bytes at a time, so that characters are cut.
    struct Drops<'a>(&'a [u8], usize);

    impl Read for Drops<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.0.len().min(self.1).min(buffer.len());
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn decoded(bytes: &[u8], label: &str) -> (Vec<u8>, Option<String>) {
        let whole = |drop| {
            let opening = &bytes[..bytes.len().min(64)];
            let (mut text, heard) = Decoding::new(Drops(bytes, drop), given(label).expect("known"), opening);
            let mut out = Vec::new();
            text.read_to_end(&mut out).expect("nothing fails");
            (out, heard.note())
        };
        let (one, two) = (whole(1), whole(1 << 20));
        assert_eq!(one, two, "however it comes");
        two
    }

    const TEXT: &str = "name;größe\nMüller;1,5\nSão José;2,5\nDvořák – «x»;3\n";

    #[test]
    fn utf_8_goes_through_as_it_is() {
        assert_eq!(decoded(TEXT.as_bytes(), "auto"), (TEXT.as_bytes().to_vec(), None));
        assert_eq!(decoded(b"a,b\n1,2\n", "auto"), (b"a,b\n1,2\n".to_vec(), None));
        assert_eq!(decoded(b"", "auto"), (Vec::new(), None));
    }

    #[test]
    fn utf_16_is_told_by_its_mark_or_by_its_zeros() {
        for mark in [true, false] {
            let units = mark.then_some(0xfeff).into_iter().chain("a\tb\r\n1\t2\r\nMünchen\t€\r\n".encode_utf16());
            let little: Vec<u8> = units.clone().flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = units.flat_map(u16::to_be_bytes).collect();
            for bytes in [little, big] {
                let (text, note) = decoded(&bytes, "auto");
                let plain = mark || bytes.len() > 64;
                if plain {
                    assert_eq!(
                        (String::from_utf8_lossy(&text).as_ref(), note),
                        ("a\tb\r\n1\t2\r\nMünchen\t€\r\n", None)
                    );
                }
            }
        }
        let plain: Vec<u8> = "a,b\n1,2\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decoded(&plain, "auto").0, b"a,b\n1,2\n");
    }

    #[test]
    fn what_older_programs_wrote_is_judged_by_its_bytes_and_said() {
        let text = "ville,prénom\nOrléans,Zoé\nNîmes,François\n";
        let (bytes, ..) = WINDOWS_1252.encode(text);
        let (read, note) = decoded(&bytes, "auto");
        assert_eq!(String::from_utf8_lossy(&read), text);
        assert!(note.is_some_and(|note| note.contains("windows-1252")));
        let (read, note) = decoded(b"Name;Gr\x94\xe1e\nM\x81ller;1\nSch\x84fer;2\n", "auto");
        assert_eq!(String::from_utf8_lossy(&read), "Name;Größe\nMüller;1\nSchäfer;2\n");
        assert!(note.is_some_and(|note| note.contains("code page 850")));
        let text = "名前,値\n東京都,1\n大阪府の人々,2\nこれはテストです,3\n";
        let (bytes, ..) = SHIFT_JIS.encode(text);
        assert_eq!(String::from_utf8_lossy(&decoded(&bytes, "auto").0), text);
        let (bytes, ..) = GB18030.encode(text);
        assert_eq!(String::from_utf8_lossy(&decoded(&bytes, "gb18030").0), text, "where it is given");
    }

    #[test]
    fn damage_within_utf_8_is_replaced_and_said() {
        let mut bytes = TEXT.as_bytes().to_vec();
        bytes.push(0xff);
        bytes.extend(b"1;2\n");
        let (text, note) = decoded(&bytes, "auto");
        assert_eq!(String::from_utf8_lossy(&text), format!("{TEXT}\u{fffd}1;2\n"));
        assert!(note.is_some_and(|note| note.contains('\u{fffd}')));
    }

    #[test]
    fn what_is_no_text_stays_for_the_reader_to_refuse() {
        let bytes = [b"a,b\n".as_slice(), &[0xff, 0x01, 0x02, 0xfe]].concat();
        assert_eq!(decoded(&bytes, "auto"), (bytes, None));
        assert!(given("klingon").is_err_and(|e| e.to_string().contains("klingon")));
    }
}
