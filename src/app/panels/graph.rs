//! Graph: who is joined to whom, and how strongly.

use eframe::egui::{self, RichText, Ui};

use super::controls::{self, Dial};
use super::{Ask, Panels, codes, knobs, line, taken};
use crate::app::dialogs::Purpose;
use crate::app::icons::combo;
use crate::app::theme::Tokens;
use crate::pipeline::Snapshot;
use crate::recipe::{Affinity, Rows, Scale};
use crate::support::language::plural;

pub(super) fn graph_ui(ui: &mut Ui, panels: &mut Panels) -> Option<Ask> {
    let clusters = panels.automatic_clusters();
    let recipe = &mut panels.job.recipe;
    // A given matrix leaves nothing of these to choose.
    let built = recipe.affinity_file.is_none();
    let neighbors = recipe.neighbors_in_use();
    // What the data cannot have, the run refuses in words; no end is set here to what it can.
    let others = panels.snapshot.map_or(1_000_000, |s| s.data.len().saturating_sub(1).max(1));
    let dial = Dial::whole(1..=others);
    controls::auto(ui, &knobs::NEIGHBORS, &mut recipe.neighbors, Some(neighbors), neighbors, &dial, built);
    let exact = Dial::whole(0..=1 << 40);
    controls::number(ui, &knobs::EXACT_NEIGHBORS_TO, &mut recipe.exact_neighbors_to, &exact, built);
    let given = || "A given matrix says by itself who is near whom".to_owned();
    line(ui, &if built { found(panels.snapshot) } else { given() });
    controls::choice(ui, &knobs::AFFINITY, &mut recipe.affinity, built);
    codes::siamese_ui(ui, panels);
    let recipe = &mut panels.job.recipe;
    let gaussian = built && recipe.affinity != Affinity::Binary;
    scale_ui(ui, &mut recipe.scale, &mut panels.drafts.scale, gaussian);
    if recipe.scale == Scale::Auto && gaussian {
        taken(ui, panels.snapshot, "scale");
    }
    let chosen_width = matches!(recipe.scale, Scale::Fixed(_));
    let most = recipe.neighbors_in_use();
    controls::number(
        ui,
        &knobs::SCALE_NEIGHBOR,
        &mut recipe.scale_neighbor,
        &Dial::whole(0..=most).zero("median"),
        gaussian && !chosen_width,
    );
    controls::choice(ui, &knobs::LAPLACIAN, &mut recipe.laplacian, true);
    let file = controls::path(ui, &knobs::AFFINITY_FILE, &mut recipe.affinity_file, "none");
    let shown = panels.snapshot;
    let has_labels = recipe.labelled > 0.0 || shown.is_some_and(|s| s.data.labels.is_some());
    controls::number(ui, &knobs::LABELLED, &mut recipe.labelled, &Dial::fine(0.0..=1.0, 0.002, 3), has_labels);
    if recipe.labelled > 0.0 {
        let text = format!("Semi-supervised: {:.1} % of the labels shape the graph", 100.0 * recipe.labelled);
        ui.label(RichText::new(text).small().strong().color(Tokens::in_ui(ui).warning));
    }
    ui.add_space(4.0);
    controls::auto(ui, &knobs::CLUSTERS, &mut recipe.clusters, clusters, 2, &Dial::whole(1..=others + 1), true);
    let vectors = recipe.clusters.set().or(clusters).map(|c| recipe.eigenvectors_for(c));
    controls::auto(ui, &knobs::EIGENVECTORS, &mut recipe.eigenvectors, vectors, 2, &Dial::whole(1..=others), true);
    controls::choice(ui, &knobs::ROWS, &mut recipe.rows, true);
    if recipe.rows == Rows::Auto {
        taken(ui, panels.snapshot, "rows");
    }
    if recipe.rows_in_use().diffuse() {
        let time = shown.and_then(|s| s.learned.as_ref().or(s.exact.as_ref())).and_then(|s| s.time);
        let dial = Dial::fine(0.0..=1e9, 0.5, 1);
        controls::auto(ui, &knobs::DIFFUSION_TIME, &mut recipe.diffusion_time, time, 50.0, &dial, true);
    }
    controls::number(ui, &knobs::STARTS, &mut recipe.starts, &Dial::whole(1..=100_000), true);
    let rounds = Some(recipe.refine_in_use());
    controls::auto(ui, &knobs::REFINE, &mut recipe.refine, rounds, 20, &Dial::whole(0..=1_000_000), true);
    controls::switch(ui, &knobs::EXACT, &mut recipe.exact, true);
    line(ui, &parts(shown));
    file.then_some(Ask::Choose(Purpose::AffinityFile))
}

