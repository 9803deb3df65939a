//! A mixture of `K` normal laws of unit variance with learned means as the prior of the code.
//!
//! The divergence of a normal law from a mixture has no closed form. Over all ways to share a sample between the parts its bound
//! `Σ_c r_c KL(p ‖ N(μ_c, I)) + KL(r ‖ uniform)` is least at `r_c ∝ exp(−KL_c)`, where it is `−ln (1/K) Σ_c exp(−KL_c)` (Hershey and
//! Olsen, 2007). With `KL_c = ½ Σ_d (m_d − μ_cd)² + σ_d² − 1 − ln σ_d²` that is the divergence from N(0, I) for `K = 1`.

use burn::tensor::Tensor;

/// Mean over rows of the bound, in nats; `mean` and `log_variance` are `b × latent`, `means` is `K × latent`.
#[must_use]
pub fn divergence(mean: Tensor<2>, log_variance: Tensor<2>, means: Tensor<2>) -> Tensor<1> {
    let rows = mean.dims()[0] as f64;
    let parts = means.dims()[0] as f64;
    let spread = (log_variance.clone().exp() - log_variance).sub_scalar(1.0).sum().mul_scalar(0.5);
    let square = |x: Tensor<2>| (x.clone() * x).sum_dim(1);
    let cross = mean.clone().matmul(means.clone().transpose());
    // −½ ‖m − μ_c‖², `b × K`.
    let near = cross - square(mean).mul_scalar(0.5) - square(means).transpose().mul_scalar(0.5);
    let largest = near.clone().detach().max_dim(1);
    let sum = (near - largest.clone()).exp().sum_dim(1).log() + largest;
    (spread - sum.sum()).div_scalar(rows).add_scalar(parts.ln())
}
