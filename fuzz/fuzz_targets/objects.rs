//! JSON Lines and lists of objects.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| eigenscope_fuzz::data("a.jsonl", bytes));
