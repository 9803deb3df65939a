//! CSV, TSV and other delimited text.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| eigenscope_fuzz::table(bytes));
