//! A recipe as command line flags, and the short forms that stand for a flag with a value.

use std::ffi::OsString;

use clap::{Args as _, FromArgMatches as _};
use serde_json::Value;

use super::Recipe;
use super::check::words;
use crate::{Error, Result};

/// Short forms and what they stand for.
const SHORT: &[(&str, &str)] = &[
    ("--no-exact", "--exact=false"),
    ("--no-learn", "--learn=false"),
    ("--no-orthonormal-layer", "--orthonormal-layer=false"),
    ("--no-standardize", "--scaling=none"),
    ("--standardize", "--scaling=standardize"),
];

/// Flags that stand alone where a value may also follow.
const SWITCHES: &[&str] = &["--exact", "--learn", "--orthonormal-layer", "--validate", "--centre"];

/// Arguments with every short form written out.
pub fn expand(args: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut args = args.into_iter().peekable();
    let mut out = Vec::new();
    while let Some(arg) = args.next() {
        let text = arg.to_str().unwrap_or_default(); // What is no text is no flag.
        if let Some((_, long)) = SHORT.iter().find(|(short, _)| *short == text) {
            out.push(long.into());
        } else if SWITCHES.contains(&text) && !args.peek().is_some_and(|next| next == "true" || next == "false") {
            out.push(format!("{text}=true").into());
        } else {
            out.push(arg);
        }
    }
    out
}

impl Recipe {
    /// The flags that give this recipe, in the order of its fields; those at their default are left out.
    #[must_use]
    pub fn flags(&self) -> Vec<String> {
        self.changed().into_iter().map(|(flag, value)| format!("--{flag}={value}")).collect()
    }

    /// The flags, without dashes, whose values are not the default, with those values as the flags take them.
    #[must_use]
    pub fn changed(&self) -> Vec<(String, String)> {
        let defaults = Self::default().values();
        self.values().into_iter().filter(|given| !defaults.contains(given)).collect()
    }

    /// Every flag without its dashes and its value as it takes it, in the order of the fields; a path that is not given is missing.
    #[must_use]
    pub fn values(&self) -> Vec<(String, String)> {
        // What is not finite has no value in JSON; it is refused by name later on.
        let text = |value| if Value::is_null(&value) { "NaN".to_owned() } else { words(&value) };
        self.as_json().into_iter().map(|(flag, value)| (flag, text(value))).collect()
    }

    /// The same recipe with another value for a flag; without a value that flag is at its default.
    ///
    /// # Errors
    /// [`Error::Setting`] when there is no such flag or it does not take this.
    pub fn with(&self, flag: &str, value: Option<&str>) -> Result<Self> {
        let others = self.flags().into_iter().filter(|arg| !arg.starts_with(&format!("--{flag}=")));
        let args = others.chain(value.map(|value| format!("--{flag}={value}")));
        let command = Self::augment_args(clap::Command::new("recipe").no_binary_name(true));
        let matches = command.try_get_matches_from(args);
        matches
            .and_then(|matches| Self::from_arg_matches(&matches))
            .map_err(|_| Error::Setting(format!("--{flag} does not take {}", value.unwrap_or_default())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::{Auto, Hidden, Scale};

    fn parse(args: Vec<OsString>) -> Recipe {
        let command = Recipe::augment_args(clap::Command::new("recipe").no_binary_name(true));
        Recipe::from_arg_matches(&command.get_matches_from(args)).expect("every flag has a default")
    }

    #[test]
    fn flags_give_the_recipe_back() {
        let recipe = Recipe {
            neighbors: Auto::Set(7),
            scale: Scale::Fixed(0.25),
            hidden: Hidden::Layers(vec![64, 32]),
            lr: Auto::Set(1e-4),
            exact: false,
            data_dir: Some("some folder".into()),
            ..Recipe::default()
        };
        assert_eq!(parse(recipe.flags().into_iter().map(Into::into).collect()), recipe);
        assert!(Recipe::default().flags().is_empty());
    }

    #[test]
    fn the_largest_numbers_and_the_last_digits_come_back() {
        let recipe = Recipe {
            seed: u64::MAX,
            exact_neighbors_to: usize::MAX,
            neighbors: Auto::Set(usize::MAX),
            lr: Auto::Set(0.1 + 0.2),
            noise: Auto::Set(f64::from_bits(0x3fb9_9999_9999_999b)),
            ..Recipe::default()
        };
        assert_eq!(parse(recipe.flags().into_iter().map(Into::into).collect()), recipe);
        let text = toml::to_string(&recipe).expect("it can be written");
        assert_eq!(toml::from_str::<Recipe>(&text).expect("it can be read"), recipe);
        let text = serde_json::to_string(&recipe).expect("it can be written");
        assert_eq!(serde_json::from_str::<Recipe>(&text).expect("it can be read"), recipe);
    }

    #[cfg(unix)]
    #[test]
    fn a_path_that_is_no_text_loses_nothing_else() {
        use std::os::unix::ffi::OsStringExt as _;
        let folder = std::path::PathBuf::from(OsString::from_vec(b"caf\xe9".to_vec()));
        let recipe = Recipe { data_dir: Some(folder), seed: 7, ..Recipe::default() };
        assert_eq!(recipe.flags(), ["--data-dir=caf\u{fffd}", "--seed=7"]);
        assert!(toml::to_string(&recipe).is_ok_and(|text| text.contains("seed = 7")));
    }

    #[test]
    fn one_flag_changes_and_the_others_stay() {
        let recipe = Recipe { neighbors: Auto::Set(7), lr: Auto::Set(1e-4), ..Recipe::default() };
        let changed = recipe.with("exact", Some("false")).expect("a switch takes false");
        assert_eq!(changed, Recipe { exact: false, ..recipe.clone() });
        assert_eq!(changed.with("neighbors", None).expect("back"), Recipe { neighbors: Auto::Auto, ..changed.clone() });
        assert_eq!(recipe.changed().iter().map(|(flag, _)| flag.as_str()).collect::<Vec<_>>(), ["lr", "neighbors"]);
        for (flag, value) in [("scale", "-1"), ("no-such", "1")] {
            assert!(recipe.with(flag, Some(value)).is_err(), "{flag}");
        }
    }

    #[test]
    fn short_forms_are_written_out() {
        let args = ["--no-exact", "--learn", "--no-standardize", "--exact", "false"].map(Into::into);
        assert_eq!(expand(args), ["--exact=false", "--learn=true", "--scaling=none", "--exact", "false"]);
    }
}
