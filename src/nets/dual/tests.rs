use ndarray::{Array2, array};

use super::*;
use crate::nets::check::read;

fn shape(image: Option<ImageShape>) -> Shape {
    Shape {
        image,
        features: image.map_or(4, |i| i.width * i.height * i.channels),
        layers: vec![6],
        latent: 3,
        parts: 2,
        head: (vec![5, 2], Activation::Tanh),
        bounded: image.is_some(),
    }
}

fn numbers(rows: usize, columns: usize, phase: f32) -> Array2<f32> {
    Array2::from_shape_fn((rows, columns), |(i, j)| 0.5 + 0.5 * (i as f32 * 2.3 + j as f32 * 1.7 + phase).sin())
}

const WEIGHTS: TermWeights = TermWeights { relative: 0.5, mutual: 0.1, prior: 0.3 };
const TERMS: [&str; 5] = ["reconstruction", "relative", "global", "local", "prior"];

fn term(costs: Costs, which: usize) -> Option<Tensor<1>> {
    match which {
        0 => Some(costs.reconstruction),
        1 => costs.relative,
        2 => costs.global,
        3 => costs.local,
        _ => costs.prior,
    }
}

/// One term for rows `x`, with everything else fixed.
fn cost(shape: &Shape, x: Tensor<2>, which: usize, device: &Device) -> Option<Tensor<1>> {
    let rows = x.dims()[0];
    let net = Dual::random(shape, 5, device);
    let clean = tensor(numbers(rows, shape.features, 0.4).view(), device);
    let noise = tensor((numbers(rows, shape.latent, 2.0) - 0.5).view(), device);
    term(net.costs(&net.encode(x), clean, noise, &WEIGHTS), which)
}

#[test]
fn each_terms_gradient_is_the_slope_of_its_value_through_all_layers() {
    let (flex, device) = (Device::flex(), Device::flex().autodiff());
    for image in [None, Some(ImageShape { width: 3, height: 2, channels: 1 })] {
        let shape = shape(image);
        let x = numbers(3, shape.features, 1.0);
        for (which, name) in TERMS.iter().enumerate() {
            if image.is_none() && *name == "local" {
                continue;
            }
            let tracked = tensor(x.view(), &device).require_grad();
            let value = cost(&shape, tracked.clone(), which, &device).expect("it is switched on");
            let gradient = read(tracked.grad(&value.backward()).expect("it was tracked"));
            let largest = gradient.iter().fold(0.0_f32, |a, g| a.max(g.abs()));
            assert!(largest > 0.0, "{name}");
            let mut errors = Vec::new();
            for (at, slope) in gradient.indexed_iter() {
                let moved = |by: f32| {
                    let mut x = x.clone();
                    x[at] += by;
                    let value = cost(&shape, tensor(x.view(), &flex), which, &flex).expect("it is switched on");
                    f64::from(value.into_scalar::<f32>())
                };
                let found = (moved(4e-3) - moved(-4e-3)) / 8e-3;
                errors.push((found - f64::from(*slope)).abs() / f64::from(largest));
            }
            // A rectifier's corner may lie within a step of some entries; a wrong gradient is wrong in all of them.
            errors.sort_by(f64::total_cmp);
            let most = errors[errors.len() * 2 / 3];
            assert!(most < 0.02, "{name}, {image:?}: {errors:?}");
        }
    }
}

