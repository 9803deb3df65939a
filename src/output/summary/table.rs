//! The table for people.

use std::fmt::{self, Display, Formatter};

use super::Summary;
use super::sides::{SelfTraining, UnseenRows};
use crate::learn::supervised::Report;
use crate::measure::{Marks, Recall, Score};
use crate::pipeline::Ending;
use crate::recipe::Taken;
use crate::support::language::counted;
use crate::support::number::{four_decimals, score as cell};

/// What the table says of how a training ended.
fn end_words(ending: Ending) -> &'static str {
    match ending {
        Ending::Converged => ", converged",
        Ending::Complete => "",
        Ending::Stopped => ", stopped",
        Ending::NotConverged => ", NOT CONVERGED: it lies far from the exact eigenspace",
        Ending::Diverged => ", DIVERGED: a lower --lr helps",
    }
}

/// The scores of a supervised run, form by form.
fn write_report(f: &mut Formatter<'_>, report: &Report) -> fmt::Result {
    let of = if report.validation { "validation" } else { "held out" };
    let held_out = counted(report.held_out, "sample");
    writeln!(f, "supervised, {of} ({held_out}); in use: {}", report.inference)?;
    writeln!(f, "{:<14}{:>7}{:>7}{:>7}{:>7}{:>7}", "", "R@1", "R@2", "R@4", "R@8", "NMI")?;
    for form in &report.forms {
        let Recall { at_1, at_2, at_4, at_8 } = form.recall;
        let cells = [Some(at_1), Some(at_2), Some(at_4), Some(at_8), form.nmi].map(cell);
        writeln!(f, "{:<14}{:>7}{:>7}{:>7}{:>7}{:>7}", form.name, cells[0], cells[1], cells[2], cells[3], cells[4])?;
    }
    Ok(())
}

/// Rows that the training did not see, on both sides.
fn write_unseen(f: &mut Formatter<'_>, unseen: &UnseenRows) -> fmt::Result {
    let acc = |acc: Option<f64>| acc.map_or_else(String::new, |acc| format!(", {}", cell(Some(acc))));
    writeln!(
        f,
        "{} held out, at step {}: {} per dimension, ARI {}{}; Nyström's extension {}, {}{}",
        counted(unseen.rows, "row"),
        unseen.step,
        four_decimals(unseen.grassmann_per_dimension),
        cell(Some(unseen.ari)),
        acc(unseen.acc).replacen(", ", ", ACC ", 1),
        four_decimals(unseen.nystrom_per_dimension),
        cell(Some(unseen.nystrom_ari)),
        acc(unseen.nystrom_acc),
    )
}

impl Summary {
    /// Scores of every side.
    fn write_scores(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let row = |f: &mut Formatter<'_>, name: &str, cells: [String; Score::ALL.len()]| {
            write!(f, "{name:<10}")?;
            cells.iter().try_for_each(|cell| write!(f, "{cell:>7}"))?;
            writeln!(f)
        };
        writeln!(f)?;
        row(f, "", Score::ALL.map(|score| score.name().to_owned()))?;
        let rows: [(&str, Option<Marks>); 3] = [
            ("k-means", self.kmeans),
            ("exact", self.exact.as_ref().map(|e| e.marks)),
            ("learned", self.learned.as_ref().map(|l| l.marks)),
        ];
        for (name, marks) in rows {
            if let Some(marks) = marks {
                row(f, name, marks.all().map(cell))?;
            }
        }
        if let Some(SelfTraining { taken, before, .. }) = &self.self_training {
            let name = if *taken { "before self-training" } else { "self-training not taken" };
            writeln!(f, "({name}: {})", before.all().map(cell).join(", "))?;
        }
        if let Some(semi) = &self.semi_supervised {
            writeln!(
                f,
                "SEMI-SUPERVISED: {} used; on the {} ACC exact {}, learned {}",
                counted(semi.labelled, "label"),
                counted(semi.unlabelled, "other sample"),
                cell(semi.exact.acc),
                cell(semi.learned.acc)
            )?;
        }
        Ok(())
    }

    /// How near the learned side is to the exact one, and how it came there.
    fn write_sides(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some(a) = &self.agreement {
            let worst = a.sin2.iter().copied().fold(0.0, f64::max);
            writeln!(
                f,
                "learned against exact: Grassmann {} per dimension, largest sin² {}, clusters ARI {}",
                four_decimals(a.grassmann_per_dimension),
                four_decimals(worst),
                cell(Some(a.ari))
            )?;
        }
        if let Some(learned) = &self.learned {
            write!(f, "training: {}", counted(learned.steps, "step"))?;
            if learned.kept != learned.steps {
                write!(f, ", the network after {} kept", learned.kept)?;
            }
            write!(f, "{}", learned.ending.map_or("", end_words))?;
            if let Some(loss) = learned.loss {
                write!(f, ", loss {}", four_decimals(loss))?;
            }
            if let Some(bound) = learned.bound {
                write!(f, " (bound {})", four_decimals(bound))?;
            }
            if let (Some(error), Some(typical)) = (learned.orthogonality, learned.orthogonality_typical) {
                write!(f, ", orthogonality error {} (typical {})", four_decimals(error), four_decimals(typical))?;
            }
            writeln!(f)?;
            if let Some(unseen) = &learned.unseen {
                write_unseen(f, unseen)?;
            }
        }
        if let Some(report) = &self.supervised {
            write_report(f, report)?;
        }
        if let Some(exact) = &self.exact {
            writeln!(f, "exact: largest residual {}", four_decimals(exact.residual))?;
        }
        Ok(())
    }
}

impl Display for Summary {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { dataset, samples, features, clusters, device, .. } = self;
        let size =
            [counted(*samples, "sample"), counted(*features, "feature"), counted(*clusters, "cluster")].join(", ");
        // Where nothing was trained there is no device to name.
        let on = if device.is_empty() { String::new() } else { format!(", {device}") };
        writeln!(f, "{dataset}: {size}, seed {}{on}", self.seed)?;
        if let Some(sizes) = self.components.as_ref().filter(|sizes| sizes.len() > 1) {
            let first: Vec<String> = sizes.iter().take(6).map(ToString::to_string).collect();
            let more = if sizes.len() > 6 { ", …" } else { "" };
            writeln!(f, "graph: {} components of {}{more} samples", sizes.len(), first.join(", "))?;
        }
        self.write_scores(f)?;
        writeln!(f)?;
        self.write_sides(f)?;
        for Taken { setting, value, reason } in &self.automatic {
            writeln!(f, "{setting}: auto took {value}, {reason}")?;
        }
        for stage in &self.stages {
            write!(f, "{} {:.2} s, ", stage.name.name(), stage.seconds)?;
        }
        write!(f, "whole run {:.2} s", self.seconds)?;
        if let Some(memory) = self.peak_rss_mib {
            write!(f, ", {memory:.0} MiB at most")?;
        }
        self.notes.iter().try_for_each(|note| write!(f, "\nnote: {note}"))
    }
}
