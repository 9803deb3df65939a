//! Arrow IPC, of which Feather is a name: messages one after the other in a stream, or where the end of a file says.
//!
//! The messages are cut out here, so that no length in them is believed before its bytes have come; `arrow-ipc` reads what is in them.

use std::collections::HashMap;
use std::io::{Cursor, Read, Seek as _, SeekFrom};
use std::path::PathBuf;
use std::sync::Arc;
use std::vec::IntoIter;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_buffer::Buffer;
use arrow_ipc::reader::{read_dictionary, read_record_batch};
use arrow_ipc::{Message, MessageHeader, root_as_footer, root_as_message};
use arrow_schema::{Schema, SchemaRef};

use crate::data::bytes::source::{Input, LOOKS_LIKE_A_TRAP, PAGES_LOOK_LIKE_A_TRAP, promises_too_much};
use crate::data::bytes::stream;
use crate::support::{faults, plain};
use crate::{Error, Result};

/// How a file begins and ends; a stream begins with [`NEXT`].
pub(in crate::data) const MARK: &[u8] = b"ARROW1";
/// Before the length of each message.
const NEXT: u32 = 0xffff_ffff;
/// The longest description of a message.
const LONGEST: u32 = 1 << 26;

/// Whether eight bytes begin a stream: a mark and a length of a schema.
pub(in crate::data) fn begins_stream(head: &[u8]) -> bool {
    matches!(head, [0xff, 0xff, 0xff, 0xff, a, b, c, 0, ..] if *c < 4 && a % 8 == 0 && (*a, *b) != (0, 0))
}

/// Rows of which so much was read that their columns are known.
pub(in crate::data) struct Stream {
    messages: Messages,
    path: PathBuf,
    schema: SchemaRef,
    /// The columns that are wanted; all where there is none.
    wanted: Option<Vec<usize>>,
    dictionaries: HashMap<i64, ArrayRef>,
    rows: usize,
    /// The first rows, where they were looked at before any were asked for.
    ahead: Option<RecordBatch>,
}

/// Where messages come from.
enum Messages {
    /// One after the other, until this is none.
    Stream(Option<Input>),
    /// From their places in a file of so many bytes.
    File { file: Box<dyn stream::Source>, length: u64, blocks: IntoIter<Block> },
}

/// The place of a message in a file.
struct Block {
    at: u64,
    /// Bytes of its description, and behind them those of its content.
    head: u64,
    body: u64,
}

/// A file as something to read from any place in it; unpacked in memory where it is packed.
fn seekable(mut input: Input) -> Result<(Box<dyn stream::Source>, u64)> {
    if !input.packed {
        return stream::open(&input.path);
    }
    let (path, most) = (input.path.clone(), input.most());
    let mut bytes = Vec::new();
    let read = (&mut input).take(most).read_to_end(&mut bytes);
    read.map_err(|e| Error::format(&path, format!("the packed data is damaged: {e}")))?;
    if bytes.len() as u64 == most {
        return Err(Error::format(&path, format!("it unpacks to {most} bytes and goes on: {LOOKS_LIKE_A_TRAP}")));
    }
    let length = bytes.len() as u64;
    Ok((Box::new(Cursor::new(bytes)), length))
}

impl Stream {
    /// Reads the schema.
    pub(in crate::data) fn open(input: Input) -> Result<Self> {
        let (path, schema) = (input.path.clone(), Arc::new(Schema::empty()));
        let dictionaries = HashMap::new();
        if input.head().starts_with(MARK) {
            let (file, length) = seekable(input)?;
            let blocks = Vec::new().into_iter();
            let messages = Messages::File { file, length, blocks };
            let mut stream = Self { messages, path, schema, wanted: None, dictionaries, rows: 0, ahead: None };
            stream.read_footer()?;
            return Ok(stream);
        }
        let messages = Messages::Stream(Some(input));
        let mut stream = Self { messages, path, schema, wanted: None, dictionaries, rows: 0, ahead: None };
        let Some((head, _)) = stream.message()? else { return Err(stream.wrong("it has no schema")) };
        let schema = stream.guarded(|| {
            let message = root_as_message(&head).map_err(|e| e.to_string())?;
            let schema = message.header_as_schema().ok_or("its first message is no schema")?;
            arrow_ipc::convert::try_fb_to_schema(schema).map_err(|e| e.to_string())
        })?;
        stream.schema = Arc::new(schema);
        Ok(stream)
    }

