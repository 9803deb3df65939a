//! Which cluster takes which colour, so that one group looks the same on every side.

/// For each of `k` clusters the class it shares most samples with, each class given once, the largest overlap first;
/// clusters beyond the number of classes get the numbers after the last class.
#[must_use]
pub fn matched(clusters: &[u32], k: usize, classes: &[u32], number: usize) -> Vec<usize> {
    let mut overlap = vec![0_u32; k * number];
    for (&cluster, &class) in clusters.iter().zip(classes) {
        let (cluster, class) = (cluster as usize, class as usize);
        if cluster < k && class < number {
            overlap[cluster * number + class] += 1;
        }
    }
    let mut order: Vec<usize> = (0..overlap.len()).collect();
    order.sort_by_key(|&i| (std::cmp::Reverse(overlap[i]), i));
    let mut colors = vec![None; k];
    let mut taken = vec![false; number];
    for i in order {
        let (cluster, class) = (i / number, i % number);
        if colors[cluster].is_none() && !taken[class] {
            colors[cluster] = Some(class);
            taken[class] = true;
        }
    }
    let mut next = number;
    let mut beyond = || {
        next += 1;
        next - 1
    };
    colors.into_iter().map(|color| color.unwrap_or_else(&mut beyond)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_takes_the_colour_of_the_class_it_covers() {
        assert_eq!(matched(&[0, 0, 1, 1, 2], 3, &[1, 1, 0, 0, 2], 3), [1, 0, 2]);
    }

    #[test]
    fn clusters_without_a_class_get_new_colours() {
        assert_eq!(matched(&[0, 0, 1, 2], 3, &[0, 0, 0, 0], 1), [0, 1, 2]);
        assert_eq!(matched(&[], 2, &[], 0), [0, 1]);
    }
}
