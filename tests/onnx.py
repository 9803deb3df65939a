#!/usr/bin/env python3
"""Whether an exported model labels rows as `eigenscope apply` does: tests/onnx.py PROGRAM [WORD]...

Trains small models of every kind, labels a table with each by the program and by ONNX Runtime, and compares: clusters, names and what is
unlike must be equal, coordinates and confidence within 1e-4. Words choose some of the cases. Needs onnxruntime, numpy, pandas, pyarrow.
"""
import json
import pathlib
import random
import subprocess
import sys
import tempfile

import numpy
import onnxruntime
import pandas

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "examples"))
import label  # noqa: E402

NEAR = 1e-4
ROWS = 400


def gaps(rng, cells, share=0.05, gap=""):
    return [gap if rng.random() < share else cell for cell in cells]


def points(rng, n):
    """Three groups in the plane."""
    group = [rng.randrange(3) for _ in range(n)]
    return group, [4.0 * (g == 1) + rng.gauss(0, 0.4) for g in group], [4.0 * (g == 2) + rng.gauss(0, 0.4) for g in group]


def write(path, header, columns, delimiter=","):
    quoted = lambda cell: f'"{cell}"' if delimiter in str(cell) or '"' in str(cell) else str(cell)
    lines = [delimiter.join(map(quoted, row)) for row in zip(*columns)]
    path.write_text("\n".join([delimiter.join(header), *lines]) + "\n", encoding="utf-8")


def mixed(path, rng):
    """Numbers, flags and words with gaps, among them spellings of nothing."""
    group, x, y = points(rng, ROWS)
    colour = gaps(rng, [["red", "green", "deep blue"][g] for g in group], 0.1, "N/A")
    paid = gaps(rng, ["yes" if g else "no" for g in group])
    write(path, ["x", "colour", "y", "paid"], [gaps(rng, x), colour, gaps(rng, y), paid])


def metres(path, rng):
    """Places on a map: all digits that tell them apart lie behind six that do not."""
    group, x, y = points(rng, ROWS)
    east, north = [388096 + v / 8 for v in x], [5948996 + v / 8 for v in y]
    land = gaps(rng, [["forest", "field", "town"][g] for g in group], 0.05, "null")
    write(path, ["east", "north", "land"], [east, gaps(rng, north), land])


def commas(path, rng):
    """Decimal commas, semicolons, dates with the day first."""
    group, x, y = points(rng, ROWS)
    of = lambda v: f"{v:.4f}".replace(".", ",")
    day = [f"{1 + rng.randrange(28):02}.{1 + 3 * g:02}.2024" for g in group]
    kind = gaps(rng, [["Öl", "Gas", "Holz"][g] for g in group], 0.05, "?")
    write(path, ["wert", "höhe", "tag", "art"], [map(of, x), gaps(rng, map(of, y)), gaps(rng, day), kind], ";")


def clashes(path, rng):
    """Names of columns that the outputs have too, and words that look like numbers or hold quotes."""
    group, x, y = points(rng, ROWS)
    name = gaps(rng, [["007", "a, b", "nil"][g] for g in group])
    write(path, ["cluster", "name", "confidence", "N"], [x, name, gaps(rng, y), [g % 2 for g in group]])


def counts(path, rng):
    """Rows that mean a direction, and two columns of words."""
    group, _, _ = points(rng, ROWS)
    columns = [[rng.randrange(9) if (g + j) % 3 == 0 else 0 for g in group] for j in range(8)]
    columns = [gaps(rng, column, 0.02) for column in columns]
    words = [gaps(rng, [f"{word}{g}" for g in group], 0.1, "-nan") for word in ("a", "b")]
    write(path, [f"n{j}" for j in range(8)] + ["first", "second"], columns + words)


def several(path, rng):
    """Cells of several answers, some of them with signs that mean something to a regular expression."""
    group, x, y = points(rng, ROWS)
    words = ["tea", "tea (iced)", "milk+sugar", "Öl", "a.b"]
    of = lambda g: rng.choice(["; ", ";", " ;"]).join(w for j, w in enumerate(words) if rng.random() < (0.8 if j % 3 == g else 0.2)) or "none"
    write(path, ["x", "drinks", "y"], [gaps(rng, x), gaps(rng, [of(g) for g in group], 0.05, "N/A"), y])