    /// What stands at the end of a file: the schema, and where the messages are.
    fn read_footer(&mut self) -> Result<()> {
        const END: u64 = 10;
        let Messages::File { length, .. } = &self.messages else { return Ok(()) };
        let at = length.checked_sub(END).ok_or_else(|| self.cut_off())?;
        let end = self.bytes(Some(at), END)?;
        let size = match end[..] {
            [a, b, c, d, ref mark @ ..] if mark == MARK => u64::from(u32::from_le_bytes([a, b, c, d])),
            _ => return Err(self.cut_off()),
        };
        let footer = self.bytes(Some(at.checked_sub(size).ok_or_else(|| self.cut_off())?), size)?;
        let (schema, found) = self.guarded(|| {
            let footer = root_as_footer(&footer).map_err(|e| e.to_string())?;
            let schema = footer.schema().ok_or("it has no schema")?;
            let schema = arrow_ipc::convert::try_fb_to_schema(schema).map_err(|e| e.to_string())?;
            let blocks =
                footer.dictionaries().into_iter().flatten().chain(footer.recordBatches().into_iter().flatten());
            let size = |v: i64| u64::try_from(v).map_err(|_| "a message has a negative place".to_owned());
            let block = |block: &arrow_ipc::Block| {
                let head = size(block.metaDataLength().into())?;
                Ok(Block { at: size(block.offset())?, head, body: size(block.bodyLength())? })
            };
            let blocks: Result<Vec<Block>, String> = blocks.map(block).collect();
            Ok((schema, blocks?))
        })?;
        self.schema = Arc::new(schema);
        if let Messages::File { blocks, .. } = &mut self.messages {
            *blocks = found.into_iter();
        }
        Ok(())
    }

    pub(super) fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Reads these columns alone, in ascending order.
    pub(in crate::data) fn want(&mut self, columns: &[usize]) {
        self.wanted = Some(columns.to_vec());
    }

    /// The first rows with all their columns, which are given away later; nothing where they cannot be read, which is said then.
    pub(in crate::data) fn ahead(&mut self) -> Option<&RecordBatch> {
        if self.ahead.is_none() && self.rows == 0 {
            self.ahead = self.next().ok()?;
        }
        self.ahead.as_ref()
    }

    /// The next rows, nothing after the last ones.
    pub(in crate::data) fn next(&mut self) -> Result<Option<RecordBatch>> {
        if let Some(ahead) = self.ahead.take() {
            return match &self.wanted {
                Some(wanted) => ahead.project(wanted).map(Some).map_err(|e| self.wrong(&e.to_string())),
                None => Ok(Some(ahead)),
            };
        }
        loop {
            let Some((head, body)) = self.message()? else { return Ok(None) };
            let body = Buffer::from_vec(body);
            let (schema, wanted) = (Arc::clone(&self.schema), self.wanted.clone());
            let mut dictionaries = std::mem::take(&mut self.dictionaries);
            let batch = self.guarded(|| {
                let message = root_as_message(&head).map_err(|e| e.to_string())?;
                take(message, &body, &schema, wanted.as_deref(), &mut dictionaries)
            })?;
            self.dictionaries = dictionaries;
            if let Some(batch) = batch {
                self.rows += batch.num_rows();
                return Ok(Some(batch));
            }
        }
    }

    /// The description and the bytes of the next message.
    fn message(&mut self) -> Result<Option<(Vec<u8>, Vec<u8>)>> {
        if let Messages::File { blocks, .. } = &mut self.messages {
            let Some(Block { at, head, body }) = blocks.next() else { return Ok(None) };
            let mut description = self.bytes(Some(at), head)?;
            // Before it stands its length, and before that a mark where the file is of a later version.
            let before = if description.starts_with(&NEXT.to_le_bytes()) { 8 } else { 4 };
            description.drain(..before.min(description.len()));
            return Ok(Some((description, self.bytes(None, body)?)));
        }
        let mut length = self.word()?;
        if length == Some(NEXT) {
            length = self.word()?;
        }
        let Some(length) = length.filter(|&length| length > 0) else {
            self.messages = Messages::Stream(None);
            return Ok(None);
        };
        if length > LONGEST {
            return Err(self.wrong(&format!("a message claims {length} bytes of description")));
        }
        let head = self.bytes(None, u64::from(length))?;
        let body = {
            let message = root_as_message(&head).map_err(|e| self.wrong(&e.to_string()))?;
            u64::try_from(message.bodyLength()).map_err(|_| self.wrong("a message has a negative length"))?
        };
        let body = self.bytes(None, body)?;
        Ok(Some((head, body)))
    }

