#!/usr/bin/env python3
"""How many rows a second ONNX Runtime labels with a model that Eigenscope exported: pace.py MODEL.onnx TABLE.parquet [OUT.parquet]

Beside `eigenscope bench apply MODEL TABLE.parquet [--out OUT.parquet]`, which does the same with the model itself. The table is read and
written in blocks; without OUT nothing is written. Options: --rows of a block (8192), --threads of ONNX Runtime (as many as cores).

Needs: onnxruntime, numpy, pandas, pyarrow.
"""
import argparse
import json
import os
import time

import onnxruntime
import pyarrow
import pyarrow.parquet

import label


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("table")
    parser.add_argument("out", nargs="?")
    parser.add_argument("--rows", type=int, default=8192)
    parser.add_argument("--threads", type=int, default=0)
    args = parser.parse_args()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = args.threads
    session = onnxruntime.InferenceSession(args.model, options, providers=["CPUExecutionProvider"])
    inputs, outputs = (json.loads(label.about(session, what)) for what in ("inputs", "outputs"))
    side = label.about(session, "side")
    rows, model, writer, since = 0, 0.0, None, time.perf_counter()
    for batch in pyarrow.parquet.ParquetFile(args.table).iter_batches(batch_size=args.rows):
        table = pyarrow.table(batch)
        feeds = label.feeds(inputs, table.to_pandas())
        begun = time.perf_counter()
        told = dict(zip(outputs, session.run(list(outputs.values()), feeds)))
        model += time.perf_counter() - begun
        rows += table.num_rows
        if args.out:
            for key in ("cluster", "name", "confidence", "unlike"):
                if key in told:
                    table = table.append_column(outputs[key], pyarrow.array(told[key]))
            for j, values in enumerate(told["coordinates"].T):
                table = table.append_column(f"{side}_{j + 1}", pyarrow.array(values.copy()))
            writer = writer or pyarrow.parquet.ParquetWriter(args.out, table.schema)
            writer.write_table(table)
    if writer:
        writer.close()
    seconds, times = time.perf_counter() - since, os.times()
    print(
        f"{rows} rows in {seconds:.1f} s, {rows / seconds:.0f} a second; the model was at work for {model:.1f} s, "
        f"{rows / model:.0f} rows a second; {times.user + times.system:.1f} s of processor time with the start"
    )


if __name__ == "__main__":
    main()
