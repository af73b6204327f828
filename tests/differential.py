#!/usr/bin/env python3
"""differential.py: three verifiers, written apart from each other, must say the same of random folders.

Makes random draws, sound and damaged, with `make_draws` (crates/draw/examples), asks verify.py and verify.js
about each, and compares exit code and failed check with those of the crate. Standard library only.

    python3 tests/differential.py [--count N] [--seed S] [--keep DIR]
"""

from __future__ import annotations

import argparse
import pathlib
import shutil
import subprocess
import sys
import tempfile
from collections import Counter

ROOT = pathlib.Path(__file__).resolve().parent.parent
OTHERS = {
    "verify.py": [sys.executable, str(ROOT / "verifiers" / "batch_verify.py")],
    "verify.js": ["node", str(ROOT / "verifiers" / "batch_verify.js")],
}
SHOWN = 20

Verdicts = dict[str, tuple[str, str]]


def parsed(text: str) -> Verdicts:
    """Exit code and failed check by path."""
    rows = (line.split("\t") for line in text.splitlines())
    return {path: (code, check) for path, code, check in rows}


def made(folder: pathlib.Path, count: int, seed: int) -> Verdicts:
    """Writes the folders, and says what the crate says of them."""
    cargo = ["cargo", "run", "--quiet", "--package", "draw", "--example", "make_draws", "--"]
    subprocess.run([*cargo, str(folder), str(count), str(seed)], cwd=ROOT, check=True)
    return parsed((folder / "verdicts.tsv").read_text(encoding="utf-8"))


def asked(command: list[str], paths: list[str]) -> Verdicts:
    """What another verifier says of the same folders."""
    lines = "".join(path + "\n" for path in paths)
    run = subprocess.run(command, input=lines, stdout=subprocess.PIPE, encoding="utf-8", check=True)
    return parsed(run.stdout)


def compared(folder: pathlib.Path, count: int, seed: int) -> int:
    """The number of folders on which not all agree."""
    ours = made(folder, count, seed)
    theirs = {name: asked(command, list(ours)) for name, command in OTHERS.items()}
    failed = 0
    for path, verdict in ours.items():
        differing = {name: said.get(path) for name, said in theirs.items() if said.get(path) != verdict}
        if differing:
            failed += 1
            if failed <= SHOWN:
                print(f"{path}: crate {verdict}, {differing}")
    for (code, check), number in sorted(Counter(ours.values()).items()):
        print(f"{number:6} exit {code} {check}")
    print(f"{len(ours) - failed} passed, {failed} failed")
    return failed


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--count", type=int, default=2000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--keep", type=pathlib.Path, help="keep the folders here")
    options = arguments.parse_args()
    folder = options.keep or pathlib.Path(tempfile.mkdtemp(prefix="mcd1-"))
    folder.mkdir(parents=True, exist_ok=True)
    failed = compared(folder, options.count, options.seed)
    if not options.keep and not failed:
        shutil.rmtree(folder)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
