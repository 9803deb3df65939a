use std::path::PathBuf;

use ndarray::array;

use super::*;
use crate::Recipe;
use crate::data::raw::Raw;
use crate::support::progress::Progress;

/// A set of nothing but these features.
pub(in crate::data) fn dataset(features: Array2<f32>) -> Dataset {
    let columns = crate::data::table::numbered(features.ncols());
    let raw = Raw::new("test".into(), PathBuf::from("test"), features, columns);
    raw.finish(&Recipe::default(), &Progress::silent()).expect("valid data")
}

#[test]
fn standardised_columns_have_mean_0_and_deviation_1_also_far_from_0() {
    let data = dataset(array![[1.0, 1_000_001.0], [2.0, 1_000_002.0], [3.0, 1_000_003.0], [6.0, 1_000_006.0]]);
    let scaled = Scaler::fit(&data, Scaling::Auto).scaled(&data.features);
    for column in scaled.columns() {
        assert!(column.sum().abs() < 1e-4);
        assert!((column.iter().map(|v| v * v).sum::<f32>() / 4.0 - 1.0).abs() < 1e-4);
    }
}

#[test]
fn constant_and_extreme_columns_stay_finite() {
    let data = dataset(array![[7.1, f32::MAX, 0.0], [7.1, f32::MIN, 1e-45], [7.1, 0.0, 0.0]]);
    for scaling in [Scaling::Standardize, Scaling::Range, Scaling::Unit, Scaling::None] {
        let scaled = Scaler::fit(&data, scaling).scaled(&data.features);
        assert!(scaled.iter().all(|v| v.is_finite()), "{scaling:?}: {scaled}");
        assert!(scaling == Scaling::Unit || scaled.column(0).iter().all(|v| *v == scaled[[0, 0]]));
    }
}

#[test]
fn bytes_and_numbers_are_scaled_alike_and_only_what_changes_is_copied() {
    let values = array![[0.0, 255.0], [17.0, 3.0], [4.0, 90.0]];
    for scaling in [Scaling::Standardize, Scaling::Range, Scaling::Unit, Scaling::None] {
        let data = dataset(values.clone());
        let scaler = Scaler::fit(&data, scaling);
        assert!(matches!(*data.features, Features::Bytes(_)));
        assert_eq!(*scaler.scaled(&data.features), scaler.apply(values.view()), "{scaling:?}");
        let numbers = Features::Numbers(Arc::new(values.clone()));
        assert_eq!(scaler.scaled(&numbers), scaler.scaled(&data.features));
        let same = Arc::ptr_eq(&scaler.scaled(&numbers), &numbers.numbers());
        assert_eq!(same, scaling == Scaling::None);
    }
}

#[test]
fn counts_are_weighed_as_scikit_learn_weighs_them() {
    let counts = array![[2.0, 1.0, 0.0], [1.0, 0.0, 1.0], [3.0, 0.0, 0.0], [0.0, 0.0, 0.0]];
    let data = dataset(counts);
    let scaler = Scaler::fit(&data, Scaling::TfIdf);
    // `TfidfTransformer().fit(counts).idf_`, and what it makes of them.
    let idf = [1.223_143_55, 1.916_290_73, 1.916_290_73];
    assert!(scaler.factor.iter().zip(idf).all(|(found, wanted)| (found - wanted).abs() < 1e-8));
    let wanted =
        array![[0.787_222_98, 0.616_668_46, 0.0], [0.538_028_97, 0.0, 0.842_926_35], [1.0, 0.0, 0.0], [0.0; 3]];
    let scaled = scaler.scaled(&data.features);
    assert!(scaled.iter().zip(&wanted).all(|(&found, wanted): (_, &f64)| (f64::from(found) - wanted).abs() < 1e-7));
}

