//! Which stages a change of settings will redo, so that a person sees it before the button is pressed.

use crate::Recipe;
use crate::recipe::Stage;
use crate::recipe::{Affinity, System};

/// The stages whose result no longer holds once `old` becomes `new`, in the order of the chain; empty when nothing
/// that matters changed. Settings are compared as they are written; [`crate::pipeline::Facts::stages_redone`] compares what they mean.
#[must_use]
pub fn stages_redone(old: &Recipe, new: &Recipe) -> Vec<Stage> {
    let mut redone: Vec<Stage> = first_stages(old, new).into_iter().flat_map(downstream).copied().collect();
    redone.sort_unstable();
    redone.dedup();
    redone
}

/// A stage and all that is computed from it.
#[must_use]
pub fn downstream(stage: Stage) -> &'static [Stage] {
    use Stage::{Affinity, Clusters, Exact, Learn, Load, Metric, Neighbours, Represent};
    match stage {
        Load => &[Load, Represent, Metric, Neighbours, Affinity, Exact, Learn, Clusters],
        Represent => &[Represent, Metric, Neighbours, Affinity, Exact, Learn, Clusters],
        Metric => &[Metric, Neighbours, Affinity, Exact, Learn, Clusters],
        Neighbours => &[Neighbours, Affinity, Exact, Learn, Clusters],
        Affinity => &[Affinity, Exact, Learn, Clusters],
        Exact => &[Exact, Clusters],
        Learn => &[Learn, Clusters],
        Clusters => &[Clusters],
    }
}

