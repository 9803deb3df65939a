//! The figures of a run, as SVG on white.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ndarray::Array2;

use super::scatter::Scatter;
use super::svg::Page;
use super::{charts, cluster_colours, palette, picture, write_atomically};
use crate::Result;
use crate::exact::first_is_constant;
use crate::pipeline::CurvePoint;
use crate::pipeline::{Snapshot, Solution};
use crate::support::language::counted;

/// Writes `input.svg`, `learned.svg`, `exact.svg`, `curves.svg` and `ladder.svg` into `folder`, those there is something to
/// show in, and returns their paths. Clusters that match share their colour across all of them; with labels it is the
/// colour of the class.
///
/// # Errors
/// [`crate::Error::Io`] with the file that could not be written.
pub fn write_figures(folder: &Path, snapshot: &Snapshot, curve: &[CurvePoint]) -> Result<Vec<PathBuf>> {
    let name = &snapshot.data.name;
    let (learned, exact) = (snapshot.learned.as_ref(), snapshot.exact.as_ref());
    let mut files = vec![("input.svg", input(snapshot))];
    if let Some(solution) = learned {
        files.push(("learned.svg", eigenspace(snapshot, solution, "learned eigenspace")));
    }
    if let Some(solution) = exact {
        files.push(("exact.svg", eigenspace(snapshot, solution, "exact eigenspace")));
    }
    if !curve.is_empty() {
        files.push(("curves.svg", charts::curves(&format!("{name}: training"), curve)));
    }
    if learned.is_some_and(|l| !l.space.values.is_empty()) || !snapshot.spectrum.is_empty() {
        files.push(("ladder.svg", spectrum(snapshot)));
    }
    let write = |(file, page): (&str, Page)| {
        let path = folder.join(file);
        let content = page.finish()?;
        write_atomically(&path, |w| w.write_all(content.as_bytes()))?;
        Ok(path)
    };
    files.into_iter().map(write).collect()
}

/// The eigenvalues of both sides.
fn spectrum(snapshot: &Snapshot) -> Page {
    let values = snapshot.learned.as_ref().map_or(&[][..], |l| &l.space.values);
    let title = format!("{}: eigenvalues", snapshot.data.name);
    charts::spectrum(&title, &snapshot.spectrum, values, snapshot.clusters, snapshot.eigengap())
}

/// One figure of its own.
#[derive(Clone, Debug)]
pub enum Figure {
    /// Points in the plane.
    View(ViewFigure),
    /// The curves of a training, under a title.
    Curves(String, Vec<CurvePoint>),
    /// The eigenvalues of a result.
    Spectrum(Arc<Snapshot>),
}

/// A view as it stands: points in the plane with their colours.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ViewFigure {
    /// Over it.
    pub title: String,
    /// Under the title.
    pub caption: String,
    /// Names of the axes.
    pub axes: [String; 2],
    /// Both axes in the same unit: a circle stays one.
    pub same_unit: bool,
    /// The places.
    pub points: Vec<(f64, f64)>,
    /// A colour for each, on white.
    pub colours: Vec<[u8; 3]>,
    /// Places of rows of another file, each with its colour, drawn as rings.
    pub rings: Vec<((f64, f64), [u8; 3])>,
    /// What the colours stand for.
    pub legend: Vec<([u8; 3], String)>,
}

/// Writes a figure: as PNG, `width` pixels wide, where the name ends so, else as SVG.
///
/// # Errors
/// [`crate::Error::Io`] with the path.
pub fn write_figure(path: &Path, figure: &Figure, width: u32) -> Result<()> {
    let page = match figure {
        Figure::Curves(title, curve) => charts::curves(title, curve),
        Figure::Spectrum(snapshot) => spectrum(snapshot),
        Figure::View(view) => {
            let ViewFigure { title, caption, axes: [x_name, y_name], same_unit, .. } = view;
            let (points, colours, legend) = (view.points.clone(), view.colours.clone(), view.legend.clone());
            let rings = view.rings.clone();
            Scatter { title, caption, x_name, y_name, same_unit: *same_unit, points, colours, rings, legend }.draw()
        }
    };
    let is_png = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("png"));
    let content = if is_png { picture::png(&page, width)? } else { page.finish()?.into_bytes() };
    write_atomically(path, |w| w.write_all(&content))
}

