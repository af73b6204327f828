#!/usr/bin/env python3
"""Checks docs/regulation.md: every clause of the regulation has exactly one row, and every test cited there exists.

A row's state begins with `met`, `partly` or `not yet`. A clause that is met or partly met has at least one test, and at
least one of its tests is named after it (r2_2_… for R2.2, g_s1_… for G-S1). What is not met says what is missing.
Needs nothing but Python. Prints what is wrong, then `N passed, M failed`.
"""

import os
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs" / "regulation.md"

# The rules (R) and the guide (G), clause by clause.
CLAUSES = (
    "R1 R2.1 R2.2 R3.1 R3.2 R3.3 R4.1 R4.2 R5.1a R5.1b R5.1c R5.1d R5.1e R5.1f R5.2 R5.3a R5.3b R5.4 R5.5 R6 "
    "G1 G2 G-P G-S1 G-S2 G-S3 G-D1 G-D2 G-D3 G-D4 G-R G-R1 G-R2 G-R3 G-R4 G-R5 G-R5b"
).split()
STATES = ("met", "partly", "not yet")

# Where tests are, and how each language names them.
FOLDERS = ("crates", "bench", "fuzz", "verifiers", "tests")
SKIPPED = {"target", "node_modules", "vectors", "corpus", "__pycache__", ".venv", "results"}
NAMES = {
    ".rs": re.compile(r"\bfn (\w+)"),
    ".py": re.compile(r"^\s*def (\w+)", re.MULTILINE),
    ".js": re.compile(r"\b(?:test|it|describe)\(\s*(['\"`])(.*?)\1"),
}


def names_in_sources():
    names = set()
    for folder in FOLDERS:
        for parent, folders, files in os.walk(ROOT / folder):
            folders[:] = [name for name in folders if name not in SKIPPED]
            for name in files:
                pattern = NAMES.get(os.path.splitext(name)[1])
                if pattern:
                    text = pathlib.Path(parent, name).read_text(encoding="utf-8", errors="replace")
                    names.update(match[match.lastindex] for match in pattern.finditer(text))
    return names


def prefix_of(clause):
    """`r5_1f_` for R5.1f, `g_s1_` for G-S1, `g1_` for G1."""
    return clause.lower().replace(".", "_").replace("-", "_") + "_"


def rows():
    """Line number and cells of each row whose first cell is a clause."""
    for number, line in enumerate(TABLE.read_text(encoding="utf-8").splitlines(), 1):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if line.startswith("|") and re.fullmatch(r"[RG][\w.-]*", cells[0]):
            yield number, cells


def main():
    passed, wrong = 0, []
    seen = []
    sources = names_in_sources()
    cited = set()

    def check(holds, what):
        nonlocal passed
        if holds:
            passed += 1
        else:
            wrong.append(what)

    for number, cells in rows():
        clause, here = cells[0], "docs/regulation.md:%d: %s" % (number, cells[0])
        seen.append(clause)
        check(clause in CLAUSES, here + " is no clause")
        check(len(cells) == 5 and all(cells), here + ": a row has five cells, none empty")
        if len(cells) != 5:
            continue
        tests, state = re.findall(r"`([^`]+)`", cells[3]), cells[4]
        known = next((word for word in STATES if re.match(re.escape(word) + r"\b", state)), None)
        check(known, here + ": the state begins with none of " + ", ".join(STATES))
        check(known == "met" or ":" in state, here + ": what is missing is not said")
        for test in tests:
            check(test in sources, "%s: there is no test %s" % (here, test))
        cited.update(tests)
        if known in ("met", "partly"):
            own = any(test.startswith(prefix_of(clause)) for test in tests)
            check(own, "%s: none of its tests is named %s…" % (here, prefix_of(clause)))
        else:
            check(not tests, here + ": has tests, and yet nothing of it is met")

    for clause in CLAUSES:
        check(seen.count(clause) == 1, "%s has %d rows" % (clause, seen.count(clause)))

    prefixes = tuple(map(prefix_of, CLAUSES))
    further = sum(name.startswith(prefixes) for name in sources - cited)
    print("%d tests are cited; %d more are named after a clause" % (len(cited), further))
    for what in wrong:
        print(what)
    print("%d passed, %d failed" % (passed, len(wrong)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
