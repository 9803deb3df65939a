#!/usr/bin/env python3
"""Whether the Ray example labels every row as `eigenscope apply` does, also where a worker is killed: tests/ray_parts.py PROGRAM

Needs Linux and what examples/ray_label.py needs.
"""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import numpy
import pandas
import pyarrow
import pyarrow.parquet

EXAMPLES = pathlib.Path(__file__).parent.parent / "examples"
PARTS, ROWS, COLUMNS = 8, 40_000, 6
LONGEST = 120
# Parts that are there before the run in which a worker is killed.
BEFORE = 2


def parts(folder, rng):
    """Tables with numbers, gaps, words and a column that the model does not read."""
    centres = rng.normal(0, 6, (4, COLUMNS))
    for part in range(PARTS):
        group = rng.integers(0, 4, ROWS)
        x = centres[group] + rng.normal(0, 1, (ROWS, COLUMNS))
        x[rng.random(x.shape) < 0.01] = numpy.nan
        table = {f"x{j}": x[:, j] for j in range(COLUMNS)}
        words = numpy.array(["north", "south", "east", "west"], dtype=object)[group]
        words[rng.random(ROWS) < 0.02] = None
        table |= {"side": words, "ticket": [f"{part}-{i}" for i in range(ROWS)]}
        pyarrow.parquet.write_table(pyarrow.table(table), folder / f"part-{part}.parquet")


def workers(pid):
    """Processes that label, below this one."""
    below = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    lines = [line.split(None, 2) for line in below.splitlines()]
    known, grew = {pid}, True
    while grew:
        more = {int(line[0]) for line in lines if int(line[1]) in known} - known
        known, grew = known | more, bool(more)
    return [int(line[0]) for line in lines if int(line[0]) in known and "ray::" in line[2] and "Labeller" in line[2]]


def label(model, source, out, kill):
    """Runs the example; kills one of its workers once a part is there."""
    command = [sys.executable, EXAMPLES / "ray_label.py", model, source, out, "--workers", "2"]
    running, killed, since = subprocess.Popen(command), False, time.monotonic()
    while running.poll() is None:
        if time.monotonic() - since > LONGEST:
            running.send_signal(signal.SIGINT)
            sys.exit("the Ray example takes too long")
        if kill and not killed and len(list(out.glob("*.parquet"))) > BEFORE:
            found = workers(running.pid)
            if found:
                os.kill(found[0], signal.SIGKILL)
                killed = True
        time.sleep(0.02)
    if running.returncode != 0:
        sys.exit(f"the Ray example ended with {running.returncode}")
    if kill and not killed:
        sys.exit("no worker was there to be killed")
    return time.monotonic() - since


def compare(source, out, applied):
    """Every row, its own columns and the new ones."""
    left = sorted(path.name for path in out.iterdir())
    if left != sorted(path.name for path in source.iterdir()):
        sys.exit(f"these are there instead of the parts: {left}")
    for path in sorted(source.iterdir()):
        own, new, wanted = (pandas.read_parquet(folder / path.name) for folder in (source, out, applied))
        pandas.testing.assert_frame_equal(new[own.columns], own)
        for column in ("cluster", "unlike"):
            differing = int((new[column].astype(int) != wanted[column]).sum())
            if differing or len(new) != len(wanted):
                sys.exit(f"{path.name}: {column} differs in {differing} of {len(wanted)} rows")


def main(program):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        source, applied = folder / "parts", folder / "applied"
        source.mkdir()
        parts(source, numpy.random.default_rng(5))
        call = lambda *args: subprocess.run([program, *map(str, args), "--quiet"], check=True, stdout=subprocess.DEVNULL)
        call("run", source / "part-0.parquet", "--text", "one-hot", "--ignore", "ticket", "--clusters", "4", "--limit", "1500",
             "--no-exact", "--steps", "50", "--device", "cpu", "--out", folder / "run")
        model = folder / "run/model.eigenscope"
        call("export", model, "--onnx", folder / "model.onnx")
        for path in source.iterdir():
            # The same script as under any scheduler, twice: a part that is there is passed over.
            for _ in range(2):
                subprocess.run([EXAMPLES / "parts.sh", model, applied, path], check=True, env={**os.environ, "EIGENSCOPE": program})
        for name, kill in (("whole", False), ("killed", True)):
            (folder / name).mkdir()
            if kill:
                # A run that was cut short before: what it labelled is not labelled again.
                there = [shutil.copy(folder / f"whole/part-{part}.parquet", folder / name) for part in range(BEFORE)]
                times = [os.stat(path).st_mtime_ns for path in there]
            seconds = label(folder / "model.onnx", source, folder / name, kill)
            compare(source, folder / name, applied)
            print(f"{name}: {PARTS} parts of {ROWS} rows as apply labels them, {seconds:.0f} s")
        if [os.stat(path).st_mtime_ns for path in there] != times:
            sys.exit("parts that were there were labelled again")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(str(pathlib.Path(sys.argv[1]).resolve()))