/// What colours stand for.
type Legend = Vec<([u8; 3], String)>;

/// The colour of a number, on white.
fn paint(number: u32) -> [u8; 3] {
    palette::category(number as usize, false)
}

/// Colours and legend of a solution's clusters, the same for a number on every side.
pub(super) fn colours(snapshot: &Snapshot, solution: &Solution) -> (Vec<[u8; 3]>, Legend) {
    let of = &solution.clusters.assignment;
    let colour: Vec<u32> = cluster_colours(snapshot).into_iter().map(|number| number as u32).collect();
    let mut sizes = vec![0_usize; solution.clusters.centroids.nrows().min(colour.len())];
    for &cluster in of {
        if let Some(size) = sizes.get_mut(cluster as usize) {
            *size += 1;
        }
    }
    let legend =
        sizes.iter().enumerate().map(|(j, size)| (paint(colour[j]), format!("cluster {j} ({size})"))).collect();
    let of = of.iter().map(|&cluster| paint(colour.get(cluster as usize).copied().unwrap_or(cluster)));
    (of.collect(), legend)
}

/// The input, coloured by class, else by cluster.
fn input(snapshot: &Snapshot) -> Page {
    let data = &snapshot.data;
    let (mut by, mut numbers, mut legend) = ("", Vec::new(), Legend::new());
    if let Some(labels) = &data.labels {
        by = ", coloured by class";
        let unlabelled = labels.names.len() as u32;
        numbers = labels.ids.iter().map(|&id| paint(id.min(unlabelled))).collect();
        legend = labels.names.iter().enumerate().map(|(id, name)| (paint(id as u32), name.clone())).collect();
        if labels.ids.iter().any(|&id| id >= unlabelled) {
            legend.push((paint(unlabelled), "no label".to_owned()));
        }
    } else if let Some(solution) = snapshot.learned.as_ref().or(snapshot.exact.as_ref()) {
        by = ", coloured by cluster";
        (numbers, legend) = colours(snapshot, solution);
    }
    let [x_name, y_name, _] = snapshot.input_axes.as_ref();
    let title = format!("{}: input", data.name);
    let caption = format!("{}, {}{by}", counted(data.len(), "sample"), counted(data.dim(), "feature"));
    let points = pairs(&snapshot.input.mapv(f64::from), 0, 1);
    let (colours, rings) = (numbers, Vec::new());
    Scatter { title: &title, caption: &caption, x_name, y_name, same_unit: true, points, colours, rings, legend }.draw()
}

/// Two columns of an eigenspace, coloured by its own clusters.
fn eigenspace(snapshot: &Snapshot, solution: &Arc<Solution>, what: &str) -> Page {
    let vectors = &solution.space.vectors;
    let first = usize::from(vectors.ncols() > 1 && first_is_constant(&solution.space));
    // A single vector that says anything is drawn over the input's first axis.
    let alone = first + 1 >= vectors.ncols();
    let points = if alone {
        let input = snapshot.input.column(0);
        let along = input.iter().map(|&v| f64::from(v));
        along.zip(vectors.columns().into_iter().nth(first).into_iter().flatten().copied()).collect()
    } else {
        pairs(vectors, first, first + 1)
    };
    let eigenvector = |j: usize| match solution.space.values.get(j) {
        Some(value) if value.abs() < 1e-12 => format!("eigenvector {} (λ = 0)", j + 1),
        Some(value) => format!("eigenvector {} (λ = {value:.3e})", j + 1),
        None => format!("eigenvector {}", j + 1),
    };
    let (x_name, y_name) = if alone {
        (snapshot.input_axes[0].clone(), eigenvector(first))
    } else {
        (eigenvector(first), eigenvector(first + 1))
    };
    let (colours, legend) = colours(snapshot, solution);
    let title = format!("{}: {what}", snapshot.data.name);
    let mut caption = format!("{}, coloured by cluster", counted(snapshot.data.len(), "sample"));
    if let Some(scores) = solution.scores {
        let _ = write!(caption, ", {}", scores.words(3));
    }
    let (x_name, y_name) = (x_name.as_str(), y_name.as_str());
    let rings = Vec::new();
    Scatter { title: &title, caption: &caption, x_name, y_name, same_unit: false, points, colours, rings, legend }
        .draw()
}

