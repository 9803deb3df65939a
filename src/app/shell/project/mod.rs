//! What a person did, kept: steps and their undoing, the journal, the project file, and the questions before anything is lost.

pub(super) mod beside_journal;
pub(super) mod journaling;
pub(super) mod keeping;
pub(super) mod leave;
pub(super) mod made_before;
pub(super) mod picture;
pub(super) mod regrowing;
pub(super) mod reopening;
pub(super) mod restore;
pub(super) mod steps;
pub(super) mod stored_runs;
pub(super) mod storing;
