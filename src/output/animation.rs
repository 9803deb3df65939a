//! A training as an animation: each of its looks beside the exact side, on axes that stand still.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use image::RgbaImage;

use super::atomic::{folder_of, temporary_folder, write_atomically};
use super::deliver::Interrupted;
use super::figures::colours;
use super::gif_file::{Movie, Palette};
use super::picture;
use super::svg::{Anchor, Axis, Element, Frame, INK, Page, QUIET};
use crate::exact::first_is_constant;
use crate::pipeline::{Recorded, Snapshot};
use crate::support::number::{fixed, grouped, significant};
use crate::support::progress::Progress;
use crate::{Error, Result};

/// Side of a view on the page, and the room around views, in points of the page.
const SIDE: f64 = 400.0;
const LEFT: f64 = 64.0;
const TOP: f64 = 84.0;
const BELOW: f64 = 78.0;
const RIGHT: f64 = 20.0;
/// Most points that each view draws: a fair sample of more looks the same on so small a picture.
const POINTS: usize = 6_000;
/// Pictures whose colours stand for those of all.
const SAMPLED: usize = 8;
/// Widest animation, in pixels.
pub const WIDEST: u32 = 4_000;

/// What is drawn of a training, and how fast.
#[derive(Clone, Debug)]
pub struct Animation {
    /// The result with the recording of its training.
    pub snapshot: Arc<Snapshot>,
    /// The eigenvectors on x and y, 0-based; the first two that vary unless given.
    pub axes: Option<[usize; 2]>,
    /// A colour for each sample; those of its cluster at each look unless given.
    pub colours: Option<Vec<[u8; 3]>>,
    /// Width in pixels.
    pub width: u32,
    /// Looks a second.
    pub pace: f64,
}

impl Animation {
    /// The whole training of a result at a usual size and pace.
    #[must_use]
    pub fn of(snapshot: Arc<Snapshot>) -> Self {
        Self { snapshot, axes: None, colours: None, width: 840, pace: 8.0 }
    }
}

/// Writes an animation: a GIF where the name ends so, else a folder of that name (without another ending) with a numbered PNG for each look.
/// Under the name stands either all of it or what was there before. Gives the path that was written.
///
/// # Errors
/// [`Error::Data`] where nothing was recorded, [`Error::Io`] with the path, also where a folder of that name is there and not empty;
/// [`Error::Cancelled`].
pub fn write_animation(path: &Path, animation: &Animation, progress: &Progress<'_>) -> Result<PathBuf> {
    let scenes = Scenes::of(animation)?;
    if path.extension().is_some_and(|end| end.eq_ignore_ascii_case("gif")) {
        write_gif(path, &scenes, progress)?;
        return Ok(path.to_owned());
    }
    let folder = path.with_extension("");
    write_pictures(&folder, &scenes, progress)?;
    Ok(folder)
}

/// Finds out before a training whether an animation can be written after it.
///
/// # Errors
/// [`Error::Io`] with the path.
pub fn check_animation(path: &Path) -> Result<()> {
    if path.extension().is_some_and(|end| end.eq_ignore_ascii_case("gif")) {
        return super::check_writable(path);
    }
    let folder = path.with_extension("");
    free(&folder)?;
    super::check_folder(&folder_of(&folder))
}

fn write_gif(path: &Path, scenes: &Scenes<'_>, progress: &Progress<'_>) -> Result<()> {
    let count = scenes.len();
    let every = count.div_ceil(SAMPLED).max(1);
    let mut palette = Palette::default();
    for at in (0..count).rev().step_by(every) {
        progress.check()?;
        palette.see(&scenes.draw(at)?);
    }
    let delay = (100.0 / scenes.animation.pace.clamp(0.1, 50.0)).round() as u16;
    let mut failed = None;
    let written = write_atomically(path, |to| {
        let first = scenes.draw(0).map_err(|error| Interrupted::from(error).for_writer(&mut failed))?;
        let mut movie = Movie::begin(to, &first, palette.made())?;
        for at in 0..count {
            progress
                .at(at as f32 / count as f32, "animation")
                .map_err(|error| Interrupted::from(error).for_writer(&mut failed))?;
            let picture = scenes.draw(at).map_err(|error| Interrupted::from(error).for_writer(&mut failed))?;
            // The end is looked at for longer.
            let delay = if at + 1 == count { 250 } else { delay };
            movie.add(&picture, delay)?;
        }
        Ok(())
    });
    match failed {
        Some(error) => Err(error),
        None => written,
    }
}