/// Two columns as points; a column that is not there is 0.
fn pairs(of: &Array2<f64>, x: usize, y: usize) -> Vec<(f64, f64)> {
    of.rows().into_iter().map(|row| (row.get(x).copied().unwrap_or(0.0), row.get(y).copied().unwrap_or(0.0))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::fixture::{curve, snapshot};

    /// Writes to `EIGENSCOPE_FIGURES` where it is set, to be looked at.
    fn drawn(snapshot: &Snapshot, curve: &[CurvePoint]) -> Vec<(String, String)> {
        let own = tempfile::tempdir().expect("a folder for the test");
        let folder = std::env::var_os("EIGENSCOPE_FIGURES").map_or(own.path().to_owned(), PathBuf::from);
        let folder = folder.join(snapshot.data.len().to_string());
        let paths = write_figures(&folder, snapshot, curve).expect("they can be written");
        let read = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(path).expect("it was written"))
        };
        paths.iter().map(read).collect()
    }

    #[test]
    fn one_figure_for_each_thing_there_is() {
        let all = drawn(&snapshot(300), &curve());
        let names: Vec<&str> = all.iter().map(|f| f.0.as_str()).collect();
        assert_eq!(names, ["input.svg", "learned.svg", "exact.svg", "curves.svg", "ladder.svg"]);
        for (name, svg) in &all {
            assert!(svg.starts_with("<svg") && svg.ends_with("</svg>\n") && !svg.contains("NaN"), "{name}");
        }
        assert!(all[0].1.contains("north &lt;west&gt;"), "names are safe");
        assert!(
            all[1].1.contains("eigenvector 2") && all[1].1.contains("eigenvector 3"),
            "the constant one is left out"
        );
        let mut little = snapshot(30);
        (little.learned, little.exact, little.spectrum) = (None, None, Arc::default());
        assert_eq!(drawn(&little, &[]).len(), 1, "the input is always there");
    }

    #[test]
    fn clusters_that_match_share_their_colour() {
        let snapshot = snapshot(30);
        let of = |solution: &Option<Arc<Solution>>| colours(&snapshot, solution.as_ref().expect("it is there")).0;
        assert_eq!(of(&snapshot.learned), of(&snapshot.exact));
        let legend = |solution: &Option<Arc<Solution>>| colours(&snapshot, solution.as_ref().expect("it is there")).1;
        assert_eq!(legend(&snapshot.learned), legend(&snapshot.exact), "a number has one colour");
    }

    #[test]
    fn very_many_samples_and_very_few_vectors() {
        let many = drawn(&snapshot(25_000), &[]);
        assert!(many[1].1.contains("data:image/png;base64,") && many[1].1.len() < 2_000_000);
        let mut narrow = snapshot(40);
        for solution in [&mut narrow.learned, &mut narrow.exact] {
            let solution = Arc::make_mut(solution.as_mut().expect("it is there"));
            solution.space.vectors = solution.space.vectors.select(ndarray::Axis(1), &[0, 1]);
            solution.space.values.truncate(2);
        }
        let figures = drawn(&narrow, &curve());
        assert!(
            figures[1].1.contains(">x</text>") && figures[1].1.contains("eigenvector 2"),
            "over the first input axis"
        );
    }
}
