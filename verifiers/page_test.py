"""The verification page in a real Chromium, through chromedriver: a good draw, a tampered one, an open one.

    python3 verifiers/page_test.py FOLDER_FOR_SCREENSHOTS

Standard library only. Polls with a deadline, never sleeps for luck.
"""

import atexit
import base64
import io
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.request
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
DEADLINE_S = 30
SIZES = {"desk": (1366, 768), "phone": (390, 844)}
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--allow-file-access-from-files"]
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # W3C WebDriver's name for a reference to an element
screenshots = pathlib.Path(sys.argv.pop(1)) if len(sys.argv) > 1 else pathlib.Path(tempfile.mkdtemp())


class Browser:
    """As much of WebDriver as this page needs."""

    def __init__(self) -> None:
        self.driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        atexit.register(self.driver.kill)  # also where a test fails before it can close
        assert self.driver.stdout
        line = next(line for line in self.driver.stdout if "successfully on port" in line)
        self.url = "http://127.0.0.1:" + line.rstrip(". \n").rsplit(" ", 1)[1]
        self.profile = tempfile.mkdtemp()
        options = {"args": FLAGS + ["--user-data-dir=" + self.profile], "binary": shutil.which("chromium")}
        capabilities = {"capabilities": {"alwaysMatch": {"goog:chromeOptions": options}}}
        self.url += "/session/" + self.ask("POST", "/session", capabilities)["sessionId"]

    def ask(self, method: str, path: str, body: object = None) -> object:
        data = None if method == "GET" else json.dumps(body or {}).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=DEADLINE_S) as answer:
            return json.load(answer)["value"]

    def open(self, path: pathlib.Path) -> None:
        self.ask("POST", "/url", {"url": path.as_uri()})

    def find(self, selector: str) -> str:
        found = self.ask("POST", "/element", {"using": "css selector", "value": selector})
        return "/element/" + found[ELEMENT]

    def type(self, selector: str, text: str) -> None:
        self.ask("POST", self.find(selector) + "/value", {"text": text})

    def text(self, selector: str) -> str:
        return self.ask("GET", self.find(selector) + "/text")

    def script(self, body: str) -> object:
        return self.ask("POST", "/execute/sync", {"script": body, "args": []})

    def wait(self, selector: str, text: str) -> None:
        """Until the element says it."""
        deadline = time.monotonic() + DEADLINE_S
        while text not in self.text(selector):
            assert time.monotonic() < deadline, selector + " says: " + self.text(selector)

    def photograph(self, name: str) -> None:
        for size, (width, height) in SIZES.items():
            self.script("window.scrollTo(0, 0)")
            metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": size == "phone"}
            self.command("Emulation.setDeviceMetricsOverride", metrics)
            wide = self.script("return document.documentElement.scrollWidth")
            assert wide <= width, "%s is %d pixels wide at %s" % (name, wide, size)
            shot = self.command("Page.captureScreenshot", {"captureBeyondViewport": True})["data"]
            (screenshots / ("verifier-%s-%s.png" % (name, size))).write_bytes(base64.b64decode(shot))
        self.command("Emulation.clearDeviceMetricsOverride", {})

    def command(self, name: str, parameters: object) -> dict:
        return self.ask("POST", "/goog/cdp/execute", {"cmd": name, "params": parameters})

    def close(self) -> None:
        self.ask("DELETE", "")
        self.driver.terminate()
        self.driver.wait()
        assert self.driver.stdout
        self.driver.stdout.close()
        shutil.rmtree(self.profile, ignore_errors=True)


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
        screenshots.mkdir(parents=True, exist_ok=True)
        cls.browser = Browser()
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
