//! A given affinity matrix: Matrix Market, NPY, or an archive as SciPy saves it.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| eigenscope_fuzz::matrix(bytes));