#[test]
fn another_answer_of_few_rows_counts_as_one_deviation_however_rare() {
    // A number, a rare flag, a question of three answers.
    let x = Array2::from_shape_fn((12, 5), |(i, j)| match j {
        0 => i as f32,
        1 => f32::from(u8::from(i == 5)),
        _ => f32::from(u8::from(i % 3 == j - 2)),
    });
    let data = dataset(x);
    let scaled = Scaler::fit(&data, Scaling::Mixed).scaled(&data.features);
    let apart = |a: usize, b: usize, from: usize, to: usize| -> f32 {
        (from..to).map(|j| (scaled[[a, j]] - scaled[[b, j]]).powi(2)).sum()
    };
    let deviation: f32 = scaled.column(0).iter().map(|v| v * v).sum::<f32>() / 12.0;
    assert!((deviation - 1.0).abs() < 1e-5 && (apart(5, 6, 1, 2) - 1.0).abs() < 1e-5);
    assert!((apart(0, 1, 2, 5) - 1.0).abs() < 1e-5 && apart(0, 3, 2, 5) < 1e-9);
    assert!(scaled.columns().into_iter().all(|column| column.sum().abs() < 1e-4));
}

#[test]
fn range_divides_all_columns_by_one_number() {
    let data = dataset(array![[1.0, -4.0], [2.0, 2.0]]);
    assert_eq!(*Scaler::fit(&data, Scaling::Range).scaled(&data.features), array![[0.25, -1.0], [0.5, 0.5]]);
}

#[test]
fn unit_brings_every_row_to_length_1_and_leaves_zeros() {
    let data = dataset(array![[3.0, -4.0], [0.0, 0.0], [f32::MAX, f32::MAX], [1e-30, 0.0]]);
    let scaled = Scaler::fit(&data, Scaling::Unit).scaled(&data.features);
    let half = 0.5_f32.sqrt();
    assert_eq!(*scaled, array![[0.6, -0.8], [0.0, 0.0], [half, half], [1.0, 0.0]]);
}

#[test]
fn a_scaler_of_an_earlier_version_is_read() {
    let scaler: Scaler = serde_json::from_str(r#"{"shift":[1.0],"factor":[2.0]}"#).expect("reads");
    assert_eq!(scaler.apply(array![[3.0_f32]].view()), array![[4.0]]);
}

#[test]
fn it_is_written_and_read_again() {
    let data = dataset(array![[1.0, -4.0], [2.0, 2.0]]);
    let scaler = Scaler::fit(&data, Scaling::Standardize);
    let text = serde_json::to_string(&scaler).expect("serialises");
    assert_eq!(serde_json::from_str::<Scaler>(&text).expect("reads"), scaler);
}

/// Two rings around a place, `n` points in all.
fn rings(n: usize, centre: [f64; 2]) -> Array2<f64> {
    Array2::from_shape_fn((n, 2), |(i, j)| {
        let angle = i as f64 * 0.7;
        centre[j] + [angle.cos(), angle.sin()][j] * if i % 2 == 0 { 1.0 } else { 2.5 }
    })
}

#[test]
fn metres_of_a_map_are_scaled_like_the_same_points_around_0() {
    let [far, near] = [[388_096.0, 5_948_996.0], [0.0, 0.0]].map(|centre| {
        let mut data = dataset(array![[0.0, 0.0], [1.0, 1.0]]);
        data.features = Arc::new(Features::exact(rings(600, centre)));
        data
    });
    for scaling in [Scaling::Standardize, Scaling::None, Scaling::Range] {
        let [far, near] = [&far, &near].map(|data| Scaler::fit(data, scaling).scaled(&data.features));
        let off = far.row(0).to_owned() - near.row(0);
        for (a, b) in far.rows().into_iter().zip(near.rows()) {
            let apart = (&a - &b - &off).mapv(f32::abs);
            // The largest value around 0 is not quite that around the middle of the values.
            let most = if scaling == Scaling::Range { 1e-4 } else { 1e-5 };
            assert!(apart.iter().all(|&v| v < most), "{scaling:?}: {apart}");
        }
    }
}

#[test]
fn numbers_outside_single_precision_are_standardised() {
    for unit in [1e-50_f64, 1e-200, 1e40, 1e200, 1.0] {
        let mut data = dataset(array![[0.0], [1.0]]);
        data.features = Arc::new(Features::exact(array![[unit], [3.0 * unit], [1.1 * unit], [2.9 * unit]]));
        let scaled = Scaler::fit(&data, Scaling::Standardize).scaled(&data.features);
        assert!(scaled[[0, 0]] < -0.5 && scaled[[1, 0]] > 0.5, "{unit}: {scaled}");
        assert!(scaled.iter().all(|v| v.abs() < 2.0), "{unit}: {scaled}");
    }
}
