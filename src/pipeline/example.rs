//! The trained example that the window opens on: a stored training of a built-in set, which Train repeats.

use super::chain::Chain;
use super::event::Unheard;
use super::job::Job;
use super::stages::Stored;
use crate::Result;
use crate::data::Source;
use crate::recipe::Recipe;
use crate::support::progress::Control;

/// The training, packed. `just example` writes it anew.
const PACKED: &[u8] = include_bytes!("../../assets/example/moons.training");

/// The set whose training is stored.
const SET: &str = "moons";

/// The example: its training, and the job that it is of.
///
/// # Errors
/// [`crate::Error::Data`] where the program was built without it.
pub fn example() -> Result<(Job, Stored)> {
    let stored = Stored::read(PACKED)?;
    Ok((Job { source: Source::Named(stored.set.clone()), recipe: stored.recipe.clone() }, stored))
}

/// Trains the example and packs it.
///
/// # Errors
/// Those of the run.
pub fn made() -> Result<Vec<u8>> {
    let job = Job { source: Source::Named(SET.to_owned()), recipe: Recipe::default() };
    let mut chain = Chain::recording();
    chain.run(&job, &Control::new(), &Unheard)?;
    chain.stored(&job)?.bytes()
}
