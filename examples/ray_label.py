#!/usr/bin/env python3
"""Label the Parquet parts of a table on a Ray cluster with a model that Eigenscope exported: ray_label.py MODEL.onnx PARTS OUT

Each part of PARTS becomes one of OUT, with all its columns and the new ones. A part is written beside its place and then renamed, so that
it is there whole or not at all; parts that are there are passed over, and a run that was cut short goes on where it was. Ray runs a task
again whose worker is lost.

Options: --workers N (2), --address ADDRESS of a cluster (else one is started here). Needs: ray[data], onnxruntime, numpy, pandas, pyarrow.
"""
import argparse
import os
import pathlib
import uuid

# Workers that wait for work would only take their time to start, at the worst moment.
os.environ.setdefault("RAY_prestart_worker_first_driver", "0")
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")

import pyarrow
import pyarrow.parquet
import ray
from ray import cloudpickle

import label

# Workers elsewhere have no examples/label.py: it travels with the tasks.
cloudpickle.register_pickle_by_value(label)

# Ray gives out logical cores, of which reading holds some beside the workers': with two in all nothing goes on.
LOGICAL_CORES = 4
ATTEMPTS = 3
# Bytes of a block: with Ray's own, one worker would have all of a small table.
BLOCK = 8 << 20
# Rows that are labelled at once.
ROWS = 8192


class Labeller:
    """A worker with a model of its own."""

    def __init__(self, model):
        import onnxruntime

        (model,) = ray.get(model)
        options = onnxruntime.SessionOptions()
        # There are as many workers as cores: one with several threads would take those of the others.
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def __call__(self, part):
        """Labels a part, some rows after the others, and writes it; how many it had."""
        source, out = part["source"][0], part["out"][0]
        beside = f"{out}.{uuid.uuid4().hex}.tmp"
        file = pyarrow.parquet.ParquetFile(source)
        batches = file.iter_batches(batch_size=ROWS) if file.metadata.num_rows else [file.schema_arrow.empty_table()]
        rows, writer = 0, None
        try:
            for batch in batches:
                table = pyarrow.table(batch)
                for name, values in label.columns(self.session, table.to_pandas()).items():
                    table = table.append_column(name, pyarrow.array(values))
                writer = writer or pyarrow.parquet.ParquetWriter(beside, table.schema)
                writer.write_table(table)
                rows += table.num_rows
            writer.close()
            os.replace(beside, out)
        finally:
            pathlib.Path(beside).unlink(missing_ok=True)
        return {"source": [source], "rows": [rows]}


def start(address, workers):
    """Joins a cluster, or starts one here."""
    if address:
        return ray.init(address, log_to_driver=False)
    # A busy machine may miss the half minute that Ray gives itself to start.
    for left in reversed(range(ATTEMPTS)):
        try:
            cores = max(LOGICAL_CORES, workers + 2)
            return ray.init(num_cpus=cores, include_dashboard=False, log_to_driver=False)
        except Exception as error:
            ray.shutdown()
            if not left:
                raise
            print(f"Ray did not start ({error}); once more", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("parts", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--address")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    sources = sorted(args.parts.resolve().glob("*.parquet"))
    wanted = [{"source": str(source), "out": str(args.out.resolve() / source.name)} for source in sources]
    todo = [part for part in wanted if not os.path.exists(part["out"])]
    print(f"{len(wanted)} parts, {len(wanted) - len(todo)} labelled before", flush=True)
    if not todo:
        return
    start(args.address, args.workers)
    context = ray.data.DataContext.get_current()
    context.target_max_block_size = BLOCK
    context.enable_progress_bars = False
    workers = ray.data.ActorPoolStrategy(size=args.workers)
    # In a list: as an argument of its own it would be read before a worker starts, and be gone when one starts again.
    model = ray.put(args.model.read_bytes())
    # A block a part: what is lost with a worker is one part, which is labelled again from its beginning.
    parts = ray.data.from_items(todo, override_num_blocks=len(todo))
    done = parts.map_batches(Labeller, fn_constructor_args=[[model]], batch_size=1, num_cpus=1, compute=workers)
    rows = sum(part["rows"] for part in done.iter_rows())
    ray.shutdown()
    # What a lost worker left half written.
    for part in todo:
        for left in args.out.glob(f"{pathlib.Path(part['out']).name}.*.tmp"):
            left.unlink()
    print(f"{len(todo)} parts, {rows} rows labelled")


if __name__ == "__main__":
    main()
