//! Archives of arrays: NPZ, and sparse matrices as SciPy saves them; arrays alone are put into one.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| eigenscope_fuzz::npz(bytes));
