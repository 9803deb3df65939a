//! Tables in LaTeX.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| eigenscope_fuzz::data("a.tex", bytes));
