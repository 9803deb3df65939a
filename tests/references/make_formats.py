"""Files as SciPy, scikit-learn and pandas write them, into formats/: one small matrix, sparse, with a column and a row of zeros.

Value (i, j) of 12 x 9 is (i + 1) / 2 - 20 j where (3 i + 5 j) % 7 == 0, j != 4 and i != 6, else 0. Sample i has class i % 3.

    pip install numpy scipy scikit-learn pandas
    python make_formats.py
"""

from pathlib import Path

import numpy as np
import pandas
from scipy import io, sparse
from sklearn.datasets import dump_svmlight_file

OUT = Path(__file__).parent / "formats"


def value(i, j):
    return (i + 1) / 2 - 20 * j if (3 * i + 5 * j) % 7 == 0 and j != 4 and i != 6 else 0.0


dense = np.array([[value(i, j) for j in range(9)] for i in range(12)])
classes = np.arange(12) % 3
OUT.mkdir(exist_ok=True)
for name, kind in [("csr", sparse.csr_matrix), ("csc", sparse.csc_array), ("coo", sparse.coo_matrix), ("dia", sparse.dia_matrix)]:
    sparse.save_npz(OUT / f"{name}.npz", kind(dense))
sparse.save_npz(OUT / "bsr.npz", sparse.bsr_matrix(dense, blocksize=(4, 3)))
sparse.save_npz(OUT / "integers.npz", sparse.csr_matrix((2 * dense).astype(np.int64)), compressed=False)
parts = sparse.csr_matrix(dense)
np.savez(OUT / "parts.npz", data=parts.data, indices=parts.indices, indptr=parts.indptr, shape=parts.shape)
coo = sparse.coo_matrix(dense)
np.savez_compressed(OUT / "coords.npz", format=b"coo", shape=coo.shape, data=coo.data, coords=np.array([coo.row, coo.col]))
io.mmwrite(OUT / "coordinates.mtx", sparse.coo_matrix(dense))
io.mmwrite(OUT / "array.mtx", dense)
io.mmwrite(OUT / "integers.mtx", sparse.coo_matrix((2 * dense).astype(np.int64)))
dump_svmlight_file(dense, classes, str(OUT / "zero.svm"), zero_based=True, comment="made for a test")
dump_svmlight_file(dense, classes, str(OUT / "one.txt"), zero_based=False)
table = pandas.DataFrame({"width": dense[:, 0], "count": (2 * dense[:, 1]).astype(int)})
table["kind"] = np.array(["red", "blue", "gréen"])[classes]
table["gap"] = np.where(classes == 1, np.nan, dense[:, 2])
table["flag"] = classes == 2
table["label"] = classes
table.to_json(OUT / "rows.jsonl", orient="records", lines=True)
table.to_json(OUT / "rows.json", orient="records", force_ascii=False, indent=1)
