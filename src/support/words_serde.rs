//! Lists of names in files, for `#[serde(with)]`: an empty name is a byte there and a string of 24 here, so their number has an end.

use std::fmt;

use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserializer, Serialize, Serializer};

/// Most names of a list.
pub(crate) const MOST_NAMES: usize = 1 << 20;

pub(crate) fn serialize<S: Serializer>(names: &[String], to: S) -> Result<S::Ok, S::Error> {
    if names.len() > MOST_NAMES {
        return Err(serde::ser::Error::custom(format!("more than {MOST_NAMES} names cannot be kept")));
    }
    names.serialize(to)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    from.deserialize_seq(Names)
}

struct Names;

impl<'de> Visitor<'de> for Names {
    type Value = Vec<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of names")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Vec<String>, A::Error> {
        let mut names = Vec::new();
        while let Some(name) = from.next_element()? {
            if names.len() == MOST_NAMES {
                return Err(A::Error::custom(format!("a list of more than {MOST_NAMES} names")));
            }
            names.push(name);
        }
        Ok(names)
    }
}
