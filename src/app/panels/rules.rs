//! What the settings are to the run at hand: which of them it has, which have a say in it, what `auto` comes to, and how far the data
//! lets a number go. All else about a setting, the table of knobs knows.

use std::sync::Arc;

use super::{Panels, automatic};
use crate::recipe::knobs::{Idle, Knob};
use crate::recipe::{Facts, Origin, Recipe, Settings};

/// What is known of the data and of the run shown.
#[derive(Clone, Debug, Default)]
pub(super) struct Rules {
    /// What the source tells, and the data once it is there.
    facts: Arc<Facts>,
    /// Samples that are there.
    samples: Option<usize>,
    /// What the settings mean on the data shown, by the same rules and from the same facts as the run itself.
    settings: Option<Settings>,
    /// Steps of the walk that the training shown has come to by itself.
    walk: Option<usize>,
    /// Diffusion time of the run shown.
    time: Option<f64>,
    /// Outputs of the supervised network shown.
    outputs: Option<usize>,
    /// Width of the codes shown.
    width: Option<usize>,
}

impl Rules {
    /// As things are now.
    pub(super) fn of(panels: &Panels) -> Self {
        let (job, shown) = (&*panels.job, panels.snapshot);
        let of_source = shown.filter(|s| s.job.source == job.source);
        // The walk follows the spectrum; without an exact one only a run that chose it itself can tell.
        let chosen = shown.is_some_and(|s| s.job.recipe.walk.set().is_none());
        Self {
            facts: of_source.map_or_else(|| Arc::new(Facts::of(&job.source)), |s| Arc::clone(&s.facts)),
            samples: shown.map(|s| s.data.len()),
            settings: shown.and_then(|s| automatic(job, s)),
            walk: panels.last.map(|p| p.walk).filter(|_| chosen),
            time: shown.and_then(|s| s.learned.as_ref().or(s.exact.as_ref())).and_then(|s| s.time),
            outputs: shown.and_then(|s| s.supervised.as_ref()).map(|r| r.embedding),
            width: shown.and_then(|s| s.codes.as_ref()).map(|c| c.ncols()),
        }
    }

    /// Whether a run of this recipe has the setting; one that it has not is not shown.
    pub(super) fn has(&self, knob: &Knob, recipe: &Recipe) -> bool {
        match knob.flag {
            // Samples of a sparse matrix have it, and whoever set it finds it again.
            "components" => self.facts.sparse.is_some() || recipe.components.set().is_some(),
            // A set that is built in has its labels, and `none` takes them away; nobody asks for that in the window.
            "label-column" => self.facts.origin == Origin::Path,
            // A generated set is made smaller by its samples.
            "limit" => self.facts.generated.is_none(),
            _ => self.idle(knob, recipe).is_none_or(|idle| !idle.hidden),
        }
    }

    /// Why the setting has no say, where it has none; it is there, and cannot be turned.
    pub(super) fn idle(&self, knob: &Knob, recipe: &Recipe) -> Option<Idle> {
        knob.idle(recipe, &self.facts, &self.settings(recipe))
    }

    /// What `auto` means at present, where that is known.
    pub(super) fn worked_out(&self, flag: &str, recipe: &Recipe) -> Option<f64> {
        match flag {
            "noise" => self.facts.generated?.1,
            "samples" => Some(self.facts.generated?.0 as f64),
            "diffusion-time" => self.time,
            "embedding" => Some(self.outputs? as f64),
            "latent" => Some(self.width? as f64),
            "walk" => self.settings.as_ref()?.number(flag).or(self.walk.map(|walk| walk as f64)),
            _ => self.settings(recipe).number(flag),
        }
    }

    /// What automatic hidden layers are, once there is data.
    pub(super) fn hidden(&self) -> Option<&[usize]> {
        self.settings.as_ref().map(Settings::hidden)
    }

    /// What the settings mean, as far as that is known without data.
    fn settings(&self, recipe: &Recipe) -> Settings {
        self.settings.clone().unwrap_or_else(|| recipe.worked_out(&Facts::default()))
    }

