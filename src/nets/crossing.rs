//! What goes between this machine's memory and the training device's: the one place where numbers are sent up and read back, and where
//! both are counted. Every read waits for the device, which then has nothing to do while the host works: so what a step costs is told by
//! bytes up, bytes down and waits.
//!
//! Counted are the numbers of tensors. What a driver sends along with a kernel, such as shapes, is not.

use std::cell::Cell;
use std::time::Instant;

use burn::tensor::{Device, Int, Tensor, TensorData};
use ndarray::{Array2, ArrayView2};

use crate::{Error, Result};

/// Bytes of a number, and of an index.
const WORD: u64 = 4;

/// What crossed, on one thread: burn keeps its streams per thread, and a training belongs to one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Crossed {
    /// Bytes sent to the device.
    pub up: u64,
    /// Bytes read back.
    pub down: u64,
    /// Times that the host waited for the device.
    pub waits: u64,
    /// Seconds that it waited.
    pub waited: f64,
}

/// The same of the steps of trainings alone, without the looks between them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Steps {
    /// Steps taken.
    pub count: u64,
    /// Steps in which the host waited.
    pub waiting: u64,
    /// What crossed in them.
    pub crossed: Crossed,
}

thread_local! {
    static CROSSED: Cell<Crossed> = const { Cell::new(Crossed { up: 0, down: 0, waits: 0, waited: 0.0 }) };
    static STEPS: Cell<Steps> =
        const { Cell::new(Steps { count: 0, waiting: 0, crossed: Crossed { up: 0, down: 0, waits: 0, waited: 0.0 } }) };
}

impl Crossed {
    /// What crossed on this thread so far.
    #[must_use]
    pub fn now() -> Self {
        CROSSED.get()
    }

    /// What crossed since `before`.
    #[must_use]
    pub fn since(self, before: Self) -> Self {
        Self {
            up: self.up - before.up,
            down: self.down - before.down,
            waits: self.waits - before.waits,
            waited: self.waited - before.waited,
        }
    }
}

impl Steps {
    /// Those of this thread so far.
    #[must_use]
    pub fn now() -> Self {
        STEPS.get()
    }

    /// Those since `before`.
    #[must_use]
    pub fn since(self, before: Self) -> Self {
        let crossed = self.crossed.since(before.crossed);
        Self { count: self.count - before.count, waiting: self.waiting - before.waiting, crossed }
    }
}

/// Takes a training's step and counts what it sends and reads.
///
/// # Errors
/// Those of the step.
pub fn step<T>(take: impl FnOnce() -> Result<T>) -> Result<T> {
    let before = Crossed::now();
    let taken = take();
    let own = Crossed::now().since(before);
    let Steps { count, waiting, crossed } = STEPS.get();
    STEPS.set(Steps {
        count: count + 1,
        waiting: waiting + u64::from(own.waits > 0),
        crossed: Crossed {
            up: crossed.up + own.up,
            down: crossed.down + own.down,
            waits: crossed.waits + own.waits,
            waited: crossed.waited + own.waited,
        },
    });
    taken
}

fn sent(numbers: usize) {
    let crossed = CROSSED.get();
    CROSSED.set(Crossed { up: crossed.up + numbers as u64 * WORD, ..crossed });
}

/// A host vector on a device.
#[must_use]
pub fn vector(values: &[f32], device: &Device) -> Tensor<1> {
    sent(values.len());
    Tensor::from_data(TensorData::new(values.to_vec(), [values.len()]), device)
}

/// A host matrix on a device.
#[must_use]
pub fn tensor(values: ArrayView2<'_, f32>, device: &Device) -> Tensor<2> {
    sent(values.len());
    let shape = [values.nrows(), values.ncols()];
    let values = values.as_slice().map_or_else(|| values.iter().copied().collect(), <[f32]>::to_vec);
    Tensor::from_data(TensorData::new(values, shape), device)
}

/// Numbers of rows on a device, to gather them there.
#[must_use]
pub fn indices(rows: &[u32], device: &Device) -> Tensor<1, Int> {
    sent(rows.len());
    let rows: Vec<i32> = rows.iter().map(|&row| row as i32).collect();
    let length = rows.len();
    Tensor::from_data(TensorData::new(rows, [length]), device)
}

