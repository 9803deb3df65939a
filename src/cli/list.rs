//! What there is: data and devices.

use super::say;
use crate::data::fetch::PublicSet;
use crate::nets::device;
use crate::support::number;
use crate::{Result, data};

pub(super) fn data() -> Result<()> {
    say::out(|out| {
        data::builtin().iter().try_for_each(|set| {
            let where_ = match PublicSet::named(set.name) {
                Some(_) if data::is_cached(set.name) => " It is in the cache.".to_owned(),
                Some(public) => {
                    let size = number::bytes(public.packed() as usize);
                    format!(" `eigenscope fetch {}` downloads it ({size}).", set.name)
                }
                None => String::new(),
            };
            writeln!(out, "{:<16}{}{where_}", set.name, set.about)
        })
    })
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
