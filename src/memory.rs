//! The most memory this process held at once.

/// Start the peak anew from what is held now, where the system can (Linux).
pub(crate) fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// In MiB, where the system tells: Linux keeps the peak itself, elsewhere it is what is held now.
pub(crate) fn peak_mib() -> Option<f64> {
    let linux = || {
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let kib: f64 =
            status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().trim_end_matches(" kB").parse().ok()?;
        Some(kib / 1024.0)
    };
    linux().or_else(|| memory_stats::memory_stats().map(|held| held.physical_mem as f64 / (1024.0 * 1024.0)))
}
