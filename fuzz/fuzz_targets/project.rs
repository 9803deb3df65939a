//! Projects; behind another first line the CBOR alone, which gets its checksum.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| eigenscope_fuzz::project(bytes));
