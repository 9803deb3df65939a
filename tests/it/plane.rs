//! The map over the plane: the learned one beside Nyström's, on real trainings.

use eigenscope::Recipe;
use eigenscope::app::bench::map::zero_gaps;
use eigenscope::app::shown::axes::{Axis, Side};
use eigenscope::app::shown::plane::{Landed, Map, Placer, Plane, Shows};
use eigenscope::data::Source;
use eigenscope::model::Familiar;
use eigenscope::pipeline::{Chain, Job, Snapshot};
use eigenscope::recipe::{Auto, DeviceChoice};
use eigenscope::support::progress::Control;

use crate::support::listening::Deaf;

/// A trained set.
fn trained(name: &str, change: impl FnOnce(&mut Recipe)) -> Snapshot {
    let mut recipe = Recipe { device: DeviceChoice::Cpu, samples: Auto::Set(1000), ..Recipe::default() };
    change(&mut recipe);
    let job = Job { source: Source::Named(name.to_owned()), recipe };
    Chain::default().run(&job, &Control::new(), &Deaf).expect("a run").snapshot
}

/// The map of the Fiedler vector, filled by the network.
fn map(snapshot: &Snapshot, side: usize) -> (Map, [Placer; 2]) {
    let plane = Plane::of(snapshot, [Axis::Input(0), Axis::Input(1)], None).expect("two features");
    let placers = [Side::Learned, Side::Exact].map(|side| Placer::of(side, snapshot).expect("both sides"));
    let both = [Some(&placers[0]), Some(&placers[1])];
    (Map::of(&plane, side, Shows::Vector(1), Side::Learned, both).expect("a map"), placers)
}

#[test]
fn the_zero_line_of_the_learned_fiedler_vector_lies_on_nystroms() {
    let snapshot = trained("moons", |_| ());
    let (map, _) = map(&snapshot, 192);
    let gaps = zero_gaps(&map, &Familiar::of(snapshot.scaled.view(), 0));
    assert!(gaps.len() > 20, "the line passes between the samples: {}", gaps.len());
    let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
    let most = gaps.iter().copied().fold(0.0, f64::max);
    assert!(mean < 0.02, "mean {mean}, most {most} of {}", gaps.len());
}

#[test]
fn a_sample_lands_where_it_is_and_a_far_place_is_unlike() {
    let snapshot = trained("circles", |_| ());
    let (map, placers) = map(&snapshot, 64);
    assert_eq!(map.values.len(), 64 * 64);
    let familiar = Familiar::of(snapshot.scaled.view(), 0);
    let both = [Some(&placers[0]), Some(&placers[1])];
    for sample in [0, 400, 999] {
        let landed = Landed::of(snapshot.scaled.row(sample).to_vec(), both, &familiar);
        assert!(landed.strangeness < 1.0);
        for (place, side) in landed.sides.iter().zip([&snapshot.learned, &snapshot.exact]) {
            let (place, side) = (place.as_ref().expect("a place"), side.as_ref().expect("a side"));
            for (value, known) in place.values.iter().zip(side.space.vectors.row(sample)) {
                assert!((value - known).abs() < 2e-3, "sample {sample}: {value} {known}");
            }
        }
    }
    let far = Landed::of(vec![9.0, 9.0], both, &familiar);
    assert!(far.strangeness > 10.0);
    assert!(Plane::of(&snapshot, [Axis::Input(0), Axis::Input(0)], None).is_none(), "one feature is no plane");
}

#[test]
fn two_chosen_features_hold_the_others_at_a_sample() {
    let snapshot = trained("digits", |r| (r.limit, r.learn) = (400, false));
    let plane = Plane::of(&snapshot, [Axis::Feature(20), Axis::Feature(30)], Some(7)).expect("two features");
    let row = plane.row([0.25, 0.75]);
    for (j, (&value, &held)) in row.iter().zip(snapshot.scaled.row(7)).enumerate() {
        let wanted = if j == 20 {
            0.25
        } else if j == 30 {
            0.75
        } else {
            held
        };
        assert_eq!(value, wanted, "feature {j}");
    }
    assert!(Plane::of(&snapshot, [Axis::Input(0), Axis::Input(1)], None).is_none(), "components are no features");
    let exact = Placer::of(Side::Exact, &snapshot).expect("an exact side");
    let map = Map::of(&plane, 16, Shows::Clusters, Side::Exact, [None, Some(&exact)]).expect("a map");
    assert_eq!(map.clusters.len(), 256);
}
