//! What a partition of a graph cuts, and how it can cut less.

use rayon::prelude::*;

use crate::graph::Csr;

/// Rows that are worked on in one piece, so that sums are the same on any number of threads.
const PIECE: usize = 4096;

/// Volume of each cluster and the weight of the edges inside it, each edge from both its ends.
fn volumes(affinity: &Csr, assignment: &[u32], clusters: usize) -> Vec<[f64; 2]> {
    let piece = |from: usize| {
        let mut sums = vec![[0.0; 2]; clusters];
        for i in from..(from + PIECE).min(assignment.len()) {
            let (columns, values) = affinity.row(i);
            let [volume, inside] = &mut sums[assignment[i] as usize];
            for (&j, &weight) in columns.iter().zip(values) {
                *volume += weight;
                *inside += if assignment[j as usize] == assignment[i] { weight } else { 0.0 };
            }
        }
        sums
    };
    let starts: Vec<usize> = (0..assignment.len()).step_by(PIECE).collect();
    let pieces: Vec<_> = starts.into_par_iter().map(piece).collect();
    let mut sums = vec![[0.0; 2]; clusters];
    for (sum, part) in pieces.iter().flat_map(|piece| (0..clusters).zip(piece)) {
        sums[sum][0] += part[0];
        sums[sum][1] += part[1];
    }
    sums
}

fn cut(volumes: &[[f64; 2]]) -> f64 {
    volumes.iter().map(|[volume, inside]| if *volume > 0.0 { 1.0 - inside / volume } else { 0.0 }).sum()
}

fn count(assignment: &[u32]) -> usize {
    assignment.iter().max().map_or(0, |&most| most as usize + 1)
}

/// The normalised cut of a partition (Shi and Malik, 2000): over its clusters, the share of a cluster's volume whose edges leave it,
/// summed. 0 for connected components, at most the number of clusters; no less than the sum of as many lowest eigenvalues of the
/// random-walk Laplacian. A cluster without any edge cuts nothing.
///
/// `assignment` holds one cluster for each of the affinity's samples.
#[cfg(test)]
pub(crate) fn normalized_cut(affinity: &Csr, assignment: &[u32]) -> f64 {
    cut(&volumes(affinity, assignment, count(assignment)))
}

/// How even the sizes of clusters are: their entropy in nats, at most the logarithm of the number of clusters, 0 for a single one.
#[must_use]
pub fn evenness(assignment: &[u32]) -> f64 {
    let mut sizes = vec![0.0; count(assignment)];
    for &cluster in assignment {
        sizes[cluster as usize] += 1.0;
    }
    let n = assignment.len() as f64;
    sizes.iter().filter(|&&size| size > 0.0).map(|size| size / n * (n / size).ln()).sum()
}

/// Moves samples between clusters as long as the normalised cut falls, at most `rounds` times, and says how many samples have another
/// cluster than before. No cluster is lost. A sample without neighbours stays where it is.
///
/// In a round each sample goes to the cluster whose mean is nearest in weighted kernel k-means, whose objective is the normalised cut
/// (Dhillon, Guan and Kulis, 2007, equation 3 with kernel `D⁻¹WD⁻¹`): the one with the least
/// `inside_c / volume_c² − 2·w(i, c) / (dᵢ·volume_c)`.
pub fn refine(affinity: &Csr, assignment: &mut Vec<u32>, rounds: usize) -> usize {
    let before = assignment.clone();
    let clusters = count(assignment);
    let mut sums = volumes(affinity, assignment, clusters);
    for _ in 0..rounds {
        let moved = nearest_means(affinity, assignment, &sums);
        let mut kept = vec![false; clusters];
        for &cluster in &moved {
            kept[cluster as usize] = true;
        }
        let after = volumes(affinity, &moved, clusters);
        if kept.contains(&false) || cut(&after) >= cut(&sums) {
            break;
        }
        (*assignment, sums) = (moved, after);
    }
    before.iter().zip(assignment).filter(|(a, b)| a != b).count()
}

