#!/usr/bin/env python3
"""Whether pandas and pyarrow read right what a session in the window exported: tests/session.py FOLDER DATA.

FOLDER has trees.csv, .tsv, .jsonl, .parquet, .arrow, .npz, .xlsx and expected.json, as tests/it/window/session.rs writes them; DATA is the
table that the session opened. Needs pandas, pyarrow, openpyxl.
"""
import collections
import json
import pathlib
import sys

import numpy
import pandas
import pyarrow
import pyarrow.feather
import pyarrow.parquet

TEXTS = {"tag": str, "city": str, "kind": str, "planted": str, "label_edited": str, "label_source": str}


def check(name, table, data, expected, dates):
    assert len(table) == expected["rows"], (name, len(table))
    assert list(table["tag"]) == list(data["tag"]), f"{name}: 0007 is not 7"
    assert list(table["kind"]) == list(data["kind"]), name
    there = lambda column: [None if pandas.isna(city) or city == "" else city for city in column]
    assert there(table["city"]) == there(data["city"]), f"{name}: gaps and letters"
    assert [int(number) for number in table["serial"]] == [int(number) for number in data["serial"]], f"{name}: sixty bits"
    assert list(dates(table["planted"])) == list(data["planted"]), f"{name}: days"
    for column in ("height", "width"):
        assert list(table[column].astype(float)) == list(data[column].astype(float)), f"{name}: {column} to the last digit"
    assert list(table["row"].astype(int)) == list(range(expected["rows"])), name
    label = table["label_edited"].where(table["label_edited"].notna(), "")
    found = collections.Counter(label)
    assert found.pop("", 0) == len(expected["outliers"]), f"{name}: outliers have no label"
    assert found == {name: count for name, count in expected["labels"]}, (name, found)
    source = list(table["label_source"])
    for word, rows in (("outlier", "outliers"), ("accepted", "accepted")):
        assert [row for row, said in enumerate(source) if said == word] == expected[rows], (name, word)
    assert all(source[row] == "assigned" for row in expected["assigned"]), name
    assert set(table["cluster"].astype(int)) == {0, 1}, f"{name}: the solver's own stay"
    assert numpy.isfinite(table["learned_1"].astype(float)).all() and numpy.isfinite(table["exact_2"].astype(float)).all(), name
    print(f"{name}: {len(table)} rows, {len(table.columns)} columns")


def main():
    folder, data = pathlib.Path(sys.argv[1]), pandas.read_csv(sys.argv[2], dtype=str)
    expected = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    as_text = lambda column: column.astype(str).str[:10]
    see = lambda name, table: check(name, table, data, expected, as_text)
    see("csv", pandas.read_csv(folder / "trees.csv", dtype=TEXTS))
    see("tsv", pandas.read_csv(folder / "trees.tsv", dtype=TEXTS, sep="\t"))
    lines = [json.loads(line) for line in (folder / "trees.jsonl").read_text(encoding="utf-8").splitlines()]
    see("jsonl", pandas.DataFrame(lines).astype({"serial": object}))

    parquet = pyarrow.parquet.read_table(folder / "trees.parquet")
    types = {field.name: field.type for field in parquet.schema}
    text = lambda kind: pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind) or pyarrow.types.is_dictionary(kind)
    assert all(text(types[name]) for name in ("tag", "city", "kind", "label_edited", "label_source")), types
    assert types["serial"] == pyarrow.int64() and types["cluster"] in (pyarrow.int64(), pyarrow.int32(), pyarrow.uint32()), types
    assert types["height"] == pyarrow.float64() and pyarrow.types.is_floating(types["learned_1"]), types
    see("parquet", parquet.to_pandas())
    arrow = pyarrow.feather.read_table(folder / "trees.arrow")
    assert arrow.schema.names == parquet.schema.names and arrow.schema.types == parquet.schema.types, arrow.schema
    see("arrow", arrow.to_pandas())
    with numpy.load(folder / "trees.npz", allow_pickle=False) as arrays:
        see("npz", pandas.DataFrame({name: arrays[name] for name in arrays.files if arrays[name].ndim == 1}))
    see("xlsx", pandas.read_excel(folder / "trees.xlsx", dtype={**TEXTS, "serial": str}, keep_default_na=True))
    for end in ("csv", "tsv", "jsonl", "parquet", "arrow", "npz", "xlsx"):
        readme = (folder / f"trees.{end}.README.txt").read_text(encoding="utf-8")
        assert "eigenscope run" in readme and "fnv1a-" in readme, readme


main()
