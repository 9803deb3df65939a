//! What the columns hold that a labelled table has beside the data's own.

/// What the program's column of this name holds, in a sentence; nothing of any other.
#[must_use]
pub fn meaning(name: &str) -> Option<&'static str> {
    Some(match name {
        "row" => "The place of the row in the source, from 0",
        "index" => "The place of the picture in the source, from 0",
        "cluster" => "The number that the solver gave: learned, or exact where nothing was learned, from 0",
        "cluster_name" => "The cluster as you left it: renamed, merged, split, assigned; empty for outliers",
        "cluster_exact" => "The number that the exact side gave",
        "cluster_exact_name" => "The cluster of the exact side as you left it",
        "cluster_kmeans" => "The number that k-means on the features gave",
        "cluster_kmeans_name" => "The cluster of k-means as you left it",
        "by" => "Where the row's cluster is from: the run itself (learned or exact), or its model",
        "label_edited" => "The same as cluster_name in rows of the run, and of others in those that you edited",
        "label_exact_edited" | "label_kmeans_edited" => "The label of that side as you edited it",
        "label_source" | "label_exact_source" | "label_kmeans_source" => {
            "Who says so: solver, merged, split, assigned, accepted or outlier"
        }
        "confidence" => "How clear the cluster is: 1 on its centre, 0 halfway between two",
        "unlike" => "1 where the row lies farther from the training data than 99 % of that data does",
        "selected" => "1 for selected points",
        name if numbered(name, "learned_diffusion_") => "A learned eigenvector, weighted as it was clustered",
        name if numbered(name, "exact_diffusion_") => "An exact eigenvector, weighted as it was clustered",
        name if numbered(name, "learned_") => "A coordinate of the learned eigenspace",
        name if numbered(name, "exact_") => "A coordinate of the exact eigenspace",
        _ => return None,
    })
}

/// Whether a column is one of many, a coordinate.
#[must_use]
pub fn is_coordinate(name: &str) -> bool {
    ["learned_", "exact_", "learned_diffusion_", "exact_diffusion_"].iter().any(|kind| numbered(name, kind))
}

fn numbered(name: &str, kind: &str) -> bool {
    name.strip_prefix(kind).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
}

/// The columns with what they hold, in lines of text; those of a kind that follow each other once.
pub(super) fn described(names: &[String]) -> Vec<(String, &'static str)> {
    let mut lines: Vec<(String, &'static str)> = Vec::new();
    let mut first = String::new();
    for name in names {
        let Some(says) = meaning(name) else { continue };
        match lines.last_mut() {
            Some((shown, before)) if *before == says && is_coordinate(name) => *shown = format!("{first} … {name}"),
            _ => {
                first.clone_from(name);
                lines.push((name.clone(), says));
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_a_kind_are_described_once_and_a_persons_own_not_at_all() {
        let names = ["height", "exact_words", "cluster", "learned_1", "learned_2", "learned_3", "exact_1"];
        let lines = described(&names.map(str::to_owned));
        let shown: Vec<&str> = lines.iter().map(|(shown, _)| shown.as_str()).collect();
        assert_eq!(shown, ["cluster", "learned_1 … learned_3", "exact_1"]);
        assert!(!is_coordinate("exact_words") && is_coordinate("learned_diffusion_12"));
    }
}
