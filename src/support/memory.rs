//! What memory this process holds and held, and what the system has left.

use sysinfo::{MemoryRefreshKind, ProcessRefreshKind, ProcessesToUpdate, RefreshKind, System};

const MIB: f64 = (1_u64 << 20) as f64;
const GIB: f64 = (1_u64 << 30) as f64;

/// Start the peak anew from what is held now, where the system can (Linux).
pub(crate) fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// The most this process held at once in MiB, where the system tells: Linux keeps the peak itself, elsewhere it is what is held now.
pub(crate) fn peak_mib() -> Option<f64> {
    let linux = || {
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let kib: f64 =
            status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().trim_end_matches(" kB").parse().ok()?;
        Some(kib / 1024.0)
    };
    linux().or_else(|| held().map(|bytes| bytes / MIB))
}

/// Bytes this process holds.
pub(crate) fn held() -> Option<f64> {
    let own = sysinfo::get_current_pid().ok()?;
    let mut system = System::new();
    let only = ProcessRefreshKind::nothing().with_memory();
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[own]), false, only);
    system.process(own).map(|process| process.memory() as f64)
}

/// Bytes that the system, or the container this runs in, can still give without swapping. Cached files do not count as taken.
pub(crate) fn free() -> Option<f64> {
    if !sysinfo::IS_SUPPORTED_SYSTEM {
        return None;
    }
    let only = RefreshKind::nothing().with_memory(MemoryRefreshKind::nothing().with_ram());
    let system = System::new_with_specifics(only);
    // No memory at all is what a system says that does not tell, such as a root without `/proc`.
    if system.total_memory() == 0 {
        return None;
    }
    let whole = system.available_memory() as f64;
    Some(
        system.cgroup_limits().map_or(whole, |limits| whole.min(limits.total_memory.saturating_sub(limits.rss) as f64)),
    )
}

/// Bytes that may still be taken: what a person allows (`limit`, GiB) beyond what is held or, where it says nothing, what the system has free. `None`
/// where the system does not tell.
pub(crate) fn allowed(limit: Option<f64>) -> Option<f64> {
    let left = |gib: f64| (gib * GIB - held().unwrap_or(0.0)).max(0.0);
    limit.map(left).or_else(free)
}

/// What is so small that nobody asks the system about it.
const SMALL: f64 = 64.0 * MIB;

/// Whether `bytes` more fit; if not, what to say of the thing that needs them.
pub(crate) fn check(bytes: f64, limit: Option<f64>) -> Result<(), String> {
    if bytes < SMALL {
        return Ok(());
    }
    match allowed(limit) {
        Some(allowed) if bytes > allowed => Err(format!(
            "would take {:.1} GiB and {:.1} GiB are free; --memory allows more",
            bytes / GIB,
            allowed / GIB
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_process_holds_something_and_a_system_has_something_left() {
        assert!(super::held().is_some_and(|bytes| bytes > 1e5));
        assert!(super::free().is_some_and(|bytes| bytes > 1e6));
        assert!(super::peak_mib().is_some_and(|mib| mib > 0.1));
    }
}
