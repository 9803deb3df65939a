//! Arrays: NumPy's NPY and NPZ, and IDX, the format of MNIST.

pub(super) mod idx;
pub(super) mod npy;
pub(super) mod npy_header;
pub(super) mod npy_records;
pub(super) mod npz;
pub(super) mod npz_columns;
