"""Accuracy of scikit-learn's SpectralClustering on the sets of tests/it/exact_references/sets.rs.

    EIGENSCOPE_SETS=folder cargo test --release --test it written_for_the_peer
    python make_first_picture.py folder > first_picture.json

Features are standardised, rows of word counts brought to length 1, as the program does by default.
"""

import json
import pathlib
import sys

import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.cluster import SpectralClustering


def accuracy(truth, found):
    table = np.zeros((truth.max() + 1, found.max() + 1))
    np.add.at(table, (truth, found), 1)
    rows, columns = linear_sum_assignment(-table)
    return table[rows, columns].sum() / len(truth)


def scaled(x):
    if x.shape[1] > 32:
        return x / np.linalg.norm(x, axis=1, keepdims=True)
    return (x - x.mean(0)) / x.std(0)


names = {line.split('"')[1] for line in open(pathlib.Path(__file__).parents[1] / "it/exact_references/sets.rs") if 'add("' in line}
files = {name.translate(str.maketrans(" ,:", "---")): name for name in names}
found = {}
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.npz")):
    data = np.load(path)
    x, y = scaled(data["x"].astype(float)), data["y"]
    peer = SpectralClustering(int(y.max()) + 1, affinity="nearest_neighbors", n_neighbors=15, random_state=0, n_init=10)
    found[files[path.stem]] = round(float(accuracy(y, peer.fit_predict(x))), 4)
print(json.dumps(found, indent=1, sort_keys=True))