    /// Four bytes of a stream as a number, nothing at the end.
    fn word(&mut self) -> Result<Option<u32>> {
        let mut bytes = Vec::with_capacity(4);
        if let Messages::Stream(Some(input)) = &mut self.messages {
            let read = input.take(4).read_to_end(&mut bytes);
            read.map_err(|e| self.wrong(&format!("reading failed: {e}")))?;
        }
        match bytes[..] {
            [a, b, c, d] => Ok(Some(u32::from_le_bytes([a, b, c, d]))),
            [] => Ok(None),
            _ => Err(self.cut_off()),
        }
    }

    /// So many bytes, from a place or where reading ended, for which memory is asked as they come.
    fn bytes(&mut self, at: Option<u64>, count: u64) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let read = match &mut self.messages {
            Messages::File { file, length, .. } => {
                if count > *length {
                    return Err(self.cut_off());
                }
                let sought = at.map_or(Ok(0), |at| file.seek(SeekFrom::Start(at)));
                let _ = bytes.try_reserve_exact(count as usize);
                sought.and_then(|_| file.take(count).read_to_end(&mut bytes))
            }
            Messages::Stream(Some(input)) => {
                // What the file on the disk can hold is asked for at once.
                let _ = bytes.try_reserve_exact(if input.stored == u64::MAX {
                    0
                } else {
                    count.min(input.stored) as usize
                });
                input.take(count).read_to_end(&mut bytes)
            }
            Messages::Stream(None) => Ok(0),
        };
        match read {
            Ok(got) if got as u64 == count => Ok(bytes),
            Ok(_) => Err(self.cut_off()),
            Err(e) => Err(self.wrong(&format!("reading failed: {e}"))),
        }
    }

    /// Runs what reads a message, which may stumble over one that makes no sense.
    fn guarded<T>(&self, read: impl FnOnce() -> Result<T, String>) -> Result<T> {
        faults::caught(read)
            .unwrap_or_else(|_| Err("a message contradicts itself".to_owned()))
            .map_err(|what| self.wrong(&what))
    }

    fn cut_off(&self) -> Error {
        self.wrong("it is cut off")
    }

    fn wrong(&self, what: &str) -> Error {
        let place = if self.rows > 0 { format!(" after row {}", self.rows) } else { String::new() };
        Error::format(&self.path, format!("the Arrow data is damaged{place}: {}", plain::line(what)))
    }
}

/// Takes what is in a message: rows, or words for those to come.
fn take(
    message: Message<'_>,
    body: &Buffer,
    schema: &SchemaRef,
    wanted: Option<&[usize]>,
    dictionaries: &mut HashMap<i64, ArrayRef>,
) -> Result<Option<RecordBatch>, String> {
    let version = message.version();
    match message.header_type() {
        MessageHeader::DictionaryBatch => {
            let batch = message.header_as_dictionary_batch().ok_or("a message has no content")?;
            check(batch.data().ok_or("a dictionary has no content")?, body)?;
            read_dictionary(body, batch, schema, dictionaries, &version).map_err(|e| e.to_string())?;
            Ok(None)
        }
        MessageHeader::RecordBatch => {
            let batch = message.header_as_record_batch().ok_or("a message has no content")?;
            check(batch, body)?;
            let schema = Arc::clone(schema);
            let batch = read_record_batch(body, batch, schema, dictionaries, wanted, &version);
            batch.map(Some).map_err(|e| e.to_string())
        }
        kind => Err(format!("a message of kind {kind:?} is not read here")),
    }
}

/// Columns lie within their message, and packed ones, which may be the same bytes, say how long they are once unpacked: a lie would be
/// believed when memory is taken for it.
fn check(batch: arrow_ipc::RecordBatch<'_>, body: &Buffer) -> Result<(), String> {
    let outside = || "a column lies outside its message".to_owned();
    let mut promised = 0_u64;
    for buffer in batch.buffers().into_iter().flatten() {
        let (Ok(at), Ok(length)) = (usize::try_from(buffer.offset()), usize::try_from(buffer.length())) else {
            return Err(outside());
        };
        let bytes = at.checked_add(length).and_then(|end| body.as_slice().get(at..end)).ok_or_else(outside)?;
        if batch.compression().is_none() || length == 0 {
            continue;
        }
        // Less than none says that a buffer is not packed after all.
        let unpacked = i64::from_le_bytes(*bytes.first_chunk::<8>().ok_or_else(outside)?);
        promised = promised.saturating_add(u64::try_from(unpacked).unwrap_or(0));
    }
    let length = body.len() as u64;
    if promises_too_much(length, promised) {
        return Err(format!("{length} packed bytes claim to be {promised}: {PAGES_LOOK_LIKE_A_TRAP}"));
    }
    Ok(())
}
