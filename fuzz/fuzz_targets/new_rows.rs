//! A table as new rows of a model's reading.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| eigenscope_fuzz::new_rows(bytes));