    /// The most that the data at hand allows. What it cannot have beyond that, the run refuses in words.
    pub(super) fn most(&self, flag: &str, recipe: &Recipe) -> Option<f64> {
        let others = || self.samples.map(|n| n.saturating_sub(1).max(1));
        let most = match flag {
            "neighbors" | "siamese-neighbors" | "eigenvectors" => others()?,
            "clusters" => others()? + 1,
            "scale-neighbor" => self.settings(recipe).neighbors,
            _ => return None,
        };
        Some(most as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::knobs::{self, Field, Section, all, of};
    use crate::recipe::{Affinity, Represent, System};

    #[test]
    fn a_run_shows_the_settings_it_has() {
        let shown = |recipe: &Recipe| -> Vec<&str> {
            let rules = Rules::default();
            Section::Method.knobs().filter(|k| rules.has(k, recipe)).map(|k| k.flag).collect()
        };
        let plain = Recipe::default();
        assert_eq!(shown(&plain), ["system", "represent"]);
        let coded = Recipe { represent: Represent::Autoencoder, ..plain.clone() };
        assert_eq!(shown(&coded)[..3], ["system", "represent", "encoder"]);
        let dual = Recipe { system: System::DualAutoencoder, ..plain.clone() };
        assert_eq!(shown(&dual)[..4], ["system", "represent", "latent", "joint"]);
        let supervised = Recipe { system: System::Dscl, ..coded };
        assert_eq!(shown(&supervised)[..2], ["system", "embedding"]);
        assert!(!shown(&supervised).contains(&"encoder"));
    }

    #[test]
    fn what_has_no_say_is_off() {
        let rules = Rules::default();
        let on = |flag: &str, recipe: &Recipe| rules.idle(of(flag), recipe).is_none();
        let plain = Recipe::default();
        assert!(on("neighbors", &plain) && on("scale", &plain) && on("batch", &plain));
        let still = Recipe { learn: false, affinity_file: Some("w.npz".into()), ..plain };
        let off: Vec<&str> = all().map(|k| k.flag).filter(|flag| !on(flag, &still)).collect();
        assert!(["neighbors", "scale", "scale-neighbor", "batch", "hidden"].iter().all(|flag| off.contains(flag)));
        assert!(!off.contains(&"seed") && !off.contains(&"learn") && !off.contains(&"laplacian"));
    }

    /// A knob that is renamed would lose what is said of it here.
    #[test]
    fn every_flag_that_the_panels_name_is_a_knobs() {
        let sources = [include_str!("rules.rs"), include_str!("rows.rs"), include_str!("remarks.rs")];
        let arms = sources.iter().flat_map(|text| text.lines()).map(str::trim);
        let arms = arms.filter(|line| line.starts_with('"') && line.contains("=>"));
        let heads = arms.filter_map(|line| line.split("=>").next()?.split(" if ").next());
        let flags: Vec<&str> = heads.flat_map(|head| head.split('"').skip(1).step_by(2)).collect();
        assert!(flags.len() > 20, "{flags:?}");
        for flag in flags {
            assert!(knobs::find(flag).is_some(), "--{flag}");
        }
    }

    /// A control whose `auto` is never said would show nothing before a run; these few are known after one alone, or by no one.
    #[test]
    fn every_automatic_number_is_worked_out_from_the_facts() {
        let rules = Rules {
            facts: Arc::new(Facts { generated: Some((100, Some(0.1))), ..Facts::default() }),
            samples: Some(100),
            settings: None,
            time: Some(50.0),
            outputs: Some(3),
            width: Some(10),
            ..Rules::default()
        };
        let spectrum = vec![0.0, 0.001, 0.1, 0.2];
        let facts = Facts { samples: 100, features: 2, filled: 2, clusters: Some(2), spectrum, ..Facts::default() };
        let facts = Facts { sparse: Some(2000), ..facts };
        // One recipe of each kind that has settings of its own.
        let plain = Recipe { represent: Represent::Autoencoder, affinity: Affinity::Siamese, ..Recipe::default() };
        let recipes = [plain, Recipe { system: System::Triplet, ..Recipe::default() }];
        let mut recipe = Recipe::default();
        let silent = all().filter(|knob| {
            let automatic = matches!((knob.field)(&mut recipe), Field::AutoWhole(_) | Field::AutoReal(_));
            let known = |recipe: &Recipe| {
                let settings = Some(recipe.worked_out(&facts));
                Rules { settings, ..rules.clone() }.worked_out(knob.flag, recipe).is_some()
            };
            automatic && !recipes.iter().any(known)
        });
        assert_eq!(silent.map(|knob| knob.flag).collect::<Vec<_>>(), ["memory", "held-out", "classes"]);
    }
}
