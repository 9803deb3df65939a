//! The table of a comparison: a row for each method in each space, the best score of every column marked.

use std::fmt::Write as _;

use eframe::egui::{self, RichText, Ui};

use crate::app::kit::format;
use crate::app::kit::theme::Tokens;
use crate::app::views::empty_ui;
use crate::measure::{Each, Score};
use crate::pipeline::compare::{Entry, Method, Row, Space, Spread, rows};
use crate::support::number::{fixed, or_dash};

/// Heads of the columns, with what they mean.
fn heads() -> Vec<(&'static str, String)> {
    let scores =
        Score::ALL.map(|score| (score.name(), format!("{}; mean ± deviation over the seeds", score.meaning())));
    let before = [
        ("space", "Where the graph is built and the network works"),
        ("method", "k-means in the space itself, or on the exact or learned eigenvectors of its graph"),
    ];
    let after = [("seconds", "All stages that lead to these clusters"), ("MiB", "Most memory at once")];
    let [before, after] = [before, after].map(|heads| heads.map(|(head, tip)| (head, tip.to_owned())));
    before.into_iter().chain(scores).chain(after).collect()
}

/// Draws the table; `at` is the space at work.
pub(super) fn table_ui(ui: &mut Ui, entries: &[Entry], at: Option<Space>) {
    let rows = rows(entries);
    if rows.is_empty() {
        let text =
            if at.is_some() { "Rows come as runs are done" } else { "Each space, each seed, every method: one table" };
        ui.set_min_height(120.0);
        return empty_ui(ui, text);
    }
    let tokens = Tokens::in_ui(ui);
    let heads = heads();
    let best = Each::by(|score| best(&rows, |row| row.scores.get(score)));
    egui::ScrollArea::both().auto_shrink(false).show(ui, |ui| {
        egui::Grid::new("comparison").num_columns(heads.len()).spacing([18.0, 5.0]).show(ui, |ui| {
            for (head, tip) in heads {
                ui.label(RichText::new(head).small().color(tokens.text_weak)).on_hover_text(tip);
            }
            ui.end_row();
            for (i, row) in rows.iter().enumerate() {
                let first = i == 0 || rows[i - 1].space != row.space;
                row_ui(ui, row, first, &best);
            }
        });
    });
}

fn row_ui(ui: &mut Ui, row: &Row, first: bool, best: &Each<Option<f64>>) {
    let tokens = Tokens::in_ui(ui);
    let space = if first { format!("{} ({})", row.space.title(), seeds(row.seeds)) } else { String::new() };
    ui.label(RichText::new(space).color(tokens.text_strong));
    let ink = match row.method {
        Method::KMeans => tokens.reference,
        Method::Exact => tokens.exact,
        Method::Learned => tokens.learned,
    };
    ui.label(RichText::new(row.method.title()).color(ink));
    for (spread, best) in row.scores.all().into_iter().zip(best.all()) {
        let is_best = spread.is_some() && spread.map(|s| s.mean) == best;
        let ink = if is_best { tokens.good } else { tokens.text };
        ui.label(RichText::new(text(spread, row.seeds, 3)).monospace().color(ink));
    }
    let seconds = or_dash(row.seconds, |s| format::seconds(s.mean));
    ui.label(RichText::new(seconds).monospace());
    let mib = or_dash(row.peak_mib, |m| format!("{m:.0}"));
    ui.label(RichText::new(mib).monospace());
    ui.end_row();
}

fn seeds(count: usize) -> String {
    format::counted(count, "seed")
}

/// A single seed has no deviation to show.
fn text(spread: Option<Spread>, seeds: usize, digits: usize) -> String {
    let words = |s: Spread| if seeds > 1 { s.text(digits) } else { fixed(s.mean, digits) };
    or_dash(spread, words)
}

fn best(rows: &[Row], of: impl Fn(&Row) -> Option<Spread>) -> Option<f64> {
    rows.iter().filter_map(|r| of(r).map(|s| s.mean)).reduce(f64::max)
}

/// The table as text with tabs, for a spreadsheet.
pub(super) fn tabbed(entries: &[Entry]) -> String {
    let mut out = heads().into_iter().map(|(head, _)| head).collect::<Vec<_>>().join("\t");
    for row in rows(entries) {
        let seconds = text(row.seconds, row.seeds, 1);
        let mib = or_dash(row.peak_mib, |m| format!("{m:.0}"));
        let scores = row.scores.all().map(|s| text(s, row.seeds, 3)).join("\t");
        // Writing to a string does not fail.
        let _ = write!(out, "\n{}\t{}\t{scores}\t{seconds}\t{mib}", row.space.title(), row.method.title());
    }
    out
}
