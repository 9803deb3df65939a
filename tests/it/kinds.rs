//! Defaults on kinds of data that are easily got wrong, each made here: what the exact side finds with the number of clusters, and without it.

use eigenscope::Recipe;
use eigenscope::data::Source;
use eigenscope::measure;
use eigenscope::pipeline::{Chain, Job, Outcome};
use eigenscope::recipe::{Auto, DeviceChoice};
use eigenscope::support::progress::Control;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use crate::support::desk::Desk;
use crate::support::listening::Deaf;
use crate::support::program::{command, text};

/// Rows, and the group that each was drawn from.
#[derive(Default)]
struct Made {
    rows: Vec<Vec<f64>>,
    of: Vec<u32>,
}

impl Made {
    fn push(&mut self, row: Vec<f64>, group: u32) {
        self.rows.push(row);
        self.of.push(group);
    }

    fn csv(&self) -> String {
        let names: Vec<String> = (0..self.rows[0].len()).map(|j| format!("{}{j}v", ["w", "h", "q"][j % 3])).collect();
        let line = |row: &Vec<f64>| row.iter().map(f64::to_string).collect::<Vec<_>>().join(",") + "\n";
        names.join(",") + "\n" + &self.rows.iter().map(line).collect::<String>()
    }

    /// What defaults make of it, the network left out.
    fn run(&self, clusters: Option<usize>) -> Outcome {
        self.run_with(clusters, |_| ())
    }

    fn run_with(&self, clusters: Option<usize>, change: impl FnOnce(&mut Recipe)) -> Outcome {
        let desk = Desk::new();
        let source = Source::Path(desk.put("made.csv", self.csv()));
        let clusters = clusters.map_or(Auto::Auto, Auto::Set);
        let mut recipe = Recipe { device: DeviceChoice::Cpu, learn: false, clusters, ..Recipe::default() };
        change(&mut recipe);
        Chain::default().run(&Job { source, recipe }, &Control::new(), &Deaf).expect("a run")
    }

    /// The number of clusters that `auto` takes.
    fn suggested(&self) -> usize {
        self.run(None).snapshot.clusters
    }

    /// ARI of the exact clusters with the groups, the rows of the group `u32::MAX` left out.
    fn found(&self, clusters: usize) -> f64 {
        let found = assigned(&self.run(Some(clusters)));
        let (found, wanted): (Vec<u32>, Vec<u32>) =
            found.into_iter().zip(self.of.iter().copied()).filter(|pair| pair.1 != u32::MAX).unzip();
        measure::scores(&found, &wanted).expect("rows").ari
    }
}

fn assigned(outcome: &Outcome) -> Vec<u32> {
    outcome.snapshot.exact.as_ref().expect("the exact side").clusters.assignment.clone()
}

fn normal(rng: &mut ChaCha8Rng) -> f64 {
    (0..12).map(|_| rng.random::<f64>()).sum::<f64>() - 6.0
}

/// Round clouds of deviation 1, of so many rows at these places.
fn clouds(rng: &mut ChaCha8Rng, clouds: &[(usize, &[f64])]) -> Made {
    let mut made = Made::default();
    for (group, &(rows, place)) in (0..).zip(clouds) {
        for _ in 0..rows {
            made.push(place.iter().map(|at| at + normal(rng)).collect(), group);
        }
    }
    made
}

#[test]
fn long_arcs_and_rings_are_not_cut_in_pieces() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut moons = Made::default();
    for i in 0..80 {
        let (side, angle) = (i % 2, std::f64::consts::PI * (i / 2) as f64 / 39.0);
        let (x, y) = [(angle.cos(), angle.sin()), (1.0 - angle.cos(), 0.5 - angle.sin())][side];
        moons.push(vec![x + 0.05 * normal(&mut rng), y + 0.05 * normal(&mut rng)], side as u32);
    }
    let mut ring = Made::default();
    for i in 0..500 {
        let angle = std::f64::consts::TAU * rng.random::<f64>();
        let radius = if i % 2 == 0 { 2.2 + 0.1 * normal(&mut rng) } else { 0.3 * normal(&mut rng) };
        ring.push(vec![radius * angle.cos(), radius * angle.sin()], i % 2);
    }
    assert_eq!([moons.suggested(), ring.suggested()], [2, 2]);
    assert!(moons.found(2) > 0.95 && ring.found(2) > 0.99);
}

