//! Settings that a person made for one dataset and that hold for the next one too, until they say otherwise.

use crate::Recipe;
use crate::app::kit::spoken::with_value;
use crate::recipe::knobs;

/// What came along from other data.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Carried {
    /// The data it was set for, oldest first.
    from: Vec<String>,
    /// Flags with their values.
    settings: Vec<(String, String)>,
}

impl Carried {
    /// Goes from data called `from`, for which this was set, to other data with the settings `now`; `before` is what had come along to `from`.
    pub(super) fn on(from: &str, set: &Recipe, now: &Recipe, before: Option<&Self>) -> Option<Self> {
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

    /// What of it still stands, in words; nothing where all of it was changed since.
    pub(super) fn words(&self, recipe: &Recipe) -> Option<String> {
        const SHOWN: usize = 6;
        let now = recipe.changed();
        let standing: Vec<String> = self.settings.iter().filter(|s| now.contains(s)).map(said).collect();
        let more = standing.len().saturating_sub(SHOWN);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let list = standing.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
        (!standing.is_empty()).then(|| format!("Set by hand for {}: {list}{more}", self.from.join(" and ")))
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
        assert_eq!(first.words(&set).as_deref(), Some("Set by hand for moons: Clusters 7"));
        assert_eq!(
            Carried::on("moons", &default, &set, None),
            None,
            "what was set for the data that came is no one else's"
        );
        assert_eq!(Carried::on("circles", &set, &set, Some(&first)), Some(first.clone()), "circles had no part in it");
        let more = Recipe { scale: Scale::Local, ..set.clone() };
        let second = Carried::on("digits", &more, &more, Some(&first)).expect("more came along");
        let words = "Set by hand for moons and digits: Clusters 7, Scale “local”";
        assert_eq!(second.words(&more).as_deref(), Some(words));
        assert_eq!(second.words(&set).as_deref(), Some("Set by hand for moons and digits: Clusters 7"));
        assert_eq!(second.words(&default), None);
    }
}