fn write_pictures(folder: &Path, scenes: &Scenes<'_>, progress: &Progress<'_>) -> Result<()> {
    free(folder)?;
    let parent = folder_of(folder);
    std::fs::create_dir_all(&parent).map_err(Error::io("create", &parent))?;
    let (place, _held) = temporary_folder(&parent).map_err(Error::io("write to", &parent))?;
    let whole = place.path().join("pictures");
    std::fs::create_dir(&whole).map_err(Error::io("create", folder))?;
    for at in 0..scenes.len() {
        progress.at(at as f32 / scenes.len() as f32, "animation")?;
        let bytes = picture::bytes(&scenes.draw(at)?)?;
        let name = format!("{:04}.png", at + 1);
        std::fs::write(whole.join(&name), bytes).map_err(Error::io("write", &folder.join(&name)))?;
    }
    if folder.exists() {
        std::fs::remove_dir(folder).map_err(Error::io("replace", folder))?;
    }
    std::fs::rename(&whole, folder).map_err(Error::io("write", folder))
}

/// Whether nothing stands under the name of a folder, or an empty one.
fn free(folder: &Path) -> Result<()> {
    let entries = match std::fs::read_dir(folder) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(Error::io("write pictures to", folder))?,
    };
    if entries.count() > 0 {
        let there = std::io::Error::other("there are files in it; give the name of a new folder");
        return Err(Error::io("write pictures to", folder)(there));
    }
    Ok(())
}

/// The pictures to draw, with what they share.
struct Scenes<'a> {
    animation: &'a Animation,
    looks: &'a [Arc<Recorded>],
    /// The samples that are drawn.
    rows: Vec<usize>,
    axes: [usize; 2],
    x: Axis,
    y: Axis,
}

impl<'a> Scenes<'a> {
    fn of(animation: &'a Animation) -> Result<Self> {
        let snapshot = &animation.snapshot;
        let looks = snapshot.recording.looks();
        if looks.is_empty() {
            let why = if snapshot.recording.is_too_large() {
                "the samples are too many to keep the looks of a training; --limit takes fewer"
            } else {
                "there are no looks of a training to draw; train a network first"
            };
            return Err(Error::Data(why.to_owned()));
        }
        let n = snapshot.data.len();
        let every = n.div_ceil(POINTS).max(1);
        let rows: Vec<usize> = (0..n).step_by(every).collect();
        let axes = animation.axes.unwrap_or_else(|| varying(snapshot));
        let side = snapshot.exact.as_ref();
        let values = |j: usize| {
            let exact = side.into_iter().filter_map(move |side| side.space.vectors.columns().into_iter().nth(j));
            let learned = looks.iter().filter_map(move |look| look.vectors().columns().into_iter().nth(j));
            let learned = learned.flat_map(|column| column.iter().map(|&v| f64::from(v)).collect::<Vec<_>>());
            exact.flat_map(|column| column.to_vec()).chain(learned)
        };
        Ok(Self { animation, looks, rows, axes, x: Axis::around(values(axes[0])), y: Axis::around(values(axes[1])) })
    }

    /// The looks, and the network that was kept of them.
    fn len(&self) -> usize {
        self.looks.len() + usize::from(self.ends_elsewhere())
    }

    /// Whether the result is another network than that of the last look.
    fn ends_elsewhere(&self) -> bool {
        let snapshot = &self.animation.snapshot;
        snapshot.ending.is_some() && self.looks.last().is_some_and(|look| look.step != snapshot.kept)
    }

    fn draw(&self, at: usize) -> Result<RgbaImage> {
        picture::draw_page(&self.page(at), self.animation.width.min(WIDEST))
    }

