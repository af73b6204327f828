"""The verification page in a real Chromium, through chromedriver: a good draw, a tampered one, an open one.

    python3 verifiers/page_test.py FOLDER_FOR_SCREENSHOTS

Standard library only.
"""

import io
import pathlib
import shutil
import sys
import tempfile
import unittest
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests"))
from browser import Browser  # noqa: E402, what is shared with the other browser tests

screenshots = pathlib.Path(sys.argv.pop(1)) if len(sys.argv) > 1 else pathlib.Path(tempfile.mkdtemp())


def zipped(folder: pathlib.Path, change=lambda name, data: data) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            archive.writestr(folder.name + "/" + path.name, change(path.name, path.read_bytes()))
    return packed.getvalue()


class Page(unittest.TestCase):
    """Each test gives the page a file as a citizen does, and reads what it says."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.browser = Browser(screenshots, "verifier")
        cls.files = pathlib.Path(tempfile.mkdtemp())

    @classmethod
    def tearDownClass(cls) -> None:
        cls.browser.close()
        shutil.rmtree(cls.files)

    def give(self, data: bytes) -> None:
        path = self.files / (self.id() + ".zip")
        path.write_bytes(data)
        self.browser.open(HERE / "index.html")
        self.browser.type("#zip", str(path))

    def test_empty(self) -> None:
        self.browser.open(HERE / "index.html")
        self.assertFalse(self.browser.script("return document.getElementById('result').offsetHeight"))
        self.browser.photograph("empty")

    def test_a_good_draw_passes_all_nine_checks_and_finds_an_enterprise(self) -> None:
        folder = HERE / "vectors/good/county"
        self.give(zipped(folder))
        self.browser.wait("#banner", "核验通过")
        self.assertEqual(self.browser.text("#checks").count("✔ 通过"), 9)
        chosen = next(line for line in (folder / "result.tsv").read_text().splitlines() if "\tS\t" in line)
        self.browser.type("#query", chosen.split("\t")[0].lower())
        self.browser.wait("#rows", "抽中")
        self.assertIn(chosen.split("\t")[1], self.browser.text("#rows"))
        self.browser.photograph("good")

    def test_one_tampered_line_is_named(self) -> None:
        def strike(name: str, data: bytes) -> bytes:
            return data.replace(b"\tS\t", b"\tM\t", 1) if name == "result.tsv" else data

        self.give(zipped(HERE / "vectors/good/county", strike))
        self.browser.wait("#banner", "不通过")
        self.assertEqual(self.browser.text("#checks").count("✔ 通过"), 7)
        self.assertEqual(self.browser.text("#checks").count("✘ 不通过"), 1)
        self.browser.photograph("tampered")

    def test_an_open_draw_is_not_yet_unsealed(self) -> None:
        self.give(zipped(HERE / "vectors/good/open"))
        self.browser.wait("#banner", "尚未启封")
        self.browser.photograph("open")

    def test_what_is_no_zip_is_said(self) -> None:
        self.give(b"no zip at all")
        self.browser.wait("#banner", "打不开")
        self.browser.photograph("no-zip")


if __name__ == "__main__":
    unittest.main(verbosity=1)
