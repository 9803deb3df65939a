//! The looks of a training in a file, as many as a bounded number of bytes holds.

use serde::{Deserialize, Serialize};

use super::{Agreement, Side};
use crate::pipeline::{CurvePoint, Recorded, Recording};

/// Bytes that the looks of a project take at most.
const HEAVIEST: usize = 16 << 20;
/// Looks that a file may tell of.
const MOST: usize = 200;

/// One look: the learned side as it was. The network is not kept, so the map over the plane is not drawn of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Look {
    step: u64,
    steps: u64,
    point: CurvePoint,
    side: Side,
    agreement: Option<Agreement>,
}

impl Look {
    /// Those of a recording that are kept.
    pub(super) fn all(recording: &Recording) -> Vec<Self> {
        recording.within(HEAVIEST).looks().iter().map(|look| Self::of(look)).collect()
    }

    /// About how many bytes they take.
    pub(super) fn weigh(recording: &Recording) -> usize {
        recording.bytes_alone().min(HEAVIEST)
    }

    fn of(look: &Recorded) -> Self {
        Self {
            step: look.step as u64,
            steps: look.steps as u64,
            point: look.point,
            side: Side::of(&look.solution()),
            agreement: look.agreement.as_ref().map(Agreement::of),
        }
    }

    /// Whether they are looks at so many samples, in their order.
    pub(super) fn check_all(looks: &[Self], samples: u64) -> Result<(), String> {
        if looks.len() > MOST || !looks.is_sorted_by(|a, b| a.step < b.step) {
            return Err("the looks of its training are not in order".to_owned());
        }
        for look in looks {
            look.side.check(samples)?;
            look.agreement.as_ref().map_or(Ok(()), Agreement::check)?;
        }
        Ok(())
    }

    /// The recording that they make of so many samples.
    pub(super) fn recording(looks: &[Self], samples: usize) -> Result<Recording, String> {
        let recorded = |look: &Self| {
            let side = look.side.solution(samples)?;
            let agreement = look.agreement.as_ref().map(Agreement::measured);
            Ok(Recorded::again((look.step as usize, look.steps as usize), look.point, &side, agreement))
        };
        let looks: Vec<Recorded> = looks.iter().map(recorded).collect::<Result<_, String>>()?;
        Ok(if looks.is_empty() { Recording::default() } else { Recording::of(looks) })
    }
}
