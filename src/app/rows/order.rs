//! Which rows the table shows, and in which order: worked out by another thread where there are many.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use eframe::egui::Context;
use rayon::prelude::*;

use super::columns::Col;
use crate::app::kit::later::{AT_ONCE, Later, aside};
use crate::app::shown::fields::{Field, Found, RowFields};
use crate::data::Holds;
use crate::project::query::{Fields as _, contains};

/// Which rows are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Show {
    /// All of them.
    #[default]
    All,
    /// Those that are selected.
    Selected,
    /// Those of a label, by its place.
    Label(u32),
}

/// What a person wants to see.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wish {
    /// The column to sort by, and whether from the greatest down.
    pub sort: Option<(Col, bool)>,
    /// What has to stand in some cell of a row.
    pub search: String,
    /// Which rows.
    pub show: Show,
}

impl Wish {
    fn is_plain(&self) -> bool {
        self.sort.is_none() && self.search.trim().is_empty() && self.show == Show::All
    }

    /// What the answer hangs on beyond the data: snapshot and labels, and the selection.
    fn hangs_on(&self) -> (bool, bool) {
        let of_run = |col: Col| !matches!(col, Col::Field(Field::Column(_) | Field::Found(Found::Row)) | Col::Picture);
        let sorted = self.sort.is_some_and(|(col, _)| of_run(col));
        let by_selection = self.sort.is_some_and(|(col, _)| col == Col::Field(Field::Found(Found::Selected)));
        let labels = sorted || !self.search.trim().is_empty() || matches!(self.show, Show::Label(_));
        (labels, by_selection || self.show == Show::Selected)
    }
}

/// The rows in their order; none where they are all rows in the order of the data.
pub(super) type Rows = Option<Vec<u32>>;

/// The rows that are shown, and those that are on their way.
#[derive(Debug, Default)]
pub(super) struct Order {
    done: Option<(Wish, Arc<RowFields>, Arc<Rows>)>,
    coming: Option<(Wish, Arc<RowFields>, Later<Arc<Rows>>)>,
}

impl Order {
    /// The rows to show now, and whether others are on their way.
    pub(super) fn get(&mut self, ctx: &Context, wish: &Wish, fields: &Arc<RowFields>) -> (Arc<Rows>, bool) {
        if let Some((of, at, later)) = self.coming.take_if(|(_, _, later)| !later.is_coming()) {
            // Where the work broke off, the rows stay as they are.
            let rows = later.get().map_or_else(|| self.before(&at), Arc::clone);
            self.done = Some((of, at, rows));
        }
        let fresh = |of: &Wish, at: &RowFields| of == wish && at.says_the_same(fields, wish.hangs_on());
        if let Some((of, at, rows)) = &self.done
            && fresh(of, at)
        {
            return (Arc::clone(rows), false);
        }
        // One at a time: what was asked for meanwhile is worked out next.
        if self.coming.is_none() {
            let (of, with) = (wish.clone(), Arc::clone(fields));
            let work = move || Arc::new(ordered(&of, &with));
            if wish.is_plain() || fields.rows() <= AT_ONCE {
                let rows = work();
                self.done = Some((wish.clone(), Arc::clone(fields), Arc::clone(&rows)));
                return (rows, false);
            }
            let later = Later::start(ctx, "The order of the rows", move || aside(&work));
            self.coming = Some((wish.clone(), Arc::clone(fields), later));
        }
        (self.before(fields), true)
    }

    /// The rows shown last, where they are of the same data; else all.
    fn before(&self, fields: &RowFields) -> Arc<Rows> {
        let same_data = self.done.as_ref().filter(|(_, at, _)| at.rows() == fields.rows());
        same_data.map_or_else(Arc::default, |(_, _, rows)| Arc::clone(rows))
    }
}

/// The rows that a wish means.
fn ordered(wish: &Wish, fields: &RowFields) -> Rows {
    if wish.is_plain() {
        return None;
    }
    let wanted = wish.search.trim().to_lowercase();
    let searched: Vec<Field> = Found::ALL
        .into_iter()
        .map(Field::Found)
        .filter(|f| is_searched(*f, fields))
        .chain((0..fields.cells().columns().len()).map(Field::Column))
        .collect();
    let shown = |row: u32| match wish.show {
        Show::All => true,
        Show::Selected => fields.selected().get(row as usize).copied().unwrap_or(false),
        Show::Label(id) => fields.ids().and_then(|ids| ids.get(row as usize)) == Some(&id),
    };
    let has = |row: u32| {
        wanted.is_empty() || searched.iter().any(|&field| contains(&fields.shown(field, row as usize), &wanted))
    };
    let rows: Vec<u32> = (0..fields.rows() as u32).into_par_iter().filter(|&row| shown(row) && has(row)).collect();
    Some(match wish.sort {
        Some((col, down)) => sorted(rows, col, down, fields),
        None => rows,
    })
}

