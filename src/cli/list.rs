//! What there is: data and devices.

use crate::nets::device;
use crate::{Result, data};

pub(super) fn data() {
    for set in data::builtin() {
        println!("{:<16}{}", set.name, set.about);
    }
}

pub(super) fn devices() -> Result<()> {
    let chosen = crate::nets::Compute::open(crate::recipe::DeviceChoice::Auto)?;
    for adapter in device::adapters() {
        let mark = if adapter.name == chosen.name { "  <- auto" } else { "" };
        println!("{:<14}{} ({}){mark}", adapter.kind, adapter.name, adapter.api);
    }
    Ok(())
}
