//! Numbers as the window shows them: the library's own texts under the names of what they are here, and counts with their nouns.

use crate::support::language::plural;
pub(crate) use crate::support::language::short;
pub(crate) use crate::support::number::{bytes, dimensions, grouped as count, percent, seconds, significant as number};

/// A count with its noun, such as `1 point` or `1,797 points`.
#[must_use]
pub(crate) fn counted(value: usize, one: &str) -> String {
    format!("{} {}", count(value), plural(value, one))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_has_its_noun_in_the_number_that_fits() {
        assert_eq!([counted(1, "point"), counted(1797, "point")], ["1 point", "1,797 points"]);
    }
}
