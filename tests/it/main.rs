//! What the program promises, from outside: one program, since each links burn, egui and wgpu.
//!
//! Its tests are threads of one process. One that changes what belongs to the whole process (the environment, the current directory) or
//! measures it (memory) does so in a child: [`support::program`] starts the program itself, [`bad_days::budget::in_a_process_of_its_own`] the test anew.

#![allow(
    clippy::expect_used,
    clippy::float_cmp,
    clippy::format_push_string,
    clippy::match_wild_err_arm,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test says what it expects by failing"
)]

mod answers;
mod archives;
mod around_tables;
mod as_instruments_write;
mod as_others_save;
mod as_people_bring;
mod as_people_write;
mod as_programs_write;
mod as_tools_write;
mod bad_days;
mod codes;
mod columns;
mod command_line;
mod data_files;
mod dual;
mod every_row;
mod exact_references;
mod exact_spectra;
mod exported;
mod fetching;
mod floors;
mod fuzz_seeds;
mod given_affinity;
mod gpu;
mod hostile_files;
mod kinds;
mod live;
mod measure_references;
mod new_rows;
mod new_typed_rows;
mod packed_files;
mod photos;
mod plane;
mod reading;
mod render_pace;
mod render_points;
mod resolved;
mod said_by_tables;
mod sheets;
mod sparse_and_objects;
mod sparse_text;
mod stored;
mod support;
mod tables;
mod training;
mod typed_tables;
mod unseen;
mod variants;
mod window;
