#!/usr/bin/env python3
"""Checks docs/glossary.md against the code.

Every `pub struct`, `pub enum` and `pub trait` of crates/domain has a row; every type that a row names is defined in the
file that the row names; every file named exists; no type of a file has two rows. Needs nothing but Python.
Prints what is wrong, then `N passed, M failed`.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
GLOSSARY = ROOT / "docs" / "glossary.md"
DOMAIN = ROOT / "crates" / "domain" / "src"
PUBLIC = re.compile(r"^\s*pub (?:struct|enum|trait) (\w+)", re.MULTILINE)
IDENTIFIER = re.compile(r"`([A-Z]\w*)`")
PATH = re.compile(r"`([\w./-]+\.(?:rs|md|py))`")


def rows():
    """The rows of all tables: line number, section, cells."""
    section = ""
    for number, line in enumerate(GLOSSARY.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("## "):
            section = line[3:]
        elif line.startswith("|") and not line.startswith("|---") and not line.startswith("| 中文"):
            yield number, section, [cell.strip() for cell in line.strip("|").split("|")]


def main():
    passed, wrong = 0, []
    listed = {}

    def check(holds, what):
        nonlocal passed
        if holds:
            passed += 1
        else:
            wrong.append(what)

    for number, section, cells in rows():
        here = "docs/glossary.md:%d" % number
        check(len(cells) == 4 and all(cells), here + ": a row has four cells, none empty")
        if len(cells) != 4:
            continue
        names, paths = IDENTIFIER.findall(cells[1]), PATH.findall(cells[3])
        check(len(paths) == 1 and (ROOT / paths[0]).is_file(), here + ": names no file that is there: " + cells[3])
        if not section.startswith("Types") or not paths or not (ROOT / paths[0]).is_file():
            continue
        check(len(names) == 1, here + ": the second cell of a type is its name alone, in backticks: " + cells[1])
        source = (ROOT / paths[0]).read_text(encoding="utf-8")
        for name in names:
            defined = re.search(r"^\s*pub (?:struct|enum|trait|type) %s\b" % name, source, re.MULTILINE)
            check(defined, "%s: %s does not define %s" % (here, paths[0], name))
            check((name, paths[0]) not in listed, "%s: %s is listed twice" % (here, name))
            listed[name, paths[0]] = number

    for path in sorted(DOMAIN.rglob("*.rs")):
        if "tests" in path.parts or path.name == "tests.rs":
            continue  # nobody's vocabulary
        where = path.relative_to(ROOT).as_posix()
        source = path.read_text(encoding="utf-8").split("#[cfg(test)]")[0]
        for name in PUBLIC.findall(source):
            check((name, where) in listed, "%s: the public type %s has no row in docs/glossary.md" % (where, name))

    for what in wrong:
        print(what)
    print("%d passed, %d failed" % (passed, len(wrong)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
