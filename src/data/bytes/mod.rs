//! Where bytes come from and what wraps them: files and pipes, compression, archives, encodings, line ends, binary numbers.

pub(super) mod archive;
mod dos;
pub(super) mod element;
pub(super) mod encoding;
pub(super) mod entities;
pub(super) mod returns;
pub(super) mod source;
pub(super) mod stream;
pub(super) mod wrapped;