#[test]
fn the_prior_is_the_formula() {
    let device = Device::flex();
    let (mean, log_variance) = (array![[0.5_f32, -1.0], [2.0, 0.0]], array![[0.1_f32, -0.4], [0.0, 0.3]]);
    let means = array![[0.0_f32, 0.0], [1.0, -0.5], [3.0, 0.2]];
    let value = |parts: &Array2<f32>| {
        let [m, l, p] = [&mean, &log_variance, parts].map(|a| tensor(a.view(), &device));
        f64::from(prior::divergence(m, l, p).into_scalar::<f32>())
    };
    let want = |parts: &Array2<f32>| {
        let row = |b: usize| {
            let kl = |c: usize| {
                (0..2)
                    .map(|d| {
                        let (m, l) = (f64::from(mean[[b, d]] - parts[[c, d]]), f64::from(log_variance[[b, d]]));
                        0.5 * (m * m + l.exp() - 1.0 - l)
                    })
                    .sum::<f64>()
            };
            let shares: f64 = (0..parts.nrows()).map(|c| (-kl(c)).exp()).sum();
            -(shares / parts.nrows() as f64).ln()
        };
        f64::midpoint(row(0), row(1))
    };
    assert!((value(&means) - want(&means)).abs() < 1e-5);
    let one = array![[0.0_f32, 0.0]];
    assert!((value(&one) - want(&one)).abs() < 1e-5, "one part is the normal law");
}

#[test]
fn a_critic_learns_to_tell_codes_apart_and_chance_is_two_ln_two() {
    use burn::optim::{AdamConfig, GradientsParams};
    let device = Device::flex().autodiff();
    let x = tensor((numbers(32, 3, 0.0) - 0.5).view(), &device);
    let mut critic = Critic::random(3, 3, 1, &device);
    let mut optimizer = AdamConfig::new().init();
    let first = f64::from(critic.cost(x.clone(), x.clone()).into_scalar::<f32>());
    for _ in 0..200 {
        let gradients = GradientsParams::from_grads(critic.cost(x.clone(), x.clone()).backward(), &critic);
        critic = optimizer.step(0.01, critic, gradients);
    }
    let last = f64::from(critic.cost(x.clone(), x.clone()).into_scalar::<f32>());
    assert!((first - 2.0 * std::f64::consts::LN_2).abs() < 0.3, "{first}");
    assert!(last < 0.7 * first, "{first} and then {last}");
}

#[test]
fn the_encoder_on_the_host_gives_the_means_and_fits_its_rows() {
    let device = Device::flex();
    for image in [None, Some(ImageShape { width: 5, height: 7, channels: 3 })] {
        let shape = shape(image);
        let net = Dual::random(&shape, 2, &device);
        let x = numbers(4, shape.features, 0.3);
        let encoder = net.encoder().expect("read back");
        assert_eq!(encoder.width_after(shape.features), Some(3));
        assert_eq!(encoder.width_after(shape.features + 1), None);
        let codes = encoder.codes(x.view(), &device).expect("read back");
        let means = read(net.encode(tensor(x.view(), &device)).mean);
        assert!((&codes - &means).iter().all(|e| e.abs() < 1e-5));
        assert_eq!(net.decode(tensor(codes.view(), &device)).dims(), [4, shape.features]);
        assert_eq!(net.head(tensor(codes.view(), &device)).dims(), [4, 2]);
    }
}

#[test]
fn terms_of_no_weight_are_not_computed_and_the_rest_adds_up() {
    let device = Device::flex();
    let shape = shape(None);
    let net = Dual::random(&shape, 2, &device);
    let x = tensor(numbers(4, 4, 0.3).view(), &device);
    let noise = tensor(numbers(4, 3, 0.3).view(), &device);
    let costs = |weights: &TermWeights| net.costs(&net.encode(x.clone()), x.clone(), noise.clone(), weights);
    let none = costs(&TermWeights { relative: 0.0, mutual: 0.0, prior: 0.0 });
    assert!(none.relative.is_none() && none.global.is_none() && none.prior.is_none());
    let all = costs(&WEIGHTS);
    let value = |t: &Option<Tensor<1>>| t.as_ref().map_or(0.0, |t| f64::from(t.clone().into_scalar::<f32>()));
    let sum = value(&Some(all.reconstruction.clone()))
        + 0.5 * value(&all.relative)
        + 0.1 * value(&all.global)
        + 0.3 * value(&all.prior);
    assert!((f64::from(all.total(&WEIGHTS).into_scalar::<f32>()) - sum).abs() < 1e-4);
    assert!((value(&Some(none.reconstruction)) - value(&Some(all.reconstruction))).abs() < 1e-5);
}
