//! Settings that a person made for one dataset and that hold for the next one too, until they say otherwise.

use crate::Recipe;
use crate::app::kit::spoken::with_value;
use crate::recipe::knobs;

/// What came along from other data.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::app::shell) struct Carried {
    /// The data it was set for, oldest first.
    from: Vec<String>,
    /// Flags with their values.
    settings: Vec<(String, String)>,
}

impl Carried {
    /// Goes from data called `from`, for which this was set, to other data with the settings `now`; `before` is what had come along to `from`.
    pub(in crate::app::shell) fn on(from: &str, set: &Recipe, now: &Recipe, before: Option<&Self>) -> Option<Self> {
        let (mut settings, now) = (set.changed(), now.changed());
        settings.retain(|setting| now.contains(setting));
        settings.retain(|(flag, _)| !knobs::OF_THE_MACHINE.iter().any(|knob| knob.flag == flag));
        let old = |s: &(String, String)| before.is_some_and(|b| b.settings.contains(s));
        let mut names = before.filter(|_| settings.iter().any(old)).map_or_else(Vec::new, |b| b.from.clone());
        if !settings.iter().all(old) && !names.iter().any(|name| name == from) {
            names.push(from.to_owned());
        }
        (!settings.is_empty()).then_some(Self { from: names, settings })
    }

    /// What of it still stands; nothing where all of it was changed since. What was changed once is no longer what came along, whatever it
    /// is changed to then.
    pub(in crate::app::shell) fn standing(mut self, recipe: &Recipe) -> Option<Self> {
        let now = recipe.changed();
        self.settings.retain(|setting| now.contains(setting));
        (!self.settings.is_empty()).then_some(self)
    }

    /// The same in words.
    pub(in crate::app::shell) fn words(&self) -> String {
        const SHOWN: usize = 6;
        let more = self.settings.len().saturating_sub(SHOWN);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let list = self.settings.iter().take(SHOWN).map(said).collect::<Vec<_>>().join(", ");
        format!("Set by hand for {}: {list}{more}", self.from.join(" and "))
    }
}

fn said((flag, value): &(String, String)) -> String {
    knobs::find(flag).map_or_else(|| format!("{flag} {value}"), |knob| with_value(knob, value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::{Auto, DeviceChoice, Scale};

    #[test]
    fn what_came_along_is_named_with_where_it_was_set() {
        let default = Recipe { device: DeviceChoice::Cpu, ..Recipe::default() };
        assert_eq!(Carried::on("moons", &default, &default, None), None, "the device is the machine's");
        let set = Recipe { clusters: Auto::Set(7), ..default.clone() };
        let first = Carried::on("moons", &set, &set, None).expect("clusters came along");
        assert_eq!(first.words(), "Set by hand for moons: Clusters 7");
        assert_eq!(
            Carried::on("moons", &default, &set, None),
            None,
            "what was set for the data that came is no one else's"
        );
        assert_eq!(Carried::on("circles", &set, &set, Some(&first)), Some(first.clone()), "circles had no part in it");
        let more = Recipe { scale: Scale::Local, ..set.clone() };
        let second = Carried::on("digits", &more, &more, Some(&first)).expect("more came along");
        assert_eq!(second.words(), "Set by hand for moons and digits: Clusters 7, Scale “local”");
        let left = second.standing(&set).expect("clusters stand");
        assert_eq!(left.words(), "Set by hand for moons and digits: Clusters 7");
        assert_eq!(left.clone().standing(&more), Some(left.clone()), "what was changed once did not come along");
        assert_eq!(left.standing(&default), None);
    }
}
