//! What stands beside a control: label, unit, and the tooltip of both.

use super::spoken::spoken;
use crate::recipe::knobs::{self, Knob};

/// What stands beside a control. The table of knobs has one for each setting; the window has a few of its own.
#[derive(Clone, Copy, Debug)]
pub(in crate::app) struct Caption {
    /// The flag of the setting without its dashes; empty for what is none.
    pub(in crate::app) flag: &'static str,
    /// The label.
    pub(in crate::app) label: &'static str,
    /// The unit, or nothing.
    pub(in crate::app) unit: &'static str,
    /// What turning it does, in one sentence.
    pub(in crate::app) effect: &'static str,
    /// Why it does nothing at present, if so.
    pub(in crate::app) idle: Option<&'static str>,
}

impl From<&Knob> for Caption {
    fn from(knob: &Knob) -> Self {
        Self { flag: knob.flag, label: knob.label, unit: knob.unit, effect: knob.effect, idle: None }
    }
}

impl Caption {
    /// Everything there is to say about it.
    #[must_use]
    pub(in crate::app) fn tooltip(&self) -> String {
        let Some(knob) = knobs::find(self.flag) else { return self.effect.to_owned() };
        let meaning = knob.meaning().map(|m| format!("{}\n\n", spoken(&m))).unwrap_or_default();
        let idle = self.idle.map(|why| format!("\n\nHas no effect now: {why}.")).unwrap_or_default();
        format!("{meaning}{}{idle}\n\n--{}", self.effect, self.flag)
    }
}
