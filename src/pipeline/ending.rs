//! How a training ended, judged without labels.

use serde::{Deserialize, Serialize};

use crate::pipeline::CurvePoint;

/// How a training ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// The network kept spans the exact eigenspace, or nearly so.
    Converged,
    /// All steps were taken, and there is no exact eigenspace of the same problem to measure the network by.
    Complete,
    /// A person ended it before its last step.
    Stopped,
    /// All steps were taken, and the network is still far from the exact eigenspace.
    NotConverged,
    /// Outputs are no longer finite, or the loss is higher than where it began.
    Diverged,
}

/// Largest Grassmann distance per dimension of a network that counts as converged.
pub const CLOSE: f64 = 0.05;

/// A loss so many times that of the first look has grown, noise aside.
const GROWN: f64 = 1.05;

impl Ending {
    /// Judges a training by its looks, oldest first, and by the Grassmann distance per dimension of the network that was kept to the
    /// exact eigenspace of the same problem, where there is one.
    #[must_use]
    pub fn of(stopped: bool, curve: &[CurvePoint], distance: Option<f64>) -> Self {
        if stopped {
            return Self::Stopped;
        }
        match distance {
            Some(distance) if distance <= CLOSE => Self::Converged,
            _ if diverged(curve) => Self::Diverged,
            Some(_) => Self::NotConverged,
            None => Self::Complete,
        }
    }
}

fn diverged(curve: &[CurvePoint]) -> bool {
    let Some(last) = curve.last() else { return false };
    // Losses after walks of other lengths do not compare.
    let first = curve.iter().find(|point| point.walk == last.walk).unwrap_or(last);
    !last.loss.is_finite() || last.loss > GROWN * first.loss
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_end_is_told_from_the_others() {
        let curve = |losses: &[f64]| -> Vec<CurvePoint> {
            losses.iter().map(|&loss| CurvePoint { loss, ..CurvePoint::default() }).collect()
        };
        let (falls, grows, breaks) = (curve(&[0.9, 0.3]), curve(&[0.9, 0.95]), curve(&[0.9, f64::NAN]));
        assert_eq!(Ending::of(true, &falls, Some(0.001)), Ending::Stopped);
        assert_eq!(Ending::of(false, &falls, Some(0.001)), Ending::Converged);
        assert_eq!(Ending::of(false, &falls, Some(0.86)), Ending::NotConverged);
        assert_eq!(Ending::of(false, &falls, None), Ending::Complete);
        for worse in [&grows, &breaks] {
            assert_eq!(Ending::of(false, worse, Some(0.86)), Ending::Diverged);
            assert_eq!(Ending::of(false, worse, None), Ending::Diverged);
            assert_eq!(Ending::of(false, worse, Some(0.01)), Ending::Converged, "an earlier network was kept");
        }
        let mut other_walk = grows.clone();
        other_walk[1].walk = 8;
        assert_eq!(Ending::of(false, &other_walk, None), Ending::Complete);
    }
}
