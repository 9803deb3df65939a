# Short names for the steps of `.ci/run`, which is what a change must pass. `just` lists them.

# The same build directory as `.ci/run`.
export CARGO_TARGET_DIR := env("CARGO_TARGET_DIR", env("HOME") / ".cache/eigenscope-target")

_default:
    @just --list

# everything, as the checks of a change
all:
    .ci/run

# the checks of form, seconds to a minute
form:
    .ci/run format clippy doc

# the tests; `just test window` those with this word in their name
test *words:
    cargo test --locked --release -- {{ words }}

# one or more steps of `.ci/run` by name, such as `just step doc no-gpu`
step +names:
    .ci/run {{ names }}

# the program, optimised
run *args:
    cargo run --locked --release -- {{ args }}

# the moving picture of the README: a training, learned beside exact
picture:
    cargo run --locked --release -- run digits --last-layer learned --device cpu --quiet \
        --animation assets/training.gif --animation-width 760

# pictures of every view, lesson and state in both themes and four sizes; `just gallery FOLDER map,sheet` those with one of the words
gallery folder="target/gallery" only="":
    EIGENSCOPE_GALLERY={{ folder }} EIGENSCOPE_GALLERY_ONLY={{ only }} \
        cargo test --locked --release --test it -- --ignored --nocapture gallery::

# seconds of the parts
bench *filter:
    cargo bench --locked -- {{ filter }}

# the training that the window opens on, anew
example:
    cargo test --locked --release --test it -- --ignored stored::the_example_is_made_anew

# texts of licences that go with a release, into a folder
licences folder="licences":
    .ci/licences {{ folder }}

# packages for Linux of the release build, into a folder
package folder="packed":
    cargo build --locked --release
    .ci/package "$CARGO_TARGET_DIR/release/eigenscope" {{ folder }}
