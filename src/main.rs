//! The command line's story.

use std::process::ExitCode;

/// Training asks for and frees tensors of many megabytes in every step. The system's allocator gives each back to the kernel and
/// faults it in again.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match eigenscope::cli::main(std::env::args_os()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("eigenscope: {error}");
            ExitCode::FAILURE
        }
    }
}
