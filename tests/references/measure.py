"""Writes measure.json: what scikit-learn and SciPy say about partitions, k-means and principal angles.

    python tests/references/measure.py

Made with scikit-learn 1.9.1 and SciPy 1.17.1. The numbers are compared by tests/it/measure_references.rs.
"""

import json
from pathlib import Path

import numpy as np
from scipy.linalg import subspace_angles
from scipy.optimize import linear_sum_assignment
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
from sklearn.metrics.cluster import contingency_matrix

rng = np.random.default_rng(20)


def partition(clusters, labels):
    counts = contingency_matrix(labels, clusters)
    rows, columns = linear_sum_assignment(counts, maximize=True)
    return {
        "clusters": clusters.tolist(),
        "labels": labels.tolist(),
        "acc": counts[rows, columns].sum() / len(labels),
        "nmi": normalized_mutual_info_score(labels, clusters),
        "ari": adjusted_rand_score(labels, clusters),
    }


def partitions():
    for n, k, c, agreeing in [(40, 3, 3, 0.8), (60, 5, 3, 0.6), (60, 2, 7, 0.7), (80, 10, 10, 0.0), (12, 12, 1, 0.0),
                              (12, 1, 12, 0.0), (200, 6, 6, 0.95), (5, 3, 2, 0.5)]:
        labels = rng.integers(0, c, n)
        clusters = np.where(rng.random(n) < agreeing, (labels * 5 + 2) % k, rng.integers(0, k, n))
        yield partition(clusters, labels)


def clusterings():
    for n, d, k, spread in [(150, 2, 4, 0.4), (200, 5, 6, 0.7), (120, 12, 3, 1.5)]:
        centres = rng.normal(size=(k, d)) * 3
        x = np.round(centres[rng.integers(0, k, n)] + spread * rng.normal(size=(n, d)), 4)
        fit = KMeans(k, n_init=100, tol=0, random_state=0).fit(x)
        yield {"x": x.tolist(), "k": k, "inertia": fit.inertia_}


def spaces():
    for n, k, noise, weighted in [(30, 1, 0.3, True), (40, 4, 0.1, False), (40, 5, 0.2, True)]:
        mass = np.round(rng.uniform(0.2, 5, n), 3) if weighted else np.ones(n)
        exact = np.round(rng.normal(size=(n, k)), 6)
        learned = np.round(exact @ rng.normal(size=(k, k)) + noise * rng.normal(size=(n, k)), 6)
        root = np.sqrt(mass)[:, None]
        sines = np.sin(subspace_angles(root * exact, root * learned)) ** 2
        yield {"mass": mass.tolist(), "exact": exact.tolist(), "learned": learned.tolist(), "grassmann": sines.sum()}


Path(__file__).with_suffix(".json").write_text(
    json.dumps({"partitions": list(partitions()), "clusterings": list(clusterings()), "spaces": list(spaces())})
)