/// The stages that read a setting which changed.
#[expect(clippy::too_many_lines, reason = "one line for each knob")]
#[expect(clippy::float_cmp, reason = "a number that was not touched is the same to the last bit")]
fn first_stages(old: &Recipe, new: &Recipe) -> Vec<Stage> {
    let mut first = Vec::new();
    let mut when = |changed: bool, stages: &[Stage]| {
        if changed {
            first.extend_from_slice(stages);
        }
    };
    // Naming every field makes a new knob that is missing here an error of the compiler.
    let Recipe {
        seed,
        device,
        system,
        represent,
        clusters,
        samples,
        noise,
        limit,
        memory: _, // It decides whether a run starts, not what comes out.
        label_column,
        missing,
        text,
        scaling,
        data_dir,
        encoder,
        encoder_steps,
        encoder_lr,
        corruption,
        distortion,
        siamese,
        siamese_steps,
        siamese_lr,
        siamese_neighbors,
        latent,
        joint,
        relative_weight,
        mutual_weight,
        prior_weight,
        spectral_weight,
        neighbors,
        exact_neighbors_to,
        scale,
        scale_neighbor,
        affinity,
        laplacian,
        affinity_file,
        labelled,
        exact,
        eigenvectors,
        rows,
        diffusion_time,
        starts,
        refine,
        learn,
        hidden,
        fourier,
        frequency,
        activation,
        batch,
        steps,
        lr,
        patience,
        decay,
        objective,
        gradient,
        orthonormal,
        separate,
        guards,
        walk,
        embedding,
        held_out,
        validate,
        classes,
        margin,
        inference,
        centre,
    } = old;
    when(
        *seed != new.seed
            || *samples != new.samples
            || *noise != new.noise
            || *limit != new.limit
            || *label_column != new.label_column
            || *missing != new.missing
            || *text != new.text
            || *scaling != new.scaling
            || *data_dir != new.data_dir,
        &[Stage::Load],
    );
    let coded = |changed: bool| changed && old.has_codes() && new.has_codes();
    when(
        *represent != new.represent
            || coded(
                *encoder != new.encoder
                    || *encoder_steps != new.encoder_steps
                    || *encoder_lr != new.encoder_lr
                    || *corruption != new.corruption
                    || *distortion != new.distortion,
            ),
        &[Stage::Represent],
    );
    // The dual autoencoder trains its head on graphs of its codes, so that much of what makes graph and head reaches back to the codes.
    let is_dual = |recipe: &Recipe| recipe.system == System::DualAutoencoder;
    let both_dual = |changed: bool| changed && is_dual(old) && is_dual(new);
    when(
        is_dual(old) != is_dual(new)
            || both_dual(
                *device != new.device
                    || *clusters != new.clusters
                    || *latent != new.latent
                    || *joint != new.joint
                    || *relative_weight != new.relative_weight
                    || *mutual_weight != new.mutual_weight
                    || *prior_weight != new.prior_weight
                    || *spectral_weight != new.spectral_weight
                    || *neighbors != new.neighbors
                    || *scale != new.scale
                    || *scale_neighbor != new.scale_neighbor
                    || *affinity != new.affinity
                    || *laplacian != new.laplacian
                    || *eigenvectors != new.eigenvectors
                    || *hidden != new.hidden
                    || *activation != new.activation
                    || *batch != new.batch
                    || *objective != new.objective
                    || *gradient != new.gradient
                    || *walk != new.walk,
            ),
        &[Stage::Represent],
    );
    let is_siamese = |recipe: &Recipe| recipe.affinity == Affinity::Siamese;
    let paired = |changed: bool| changed && is_siamese(old) && is_siamese(new);
    when(
        is_siamese(old) != is_siamese(new)
            || paired(
                *siamese != new.siamese
                    || *siamese_steps != new.siamese_steps
                    || *siamese_lr != new.siamese_lr
                    || *siamese_neighbors != new.siamese_neighbors
                    || *exact_neighbors_to != new.exact_neighbors_to,
            ),
        &[Stage::Metric],
    );
    when(*neighbors != new.neighbors || *exact_neighbors_to != new.exact_neighbors_to, &[Stage::Neighbours]);
    when(
        *scale != new.scale
            || *scale_neighbor != new.scale_neighbor
            || *affinity != new.affinity
            || *laplacian != new.laplacian
            || *affinity_file != new.affinity_file
            || *labelled != new.labelled,
        &[Stage::Affinity],
    );
    // Walk and guards follow the exact eigenvalues, and the network nearest to the exact space is the one that is kept.
    when(*exact != new.exact, &[Stage::Exact, Stage::Learn]);
    when(*eigenvectors != new.eigenvectors, &[Stage::Exact, Stage::Learn]);
    // The number of eigenvectors follows the number of clusters unless it was given.
    let follows = eigenvectors.set().is_none() || new.eigenvectors.set().is_none();
    when(*clusters != new.clusters, if follows { &[Stage::Exact, Stage::Learn] } else { &[Stage::Clusters] });
    when(
        *device != new.device
            || *system != new.system
            || *learn != new.learn
            || *hidden != new.hidden
            || *fourier != new.fourier
            || *frequency != new.frequency
            || *activation != new.activation
            || *batch != new.batch
            || *steps != new.steps
            || *lr != new.lr
            || *patience != new.patience
            || *decay != new.decay
            || *objective != new.objective
            || *gradient != new.gradient
            || *orthonormal != new.orthonormal
            || *separate != new.separate
            || *guards != new.guards
            || *walk != new.walk,
        &[Stage::Learn],
    );
    when(
        *embedding != new.embedding
            || *held_out != new.held_out
            || *validate != new.validate
            || *classes != new.classes
            || *margin != new.margin,
        &[Stage::Learn],
    );
    when(*inference != new.inference || *centre != new.centre, &[Stage::Clusters]);
    when(*rows != new.rows || *diffusion_time != new.diffusion_time, &[Stage::Clusters]);
    when(*starts != new.starts || *refine != new.refine, &[Stage::Clusters]);
    first
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::{Auto, Rows, Scale};

    fn redone(change: impl FnOnce(&mut Recipe)) -> Vec<Stage> {
        let old = Recipe::default();
        let mut new = old.clone();
        change(&mut new);
        stages_redone(&old, &new)
    }

    #[test]
    fn a_stage_redoes_itself_and_what_hangs_on_it() {
        use Stage::{Affinity, Clusters, Exact, Learn, Load, Metric, Neighbours, Represent};
        assert_eq!(redone(|_| ()), []);
        assert_eq!(redone(|r| r.limit = 10), [Load, Represent, Metric, Neighbours, Affinity, Exact, Learn, Clusters]);
        assert_eq!(redone(|r| r.neighbors = Auto::Set(20)), [Neighbours, Affinity, Exact, Learn, Clusters]);
        assert_eq!(redone(|r| r.scale = Scale::Global), [Affinity, Exact, Learn, Clusters]);
        assert_eq!(redone(|r| r.exact = false), [Exact, Learn, Clusters]);
        assert_eq!(redone(|r| r.lr = Auto::Set(0.1)), [Learn, Clusters]);
        assert_eq!(redone(|r| r.rows = Rows::Normalized), [Clusters]);
    }

    #[test]
    fn the_graph_reaches_back_to_codes_that_were_trained_on_it() {
        use Stage::{Affinity, Clusters, Exact, Learn, Metric, Neighbours, Represent};
        let whole = [Represent, Metric, Neighbours, Affinity, Exact, Learn, Clusters];
        assert_eq!(redone(|r| r.system = System::DualAutoencoder), whole);
        let old = Recipe { system: System::DualAutoencoder, ..Recipe::default() };
        let new = Recipe { scale: Scale::Global, ..old.clone() };
        assert_eq!(stages_redone(&old, &new), whole);
        assert_eq!(stages_redone(&old, &Recipe { prior_weight: 0.0, ..old.clone() }), whole);
        assert_eq!(stages_redone(&old, &Recipe { rows: Rows::AsIs, ..old.clone() }), [Clusters]);
        assert_eq!(redone(|r| r.prior_weight = 0.0), [], "no part of SpectralNet");
    }

    #[test]
    fn the_number_of_clusters_reaches_the_solvers_only_through_automatic_eigenvectors() {
        use Stage::{Clusters, Exact, Learn};
        assert_eq!(redone(|r| r.clusters = Auto::Set(7)), [Exact, Learn, Clusters]);
        let old = Recipe { eigenvectors: Auto::Set(10), ..Recipe::default() };
        let new = Recipe { clusters: Auto::Set(7), ..old.clone() };
        assert_eq!(stages_redone(&old, &new), [Clusters]);
    }
}
