#!/usr/bin/env bash
# Fuzz targets one after the other: fuzz/run.sh [TARGET...] [--seconds N]. Without targets it takes all; N is 600 unless it is given.
# What is found lies in fuzz/artifacts/TARGET. Ends with 1 where anything was found.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=600
targets=()
while [ $# -gt 0 ]; do
    case "$1" in
    --seconds) seconds="${2:?seconds}" && shift 2 ;;
    -*) echo "usage: fuzz/run.sh [TARGET...] [--seconds N]" >&2 && exit 2 ;;
    *) targets+=("$1") && shift ;;
    esac
done
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <(basename -s .rs -a fuzz/fuzz_targets/*.rs)

export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$HOME/.cache/eigenscope-target}" CARGO_TERM_COLOR=never
[ -d fuzz/corpus ] || EIGENSCOPE_SEEDS="$PWD/fuzz/corpus" cargo test --locked --release --test it fuzz_seeds
RUSTC_WORKSPACE_WRAPPER="$PWD/fuzz/instrument" \
    cargo build --locked --release -p eigenscope-fuzz "${targets[@]/#/--bin=}"

place="$(mktemp -d "$([ -d /dev/shm ] && echo /dev/shm || echo /tmp)/eigenscope-fuzz-XXXXXX")"
trap 'rm -rf "$place"' EXIT
mkdir -p fuzz/logs
table="$(printf '%-11s %12s %8s %8s %10s %9s  %s' target executions seconds features 'MiB input' 'MiB all' findings)"
found=0
for target in "${targets[@]}"; do
    mkdir -p "fuzz/artifacts/$target" "fuzz/corpus/$target"
    before="$(ls "fuzz/artifacts/$target" | wc -l)"
    log="fuzz/logs/$target"
    echo "$target: $seconds s"
    # The memory of one input is counted by the target; the limit here is for what C code takes.
    TMPDIR="$place" RAYON_NUM_THREADS=1 "$CARGO_TARGET_DIR/release/$target" "fuzz/corpus/$target" \
        -max_total_time="$seconds" -timeout=20 -rss_limit_mb=1024 -max_len=65536 -print_final_stats=1 \
        -artifact_prefix="fuzz/artifacts/$target/" >"$log" 2>&1 || true
    rm -rf "${place:?}"/*
    stat() { sed -n "s/^stat::$1: *//p" "$log" | tail -1; }
    features="$(sed -n 's/.* ft: \([0-9]*\) .*/\1/p' "$log" | tail -1)"
    took="$(sed -n 's/.* in \([0-9]*\) second(s)$/\1/p' "$log" | tail -1)"
    memory="$(sed -n 's/^memory: \([0-9]*\) bytes.*/\1/p' "$log" | tail -1)"
    new=$(($(ls "fuzz/artifacts/$target" | wc -l) - before))
    found=$((found + new))
    table+="$(printf '\n%-11s %12s %8s %8s %10s %9s  %s' "$target" "$(stat number_of_executed_units)" "${took:--}" \
        "${features:--}" "$((${memory:-0} >> 20))" "$(stat peak_rss_mb)" "$new$(sed -n 's/^finding: / /p' "$log" | head -1 | cut -c1-90)")"
done
echo "$table"
[ "$found" = 0 ]
