"""Whether a page can be used by everybody, as far as a program can tell: axe-core in the browser.

    python3 e2e/axe.py FOLDER     fetches axe-core into the folder, if it is not there, and says where it is

It is half a megabyte under a licence of its own (MPL-2.0), and nothing of the program: so it is fetched by npm when the tests
are installed, like the packages that they need, and kept out of the repository. What came is held against its hash.
"""

import hashlib
import json
import pathlib
import subprocess
import sys
import tarfile
import tempfile

VERSION = "4.14.1"
SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def fetch(folder: pathlib.Path) -> pathlib.Path:
    path = folder / ("axe-%s.min.js" % VERSION)
    if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == SHA256:
        return path
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        try:
            packed = subprocess.run(
                ["npm", "pack", "--silent", "axe-core@" + VERSION], cwd=place, capture_output=True, text=True, timeout=120)
        except FileNotFoundError:
            raise SystemExit("axe-core is not there and npm is not either: install npm, or put the axe.min.js of "
                             "axe-core %s at %s" % (VERSION, path)) from None
        if packed.returncode:
            raise SystemExit("npm could not fetch axe-core %s: %s\nGo online once, or put its axe.min.js at %s"
                             % (VERSION, packed.stderr.strip(), path))
        with tarfile.open(next(pathlib.Path(place).glob("*.tgz"))) as archive:
            member = archive.extractfile("package/axe.min.js")
            assert member
            content = member.read()
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise SystemExit("what npm gave as axe-core %s is not what it was: not used" % VERSION)
    path.write_bytes(content)
    return path


class Axe:
    """Looks at what a browser shows."""

    def __init__(self, path: pathlib.Path) -> None:
        self.source = path.read_text(encoding="utf-8")

    def findings(self, browser) -> list[str]:
        """What is wrong, rule by rule, with the first places."""
        browser.script(self.source + "; window.axe = axe;")
        options = json.dumps({"runOnly": RULES, "resultTypes": ["violations"]})
        script = "const done = arguments[arguments.length - 1]; axe.run(document, %s).then(done, (e) => done({error: String(e)}))"
        result = browser.ask("POST", "/execute/async", {"script": script % options, "args": []})
        assert "error" not in result, result["error"]
        return [
            "%s (%s): %s" % (found["id"], found["help"], "; ".join(node["html"][:160] for node in found["nodes"][:3]))
            for found in result["violations"]
        ]


if __name__ == "__main__":
    print(fetch(pathlib.Path(sys.argv[1])))
