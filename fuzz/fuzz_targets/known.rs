//! Tables of known labels.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| eigenscope_fuzz::known(bytes));
