//! Points that a person painted in the plane: at most some thousands, each with a class or without one.
//!
//! They are loaded as the table that is saved of them is, by the same reader, so that a run of that file repeats them to the last digit.

use std::fmt;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::data::bytes::source::Input;
use crate::data::formats;
use crate::data::raw::Raw;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// The name of the table that is saved unless a person says otherwise.
const TABLE: &str = "painted.csv";
/// Bytes of a point in a project: two numbers and a class.
const BYTES: usize = 9;

/// A point in the plane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// Where it is, x and y.
    pub at: [f32; 2],
    /// Its class, 1 to [`Painted::CLASSES`]; 0 where it has none.
    pub class: u8,
}

/// Points that a person painted. Cheap to clone.
#[derive(Clone, Default)]
pub struct Painted(Arc<[Spot]>);

impl Painted {
    /// The most points that are painted.
    pub const MOST: usize = 20_000;
    /// Classes to paint with.
    pub const CLASSES: u8 = 9;

    /// These points. What has no place, beyond the most, and classes that there are not are left out.
    #[must_use]
    pub fn new(dots: impl IntoIterator<Item = Spot>) -> Self {
        let there = dots.into_iter().filter(|dot| dot.at.iter().all(|v| v.is_finite())).take(Self::MOST);
        // A zero is written without its sign.
        let plain =
            |Spot { at, class }| Spot { at: at.map(|v| v + 0.0), class: if class > Self::CLASSES { 0 } else { class } };
        Self(there.map(plain).collect())
    }

    /// The points.
    #[must_use]
    pub fn dots(&self) -> &[Spot] {
        &self.0
    }

    /// Their number.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many classes they have; none where no point has one.
    #[must_use]
    pub fn classes(&self) -> Option<usize> {
        let there = (1..=Self::CLASSES).filter(|class| self.0.iter().any(|dot| dot.class == *class)).count();
        Some(there).filter(|&there| there > 0)
    }

    /// The points as a table: columns `x` and `y`, and `label` where any has a class, which is empty for those that have none.
    #[must_use]
    pub fn csv(&self) -> String {
        use std::fmt::Write as _;
        let labelled = self.classes().is_some();
        let mut text = if labelled { "x,y,label\n" } else { "x,y\n" }.to_owned();
        for Spot { at: [x, y], class } in self.0.iter() {
            // The shortest text that reads as the same number, with its decimal point. Text takes whatever is written to it.
            let _ = match (labelled, class) {
                (false, _) => writeln!(text, "{x:?},{y:?}"),
                (true, 0) => writeln!(text, "{x:?},{y:?},"),
                (true, class) => writeln!(text, "{x:?},{y:?},{class}"),
            };
        }
        text
    }

    /// The table as a file would bring it.
    fn input(&self) -> Result<Input> {
        let text = self.csv().into_bytes();
        Input::over(Path::new(TABLE), text.len() as u64, Box::new(Cursor::new(text)))
    }

    /// Reads the table.
    ///
    /// # Errors
    /// [`Error::Data`] for fewer than two points, and as any table.
    pub(in crate::data) fn load(&self, recipe: &Recipe, progress: &Progress<'_>) -> Result<Raw> {
        if self.len() < 2 {
            let there = if self.is_empty() { "there is none yet" } else { "there is one" };
            return Err(Error::Data(format!("{there}: paint two points at least")));
        }
        let mut raw = formats::load_samples(self.input()?, recipe, progress)?;
        // What is guessed of a table that the program wrote itself is no news.
        raw.notes.clear();
        Ok(raw)
    }
}

impl PartialEq for Painted {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0 == other.0
    }
}

/// All numbers are finite.
impl Eq for Painted {}

impl fmt::Debug for Painted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Painted({} points)", self.len())
    }
}

impl Serialize for Painted {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        let mut bytes = Vec::with_capacity(self.len() * BYTES);
        for Spot { at: [x, y], class } in self.0.iter() {
            bytes.extend_from_slice(&x.to_le_bytes());
            bytes.extend_from_slice(&y.to_le_bytes());
            bytes.push(*class);
        }
        to.serialize_bytes(&bytes)
    }
}

impl<'de> Deserialize<'de> for Painted {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<Self, D::Error> {
        from.deserialize_byte_buf(Bytes)
    }
}

struct Bytes;

