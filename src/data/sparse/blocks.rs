//! Sparse matrices of SciPy's rarer formats: blocks (bsr), diagonals (dia), and coordinates in one array.

use super::matrix::check_count;
use super::npz::{Archive, Take, values};
use crate::data::arrays::npz::reopen;
use crate::{Error, Result};

impl Archive<'_> {
    /// An array of so many dimensions: their lengths and its numbers, row by row.
    fn shaped<const N: usize>(&self, name: &str, size: (u64, u64)) -> Result<([usize; N], Vec<f64>)> {
        let (input, header) = reopen(self.path, self.member(name)?)?;
        let Ok(shape) = <[usize; N]>::try_from(header.shape.as_slice()) else {
            let message = format!("array `{name}` has shape {:?} and should have {N} dimensions", header.shape);
            return Err(Error::format(self.path, message));
        };
        if header.fortran && N > 1 {
            return Err(Error::format(self.path, format!("array `{name}` lies column by column, which is not read")));
        }
        check_count(self.path, header.values as u64, size)?;
        self.check_memory(header.values)?;
        Ok((shape, values(input, &header)?))
    }

    /// Two rows of indices, those of rows and those of columns, and a value for each.
    pub(super) fn coords(&self, size: (u64, u64), take: Take<'_>) -> Result<()> {
        let ([data_length], data) = self.shaped::<1>("data", size)?;
        let ([both, entries], places) = self.shaped::<2>("coords", (size.0.max(2), size.1.saturating_mul(2)))?;
        if both != 2 || entries != data_length {
            let message = format!(
                "array `coords` has shape ({both}, {entries}) and {data_length} entries need (2, {data_length})"
            );
            return Err(Error::format(self.path, message));
        }
        let (rows, columns) = places.split_at(entries);
        for (at, ((&row, &column), &value)) in rows.iter().zip(columns).zip(&data).enumerate() {
            take(at, (self.index("coords", at, row, size.0)?, self.index("coords", at, column, size.1)?, value))?;
        }
        Ok(())
    }

    /// Blocks of rows one after the other, each of dense blocks of one size.
    pub(in crate::data) fn blocks(&self, size: (u64, u64), take: Take<'_>) -> Result<()> {
        let ([blocks, high, wide], data) = self.shaped::<3>("data", size)?;
        let (rows, columns) = (high.max(1) as u64, wide.max(1) as u64);
        if !size.0.is_multiple_of(rows) || !size.1.is_multiple_of(columns) {
            let message = format!("blocks of {high} × {wide} do not fill a matrix of {} × {}", size.0, size.1);
            return Err(Error::format(self.path, message));
        }
        let (input, header) = self.open("indptr")?;
        if header.values as u64 != size.0 / rows + 1 {
            let message = format!(
                "array `indptr` has {} numbers and {} rows of blocks need one more",
                header.values,
                size.0 / rows
            );
            return Err(Error::format(self.path, message));
        }
        self.check_memory(header.values)?;
        let starts = values(input, &header)?;
        let ([indices_length], indices) = self.shaped::<1>("indices", size)?;
        let rises = starts.first() == Some(&0.0) && starts.windows(2).all(|w| w[0] <= w[1] && w[1].fract() == 0.0);
        if !rises || indices_length != blocks || starts.last().copied() != Some(blocks as f64) {
            let message = format!(
                "array `indptr` should rise from 0 to the {blocks} blocks of `data`, and `indices` have as many"
            );
            return Err(Error::format(self.path, message));
        }
        let owners = starts.windows(2).enumerate().flat_map(|(i, w)| std::iter::repeat_n(i, (w[1] - w[0]) as usize));
        for ((at, own), &index) in owners.enumerate().zip(&indices) {
            let index = self.index("indices", at, index, size.1 / columns)? as usize;
            let block = &data[at * high * wide..(at + 1) * high * wide];
            for (place, &value) in block.iter().enumerate().filter(|(_, value)| **value != 0.0) {
                let (row, column) = (own * high + place / wide, index * wide + place % wide);
                take(at * high * wide + place, (row as u32, column as u32, value))?;
            }
        }
        Ok(())
    }

    /// Diagonals, each as far above the middle one as its offset says.
    pub(super) fn diagonals(&self, size: (u64, u64), take: Take<'_>) -> Result<()> {
        let ([diagonals, long], data) = self.shaped::<2>("data", (size.0.saturating_add(size.1), size.1))?;
        let ([count], offsets) = self.shaped::<1>("offsets", (size.0.saturating_add(size.1), 1))?;
        if count != diagonals {
            let message = format!("array `offsets` has {count} numbers and `data` {diagonals} diagonals");
            return Err(Error::format(self.path, message));
        }
        for (at, &offset) in offsets.iter().enumerate() {
            for (column, &value) in data[at * long..(at + 1) * long].iter().enumerate().take(size.1 as usize) {
                let row = column as f64 - offset;
                if value != 0.0 && row >= 0.0 && row < size.0 as f64 {
                    take(at * long + column, (row as u32, column as u32, value))?;
                }
            }
        }
        Ok(())
    }
}
