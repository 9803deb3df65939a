//! Spreadsheets; the parts of one are put into an archive.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| eigenscope_fuzz::sheet(bytes));
