//! Closeness and index in one integer, which sorts faster than a pair.

/// Closeness and index in one integer: entries ascend as closeness falls, and then by index.
#[inline]
pub(super) fn entry(closeness: f32, index: u32) -> u64 {
    let bits = closeness.to_bits();
    // As integers, negative floating-point numbers ascend as they fall; the others are turned round to come before them.
    let rank = if bits >> 31 == 0 { bits ^ (u32::MAX >> 1) } else { bits };
    u64::from(rank) << 32 | u64::from(index)
}

/// The closeness of an [`entry`].
pub(super) fn closeness(entry: u64) -> f32 {
    let rank = (entry >> 32) as u32;
    f32::from_bits(if rank >> 31 == 0 { rank ^ (u32::MAX >> 1) } else { rank })
}

/// The index of an [`entry`].
pub(super) fn place(entry: u64) -> usize {
    entry as u32 as usize
}

/// An [`entry`] for each place.
pub(super) fn order(closeness: &[f32]) -> Vec<u64> {
    closeness.iter().zip(0..).map(|(&c, at)| entry(c, at)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_ascend_as_closeness_falls() {
        let falling = [7.5, 1.0, 1e-30, 0.0, -1e-30, -2.0, -1e30, f32::NEG_INFINITY];
        assert!(falling.is_sorted_by(|&a, &b| entry(a, 9) < entry(b, 3)));
        assert!(entry(1.0, 3) < entry(1.0, 4));
        assert!(falling.iter().all(|&c| closeness(entry(c, 5)).to_bits() == c.to_bits() && place(entry(c, 5)) == 5));
    }
}
