//! The command line's story.

use std::process::ExitCode;

fn main() -> ExitCode {
    match eigenscope::cli::main(std::env::args_os()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("eigenscope: {error}");
            ExitCode::FAILURE
        }
    }
}
