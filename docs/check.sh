#!/usr/bin/env bash
# Runs every command of README.md and of the book as pasted, and follows their links and the paths of code that they name:
# docs/check.sh PROGRAM [PAGE]...
#
# A command counts when it stands in a block marked ```sh. Blocks marked "sh ignore" need a window or a file that the reader does not
# have, "sh slow" ones take minutes. The commands of a page share one empty folder, so that a later one finds what an earlier one wrote.
set -euo pipefail
export LC_ALL=C.UTF-8

[ $# -ge 1 ] || { echo "usage: docs/check.sh PROGRAM [PAGE]..." >&2; exit 2; }
program=$(realpath "$1")
shift
cd "$(dirname "$0")/.."
pages=("$@")
if [ ${#pages[@]} = 0 ]; then
    mapfile -t pages < <(printf '%s\n' README.md ARCHITECTURE.md benches/README.md; find docs/src -name '*.md' | sort)
fi

room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
mkdir "$room/bin"
ln -s "$program" "$room/bin/eigenscope"
export PATH="$room/bin:$PATH"

# The commands of a page, one a line; a line that ends in a backslash goes on in the next.
commands() {
    awk '/^```/ { inside = !inside && $0 == "```sh"; next }
         inside { if (sub(/\\$/, "")) { whole = whole $0; next }
                  whole = whole $0; if (whole !~ /^[ \t]*(#|$)/) print whole; whole = "" }' "$1"
}

# Links to files that are not there.
lost_links() {
    local target
    while read -r target; do
        target=${target%%#*}
        [ -z "$target" ] || [ -e "$(dirname "$1")/$target" ] || echo "$1: the link to $target leads nowhere"
    done < <(sed 's/`[^`]*`//g' "$1" | grep -oE '\]\([^)]+\)' | sed -E 's/^\]\(//; s/\)$//' | grep -vE '^[a-z]+:' || true)
}

# Files of code that are not there: a path in backticks that ends in .rs, from the top or from src/.
lost_paths() {
    local target
    while read -r target; do
        [ -e "$target" ] || [ -e "src/$target" ] || echo "$1: there is no $target"
    done < <(grep -oE '`[a-z0-9_/]+/[a-z0-9_]+\.rs`' "$1" | tr -d '`' || true)
}

failed=0
for page in "${pages[@]}"; do
    lost=$(lost_links "$page"; lost_paths "$page")
    if [ -n "$lost" ]; then
        echo "$lost" >&2
        failed=1
    fi
done
[ "$failed" = 0 ] || exit 1

count=0
for page in "${pages[@]}"; do
    folder="$room/$(tr '/' '-' <<< "$page")"
    mkdir "$folder"
    while read -r command; do
        began=$EPOCHREALTIME
        if ! (cd "$folder" && bash -euo pipefail -c "$command") > "$room/said" 2>&1 < /dev/null; then
            printf '%s: failed: %s\n' "$page" "$command" >&2
            cat "$room/said" >&2
            exit 1
        fi
        printf '%6.1f s  %s: %s\n' "$(awk -v a="$began" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }')" "$page" "$command"
        count=$((count + 1))
    done < <(commands "$page")
done
echo "$count commands of ${#pages[@]} pages, all well"
