//! What there is: data and devices.

use super::say;
use crate::nets::device;
use crate::{Result, data};

pub(super) fn data() -> Result<()> {
    say::out(|out| data::builtin().iter().try_for_each(|set| writeln!(out, "{:<16}{}", set.name, set.about)))
}

/// The formats that are read, a sentence each.
pub(super) fn formats() -> String {
    let sentences: Vec<&str> = data::Format::ALL.iter().map(|format| format.sentence).collect();
    format!("Files that are read:\n  {}", sentences.join("\n  "))
}

pub(super) fn devices() -> Result<()> {
    let chosen = crate::nets::Compute::open(crate::recipe::DeviceChoice::Auto)?;
    say::out(|out| {
        device::adapters().iter().try_for_each(|adapter| {
            let mark = if adapter.name == chosen.name { "  <- auto" } else { "" };
            writeln!(out, "{:<14}{} ({}){mark}", adapter.kind, adapter.name, adapter.api)
        })
    })
}
