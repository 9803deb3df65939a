#!/usr/bin/env python3
"""Label a table with a model that Eigenscope exported: label.py MODEL.onnx TABLE OUT.parquet

TABLE is a Parquet or CSV file with the columns the model was trained on, in any order, among others. OUT has every column of it, and
cluster, name, confidence, unlike and the coordinates, as `eigenscope apply` would write them.

Needs: onnxruntime, numpy, pandas, pyarrow.
"""
import json
import sys

import numpy
import pandas

YES, NO = {"true", "yes", "t", "y", "on", "1", "1.0"}, {"false", "no", "f", "n", "off", "0", "0.0"}


def about(session, what):
    """What the model says of itself: `inputs`, `outputs`, `recipe`, `version`, `checksum`, `side`."""
    return session.get_modelmeta().custom_metadata_map[f"eigenscope.{what}"]


def one(values, kind):
    """A column of a frame as the model wants it: numbers with NaN, or words with empty ones, where there is nothing."""
    if kind == "words":
        words = values.astype("object").where(values.notna(), "").astype(str).str.strip()
        return words.to_numpy(dtype=object)
    if kind == "date" and not pandas.api.types.is_numeric_dtype(values):
        moments = pandas.to_datetime(values, errors="coerce", utc=True)
        return ((moments - pandas.Timestamp(0, tz="UTC")) / pandas.Timedelta(days=1)).to_numpy(dtype=numpy.float64)
    if kind == "flag" and not pandas.api.types.is_numeric_dtype(values):
        said = values.astype(str).str.strip().str.lower()
        return numpy.where(said.isin(YES), 1.0, numpy.where(said.isin(NO), 0.0, numpy.nan))
    return pandas.to_numeric(values, errors="coerce").to_numpy(dtype=numpy.float64, na_value=numpy.nan)


def feeds(inputs, frame):
    """The inputs of the graph, from a frame; `inputs` is what the model says of them, read from JSON."""
    if "columns" in inputs[0]:
        numbers = frame[inputs[0]["columns"]].to_numpy({"float": "f4", "double": "f8"}.get(inputs[0]["type"], "u1"))
        return {inputs[0]["name"]: numbers}
    return {of["name"]: one(frame[of["column"]], of["kind"])[:, None] for of in inputs}


def columns(session, frame):
    """The new columns for the rows of a frame, by name, as `eigenscope apply` has them."""
    names = json.loads(about(session, "outputs"))
    told = dict(zip(names, session.run(list(names.values()), feeds(json.loads(about(session, "inputs")), frame))))
    side = about(session, "side")
    new = {names[key]: told[key] for key in ("cluster", "name", "confidence", "unlike") if key in told}
    for kind, key in ((side, "coordinates"), (f"{side}_diffusion", "diffusion")):
        new |= {f"{kind}_{j + 1}": values.copy() for j, values in enumerate(told.get(key, told["coordinates"][:, :0]).T)}
    return new


def main(model, table, out):
    import onnxruntime

    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    read = pandas.read_csv if table.endswith(".csv") else pandas.read_parquet
    frame = read(table)
    frame.assign(**columns(session, frame)).to_parquet(out, index=False)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
