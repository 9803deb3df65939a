//! faer's dense product on one core, after which that core is as fast as before.
//!
//! faer's kernels (0.24, through `private-gemm-x86` 0.1.22) return with the upper halves of the wide registers in use. Code for narrow
//! ones, which is all that the compiler makes here without being asked, then keeps carrying these halves along: a loop that adds and
//! compares runs at a third of its speed on a Zen 4 core until something clears them.

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};

/// `to = a · b`, or `to + a · b`.
pub(crate) fn multiply<T: faer::traits::ComplexField>(
    to: MatMut<'_, T>,
    how: Accum,
    a: MatRef<'_, T>,
    b: MatRef<'_, T>,
) {
    matmul(to, how, a, b, T::one_impl(), Par::Seq);
    rest();
}

/// Clear the upper halves of the wide registers.
fn rest() {
    #[cfg(target_arch = "x86_64")]
    if let Some(simd) = pulp::x86::V3::try_new() {
        simd.avx._mm256_zeroupper();
    }
}