fn is_searched(field: Field, fields: &RowFields) -> bool {
    matches!(field, Field::Found(Found::Name | Found::Edited | Found::Label)) && fields.is_known(field)
}

/// Rows by what stands in a column; where nothing stands they come last either way, and equal ones stay in their order.
fn sorted(rows: Vec<u32>, col: Col, down: bool, fields: &RowFields) -> Vec<u32> {
    let turn = |order: Ordering| if down { order.reverse() } else { order };
    let words = matches!(col, Col::Field(field) if fields.holds(field.number()) == Holds::Words);
    if words {
        let Col::Field(field) = col else { return rows };
        let key = |row: u32| fields.word(field.number(), row as usize);
        let mut keyed: Vec<(Option<Cow<'_, str>>, u32)> = rows.into_par_iter().map(|row| (key(row), row)).collect();
        keyed.par_sort_unstable_by(|(a, i), (b, j)| {
            let order = match (a, b) {
                (Some(a), Some(b)) => turn(by_letters(a, b)),
                (a, b) => b.is_some().cmp(&a.is_some()),
            };
            order.then(i.cmp(j))
        });
        return keyed.into_iter().map(|(_, row)| row).collect();
    }
    let key = |row: u32| col.number(fields, row as usize).filter(|v| !v.is_nan());
    let mut keyed: Vec<(Option<f64>, u32)> = rows.into_par_iter().map(|row| (key(row), row)).collect();
    keyed.par_sort_unstable_by(|(a, i), (b, j)| {
        let order = match (a, b) {
            (Some(a), Some(b)) => turn(a.total_cmp(b)),
            (a, b) => b.is_some().cmp(&a.is_some()),
        };
        order.then(i.cmp(j))
    });
    keyed.into_iter().map(|(_, row)| row).collect()
}

/// Words by the alphabet, without regard to case first.
fn by_letters(a: &str, b: &str) -> Ordering {
    let small = |text: &str| text.chars().flat_map(char::to_lowercase).collect::<Vec<char>>();
    let order = if a.is_ascii() && b.is_ascii() {
        a.bytes().map(|b| b.to_ascii_lowercase()).cmp(b.bytes().map(|b| b.to_ascii_lowercase()))
    } else {
        small(a).cmp(&small(b))
    };
    order.then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::app::shown::coloring::ColorBy;
    use crate::app::shown::fields::FieldsCache;
    use crate::app::shown::fixture::snapshot;
    use crate::app::shown::labels::Labels;

    fn fields(selected: [bool; 4]) -> Arc<RowFields> {
        let vectors = array![[1.0, -1.0], [1.0, -0.5], [1.0, 0.5], [1.0, 1.0]];
        let shown = Arc::new(snapshot(Some(&vectors), None));
        let labels = Labels::default();
        FieldsCache::default().get(&shown, (&labels, Some(ColorBy::Exact)), (&Arc::new(selected.to_vec()), 1))
    }

    fn rows(wish: &Wish) -> Vec<u32> {
        ordered(wish, &fields([true, false, true, false])).unwrap_or_else(|| vec![0, 1, 2, 3])
    }

    #[test]
    fn rows_are_sorted_filtered_and_searched() {
        let y = Col::Field(Field::Column(1));
        let sort = |col, down| Wish { sort: Some((col, down)), ..Wish::default() };
        assert_eq!(ordered(&Wish::default(), &fields([false; 4])), None, "nothing is copied of a million rows");
        assert_eq!((rows(&sort(y, false)), rows(&sort(y, true))), (vec![0, 1, 3, 2], vec![2, 3, 1, 0]));
        assert_eq!(rows(&sort(Col::Exact(1), true)), [3, 2, 1, 0]);
        assert_eq!(
            rows(&sort(Col::Field(Field::Found(Found::Label)), true)),
            [2, 3, 0, 1],
            "equal ones stay in their order"
        );
        assert_eq!(rows(&Wish { show: Show::Selected, ..sort(y, true) }), [2, 0]);
        assert_eq!(rows(&Wish { show: Show::Label(1), ..Wish::default() }), [0, 1]);
        assert_eq!(rows(&Wish { search: " RIGHT ".to_owned(), ..Wish::default() }), [2, 3]);
        assert_eq!(rows(&Wish { search: "0.9".to_owned(), ..Wish::default() }), [2]);
    }

    #[test]
    fn a_sorted_column_of_the_data_is_not_sorted_again_when_points_are_selected() {
        let wish = Wish { sort: Some((Col::Field(Field::Column(1)), false)), ..Wish::default() };
        assert_eq!(wish.hangs_on(), (false, false));
        assert_eq!(Wish { show: Show::Selected, ..wish }.hangs_on(), (false, true));
        assert_eq!(Wish { sort: Some((Col::Exact(0), false)), ..Wish::default() }.hangs_on(), (true, false));
    }
}
