//! What samples could be called.

use super::{Cross, Says, Trait};
use crate::data::{Cells, Holds};

/// Names that are suggested.
const MOST: usize = 5;
/// A word names samples of which most have it, and that have it so many times as often as the rest.
const MOST_OF_THEM: f64 = 0.5;
const TIMES: f64 = 1.5;
/// An effect that is worth a name: one that is seen with the naked eye (Cohen's medium).
const SEEN: f64 = 0.5;

/// Names from words that most of the samples have and the rest have not, then from the columns that set them apart.
pub(super) fn names(cells: &Cells, traits: &[Trait], crosses: &[Cross], counts: [usize; 2]) -> Vec<String> {
    let column = |at: usize| cells.columns()[at].name.as_str();
    let mut words: Vec<(f64, String)> = Vec::new();
    for cross in crosses.iter().filter(|cross| is_category(cells, cross)) {
        for (value, [inside, rest]) in &cross.values {
            let (p, q) = (*inside as f64 / counts[0].max(1) as f64, *rest as f64 / counts[1].max(1) as f64);
            if p >= MOST_OF_THEM && p >= TIMES * q {
                words.push((p - q, value.clone()));
            }
        }
    }
    for t in traits {
        if let Says::Is(word, [p, q]) = &t.says
            && (*p >= MOST_OF_THEM && *p >= TIMES * q)
        {
            let holds = cells.columns()[t.column].holds;
            let name = if holds == Holds::Flags { flag_name(column(t.column), word) } else { word.clone() };
            words.push((p - q, name));
        }
    }
    words.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let mut names: Vec<String> = words.into_iter().map(|(_, word)| word).collect();
    let tokens = traits.iter().filter(|t| t.effect >= SEEN).filter_map(|t| match &t.says {
        Says::Contains(token, _) => Some(token.as_str()),
        _ => None,
    });
    let tokens: Vec<&str> = tokens.take(2).collect();
    if !tokens.is_empty() {
        names.push(tokens.join(", "));
    }
    // A pixel says nothing by its name.
    if cells.data().image.is_none() {
        let measured = traits.iter().filter(|t| matches!(t.says, Says::Numbers { .. }) && t.effect.abs() >= SEEN);
        let level = |t: &Trait| format!("{} {}", if t.effect > 0.0 { "high" } else { "low" }, column(t.column));
        let levels: Vec<String> = measured.take(2).map(level).collect();
        if levels.len() == 2 {
            names.push(levels.join(", "));
        }
        names.extend(levels.into_iter().take(1));
    }
    let mut seen = std::collections::HashSet::new();
    names.retain(|name| !name.trim().is_empty() && seen.insert(name.to_lowercase()));
    names.truncate(MOST);
    names
}

/// Whether the values of a category are names: words, not numbers, and no column whose words are traits anyway.
fn is_category(cells: &Cells, cross: &Cross) -> bool {
    let of = cells.columns().iter().find(|c| c.name == cross.name);
    of.is_none_or(|c| c.role == Some(crate::recipe::columns::Role::Label))
}

fn flag_name(column: &str, word: &str) -> String {
    if Holds::Flags.read(word) == Some(1.0) { column.to_owned() } else { format!("not {column}") }
}