fn nearest_means(affinity: &Csr, assignment: &[u32], sums: &[[f64; 2]]) -> Vec<u32> {
    let mut moved = assignment.to_vec();
    moved.par_chunks_mut(PIECE).enumerate().for_each(|(piece, moved)| {
        let mut weights = vec![0.0; sums.len()];
        for (i, cluster) in moved.iter_mut().enumerate() {
            let (columns, values) = affinity.row(piece * PIECE + i);
            let degree: f64 = values.iter().sum();
            if degree <= 0.0 {
                continue;
            }
            weights.fill(0.0);
            for (&j, &weight) in columns.iter().zip(values) {
                weights[assignment[j as usize] as usize] += weight;
            }
            let distance = |c: usize| {
                let [volume, inside] = sums[c];
                if volume > 0.0 { (inside / volume - 2.0 * weights[c] / degree) / volume } else { f64::INFINITY }
            };
            let mut best = (*cluster as usize, distance(*cluster as usize));
            for c in 0..sums.len() {
                if distance(c) < best.1 {
                    best = (c, distance(c));
                }
            }
            *cluster = best.0 as u32;
        }
    });
    moved
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_cut_in_its_middle() {
        // 0 –2– 1 –1– 2 –2– 3, and a sample without neighbours.
        let path = Csr {
            offsets: vec![0, 1, 3, 5, 6, 6],
            columns: vec![1, 0, 2, 1, 3, 2],
            values: vec![2.0, 2.0, 1.0, 1.0, 2.0, 2.0],
        };
        assert!((normalized_cut(&path, &[0, 0, 1, 1, 2]) - (1.0 / 5.0 + 1.0 / 5.0)).abs() < 1e-15);
        assert!((normalized_cut(&path, &[0, 1, 1, 1, 1]) - (1.0 + 2.0 / 8.0)).abs() < 1e-15);
        assert!(normalized_cut(&path, &[0, 0, 0, 0, 1]) == 0.0);
    }

    #[test]
    fn evenness_is_the_entropy_of_sizes() {
        assert!((evenness(&[0, 1, 2, 2, 1, 0]) - 3.0_f64.ln()).abs() < 1e-15);
        assert!((evenness(&[0, 0, 0, 3]) - (0.75 * (4.0_f64 / 3.0).ln() + 0.25 * 4.0_f64.ln())).abs() < 1e-15);
        assert!(evenness(&[0; 5]).abs() < 1e-15 && evenness(&[]).abs() < 1e-15);
    }

    /// Two cliques of ten samples, joined by one edge.
    fn cliques() -> Csr {
        let inside = |i: u32, j: u32| i != j && i / 10 == j / 10;
        let all = (0..20).flat_map(|i| (0..20).map(move |j| (i, j)));
        let edges: Vec<_> = all.filter(|&(i, j)| inside(i, j) || (i.min(j), i.max(j)) == (9, 10)).collect();
        Csr::from_triplets(20, &edges.iter().map(|&(i, j)| (i, j, 1.0)).collect::<Vec<_>>()).expect("inside")
    }

    #[test]
    fn samples_on_the_wrong_side_come_back_and_those_on_the_right_one_stay() {
        let graph = cliques();
        let truth: Vec<u32> = (0..20).map(|i| i / 10).collect();
        let mut found = truth.clone();
        for wrong in [3, 8, 15] {
            found[wrong] = 1 - found[wrong];
        }
        let before = normalized_cut(&graph, &found);
        assert_eq!(refine(&graph, &mut found, 20), 3);
        assert_eq!(found, truth);
        assert!(normalized_cut(&graph, &found) < before);
        assert_eq!((refine(&graph, &mut found, 20), &found), (0, &truth));
    }

    #[test]
    fn no_cluster_is_lost_and_no_round_is_none() {
        let graph = cliques();
        let mut alone: Vec<u32> = (0..20).map(|i| if i == 5 { 2 } else { i / 10 }).collect();
        refine(&graph, &mut alone, 20);
        assert_eq!(count(&alone), 3);
        assert!((0..3).all(|c| alone.contains(&c)));
        let mut wrong = vec![0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1];
        assert_eq!(refine(&graph, &mut wrong.clone(), 0), 0);
        refine(&Csr { offsets: vec![0; 21], columns: vec![], values: vec![] }, &mut wrong, 5);
        assert_eq!(wrong[..4], [0, 1, 0, 1], "nothing to follow");
    }
}
