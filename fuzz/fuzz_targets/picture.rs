//! PNG and JPEG in a folder; the checksums of PNG are set right.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| eigenscope_fuzz::picture(bytes));