#[test]
fn thirty_clouds_are_thirty_clusters() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let places: Vec<[f64; 2]> = (0..30).map(|i| [f64::from(i % 6) * 8.0, f64::from(i / 6) * 8.0]).collect();
    let places: Vec<(usize, &[f64])> = places.iter().map(|place| (40, &place[..])).collect();
    assert_eq!(clouds(&mut rng, &places).suggested(), 30);
}

#[test]
fn data_without_clusters_is_said_to_have_none() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let mut square = Made::default();
    (0..500).for_each(|_| square.push(vec![rng.random(), rng.random()], 0));
    let cloud = clouds(&mut rng, &[(500, &[0.0, 0.0, 0.0])]);
    let three = clouds(&mut rng, &[(150, &[0.0, 0.0]), (150, &[9.0, 0.0]), (150, &[0.0, 9.0])]);
    let said = |made: &Made| made.run(None).notes.iter().any(|note| note.contains("there may be none at all"));
    assert!(said(&square) && said(&cloud) && !said(&three));
}

#[test]
fn sentinels_and_slips_do_not_bring_all_rows_to_one_place() {
    for wild in [-9999.0, 1e20] {
        let mut rng = ChaCha8Rng::seed_from_u64(4);
        let places: [(usize, &[f64]); 3] = [(60, &[0.0, 0.0, 0.0]), (60, &[7.0, 0.0, 0.0]), (60, &[0.0, 7.0, 0.0])];
        let mut made = clouds(&mut rng, &places);
        for (i, j) in [(5, 0), (70, 1), (71, 0), (150, 2)] {
            made.rows[i][j] = wild;
            made.of[i] = u32::MAX;
        }
        let found = made.found(3);
        assert!(found > 0.97, "{wild}: {found}");
    }
}

/// Filled with medians, such rows stand between the arcs and join them.
#[test]
fn gaps_do_not_join_what_lies_apart() {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let mut made = Made::default();
    for i in 0..800 {
        let (upper, angle) = (i % 2 == 0, std::f64::consts::PI * rng.random::<f64>());
        let (x, y) = if upper { (angle.cos(), angle.sin()) } else { (1.0 - angle.cos(), 0.5 - angle.sin()) };
        let (x, y) = (x + 0.05 * normal(&mut rng), y + 0.05 * normal(&mut rng));
        let mut row = vec![x, y];
        row.extend([x + y, x - y, 2.0 * y - x, 0.5 * x + y].map(|mixed| mixed + 0.1 * normal(&mut rng)));
        for value in &mut row {
            if rng.random::<f64>() < 0.03 {
                *value = f64::NAN;
            }
        }
        made.push(row, u32::from(upper));
    }
    let outcome = made.run(Some(2));
    assert!(outcome.notes.iter().any(|note| note.contains("with gaps are found by what they have")));
    let ari = made.found(2);
    assert!(ari > 0.98, "{ari}");
}

#[test]
fn rounded_rows_stay_with_their_cloud() {
    for seed in 0..3 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let mut made = clouds(&mut rng, &[(118, &[0.0, 0.0, 0.0]), (118, &[3.0, 2.4, 2.4])]);
        made.rows.iter_mut().flatten().for_each(|v| *v = (*v * 0.7).round());
        let found = made.found(2);
        assert!(found > 0.85, "{seed}: {found}");
    }
}

#[test]
fn places_where_hundreds_of_rows_stand_are_not_cut_in_pieces() {
    // Three places of one row three hundred times; one row alone beside others that are all one; answers to four questions.
    let places = |rows: usize, place: &dyn Fn(usize) -> (Vec<f64>, u32)| {
        let mut made = Made::default();
        (0..rows).map(place).for_each(|(row, group)| made.push(row, group));
        made
    };
    let three = places(900, &|i| {
        ([vec![0.0, 0.0], vec![1.0, 5.0], vec![9.0, 2.0]][i * i % 7 % 3].clone(), (i * i % 7 % 3) as u32)
    });
    assert!(three.found(3) > 0.999, "{}", three.found(3));
    let alone = places(50, &|i| (vec![[3.0, 9.0][i / 49], 4.0 + (i / 49) as f64], (i / 49) as u32));
    assert!(alone.found(2) > 0.999, "{}", alone.found(2));
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let mut answers = Made::default();
    for i in 0..1000 {
        let yes = [0.07, 0.93][i % 2];
        let row: Vec<f64> = (0..4).map(|_| f64::from(u8::from(rng.random::<f64>() < yes))).collect();
        let sum: f64 = row.iter().sum();
        answers.push(
            row,
            if sum < 2.0 {
                0
            } else if sum > 2.0 {
                1
            } else {
                u32::MAX
            },
        );
    }
    assert!(answers.found(2) > 0.9, "{}", answers.found(2));
    for clusters in [2, 6, 16] {
        let found = assigned(&answers.run(Some(clusters)));
        let mut of = std::collections::HashMap::new();
        let alike = answers.rows.iter().zip(&found).all(|(row, &at)| *of.entry(format!("{row:?}")).or_insert(at) == at);
        assert!(alike, "equal rows belong to one of {clusters} clusters");
    }
}