impl Visitor<'_> for Bytes {
    type Value = Painted;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the bytes of painted points")
    }

    fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> std::result::Result<Painted, E> {
        let (dots, rest) = bytes.as_chunks::<BYTES>();
        if !rest.is_empty() || dots.len() > Painted::MOST {
            return Err(E::custom(format!("{} bytes are no painted points", bytes.len())));
        }
        let number = |dot: &[u8; BYTES], from: usize| f32::from_le_bytes(std::array::from_fn(|i: usize| dot[from + i]));
        let dot = |dot: &[u8; BYTES]| Spot { at: [number(dot, 0), number(dot, 4)], class: dot[BYTES - 1] };
        let painted = Painted::new(dots.iter().map(dot));
        if painted.len() < dots.len() {
            return Err(E::custom("a painted point without a place"));
        }
        Ok(painted)
    }

    fn visit_byte_buf<E: serde::de::Error>(self, bytes: Vec<u8>) -> std::result::Result<Painted, E> {
        self.visit_bytes(&bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Source, load};

    fn dot(x: f32, y: f32, class: u8) -> Spot {
        Spot { at: [x, y], class }
    }

    #[test]
    fn painted_points_load_as_the_table_that_is_saved_of_them() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("painted.csv");
        // Whole numbers, tiny and huge ones, twins, a class that is missing.
        let some = [dot(1.0, 2.0, 3), dot(-0.0, 1e-9, 0), dot(0.1, 3e7, 1), dot(0.1, 3e7, 1), dot(-4.25, 0.3, 9)];
        let sets = [some.to_vec(), some.map(|d| Spot { class: 0, ..d }).to_vec(), vec![dot(5.0, 5.0, 0); 2]];
        for dots in sets {
            let painted = Painted::new(dots);
            std::fs::write(&path, painted.csv()).expect("written");
            let recipe = Recipe::default();
            let read = |source: &Source| load(source, &recipe, &Progress::silent()).expect("it loads");
            let (ours, file) = (read(&Source::Painted(painted.clone())), read(&Source::Path(path.clone())));
            assert_eq!(ours.features, file.features);
            assert_eq!((&ours.labels, ours.clusters), (&file.labels, file.clusters));
            assert_eq!(
                (ours.columns.as_slice(), ours.name.as_str()),
                (&["x".to_owned(), "y".to_owned()][..], "painted")
            );
            let numbers = ours.numbers();
            let there: Vec<[f32; 2]> = numbers.rows().into_iter().map(|row| [row[0], row[1]]).collect();
            assert_eq!(there, painted.dots().iter().map(|d| d.at).collect::<Vec<_>>());
        }
    }

    #[test]
    fn too_few_points_say_so() {
        for (dots, said) in [(vec![], "there is none yet"), (vec![dot(1.0, 1.0, 0)], "there is one")] {
            let source = Source::Painted(Painted::new(dots));
            let error = load(&source, &Recipe::default(), &Progress::silent()).expect_err("too few").to_string();
            assert!(error.contains(said) && error.contains("paint two"), "{error}");
        }
    }

    #[test]
    fn points_come_back_from_a_project_and_a_strangers_bytes_are_held_to_bounds() {
        let painted = Painted::new([dot(0.25, -7.5, 2), dot(1e20, 0.0, 0)]);
        let mut bytes = Vec::new();
        ciborium::into_writer(&painted, &mut bytes).expect("written");
        assert_eq!(ciborium::from_reader::<Painted, _>(&bytes[..]).expect("read"), painted);
        let refused = |dots: &[u8]| {
            let mut forged = Vec::new();
            ciborium::into_writer(&ciborium::Value::Bytes(dots.to_vec()), &mut forged).expect("written");
            ciborium::from_reader::<Painted, _>(&forged[..]).is_err()
        };
        assert!(refused(&[0; 10]) && refused(&[0xff; 9]) && refused(&vec![0; BYTES * (Painted::MOST + 1)]));
        assert!(!refused(&[0; 18]));
    }

    #[test]
    fn what_has_no_place_is_left_out_and_the_most_is_kept() {
        let painted = Painted::new([dot(f32::NAN, 0.0, 0), dot(0.0, f32::INFINITY, 0), dot(-0.0, 1.0, 200)]);
        assert_eq!(painted.dots(), [dot(0.0, 1.0, 0)]);
        assert!(painted.csv().starts_with("x,y\n0.0,1.0\n"));
        assert_eq!(Painted::new(std::iter::repeat_n(dot(0.0, 0.0, 0), 30_000)).len(), Painted::MOST);
    }
}
