#!/usr/bin/env python3
"""batch_verify.py: verify.py for many folders in one process, to compare verifiers with each other.

Reads paths of folders from stdin, one a line, and prints for each of them

    path TAB exit code TAB the check that failed, or -
"""

from __future__ import annotations

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import verify  # noqa: E402


def main() -> int:
    # Paths pass through as the bytes they are.
    for line in sys.stdin.buffer:
        path = line[:-1] if line.endswith(b"\n") else line
        if not path:
            continue
        report = verify.verify_folder(os.fsdecode(path))
        verdict = "\t%d\t%s\n" % (report.exit_code, report.failed or "-")
        sys.stdout.buffer.write(path + verdict.encode("ascii"))
        sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
