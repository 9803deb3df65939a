//! The nearest of some rows that a model keeps, with distances in double precision.

use ndarray::{ArrayView1, ArrayView2};

use super::graph::{Graph, Number, Of, Setting, Value};

/// Numbers up to which all differences of a row are taken at once; beyond it products of matrices find candidates first.
const AT_ONCE: usize = 1024;
/// Candidates beyond the wanted ones where products find them and the places of the nearest count: products cancel.
pub(super) const SPARE: usize = 16;

/// The nearest of some rows for each row that comes in.
pub(super) struct Found {
    /// Which, `N × k`, nearest first and of equally near ones the first.
    pub(super) which: Value,
    /// Their squared distances, `N × k`, doubles.
    pub(super) squares: Value,
}

/// Finds the `k` nearest of the rows `kept` (`m × d`) for rows of doubles (`N × d`). Where products find candidates, there are so many
/// spare ones.
pub(super) fn nearest<T>(graph: &mut Graph, rows: &Value, kept: ArrayView2<'_, T>, (k, spare): (usize, usize)) -> Found
where
    T: Number + Into<f64>,
{
    let (m, d) = kept.dim();
    let constant = graph.constant(&[m, d], kept.iter().copied());
    let kept_rows = if T::OF == Of::Double { constant } else { graph.cast(&constant, Of::Double) };
    let few = if m * d <= AT_ONCE { None } else { Some((k + spare).min(m)).filter(|&few| few < m) };
    let Some(few) = few else {
        // All of them: the kept rows stand beside each row as they are.
        let squares = distances(graph, rows, &kept_rows);
        let (squares, which) = least(graph, &squares, k);
        return Found { which, squares };
    };
    let candidates = candidates(graph, (rows, &kept_rows), kept, few);
    let taken = graph.with("Gather", &[&kept_rows, &candidates], vec![("axis", Setting::Whole(0))]);
    let squares = distances(graph, rows, &taken);
    if few == 1 {
        return Found { which: candidates, squares };
    }
    let (squares, at) = least(graph, &squares, k);
    let which = graph.with("GatherElements", &[&candidates, &at], vec![("axis", Setting::Whole(1))]);
    Found { which, squares }
}

/// Squared distances, `N × m`, of rows (`N × d`) to others that are the same for all (`m × d`) or those of each (`N × m × d`).
fn distances(graph: &mut Graph, rows: &Value, others: &Value) -> Value {
    let rows = graph.widened(rows, 1);
    let gaps = graph.op("Sub", &[&rows, others]);
    graph.squares(&gaps, 2, false)
}

/// The `few` rows that seem nearest by |y|² − 2xy, in the order in which they are kept.
fn candidates<T: Number + Into<f64>>(
    graph: &mut Graph,
    (rows, kept_rows): (&Value, &Value),
    kept: ArrayView2<'_, T>,
    few: usize,
) -> Value {
    let square = |row: ArrayView1<'_, T>| row.iter().map(|&v| v.into().powi(2)).sum::<f64>();
    let squares = graph.constant(&[1, kept.nrows()], kept.rows().into_iter().map(square));
    let settings = vec![("alpha", Setting::Float(-2.0)), ("transB", Setting::Whole(1))];
    let seeming = graph.with("Gemm", &[rows, kept_rows, &squares], settings);
    if few == 1 {
        return graph.with("ArgMin", &[&seeming], vec![("axis", Setting::Whole(1)), ("keepdims", Setting::Whole(1))]);
    }
    let (_, which) = least(graph, &seeming, few);
    least(graph, &which, few).0
}

/// The `k` least of each row, ascending, and their places; of equal ones the first.
fn least(graph: &mut Graph, values: &Value, k: usize) -> (Value, Value) {
    let count = graph.constant(&[1], [k as i64]);
    let settings = vec![("axis", Setting::Whole(1)), ("largest", Setting::Whole(0)), ("sorted", Setting::Whole(1))];
    let [least, places] = graph.outputs("", "TopK", &[values, &count], settings);
    (least, places)
}
