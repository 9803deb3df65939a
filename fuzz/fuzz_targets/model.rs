//! Models; behind another first line the CBOR alone, which is packed.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| eigenscope_fuzz::model(bytes));
