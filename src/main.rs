//! The command line's story.

use std::process::ExitCode;

/// Training asks for and frees tensors of many megabytes in every step. The system's allocator gives each back to the kernel and
/// faults it in again.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    #[cfg(target_os = "linux")]
    without_device_select();
    eigenscope::cli::main(std::env::args_os())
}

/// Starts the program over without Mesa's layer that asks a desktop for its favourite GPU, where there is no desktop: the layer
/// complains on stderr, in the name of this program, about each list of GPUs. It is switched off by the environment alone, and
/// of that only a new program can be sure to be the first reader.
#[cfg(target_os = "linux")]
fn without_device_select() {
    use std::env::{args_os, current_exe, var_os};
    use std::os::unix::process::CommandExt as _;
    const OFF: &str = "NODEVICE_SELECT";
    if var_os("XDG_RUNTIME_DIR").is_some_and(|dir| !dir.is_empty()) || var_os(OFF).is_some() {
        return;
    }
    let Ok(program) = current_exe() else { return };
    let mut again = std::process::Command::new(program);
    if let Some(name) = args_os().next() {
        again.arg0(name);
    }
    // This returns only where it failed; the program then goes on as it is.
    let _ = again.args(args_os().skip(1)).env(OFF, "1").exec();
}
