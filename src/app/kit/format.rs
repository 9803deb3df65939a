//! Numbers as the window shows them: the library's own texts under the names of what they are here, and counts with their nouns.

use crate::support::language::plural;
pub(crate) use crate::support::language::short;
pub(crate) use crate::support::number::{bytes, dimensions, grouped as count, percent, seconds, significant as number};
use crate::support::plain;

/// A count with its noun, such as `1 point` or `1,797 points`.
#[must_use]
pub(crate) fn counted(value: usize, one: &str) -> String {
    format!("{} {}", count(value), plural(value, one))
}

/// Letters of a name that anyone reads: that of a column may be as long as its file, and to lay it out would hold the window up.
const NAME: usize = 200;

/// A name that the data gave, in one line and no longer than anyone reads.
#[must_use]
pub(crate) fn name(text: &str) -> String {
    short(&plain::line(text), NAME)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_of_a_length_that_can_be_drawn() {
        assert_eq!(name("height\n(cm)"), plain::line("height\n(cm)"));
        assert_eq!(name(&"x".repeat(3_000_000)).chars().count(), NAME);
    }

    #[test]
    fn a_count_has_its_noun_in_the_number_that_fits() {
        assert_eq!([counted(1, "point"), counted(1797, "point")], ["1 point", "1,797 points"]);
    }
}