/// How many of the neighbours shown are the nearest.
fn found(shown: Option<&Snapshot>) -> String {
    match shown.and_then(|s| s.neighbors.as_ref()) {
        None => "How many of them are the nearest is known after a run".to_owned(),
        Some(found) => match found.recall {
            None => "All neighbours shown are the nearest".to_owned(),
            Some(recall) => format!("{:.1} % of the neighbours shown are the nearest", 100.0 * recall),
        },
    }
}

/// Into how many parts the graph falls.
fn parts(shown: Option<&Snapshot>) -> String {
    let Some(operator) = shown.and_then(|s| s.operator.as_ref()) else {
        return "How many parts the graph has is known after a run".to_owned();
    };
    let parts = operator.components.sizes.len();
    if parts == 1 {
        return "The graph is one part".to_owned();
    }
    let alone = operator.components.sizes.iter().filter(|&&n| n == 1).count();
    let alone = if alone > 0 { format!(", {alone} single {}", plural(alone, "point")) } else { String::new() };
    format!("{parts} parts{alone}: as many eigenvalues are 0; more neighbours join them")
}

/// What a scale does, in a sentence.
fn effect(scale: Scale) -> &'static str {
    match scale {
        Scale::Auto => "Robust where the neighbours' distances fill few dimensions, robust-local where they fill many",
        Scale::Robust => "One width for all points, and no point so far out that it falls off the graph",
        Scale::RobustLocal => "Each point has its own width, and no point so far out that it falls off the graph",
        Scale::Local => "Each point has its own width, from the distances to its neighbours",
        Scale::Global => "One width for all points, the median distance to a neighbour; strays may fall off the graph",
        Scale::Fixed(_) => "One width for all points, given as a distance between scaled features",
    }
}

/// A rule for the width, or a distance given by hand.
fn scale_ui(ui: &mut Ui, scale: &mut Scale, width: &mut Option<f64>, enabled: bool) {
    controls::row(ui, &knobs::SCALE, enabled, |ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let by_hand = matches!(scale, Scale::Fixed(_));
        let text = if by_hand { "distance".to_owned() } else { scale.to_string() };
        let combo = combo("scale", if by_hand { 70.0 } else { 132.0 }).selected_text(text);
        let shown = combo.show_ui(ui, |ui| {
            for word in Scale::WORDS {
                let choice = ui.selectable_label(*scale == word, word.to_string());
                if choice.on_hover_text(effect(word)).clicked() {
                    *scale = word;
                }
            }
            let given = Scale::Fixed(width.unwrap_or(1.0));
            if ui.selectable_label(by_hand, "distance").on_hover_text(effect(given)).clicked() && !by_hand {
                *scale = given;
            }
        });
        if let Scale::Fixed(distance) = scale {
            let size = egui::vec2(58.0, ui.spacing().interact_size.y);
            let response = Dial::rate(1e-12..=1e12).add(ui, &knobs::SCALE, size, distance);
            response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::SpinButton, enabled, "Scale, distance"));
            response.on_hover_text(effect(Scale::Fixed(*distance)));
            *width = Some(*distance);
        }
        (shown.response, ())
    });
    if let Scale::Fixed(distance) = scale {
        super::refused::reason_ui(ui, &knobs::SCALE, *distance);
    }
}
