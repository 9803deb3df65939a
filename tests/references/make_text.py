"""A small set of texts as counts of words, and what SciPy's truncated SVD makes of it, into formats/: text.svm, text.npz and text.json.

90 documents of three subjects over 2,400 words. The reference takes rows of length 1 (nothing centred), as they are and weighed by tf-idf, and
standardised columns.

    pip install numpy scipy scikit-learn
    python make_text.py
"""

import json
from pathlib import Path

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import svds
from sklearn.datasets import dump_svmlight_file
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.preprocessing import normalize

OUT = Path(__file__).parent / "formats"
ROWS, WORDS, COMPONENTS = 90, 2400, 8
rng = np.random.default_rng(7)
subjects = np.arange(ROWS) % 3
counts = np.zeros((ROWS, WORDS))
for row, subject in enumerate(subjects):
    own = 1 + subject * 40 + rng.zipf(1.5, 30) % 40
    common = 200 + rng.zipf(1.3, 25) % 2199
    np.add.at(counts[row], np.concatenate([own, common]), 1)
matrix = sparse.csr_matrix(counts)
dump_svmlight_file(matrix, subjects, str(OUT / "text.svm"), zero_based=False)
sparse.save_npz(OUT / "text.npz", matrix)


def reference(rows):
    u, s, vt = svds(rows, k=COMPONENTS, solver="arpack", tol=1e-13)
    order = np.argsort(-s)
    s, vt = s[order], vt[order]
    signs = np.sign(vt[np.arange(COMPONENTS), np.abs(vt).argmax(axis=1)])
    vt *= signs[:, None]
    return {"values": s.tolist(), "components": (rows @ vt.T)[:12].round(9).tolist()}


deviations = counts.std(axis=0)
deviations[deviations == 0] = 1
result = {
    "unit": reference(normalize(counts)),
    "tf-idf": reference(TfidfTransformer().fit_transform(counts).toarray()),
    "standardize": reference((counts - counts.mean(axis=0)) / deviations),
    "none": reference(counts),
}
(OUT / "text.json").write_text(json.dumps(result) + "\n")
