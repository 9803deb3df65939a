//! Pictures that do not flip: learned columns turned to lie on the exact ones where only their span means anything.

use faer::Mat;
use ndarray::{Array2, ArrayView2, Axis, Slice};

use super::groups::ranges;

/// Rotates the learned columns of each group of coinciding eigenvalues onto the reference columns (orthogonal Procrustes
/// in the inner product of `mass`; Schönemann, 1966), and turns the sign of columns that stand alone. For the picture only:
/// the span of each group, and so every figure, stays as it is. `groups` as from [`super::groups()`].
///
/// Reference and learned must have as many rows as `mass`; columns that one of the two does not have are left.
pub fn procrustes(reference: ArrayView2<'_, f64>, learned: &mut Array2<f64>, groups: &[usize], mass: &[f64]) {
    let shared = learned.ncols().min(reference.ncols()).min(groups.len());
    for group in ranges(&groups[..shared]) {
        let size = group.len();
        let columns = Slice::from(group);
        let guide = reference.slice_axis(Axis(1), columns);
        let own = learned.slice_axis(Axis(1), columns).to_owned();
        let mut weighted = guide.to_owned();
        for (mut row, m) in weighted.rows_mut().into_iter().zip(mass) {
            row.mapv_inplace(|v| v * m);
        }
        let overlap = own.t().dot(&weighted);
        let Ok(svd) = Mat::from_fn(size, size, |i, j| overlap[(i, j)]).svd() else {
            continue;
        };
        let turn = svd.U() * svd.V().transpose();
        let turn = Array2::from_shape_fn((size, size), |(i, j)| turn[(i, j)]);
        learned.slice_axis_mut(Axis(1), columns).assign(&own.dot(&turn));
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn signs_follow_the_reference_under_the_mass() {
        let mut heavy = array![[-1.0, 1.0], [1.0, 1.0]];
        procrustes(array![[1.0, 1.0], [1.0, 1.0]].view(), &mut heavy, &[0, 1], &[3.0, 1.0]);
        assert_eq!(heavy.column(0), array![1.0, -1.0], "the heavy first row decides");
    }

    #[test]
    fn a_turned_pair_is_turned_back_and_single_columns_only_flip() {
        let reference = array![[1.0, 1.0, 1.0], [1.0, 1.0, -1.0], [1.0, -1.0, 1.0], [1.0, -1.0, -1.0]];
        let (sin, cos) = 2.0_f64.sin_cos();
        let mut learned = reference.clone();
        for mut row in learned.rows_mut() {
            let (a, b) = (row[1], row[2]);
            row[0] = -row[0];
            row[1] = cos * a - sin * b;
            row[2] = -(sin * a + cos * b);
        }
        procrustes(reference.view(), &mut learned, &[0, 1, 1], &[1.0; 4]);
        assert!((&learned - &reference).iter().all(|d| d.abs() < 1e-12), "{learned}");
        let mut alone = array![[1.0, -0.8], [1.0, -0.6]];
        procrustes(array![[1.0, 0.6], [1.0, 0.8]].view(), &mut alone, &[0, 1], &[1.0, 1.0]);
        assert!((&alone - &array![[1.0, 0.8], [1.0, 0.6]]).iter().all(|d| d.abs() < 1e-12), "{alone}");
    }

    #[test]
    fn fewer_learned_columns_are_no_error() {
        let mut learned = Array2::zeros((3, 1));
        procrustes(Array2::ones((3, 2)).view(), &mut learned, &[0, 0], &[1.0; 3]);
        assert_eq!(learned.dim(), (3, 1));
    }
}