HOT = ["--text", "one-hot"]
TABLES = {"mixed": mixed, "metres": metres, "commas": commas, "clashes": clashes, "counts": counts, "several": several}
CASES = [
    *((name, name, HOT + ["--clusters", "3"], []) for name in TABLES),
    ("unit", "counts", HOT + ["--clusters", "3", "--scaling", "unit", "--missing", "mean"], []),
    ("tf-idf", "counts", HOT + ["--clusters", "3", "--scaling", "tf-idf"], []),
    ("nystrom", "mixed", HOT + ["--clusters", "3", "--no-learn"], []),
    ("nystrom local", "mixed", HOT + ["--clusters", "3", "--no-learn", "--scale", "local", "--scale-neighbor", "0"], []),
    ("nystrom unnormalized", "circles", ["--no-learn", "--samples", "700", "--laplacian", "unnormalized"], []),
    ("nystrom cosine", "counts", HOT + ["--clusters", "3", "--no-learn", "--distance", "cosine", "--affinity", "binary"], []),
    ("nystrom correlation", "digits", ["--no-learn", "--limit", "900", "--distance", "correlation"], []),
    ("fourier", "spirals", ["--samples", "800", "--steps", "60"], []),
    ("side", "moons", ["--samples", "600", "--steps", "60"], ["--by", "exact"]),
    ("pictures", "digits", ["--limit", "900", "--steps", "40"], []),
    ("codes", "digits", ["--limit", "900", "--represent", "autoencoder", "--steps", "40"], []),
    ("dual", "digits", ["--limit", "600", "--system", "dual-autoencoder"], []),
    ("dscl", "dscl-toy", ["--system", "dscl", "--steps", "60"], []),
    ("triplet", "digits", ["--limit", "600", "--system", "triplet", "--steps", "60"], []),
]


def differences(told, wanted):
    """What is not as it should be."""
    wrong = []
    for column in wanted.columns:
        if column not in told.columns:
            continue
        ours, theirs = wanted[column], told[column]
        if ours.dtype.kind == "f":
            away = numpy.abs(ours.to_numpy() - theirs.to_numpy(dtype=float)).max()
            if not away <= NEAR:
                wrong.append(f"{column} is {away:.2e} away")
        else:
            count = int((ours.fillna("").astype(str) != theirs.astype(ours.dtype).fillna("").astype(str)).sum())
            if count:
                wrong.append(f"{column} differs in {count} rows")
    return wrong


def case(program, folder, name, data, flags, side):
    out = folder / name.replace(" ", "-")
    source = data
    if data in TABLES:
        source = folder / f"{data}.csv"
        if not source.exists():
            TABLES[data](source, random.Random(len(data)))
    call = lambda *args: subprocess.run([program, *map(str, args), "--quiet"], check=True, stdout=subprocess.DEVNULL)
    call("run", source, *flags, "--device", "cpu", "--out", out)
    call("apply", out / "model.eigenscope", source, "--out", out / "applied.parquet", *side)
    call("export", out / "model.eigenscope", "--onnx", out / "model.onnx", *side)
    session = onnxruntime.InferenceSession(out / "model.onnx", providers=["CPUExecutionProvider"])
    applied = pandas.read_parquet(out / "applied.parquet")
    inputs = json.loads(label.about(session, "inputs"))
    own = applied.copy()
    if data not in TABLES:
        # A built-in set holds single precision, and its table the shortest digits that give that back.
        read = [column for of in inputs for column in of.get("columns", [of.get("column")])]
        own[read] = own[read].astype("f4").astype("f8")
    for of in inputs:
        # A table of text has dates, and numbers with commas, as they were written.
        if of.get("kind") == "date":
            own[of["column"]] = pandas.to_datetime(own[of["column"]], format="%d.%m.%Y", errors="coerce")
        elif of.get("kind") == "number" and not pandas.api.types.is_numeric_dtype(own[of["column"]]):
            own[of["column"]] = pandas.to_numeric(own[of["column"]].str.replace(",", "."), errors="coerce")
    names = json.loads(label.about(session, "outputs"))
    told = pandas.DataFrame(label.columns(session, own))
    shared = [column for column in told.columns if column in applied.columns]
    missing = [key for key in ("cluster", "confidence", "unlike", "coordinates") if names.get(key, key) not in [*shared, "coordinates"]]
    assert not missing, missing
    wrong = differences(told[shared], applied[shared])
    size = (out / "model.onnx").stat().st_size
    print(f"{name:22} {len(applied):5} rows, {len(inputs):2} inputs, {size / 1024:7.0f} KiB: {'; '.join(wrong) or 'equal'}")
    return not wrong


def main(program, words):
    with tempfile.TemporaryDirectory() as folder:
        chosen = [c for c in CASES if not words or any(word in c[0] for word in words)]
        results = [case(program, pathlib.Path(folder), *c) for c in chosen]
    if not all(results):
        sys.exit("some models label otherwise than the program")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2:])
