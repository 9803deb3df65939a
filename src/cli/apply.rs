//! `eigenscope apply`.
