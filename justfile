# Short names for what is done often; `just` lists them. Nothing here is needed: each is one command, shown below its name.

set positional-arguments

# What there is
default:
    @just --list --unsorted

# The whole round on the sample registers, then where to look further
[group('use')]
run:
    ./run

# Verify a folder with all three verifiers; each says its exit status, and they must agree
[group('use')]
verify DIR:
    -cargo run --quiet --release --package mingcha -- draw verify "$1"
    -python3 verifiers/verify.py "$1"
    -node verifiers/verify.js "$1"

# Everything that continuous integration runs
[group('test')]
test:
    ./test

# The Rust tests alone, or those whose names match: `just unit r2_2`
[group('test')]
unit *FILTER:
    cargo nextest run --workspace --locked "$@"

# What compilers and documents say: formatting, lints, clauses, glossary
[group('test')]
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets --locked -- -D warnings
    python3 tests/regulation.py
    python3 tests/glossary.py

# Licences, advisories and sources of dependencies (needs cargo-deny)
[group('test')]
deny:
    cargo deny check

# Format all Rust code
[group('write')]
fmt:
    cargo fmt --all

# Measure the draw beside its peers
[group('measure')]
bench *ARGS:
    bench/draw/run "$@"

# Write the sample registers anew; the same program writes the same bytes
[group('write')]
samples:
    cargo run --quiet --package sheets --example make_samples -- samples

# Fuzz one target for so many seconds, or list the targets (needs cargo-fuzz)
[group('test')]
fuzz TARGET='' SECONDS='60':
    {{ if TARGET == '' { 'ls fuzz/fuzz_targets' } else { 'RUSTC_BOOTSTRAP=1 cargo fuzz run -s none ' + TARGET + ' -- -max_total_time=' + SECONDS } }}