#[test]
fn genes_part_kinds_of_cells_however_deeply_they_were_read() {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let base: Vec<f64> = (0..600).map(|_| (0.8 + normal(&mut rng)).exp()).collect();
    let shift: Vec<Vec<f64>> = (0..3)
        .map(|_| (0..600).map(|j| if j % 15 == 0 { (1.5 * normal(&mut rng)).exp() } else { 1.0 }).collect())
        .collect();
    let mut made = Made::default();
    for i in 0..60 {
        let depth = (0.5 * normal(&mut rng)).exp();
        // A count about as noisy as its root.
        let count = |mean: f64, rng: &mut ChaCha8Rng| (mean + mean.sqrt() * normal(rng)).round().max(0.0);
        let row = (0..600).map(|j| count(depth * base[j] * shift[i % 3][j], &mut rng)).collect();
        made.push(row, i as u32 % 3);
    }
    let found = made.found(3);
    assert!(found > 0.95, "{found}");
}

#[test]
fn more_parts_than_clusters_join_by_nearness_and_size() {
    let mut rng = ChaCha8Rng::seed_from_u64(6);
    let mut made = Made::default();
    // Two groups of three islands each.
    for (island, place) in
        [(0.0, 0.0), (9.0, 2.0), (3.0, 9.0), (60.0, 50.0), (69.0, 53.0), (62.0, 60.0)].into_iter().enumerate()
    {
        for _ in 0..[70, 40, 55][island % 3] {
            made.push(vec![place.0 + 0.6 * normal(&mut rng), place.1 + 0.6 * normal(&mut rng)], island as u32 / 3);
        }
    }
    let outcome = made.run_with(Some(2), |recipe| recipe.learn = true);
    let now = &outcome.snapshot;
    assert_eq!(now.operator.as_ref().expect("a graph").components.count(), 6);
    let ari = |found: &[u32]| measure::scores(found, &made.of).expect("rows").ari;
    assert!((ari(&assigned(&outcome)) - 1.0).abs() < 1e-12);
    // Of all spans of eigenvalue 0 the network takes the same one.
    let learned = now.learned.as_ref().expect("the learned side");
    assert!((ari(&learned.clusters.assignment) - 1.0).abs() < 1e-12);
    assert!(now.distance().is_some_and(|distance| distance < 0.005), "{:?}", now.distance());
}

#[test]
fn clusters_hang_neither_on_threads_nor_on_the_order_of_rows() {
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    // Clouds that touch, few enough for the dense solver.
    let places: [(usize, &[f64]); 3] =
        [(90, &[0.0, 0.0, 0.0, 0.0]), (110, &[3.2, 0.0, 1.0, 0.0]), (100, &[0.0, 3.2, 0.0, 1.0])];
    let made = clouds(&mut rng, &places);
    let desk = Desk::new();
    let table = desk.put("made.csv", made.csv());
    let labels = |threads: &str| {
        let out = desk.path(&format!("out{threads}"));
        let run = command([
            "run".as_ref(),
            table.as_os_str(),
            "--clusters=3".as_ref(),
            "--no-learn".as_ref(),
            "--quiet".as_ref(),
        ])
        .arg("--out")
        .arg(&out)
        .env("RAYON_NUM_THREADS", threads)
        .output()
        .expect("the program starts");
        assert!(run.status.success(), "{}", text(&run.stderr));
        std::fs::read(out.join("labels.csv")).expect("labels")
    };
    let one = labels("1");
    assert!(one == labels("2") && one == labels("3"));
    let shuffled: Vec<usize> = (0..300).map(|i| i * 77 % 300).collect();
    let other = Made {
        rows: shuffled.iter().map(|&i| made.rows[i].clone()).collect(),
        of: shuffled.iter().map(|&i| made.of[i]).collect(),
    };
    let before = assigned(&made.run(Some(3)));
    let before: Vec<u32> = shuffled.iter().map(|&i| before[i]).collect();
    let after = assigned(&other.run(Some(3)));
    assert!((measure::scores(&before, &after).expect("rows").ari - 1.0).abs() < 1e-12);
}