/// A device vector on the host.
///
/// # Errors
/// [`Error::Device`] when it cannot be read back.
pub fn numbers<const D: usize>(values: Tensor<D>) -> Result<Vec<f32>> {
    let started = Instant::now();
    let values = values.try_into_vec_as::<f32>().map_err(lost)?;
    let crossed = CROSSED.get();
    CROSSED.set(Crossed {
        down: crossed.down + values.len() as u64 * WORD,
        waits: crossed.waits + 1,
        waited: crossed.waited + started.elapsed().as_secs_f64(),
        ..crossed
    });
    Ok(values)
}

/// A device matrix on the host.
///
/// # Errors
/// [`Error::Device`] when it cannot be read back.
pub fn matrix(values: Tensor<2>) -> Result<Array2<f32>> {
    let shape = values.dims();
    Array2::from_shape_vec(shape, numbers(values)?).map_err(lost)
}

/// What is said when numbers do not come back from a device as they should.
pub(super) fn lost(why: impl std::fmt::Debug) -> Error {
    Error::Device(format!("the training device gave no numbers back ({why:?}); --device cpu trains without it"))
}

/// A number that was worked out.
#[derive(Clone, Debug)]
pub enum Value {
    /// On the host.
    Here(f64),
    /// On the device, where nobody has read it.
    There(Box<Tensor<1>>),
}

/// The mean of values that steps leave on the device, without a wait in any of them. On the CPU each is added in f64 as it comes.
#[derive(Debug, Default)]
pub struct Tally {
    sum: f64,
    count: u32,
    there: Option<Tensor<1>>,
}

impl Tally {
    /// Adds the value of a tensor of one number.
    ///
    /// # Errors
    /// [`Error::Device`] when it cannot be read.
    pub fn add(&mut self, value: &Tensor<1>) -> Result<()> {
        let value = value.clone().inner();
        let here = value.device() == Device::flex();
        self.add_from(value, here)
    }

    /// Adds a value wherever it is.
    ///
    /// # Errors
    /// As [`Tally::add`].
    pub fn add_value(&mut self, value: &Value) -> Result<()> {
        match value {
            Value::Here(value) => {
                self.count += 1;
                self.sum += value;
                Ok(())
            }
            Value::There(value) => self.add(value),
        }
    }

    fn add_from(&mut self, value: Tensor<1>, here: bool) -> Result<()> {
        self.count += 1;
        if here {
            self.sum += numbers(value)?.first().copied().map_or(f64::NAN, f64::from);
        } else {
            self.there = Some(match self.there.take() {
                Some(sum) => sum + value,
                None => value,
            });
        }
        Ok(())
    }

    /// The mean of what was added, `None` where nothing was; it stays.
    ///
    /// # Errors
    /// [`Error::Device`] when it cannot be read.
    pub fn mean(&mut self) -> Result<Option<f64>> {
        if let Some(there) = self.there.take() {
            self.sum += numbers(there)?.first().copied().map_or(f64::NAN, f64::from);
        }
        Ok((self.count > 0).then(|| self.sum / f64::from(self.count)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_crosses_is_counted_once_and_steps_apart_from_looks() {
        let device = Device::flex();
        let (before, steps) = (Crossed::now(), Steps::now());
        let there = tensor(Array2::<f32>::ones((5, 3)).view(), &device);
        let taken = step(|| {
            let picked = there.clone().select(0, indices(&[4, 0], &device));
            matrix(picked + vector(&[1.0, 2.0, 3.0], &device).unsqueeze::<2>())
        });
        assert_eq!(taken.expect("read back").row(1).to_vec(), [2.0, 3.0, 4.0]);
        step(|| Ok(())).expect("nothing fails");
        let (all, steps) = (Crossed::now().since(before), Steps::now().since(steps));
        assert_eq!((all.up, all.down, all.waits), (4 * (15 + 2 + 3), 4 * 6, 1));
        assert_eq!((steps.count, steps.waiting), (2, 1));
        assert_eq!((steps.crossed.up, steps.crossed.down), (4 * 5, 4 * 6));
    }

    #[test]
    fn a_mean_is_the_same_wherever_it_is_added() {
        let device = Device::flex();
        let mean = |here| {
            let mut tally = Tally::default();
            assert_eq!(tally.mean().expect("nothing to read"), None);
            let before = Crossed::now();
            for value in [1.0, 2.5, -0.5] {
                tally.add_from(vector(&[value], &device), here).expect("read");
            }
            let waits = Crossed::now().since(before).waits;
            (tally.mean().expect("read"), waits)
        };
        assert_eq!((mean(true), mean(false)), ((Some(1.0), 3), (Some(1.0), 0)));
    }
}
