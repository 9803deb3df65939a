"""Write what SciPy and scikit-learn say about two small datasets, for tests/it/exact_references.

Needs numpy, scipy and scikit-learn; run it from anywhere: `python make_references.py`. Every array is computed here with dense
linear algebra from the definitions (see the documentation of `graph::affinity`), so it shares nothing with the program.
"""

import json
import pathlib

import numpy as np
import scipy.linalg
import scipy.sparse.csgraph
import scipy.spatial.distance
import sklearn
import sklearn.datasets
import sklearn.neighbors

HERE = pathlib.Path(__file__).parent
EIGENVALUES = 10
VECTORS = 5


def affinity(distances, indices, scale, s):
    n, _ = distances.shape
    own = np.median(distances, axis=1) if s == 0 else distances[:, s - 1]
    sigma = own if scale == "local" else np.full(n, np.median(own))
    a = np.zeros((n, n))
    for i in range(n):
        for d, j in zip(distances[i], indices[i]):
            a[i, j] = np.exp(-d * d / (sigma[i] * sigma[j]))
    return (a + a.T) / 2, float(np.median(own))


def neighbors(x, k):
    """Distances and indices; equal distances in the order of the indices, which scikit-learn leaves open."""
    x = x.astype(np.float64)
    squares = scipy.spatial.distance.cdist(x, x, "sqeuclidean")
    np.fill_diagonal(squares, np.inf)
    indices = np.argsort(squares, axis=1, kind="stable")[:, :k]
    distances = np.sqrt(np.take_along_axis(squares, indices, axis=1))
    theirs, _ = sklearn.neighbors.NearestNeighbors(n_neighbors=k, algorithm="brute").fit(x).kneighbors()
    assert np.allclose(distances, theirs, rtol=1e-6)
    return distances, indices


def main():
    moons, _ = sklearn.datasets.make_moons(500, noise=0.06, random_state=1)
    digits = sklearn.datasets.load_digits().data[:300]
    references = {"scipy": scipy.__version__, "scikit-learn": sklearn.__version__, "cases": []}
    for name, x, k in [("moons", moons.astype(np.float32), 12), ("digits", digits.astype(np.float32), 10)]:
        np.save(HERE / f"{name}.npy", x)
        distances, indices = neighbors(x, k)
        for scale, s in [("local", 0), ("local", 7), ("global", 3)]:
            w, shown = affinity(distances, indices, scale, s)
            d = w.sum(axis=1)
            components, _ = scipy.sparse.csgraph.connected_components(w)
            for laplacian in ["random-walk", "unnormalized"]:
                mass = d if laplacian == "random-walk" else np.ones(len(d))
                values, vectors = scipy.linalg.eigh(np.diag(d) - w, np.diag(mass))
                references["cases"].append({
                    "data": name, "neighbors": k, "scale": scale, "scale-neighbor": s, "laplacian": laplacian,
                    "shown-scale": shown, "components": int(components), "entries": int((w > 0).sum()), "sum": float(w.sum()),
                    "squares": float((w * w).sum()), "distances": float(distances.sum()),
                    "eigenvalues": values[:EIGENVALUES].tolist(),
                })
                if scale == "local" and s == 0:
                    vectors = vectors[:, :VECTORS] * np.sqrt(mass.sum())
                    np.save(HERE / f"{name}-{laplacian}.npy", vectors.astype(np.float32))
    (HERE / "references.json").write_text(json.dumps(references, indent=1) + "\n")


if __name__ == "__main__":
    main()
