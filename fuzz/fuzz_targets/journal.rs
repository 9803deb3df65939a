//! The journal beside a project; behind another first line the pieces alone, which get their checksums.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| eigenscope_fuzz::journal(bytes));
