//! Small pictures of the built-in sets, drawn from what each is.

use std::f32::consts::{PI, TAU};

/// A small picture of a set.
#[derive(Clone, Copy, Debug)]
pub enum Picture {
    /// A few points on any scale, y upwards.
    Points(fn() -> Vec<Dot>),
    /// Eight rows of eight pixels, the leftmost in the highest bit.
    Pixels([u8; 8]),
}

/// x, y and the class, from 0.
pub type Dot = (f32, f32, usize);

pub(super) const EIGHT: [u8; 8] =
    [0b0011_1100, 0b0110_0110, 0b0110_0110, 0b0011_1100, 0b0011_1100, 0b0110_0110, 0b0110_0110, 0b0011_1100];
pub(super) const FIVE: [u8; 8] =
    [0b0111_1110, 0b0110_0000, 0b0110_0000, 0b0111_1100, 0b0000_0110, 0b0000_0110, 0b0110_0110, 0b0011_1100];
pub(super) const SHIRT: [u8; 8] =
    [0b0110_0110, 0b1111_1111, 0b1111_1111, 0b1011_1101, 0b0011_1100, 0b0011_1100, 0b0011_1100, 0b0011_1100];
pub(super) const SHOE: [u8; 8] =
    [0b0000_0000, 0b0000_1110, 0b0000_1111, 0b0001_1111, 0b0111_1111, 0b1111_1111, 0b1111_1111, 0b1110_0111];

/// Numbers in −1..1 that look random and are always the same.
fn scatter(i: usize) -> (f32, f32) {
    let part = |x: f32| (x - x.floor()) * 2.0 - 1.0;
    (part(i as f32 * 0.754_877_7), part(i as f32 * 0.569_840_3))
}

/// Points of a round cloud.
fn ball(n: usize, x: f32, y: f32, r: f32, class: usize) -> impl Iterator<Item = Dot> {
    (1..=n).map(move |i| {
        let (u, v) = scatter(i + 31 * class);
        let (angle, radius) = (u * PI, r * (v * 0.5 + 0.5).sqrt());
        (x + radius * angle.cos(), y + radius * angle.sin(), class)
    })
}

/// Points of a circle around the origin.
fn ring(n: usize, r: f32, class: usize) -> impl Iterator<Item = Dot> {
    (0..n).map(move |i| {
        let angle = TAU * i as f32 / n as f32;
        (r * angle.cos(), r * angle.sin(), class)
    })
}

pub(in crate::data) fn moons() -> Vec<Dot> {
    (0..22)
        .flat_map(|i| {
            let angle = PI * i as f32 / 21.0;
            [(angle.cos(), angle.sin(), 0), (1.0 - angle.cos(), 0.5 - angle.sin(), 1)]
        })
        .collect()
}

pub(super) fn circles() -> Vec<Dot> {
    ring(26, 1.0, 0).chain(ring(15, 0.5, 1)).collect()
}

pub(super) fn blobs() -> Vec<Dot> {
    let centres = [(-0.9, 0.8), (0.8, 0.9), (0.05, 0.0), (-0.8, -0.8), (0.9, -0.7)];
    (0..).zip(centres).flat_map(|(class, (x, y))| ball(10, x, y, 0.38, class)).collect()
}

pub(super) fn aniso() -> Vec<Dot> {
    (0..3)
        .flat_map(|c| {
            ball(15, 0.0, 0.0, 0.8, c)
                .map(move |(x, y, c)| (x + y * 0.2 + c as f32 * 0.7, 0.25 * y - x * 0.8 + c as f32 * 0.7, c))
        })
        .collect()
}

pub(super) fn varied() -> Vec<Dot> {
    ball(24, 0.5, -0.1, 0.95, 0).chain(ball(12, -0.9, 0.6, 0.4, 1)).chain(ball(10, -0.8, -0.8, 0.18, 2)).collect()
}

pub(super) fn nested_c() -> Vec<Dot> {
    (0..20)
        .flat_map(|i| {
            let (sin, cos) = (PI * (i as f32 / 19.0 - 0.5)).sin_cos();
            [(cos, sin, 0), (0.5 - cos, -sin - 1.0, 1)]
        })
        .collect()
}

pub(super) fn spirals() -> Vec<Dot> {
    (0..26)
        .flat_map(|i| {
            let t = i as f32 / 25.0;
            let (angle, r) = (3.2 * PI * t, 0.12 + 0.9 * t);
            [(r * angle.cos(), r * angle.sin(), 0), (-r * angle.cos(), -r * angle.sin(), 1)]
        })
        .collect()
}

pub(super) fn dscl_toy() -> Vec<Dot> {
    (0..9)
        .flat_map(|i| {
            let (column, row) = (i % 3, i / 3);
            let radius = [0.12, 0.2, 0.28][row];
            ball(3 + 2 * row, column as f32 * 0.9 - 0.9, row as f32 * 0.9 - 0.9, radius, (column + row) % 3)
        })
        .collect()
}

/// Both seen at a slant.
pub(super) fn linked_circles() -> Vec<Dot> {
    (0..24)
        .flat_map(|i| {
            let (sin, cos) = (TAU * i as f32 / 24.0).sin_cos();
            [(cos - 0.45, 0.45 * sin, 0), (0.55 * cos + 0.55, sin, 1)]
        })
        .collect()
}

pub(super) fn moon() -> Vec<Dot> {
    (0..34)
        .map(|i| {
            let angle = PI * i as f32 / 33.0;
            let radius = 1.0 + 0.12 * scatter(i + 1).0;
            (radius * angle.cos(), radius * angle.sin(), i * 4 / 34)
        })
        .collect()
}

pub(in crate::data) fn square() -> Vec<Dot> {
    (1..46).map(scatter).map(|(x, y)| (x, y, 0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::builtin;

    #[test]
    fn each_set_has_a_picture_of_as_many_classes_as_its_sentence_says() {
        let classes = |name: &str| {
            let set = builtin().iter().find(|set| set.name == name).expect("it is built in");
            match set.picture {
                Picture::Points(points) => points().iter().map(|p| p.2 + 1).max(),
                Picture::Pixels(rows) => Some(usize::from(rows.iter().any(|&row| row != 0))),
            }
        };
        let counted = [("moons", 2), ("circles", 2), ("blobs", 5), ("aniso", 3), ("varied", 3), ("no-structure", 1)];
        for (name, count) in counted.into_iter().chain([("nested-c", 2), ("spirals", 2), ("dscl-toy", 3)]) {
            assert_eq!(classes(name), Some(count), "{name}");
        }
        assert!(builtin().iter().all(|set| classes(set.name).is_some_and(|count| count > 0)));
    }
}
