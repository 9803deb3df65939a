//! Work beside a window gives way to it.

/// How far it steps back. In the system's scale of 20 each step is a quarter less of a contested core.
const STEPS: i32 = 10;

/// Lets the calling thread, and those it will start, give way to others of the program: where cores are few, a frame that is drawn in
/// software should not wait for its turn behind a training that has hours. A thread that has all the core to itself loses nothing.
///
/// On Linux, where a thread has a priority of its own and may always lower it; elsewhere nothing happens.
pub(crate) fn give_way() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{getpriority_process, setpriority_process};
        // "Process" is POSIX's word; Linux takes no number to mean the calling thread. One that stepped back farther stays there.
        if let Ok(before) = getpriority_process(None) {
            let _ = setpriority_process(None, before.max(STEPS));
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use rustix::process::{getpriority_process, setpriority_process};

    use super::*;

    #[test]
    fn a_thread_steps_back_alone_and_never_forward() {
        let mine = getpriority_process(None).expect("a priority");
        let of = |first: i32| {
            let body = move || {
                setpriority_process(None, first.max(mine)).expect("lower is allowed");
                give_way();
                let child = std::thread::spawn(|| getpriority_process(None).expect("a priority"));
                (getpriority_process(None).expect("a priority"), child.join().expect("it ends"))
            };
            std::thread::spawn(body).join().expect("it ends")
        };
        assert_eq!(of(0), (STEPS.max(mine), STEPS.max(mine)));
        assert_eq!(of(15), (15.max(mine), 15.max(mine)));
        assert_eq!(getpriority_process(None).expect("a priority"), mine);
    }
}
