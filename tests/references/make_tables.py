"""Small tables as pandas with pyarrow, Polars, openpyxl, XlsxWriter, odfpy and xlwt write them, into tables/: fifteen rows of one table.

Row i has count 3 i - 4 (none in row 5), wide 9007199254740993 + 2 i, share i / 3 in single precision, ratio i / 7 (none in row 2),
flag i % 3 == 0, kind red, blue or gréen by i % 3 as a category, word "w<i>" (none in row 4), day 2024-01-30 + i, time
2024-02-28 12:00:00.5 + i hours, price i + 0.25 as a decimal, size 10 (i % 3) as a category of numbers, empty, and label i % 2. Its index
in pandas counts from 100.

    pip install pandas pyarrow polars openpyxl xlsxwriter odfpy xlwt
    python make_tables.py
"""

import datetime
import decimal
from pathlib import Path

import numpy as np
import pandas
import polars
import pyarrow
from pyarrow import feather, ipc, parquet

OUT = Path(__file__).parent / "tables"
OUT.mkdir(exist_ok=True)

n = 15
rows = range(n)
count = pandas.array([None if i == 5 else 3 * i - 4 for i in rows], dtype="Int64")
wide = np.array([9007199254740993 + 2 * i for i in rows])
share = np.array([i / 3 for i in rows], dtype=np.float32)
ratio = np.array([np.nan if i == 2 else i / 7 for i in rows])
kind = [["red", "blue", "gréen"][i % 3] for i in rows]
word = [None if i == 4 else f"w{i}" for i in rows]
day = [datetime.date(2024, 1, 30) + datetime.timedelta(days=i) for i in rows]
time = [datetime.datetime(2024, 2, 28, 12, 0, 0, 500000) + datetime.timedelta(hours=i) for i in rows]
price = [decimal.Decimal(i) + decimal.Decimal("0.25") for i in rows]
size = [10 * (i % 3) for i in rows]

frame = pandas.DataFrame(
    {
        "count": count,
        "wide": wide,
        "share": share,
        "ratio": ratio,
        "flag": [i % 3 == 0 for i in rows],
        "kind": pandas.Categorical(kind),
        "word": word,
        "day": day,
        "time": pandas.to_datetime(time),
        "price": price,
        "size": pandas.Categorical(size),
        "empty": [None] * n,
        "pair": [[i, i + 1] for i in rows],
        "label": [i % 2 for i in rows],
    },
    index=range(100, 100 + n),
)
frame.index = pandas.Index(list(frame.index))
for codec in ["snappy", "zstd", "gzip", "lz4"]:
    frame.to_parquet(OUT / f"pandas-{codec}.parquet", compression=codec)
table = pyarrow.Table.from_pandas(frame)
for codec in ["lz4", "zstd"]:
    feather.write_feather(table, str(OUT / f"pyarrow-{codec}.feather"), compression=codec, chunksize=6)
with ipc.new_stream(str(OUT / "pyarrow.arrows"), table.schema) as stream:
    stream.write_table(table, max_chunksize=4)
parquet.write_table(table, OUT / "groups.parquet", row_group_size=4, data_page_version="2.0", use_dictionary=False)

plain = polars.DataFrame(
    {
        "count": polars.Series([None if i == 5 else 3 * i - 4 for i in rows], dtype=polars.Int64),
        "wide": wide,
        "share": polars.Series([float(v) for v in share], dtype=polars.Float32),
        "ratio": polars.Series([None if i == 2 else i / 7 for i in rows], dtype=polars.Float64),
        "flag": [i % 3 == 0 for i in rows],
        "kind": polars.Series(kind, dtype=polars.Categorical),
        "word": word,
        "day": day,
        "time": time,
        "price": polars.Series(price, dtype=polars.Decimal(10, 2)),
        "size": size,
        "empty": polars.Series([None] * n, dtype=polars.Null),
        "pair": [[i, i + 1] for i in rows],
        "label": [i % 2 for i in rows],
    }
)
plain.write_parquet(OUT / "polars.parquet")
plain.write_ipc(OUT / "polars.arrow", compression="zstd")
plain.write_ipc_stream(OUT / "polars.arrows", compression="uncompressed")

sheets = pandas.DataFrame(
    {
        "count": [None if i == 5 else 3 * i - 4 for i in rows],
        "ratio": [None if i == 2 else i / 7 for i in rows],
        "flag": [i % 3 == 0 for i in rows],
        "kind": kind,
        "day": pandas.to_datetime(day),
        "time": pandas.to_datetime(time),
        "label": ["yes" if i % 2 else "no" for i in rows],
    }
)
other = pandas.DataFrame({"u": [1, 2, 3], "v": [0.5, 0.25, 0.125]})
for name, engine in [("openpyxl.xlsx", "openpyxl"), ("xlsxwriter.xlsx", "xlsxwriter"), ("odf.ods", "odf")]:
    with pandas.ExcelWriter(OUT / name, engine=engine) as book:
        pandas.DataFrame().to_excel(book, sheet_name="About", index=False)
        sheets.to_excel(book, sheet_name="Rows", index=False)
        other.to_excel(book, sheet_name="Other one", index=False)

import xlwt

book = xlwt.Workbook()
sheet = book.add_sheet("Rows")
dates = {"day": xlwt.easyxf(num_format_str="YYYY-MM-DD"), "time": xlwt.easyxf(num_format_str="YYYY-MM-DD HH:MM:SS")}
for j, name in enumerate(sheets.columns):
    sheet.write(0, j, name)
    for i, value in enumerate(sheets[name]):
        if not pandas.isna(value):
            value = value.to_pydatetime() if name in dates else value.item() if hasattr(value, "item") else value
            sheet.write(i + 1, j, value, dates.get(name, xlwt.Style.default_style))
book.save(OUT / "xlwt.xls")

import openpyxl

book = openpyxl.Workbook()
sheet = book.active
sheet.title = "Odd"
sheet["B2"] = "Measured in May"
for row in [["a", "b", "code"], [1, "#DIV/0!", "008"], [2.5, 4, "8"], [None, 6, "9"], [4, 8, "010"]]:
    sheet.append([None, *row])
sheet["C4"].data_type = "e"
book.save(OUT / "odd.xlsx")
