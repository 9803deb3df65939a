//! Settings that make no sense whatever the data is, and what tells two recipes apart.

use serde_json::{Map, Value};

use super::Recipe;
use super::knobs::{self, End};
use crate::{Error, Result};

impl Recipe {
    /// Checks what needs no data to be checked; the stages check the rest.
    ///
    /// # Errors
    /// [`Error::Setting`] with the flag of a value that is no finite number, or that lies outside its range.
    pub fn check(&self) -> Result<()> {
        let wrong = |text: String| Err(Error::Setting(text));
        // JSON has no word for what is not finite.
        if let Some((key, _)) = self.as_json().iter().find(|(_, value)| value.is_null()) {
            return wrong(format!("--{key} must be a finite number"));
        }
        knobs::check(self, &const { knobs::some(["diffusion-time", "frequency", "components"]) })?;
        // How few starts are too few the run says itself.
        if let Some(End::At(most)) = const { knobs::of("starts") }.range.map(|range| range.most)
            && self.starts as f64 > most
        {
            return wrong(format!("--starts {} is above {most}", self.starts));
        }
        Ok(())
    }

    /// The settings in which two recipes differ, each with both values: `--lr 0.01 rather than auto`.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let (mine, theirs) = (self.as_json(), other.as_json());
        let text = |values: &Map<String, Value>, key: &str| values.get(key).map_or_else(|| "none".to_owned(), words);
        let mut keys: Vec<&String> = mine.keys().chain(theirs.keys()).collect();
        keys.sort();
        keys.dedup();
        let differs = keys.into_iter().filter(|key| mine.get(*key) != theirs.get(*key));
        differs.map(|key| format!("--{key} {} rather than {}", text(&mine, key), text(&theirs, key))).collect()
    }

    /// Every setting under the name of its flag; `null` where it is no finite number.
    pub(super) fn as_json(&self) -> Map<String, Value> {
        match serde_json::to_value(self) {
            Ok(Value::Object(values)) => values,
            other => unreachable!("strings, numbers and switches always serialise: {other:?}"),
        }
    }
}

/// A value as it is written behind its flag.
pub(super) fn words(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::Auto;

    #[test]
    fn what_is_no_number_is_named_by_its_own_flag() {
        let message = |recipe: Recipe| recipe.check().expect_err("no such setting").to_string();
        let base = Recipe::default();
        assert!(base.check().is_ok());
        for (recipe, words) in [
            (Recipe { frequency: f64::NAN, ..base.clone() }, "--frequency must be a finite number"),
            (Recipe { lr: Auto::Set(f64::INFINITY), ..base.clone() }, "--lr must be"),
            (Recipe { diffusion_time: Auto::Set(-1.0), ..base.clone() }, "--diffusion-time -1"),
            (Recipe { starts: usize::MAX, ..base.clone() }, "--starts 18446744073709551615"),
        ] {
            assert!(message(recipe).contains(words), "{words}");
        }
    }

    #[test]
    fn differences_are_named_with_both_values() {
        let (base, other) = (Recipe::default(), Recipe { lr: Auto::Set(0.01), seed: 3, ..Recipe::default() });
        assert!(base.differences(&base).is_empty());
        assert_eq!(other.differences(&base), ["--lr 0.01 rather than auto", "--seed 3 rather than 0"]);
    }
}
