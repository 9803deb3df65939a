#!/bin/sh
# Labels one part of a table with a model, beside its place and then renamed, so that a part is there whole or not at all and one that is
# there is passed over: parts.sh MODEL OUT PART
#
# Any scheduler runs it, a call a part, in any order and again after a failure:
#
#   ls parts/*.parquet | xargs -P 4 -n 1 examples/parts.sh model.eigenscope labelled
#   parallel -j 4 examples/parts.sh model.eigenscope labelled ::: parts/*.parquet
#   sbatch --array=0-99 --wrap 'examples/parts.sh model.eigenscope labelled parts/part-$SLURM_ARRAY_TASK_ID.parquet'
#
# RAYON_NUM_THREADS says how many cores a call takes; the labels do not hang on it. EIGENSCOPE names the program where it is not on the path.
set -eu
[ $# -eq 3 ] || { echo "usage: parts.sh MODEL OUT PART" >&2; exit 2; }
mkdir -p "$2"
out="$2/$(basename "$3")"
[ ! -e "$out" ] || exit 0
# The program itself writes to a temporary file in that folder and renames it when all rows are there.
exec "${EIGENSCOPE:-eigenscope}" apply "$1" "$3" --out "$out" --quiet
