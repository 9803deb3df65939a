//! Where a function on a grid is 0: lines through its cells by marching squares.

use std::collections::HashMap;

/// A line through places, in order.
pub type Line = Vec<[f64; 2]>;

/// The side of a cell that a line crosses: the lower or left node of it, and whether it goes up.
type Crossing = (usize, bool);

/// The zero lines of values on a grid with `side` nodes along each axis, row by row from the lowest y up. `place` says where a node, or a
/// place between nodes, lies. Cells with a value that is not a number have no line.
#[must_use]
pub fn zero_lines(values: &[f64], side: usize, place: impl Fn([f64; 2]) -> [f64; 2]) -> Vec<Line> {
    let mut pieces: Vec<[Crossing; 2]> = Vec::new();
    if side < 2 || values.len() < side * side {
        return Vec::new();
    }
    for y in 0..side - 1 {
        for x in 0..side - 1 {
            cell(values, side, y * side + x, &mut pieces);
        }
    }
    let at = |(node, up): Crossing| {
        let other = if up { node + side } else { node + 1 };
        let (a, b) = (values[node], values[other]);
        let share = if (a - b).abs() > 0.0 { a / (a - b) } else { 0.5 };
        let (x, y) = ((node % side) as f64, (node / side) as f64);
        place(if up { [x, y + share] } else { [x + share, y] })
    };
    chained(&pieces).into_iter().map(|line| line.into_iter().map(at).collect()).collect()
}

/// The pieces of a line in the cell whose lowest left node this is.
fn cell(values: &[f64], side: usize, node: usize, pieces: &mut Vec<[Crossing; 2]>) {
    // Around the cell from the lowest left, against the clock.
    let corners = [node, node + 1, node + side + 1, node + side];
    let sides: [Crossing; 4] = [(node, false), (node + 1, true), (node + side, false), (node, true)];
    let v = corners.map(|corner| values[corner]);
    if v.iter().any(|v| !v.is_finite()) {
        return;
    }
    let above = v.map(|v| v > 0.0);
    let crossed: Vec<Crossing> = (0..4).filter(|&i| above[i] != above[(i + 1) % 4]).map(|i| sides[i]).collect();
    match crossed[..] {
        [a, b] => pieces.push([a, b]),
        [a, b, c, d] => {
            // Two corners against two: the middle says which are joined.
            let joined = (v.iter().sum::<f64>() > 0.0) == above[0];
            pieces.extend(if joined { [[a, b], [c, d]] } else { [[d, a], [b, c]] });
        }
        _ => {}
    }
}

/// Pieces joined at what they share.
fn chained(pieces: &[[Crossing; 2]]) -> Vec<Vec<Crossing>> {
    let mut at: HashMap<Crossing, Vec<usize>> = HashMap::new();
    for (i, piece) in pieces.iter().enumerate() {
        for end in piece {
            at.entry(*end).or_default().push(i);
        }
    }
    let mut used = vec![false; pieces.len()];
    let follow = |from: usize, end: Crossing, used: &mut Vec<bool>| {
        let (mut line, mut last) = (vec![end], from);
        while let Some(&tip) = line.last()
            && let Some(&next) = at.get(&tip).and_then(|found| found.iter().find(|&&i| i != last && !used[i]))
        {
            used[next] = true;
            let [a, b] = pieces[next];
            line.push(if a == tip { b } else { a });
            last = next;
        }
        line
    };
    let mut lines = Vec::new();
    for (i, &[a, b]) in pieces.iter().enumerate() {
        if std::mem::replace(&mut used[i], true) {
            continue;
        }
        let mut line = follow(i, a, &mut used);
        line.reverse();
        line.extend(follow(i, b, &mut used));
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_is_one_closed_line_and_a_slope_one_straight_line() {
        let side = 60;
        let at = |node: usize| [(node % side) as f64 / 10.0 - 2.95, (node / side) as f64 / 10.0 - 2.95];
        let place = |[x, y]: [f64; 2]| [x / 10.0 - 2.95, y / 10.0 - 2.95];
        let circle: Vec<f64> = (0..side * side).map(at).map(|[x, y]| x * x + y * y - 4.0).collect();
        let lines = zero_lines(&circle, side, place);
        assert_eq!(lines.len(), 1);
        assert!(lines[0].first() == lines[0].last() && lines[0].len() > 100, "it closes");
        assert!(lines[0].iter().all(|[x, y]| (x.hypot(*y) - 2.0).abs() < 2e-3));
        let mut slope: Vec<f64> = (0..side * side).map(at).map(|[x, _]| x - 0.5).collect();
        let lines = zero_lines(&slope, side, place);
        assert!(lines.len() == 1 && lines[0].len() == side);
        assert!(lines[0].iter().all(|[x, _]| (x - 0.5).abs() < 1e-9));
        slope[30 * side + 34] = f64::NAN;
        assert_eq!(zero_lines(&slope, side, place).len(), 2, "no line through what is no number");
        assert!(zero_lines(&[1.0; 16], 4, place).is_empty());
        // Two corners against two.
        assert_eq!(zero_lines(&[1.0, -1.0, -1.0, 1.0], 2, place).len(), 2);
    }
}
