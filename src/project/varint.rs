//! Numbers that take as many bytes as they need: seven bits a byte, the lowest first, the highest bit where more follow.

pub(super) fn put(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// The number at the beginning, which is taken off; none where there is no whole one or it is larger than 32 bits hold.
pub(super) fn take(bytes: &mut &[u8]) -> Option<u32> {
    let mut number = 0_u64;
    for shift in (0..35).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return u32::try_from(number).ok();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_come_back_and_long_ones_are_refused() {
        for number in [0, 1, 127, 128, 300, 70_000, u32::MAX] {
            let mut bytes = Vec::new();
            super::put(&mut bytes, number);
            assert_eq!(super::take(&mut bytes.as_slice()), Some(number));
            bytes.pop();
            assert_eq!(super::take(&mut bytes.as_slice()), None);
        }
        assert_eq!(super::take(&mut &[0xff, 0xff, 0xff, 0xff, 0x7f][..]), None);
        assert_eq!(super::take(&mut &[0x80; 9][..]), None);
    }
}