    fn page(&self, at: usize) -> Page {
        let now = &*self.animation.snapshot;
        let (snapshot, kept) = match self.looks.get(at) {
            Some(look) => (now.at(look, now.serial), ""),
            None => (now.clone(), ", kept"),
        };
        let exact = snapshot.exact.as_ref();
        let views = 1.0 + f64::from(u8::from(exact.is_some()));
        let mut page = Page::new(views * (LEFT + SIDE) + RIGHT, TOP + SIDE + BELOW);
        let title = format!("{}: a training and what it should come to", snapshot.data.name);
        let title = if exact.is_some() { title } else { format!("{}: a training", snapshot.data.name) };
        page.text((LEFT, 26.0), 17.0, INK, Anchor::Start, &title);
        let step = format!("step {} of {}{kept}", grouped(snapshot.kept), grouped(snapshot.steps));
        page.text((LEFT, 48.0), 13.0, INK, Anchor::Start, &step);
        let mut figures = Vec::new();
        if let Some(distance) = snapshot.distance() {
            figures.push(format!("distance to the exact space {}", significant(distance)));
        }
        if let Some(scores) = snapshot.learned.as_ref().and_then(|side| side.scores) {
            figures.push(format!("ACC {}", fixed(scores.acc, 3)));
        }
        page.text((LEFT + 190.0, 48.0), 13.0, QUIET, Anchor::Start, &figures.join(" · "));
        for (place, (name, side)) in [("learned", snapshot.learned.as_ref()), ("exact", exact)].into_iter().enumerate()
        {
            let Some(side) = side else { continue };
            let left = LEFT + place as f64 * (LEFT + SIDE);
            let frame = Frame { left, top: TOP, width: SIDE, height: SIDE, x: self.x, y: self.y };
            page.text((left, TOP - 10.0), 13.0, INK, Anchor::Start, name);
            // Columns that nothing makes eigenvectors of are not called so.
            let bound = name == "exact" || snapshot.job.recipe.orthonormal_layer;
            let what = if bound { "eigenvector" } else { "column" };
            let names = self.axes.map(|j| format!("{what} {}", j + 1));
            frame.draw(&mut page, &names[0], &names[1]);
            let of_clusters = self.animation.colours.is_none().then(|| colours(&snapshot, side).0);
            let paints = self.animation.colours.as_ref().or(of_clusters.as_ref());
            let vectors = &side.space.vectors;
            let value = |row: usize, j: usize| vectors.get((row, j)).copied().unwrap_or(0.0);
            let paint = |row: usize| paints.and_then(|paints| paints.get(row)).copied().unwrap_or([120; 3]);
            let points =
                self.rows.iter().map(|&row| (frame.at(value(row, self.axes[0]), value(row, self.axes[1])), paint(row)));
            let radius = (48.0 / (self.rows.len().max(1) as f64).sqrt()).clamp(1.1, 3.0);
            let (corner, size) = ((left, TOP), (SIDE, SIDE));
            page.body.push(Element::Points { corner, size, points: points.collect(), radius });
        }
        self.progress(&mut page, at);
        page
    }

    /// How far the training is, as a line at the foot.
    fn progress(&self, page: &mut Page, at: usize) {
        let y = TOP + SIDE + BELOW - 20.0;
        let (from, to) = (LEFT, page.width - RIGHT);
        page.line((from, y), (to, y), "#d5d9df", 3.0);
        let share = (at + 1) as f64 / self.len().max(1) as f64;
        page.line((from, y), (from + share * (to - from), y), "#2f6fb5", 3.0);
    }
}

/// The first two eigenvectors that carry a picture.
fn varying(snapshot: &Snapshot) -> [usize; 2] {
    let side = snapshot.exact.as_ref().or(snapshot.learned.as_ref());
    let Some(side) = side else { return [0, 1] };
    let columns = side.space.vectors.ncols();
    let first = usize::from(columns > 2 && first_is_constant(&side.space));
    [first, (first + 1).min(columns.saturating_sub(1))]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::fixture::filmed;
    use crate::support::progress::Control;

    fn animation() -> Animation {
        Animation { width: 260, ..Animation::of(Arc::new(filmed(60, 5))) }
    }

    #[test]
    fn a_gif_has_a_picture_for_each_look_and_one_of_the_network_kept() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("a.gif");
        write_animation(&path, &animation(), &Progress::silent()).expect("it is written");
        let mut options = gif::DecodeOptions::new();
        options.set_color_output(gif::ColorOutput::RGBA);
        let file = std::fs::File::open(&path).expect("it is there");
        let mut decoder = options.read_info(std::io::BufReader::new(file)).expect("a GIF");
        assert_eq!(decoder.width(), 260);
        let mut delays = Vec::new();
        while let Some(frame) = decoder.read_next_frame().expect("sound frames") {
            delays.push(frame.delay);
        }
        assert_eq!(delays, [13, 13, 13, 13, 13, 250]);
    }

    #[test]
    fn pictures_go_to_a_folder_that_must_be_new() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("looks.png");
        let written = write_animation(&path, &animation(), &Progress::silent()).expect("they are written");
        assert_eq!(written, folder.path().join("looks"));
        let mut names: Vec<_> =
            std::fs::read_dir(&written).expect("a folder").flatten().map(|e| e.file_name()).collect();
        names.sort();
        assert_eq!(names.len(), 6);
        assert_eq!(names[0], "0001.png");
        let error = write_animation(&path, &animation(), &Progress::silent()).expect_err("it is full").to_string();
        assert!(error.contains("looks") && error.contains("new folder"), "{error}");
        assert!(check_animation(&path).is_err());
    }

    #[test]
    fn one_that_is_cancelled_leaves_what_was_there() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("a.gif");
        std::fs::write(&path, "before").expect("written");
        let control = Control::new();
        control.cancel();
        let progress = Progress::new(control, &|_, _| ());
        assert!(matches!(write_animation(&path, &animation(), &progress), Err(Error::Cancelled)));
        assert_eq!(std::fs::read_to_string(&path).expect("it is there"), "before");
        let none = Animation::of(Arc::new(crate::output::fixture::snapshot(30)));
        let error = write_animation(&path, &none, &Progress::silent()).expect_err("nothing was recorded").to_string();
        assert!(error.contains("train a network first"), "{error}");
    }
}
