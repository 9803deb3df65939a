//! The input as a person sees it: three columns at most.

use ndarray::Array2;

use super::Dataset;

/// Two or three columns that show the input: itself when it is flat enough, else its principal components.
pub(crate) fn input_view(data: &Dataset, scaled: &Array2<f32>, seed: u64) -> (Array2<f32>, [String; 3]) {
    let (n, d) = scaled.dim();
    if d <= 3 {
        let mut view = Array2::zeros((n, 3));
        view.slice_mut(ndarray::s![.., ..d]).assign(scaled);
        let axis = |i: usize| data.columns.get(i).cloned().unwrap_or_default();
        return (view, [axis(0), axis(1), axis(2)]);
    }
    let (view, shares) = super::principal_components(scaled.view(), 3, seed);
    let axis =
        |i: usize| shares.get(i).map_or_else(String::new, |s| format!("component {} ({:.0} %)", i + 1, 100.0 * s));
    (view, [axis(0), axis(1), axis(2)])
}
