"""The office as a bureau begins with it: the built program, a real Chromium, from the printed link on.

    python3 e2e/office.py MINGCHA [--engine sqlite|postgres] [--shots FOLDER] [--axe FILE]

Plays the people one after the other, each through the pages and by the words on them. Every page that is photographed fits on a
desk and on a phone, and with --axe passes axe-core. Stops at the first step that fails, with a picture of it. Standard library
only; ends with the number of steps that passed and failed.
"""

import argparse
import pathlib
import sys
import tempfile
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests"))
from axe import Axe  # noqa: E402
from browser import Browser  # noqa: E402
from people import People  # noqa: E402
from server import Server  # noqa: E402
import imports  # noqa: E402
import items  # noqa: E402
import ledger  # noqa: E402
import plans  # noqa: E402
import sources  # noqa: E402


class Office:
    """What all steps share."""

    def __init__(self, program: pathlib.Path, engine: str, shots: pathlib.Path, axe: Axe | None) -> None:
        self.server = Server(program, engine)
        self.browser = Browser(shots, "office-" + engine)
        self.axe = axe
        self.shown = 0
        self.people = People(self)
        self.annual = self.plan = ""  # where their pages are

    def go(self, path: str) -> None:
        self.browser.open(self.server.url + path)

    def show(self, name: str) -> None:
        """A page that is worth looking at: photographed, and held to what every page must be."""
        self.shown += 1
        self.browser.photograph("%02d-%s" % (self.shown, name))
        headings = self.browser.script("return document.querySelectorAll('h1').length")
        assert headings == 1, "%s has %d headings" % (name, headings)
        complaints = self.browser.complaints()
        assert not complaints, "%s: the browser says %s" % (name, complaints)
        findings = self.axe.findings(self.browser) if self.axe else []
        assert not findings, "%s:\n  %s" % (name, "\n  ".join(findings))

    def title(self, text: str) -> None:
        self.browser.wait("h1", text)

    def close(self) -> None:
        self.browser.close()
        self.server.close()


# In the order in which a bureau comes to them; each goes on where the one before stopped.
STEPS = [
    People.set_up,
    People.make_accounts,
    People.sign_in_and_out,
    sources.enter,
    sources.change,
    sources.leave,
    sources.look,
    imports.sources,
    imports.receipt,
    imports.inspectors,
    items.publish,
    items.public,
    plans.draft_annual,
    plans.settle_annual,
    plans.draft_plan,
    plans.settle_plan,
    ledger.verify,
    People.restart,
]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--shots", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "mingcha-shots")
    parser.add_argument("--axe", type=pathlib.Path)
    arguments = parser.parse_args()
    axe = Axe(arguments.axe) if arguments.axe else None
    office = Office(arguments.program, arguments.engine, arguments.shots, axe)
    passed = 0
    try:
        for step in STEPS:
            step(office.people if step.__qualname__.startswith("People.") else office)
            passed += 1
            print("ok: " + step.__doc__, flush=True)
    except Exception:  # noqa: BLE001, whatever it was, the picture and the page are what helps
        traceback.print_exc()
        try:
            office.browser.photograph("failed")
        except AssertionError as error:
            print(error)
    finally:
        office.close()
    failed = len(STEPS) - passed
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
