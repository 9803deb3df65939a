//! What a run must be for a setting to have a say in it: the window hides or greys what has none, and a run says which of the flags it was
//! given were for nothing.

use super::{Knob, Within};
use crate::recipe::{Affinity, Facts, Inference, Origin, Recipe, Scale, Settings, System};

/// What a setting needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Samples that are generated.
    Generated,
    /// Such as noise has a meaning for.
    Noisy,
    /// A table or another file.
    File,
    /// A set that lies in a folder of its own.
    Folder,
    /// A sparse matrix.
    Sparse,
    /// Samples that are pictures.
    Pictures,
    /// Labels, given or to be given.
    Labels,
    /// A system that learns from labels.
    Supervised,
    /// A system that does not.
    Unsupervised,
    /// A supervised system that has a margin.
    Margin,
    /// Clusters that are named by their centres.
    Centres,
    /// Codes that are chosen, rather than part of the system.
    OwnCodes,
    /// A graph that is built, rather than given.
    Built,
    /// Weights that fade with distance.
    Gaussian,
    /// A scale that follows the data.
    FreeScale,
    /// Rows that are diffused.
    Diffusion,
    /// A network that is trained.
    Learning,
    /// One that reads Fourier features.
    Fourier,
}

impl Need {
    /// Whether a run of `recipe` has it, as far as `facts` tell; `settings` are what the recipe means on them.
    #[must_use]
    pub fn is_met(self, recipe: &Recipe, facts: &Facts, settings: &Settings) -> bool {
        let unknown = facts.samples == 0;
        match self {
            Self::Generated => facts.generated.is_some(),
            Self::Noisy => facts.generated.is_some_and(|(_, noise)| noise.is_some()),
            Self::File => facts.origin == Origin::Path,
            Self::Folder => facts.origin == Origin::Folder,
            Self::Sparse => unknown || facts.sparse.is_some(),
            Self::Pictures => unknown || facts.pictures,
            Self::Labels => unknown || facts.has_labels || recipe.labelled > 0.0,
            Self::Supervised => recipe.system.is_supervised(),
            Self::Unsupervised => !recipe.system.is_supervised(),
            Self::Margin => recipe.system != System::Dscl,
            Self::Centres => recipe.inference != Inference::Direct,
            Self::OwnCodes => recipe.system != System::DualAutoencoder,
            Self::Built => recipe.affinity_file.is_none(),
            Self::Gaussian => recipe.affinity != Affinity::Binary,
            Self::FreeScale => !matches!(recipe.scale, Scale::Fixed(_)),
            Self::Diffusion => settings.grouping.rows.diffuse(),
            Self::Learning => recipe.learn,
            Self::Fourier => settings.number("fourier") != Some(0.0),
        }
    }

    /// Whether a setting that misses it is out of place, and not only without effect.
    #[must_use]
    pub fn hides(self) -> bool {
        matches!(
            self,
            Self::Generated
                | Self::File
                | Self::Folder
                | Self::Sparse
                | Self::Supervised
                | Self::Unsupervised
                | Self::Diffusion
        )
    }

    /// Why a setting has no say without it.
    #[must_use]
    pub fn why(self) -> &'static str {
        match self {
            Self::Generated => "the samples are not generated (--limit takes fewer)",
            Self::Noisy => "this set has no noise",
            Self::File => "the samples come from no file",
            Self::Folder => "this set lies in no folder",
            Self::Sparse => "the samples are no sparse matrix",
            Self::Pictures => "the samples are no pictures",
            Self::Labels => "the data has no labels",
            Self::Supervised => "the system learns from no labels",
            Self::Unsupervised => "the system learns from labels",
            Self::Margin => "the system has no margin",
            Self::Centres => "the network names the clusters itself",
            Self::OwnCodes => "the system makes codes of its own",
            Self::Built => "the graph is given",
            Self::Gaussian => "all neighbours weigh the same",
            Self::FreeScale => "the scale is set",
            Self::Diffusion => "the rows are not diffused",
            Self::Learning => "nothing is learned",
            Self::Fourier => "the network reads no Fourier features",
        }
    }
}

/// Why a setting has no say in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Idle {
    /// The reason, to stand behind a colon.
    pub why: &'static str,
    /// Whether the setting is out of place there altogether.
    pub hidden: bool,
}

impl Knob {
    /// Why the setting has no say in a run of `recipe`, if it has none; what hides it comes first.
    #[must_use]
    pub fn idle(&self, recipe: &Recipe, facts: &Facts, settings: &Settings) -> Option<Idle> {
        // The dual autoencoder trains a head beside its codes, also where nothing is learned after them.
        let has_head = self.reads.iter().any(|read| read.within == Within::Dual && read.within.holds(recipe));
        let is_met = |need: Need| need.is_met(recipe, facts, settings) || (need == Need::Learning && has_head);
        let missed = || self.needs.iter().filter(|&&need| !is_met(need));
        let hiding = missed().find(|need| need.hides()).map(|need| Idle { why: need.why(), hidden: true });
        let read = self.reads.is_empty() || self.reads.iter().any(|read| read.within.holds(recipe));
        let unread = self.reads.first().filter(|_| !read).map(|read| Idle { why: read.within.unmet(), hidden: true });
        hiding.or(unread).or_else(|| missed().next().map(|need| Idle { why: need.why(), hidden: false }))
    }
}

impl Recipe {
    /// Flags that were given and have no say in the run whose facts these are, by reason: `--steps, --tie have no effect: nothing is
    /// learned`. Settings of the machine have their use in other runs, and are left out.
    #[must_use]
    pub fn given_for_nothing(&self, facts: &Facts) -> Vec<String> {
        let settings = self.worked_out(facts);
        let mut reasons: Vec<(&str, Vec<String>)> = Vec::new();
        for (flag, value) in self.changed() {
            let knob = super::find(&flag).filter(|knob| super::OF_THE_MACHINE.iter().all(|own| own.flag != knob.flag));
            let Some(idle) = knob.and_then(|knob| knob.idle(self, facts, &settings)) else { continue };
            let said = format!("--{}{flag}", if value == "false" { "no-" } else { "" });
            match reasons.iter_mut().find(|(why, _)| *why == idle.why) {
                Some((_, flags)) => flags.push(said),
                None => reasons.push((idle.why, vec![said])),
            }
        }
        let said = |(why, flags): (&str, Vec<String>)| {
            let verb = if flags.len() == 1 { "has" } else { "have" };
            format!("{} {verb} no effect: {why}", flags.join(", "))
        };
        reasons.into_iter().map(said).collect()
    }
}
