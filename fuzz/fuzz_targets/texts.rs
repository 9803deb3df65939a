//! Texts that are known by how they look: dumps of databases, XML, sparse ARFF, logs, what programs of databases print.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| eigenscope_fuzz::data("a.txt", bytes));
