"""A real Chromium through chromedriver, for tests that must see what a person sees.

Standard library only. Polls with a deadline, never sleeps for luck. What people do is found by the words on the page: the
label of a field, the text of a button or link, so that a page that cannot be used by its words fails.
"""

import atexit
import base64
import json
import pathlib
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

DEADLINE_S = 30
SIZES = {"desk": (1366, 768), "phone": (390, 844)}
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--allow-file-access-from-files", "--lang=zh-CN", "--hide-scrollbars",
         "--force-prefers-reduced-motion"]  # a page is looked at as it is, not on its way there
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # W3C WebDriver's name for a reference to an element

# Finds what a person would, by its words; blanks and the star of what must be filled are no part of a label.
FINDERS = """
const words = (element) => element.textContent.replace(/[*\\s]+/g, ' ').trim();
const seen = (element) => element.getClientRects().length > 0 && !element.closest('[aria-hidden=true]');
const labelled = (label, within) => {
  const root = within || document;
  for (const own of root.querySelectorAll('label, legend')) {
    if (words(own) !== label) continue;
    const control = own.tagName === 'LEGEND' ? own.closest('fieldset')
      : own.control || own.querySelector('input, select, textarea');
    if (control && seen(control)) return control;
  }
  for (const own of root.querySelectorAll('[aria-label]')) {
    if (own.getAttribute('aria-label') === label && seen(own)) return own;
  }
  return null;
};
const worded = (selector, text) => {
  const all = [...document.querySelectorAll(selector)].filter(seen);
  return all.find((own) => words(own) === text) || all.find((own) => words(own).startsWith(text)) || null;
};
"""


class Browser:
    """As much of WebDriver as the tests need."""

    def __init__(self, screenshots: pathlib.Path, prefix: str) -> None:
        self.screenshots, self.prefix = screenshots, prefix
        self.screenshots.mkdir(parents=True, exist_ok=True)
        self.driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        atexit.register(self.driver.kill)  # also where a test fails before it can close
        assert self.driver.stdout
        line = next(line for line in self.driver.stdout if "successfully on port" in line)
        self.url = "http://127.0.0.1:" + line.rstrip(". \n").rsplit(" ", 1)[1]
        self.profile, self.downloads = tempfile.mkdtemp(), pathlib.Path(tempfile.mkdtemp())
        options = {
            "args": FLAGS + ["--user-data-dir=" + self.profile, "--window-size=%d,%d" % SIZES["desk"]],
            "binary": shutil.which("chromium"),
            "prefs": {"download.default_directory": str(self.downloads), "download.prompt_for_download": False},
        }
        wanted = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        self.url += "/session/" + self.ask("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]

    def ask(self, method: str, path: str, body: object = None) -> object:
        data = None if method == "GET" else json.dumps(body or {}).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=DEADLINE_S) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            told = json.load(error)["value"]
            raise AssertionError("%s: %s" % (told["error"], told["message"].split("\n")[0])) from None

    # Pages

    def open(self, where: object) -> None:
        self.ask("POST", "/url", {"url": where.as_uri() if isinstance(where, pathlib.Path) else where})

    def here(self) -> str:
        return self.ask("GET", "/url")

    def find(self, selector: str) -> str:
        found = self.ask("POST", "/element", {"using": "css selector", "value": selector})
        return "/element/" + found[ELEMENT]

    def type(self, selector: str, text: str) -> None:
        self.ask("POST", self.find(selector) + "/value", {"text": text})

    def text(self, selector: str) -> str:
        return self.ask("GET", self.find(selector) + "/text")

    def script(self, body: str, *arguments: object) -> object:
        return self.ask("POST", "/execute/sync", {"script": body, "args": list(arguments)})

    def wait(self, selector: str, text: str) -> None:
        """Until the element says it."""
        deadline = time.monotonic() + DEADLINE_S
        while True:
            try:
                said = self.text(selector)
            except AssertionError as error:  # the page is just being left
                said = str(error)
            if text in said:
                return
            assert time.monotonic() < deadline, "no “%s” in %s on %s, which says:\n%s" % (text, selector, self.here(), said)

    def says(self, text: str) -> None:
        self.wait("body", text)

    # What a person does, by words

    def by_words(self, expression: str, what: str, *arguments: str) -> str:
        deadline = time.monotonic() + DEADLINE_S / 6
        while True:
            found = self.script(FINDERS + "return " + expression, *arguments)
            if found:
                return "/element/" + found[ELEMENT]
            assert time.monotonic() < deadline, "no %s on %s, which says:\n%s" % (what, self.here(), self.text("body"))

    def field(self, label: str, within: str = "") -> str:
        """The field of that label; with `within`, in the group of that legend."""
        return self.by_words("labelled(arguments[0], arguments[1] && labelled(arguments[1]))",
                             "field “%s” %s" % (label, within), label, within)

    def fill(self, label: str, text: str, within: str = "") -> None:
        """Types into the field of that label in the place of what was there."""
        field = self.field(label, within)
        if self.ask("GET", field + "/property/type") == "date":
            self.script("arguments[0].value = arguments[1]", {ELEMENT: field.split("/")[-1]}, text)
            return
        self.ask("POST", field + "/clear")
        self.ask("POST", field + "/value", {"text": text})

    def value(self, label: str) -> str:
        return self.ask("GET", self.field(label) + "/property/value")

    def give(self, label: str, path: pathlib.Path) -> None:
        """Puts a file into the field of that label."""
        self.ask("POST", self.field(label) + "/value", {"text": str(path)})

    def choose(self, label: str, word: str, within: str = "") -> None:
        """Chooses a word in the list of that label."""
        chosen = self.script(
            FINDERS + "const list = labelled(arguments[0], arguments[2] && labelled(arguments[2]));"
            "const option = list && [...list.options].find((own) => words(own) === arguments[1]);"
            "if (option) { list.value = option.value; list.dispatchEvent(new Event('change', {bubbles: true})); }"
            "return Boolean(option)", label, word, within)
        assert chosen, "no “%s” to choose at “%s” on %s" % (word, label, self.here())

    def tick(self, group: str, word: str, within: str = "") -> None:
        """Ticks the box of that word in the group of that legend."""
        box = self.by_words("labelled(arguments[1], labelled(arguments[0], arguments[2] && labelled(arguments[2])))",
                            "box “%s” at “%s”" % (word, group), group, word, within)
        if not self.ask("GET", box + "/selected"):
            self.click(box)

    def click(self, element: str) -> None:
        self.script("arguments[0].scrollIntoView({block: 'center'})", {ELEMENT: element.split("/")[-1]})
        self.ask("POST", element + "/click")

    def press(self, text: str) -> None:
        """Presses the button of that text."""
        self.click(self.by_words("worded('button', arguments[0])", "button “%s”" % text, text))

    def follow(self, text: str) -> None:
        """Follows the link of that text."""
        self.click(self.by_words("worded('a', arguments[0])", "link “%s”" % text, text))

    def unfold(self, text: str) -> None:
        """Opens the part of that title if it is closed."""
        part = self.by_words("worded('summary', arguments[0])", "part “%s”" % text, text)
        if not self.script("return arguments[0].parentElement.open", {ELEMENT: part.split("/")[-1]}):
            self.click(part)

    def downloaded(self, ending: str) -> bytes:
        """The next file of that kind that the browser was given."""
        deadline = time.monotonic() + DEADLINE_S
        while time.monotonic() < deadline:
            for path in self.downloads.iterdir():
                # Until all of it is there the name is taken by an empty file.
                if path.name.endswith(ending) and path.stat().st_size:
                    content = path.read_bytes()
                    path.unlink()
                    return content
            time.sleep(0.02)
        raise AssertionError("no %s came from %s" % (ending, self.here()))

    # What a test looks at

    def photograph(self, name: str) -> None:
        """A picture at each size, on which nothing sticks out to the side."""
        for size, (width, height) in SIZES.items():
            self.script("window.scrollTo(0, 0)")
            metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": size == "phone"}
            self.command("Emulation.setDeviceMetricsOverride", metrics)
            wide = self.script("return document.documentElement.scrollWidth")
            assert wide <= width, "%s is %d pixels wide at %s" % (name, wide, size)
            shot = self.command("Page.captureScreenshot", {"captureBeyondViewport": True})["data"]
            path = self.screenshots / ("%s-%s-%s.png" % (self.prefix, name, size))
            path.write_bytes(base64.b64decode(shot))
        self.command("Emulation.clearDeviceMetricsOverride", {})

    def printed(self, name: str) -> bytes:
        """The page as it comes out of the printer."""
        content = base64.b64decode(self.command("Page.printToPDF", {"preferCSSPageSize": True})["data"])
        (self.screenshots / ("%s-%s.pdf" % (self.prefix, name))).write_bytes(content)
        return content

    def complaints(self) -> list[str]:
        """What the browser itself found wrong since it was asked last, but for pages that refuse what was sent."""
        refusals = tuple("status of %d " % status for status in (401, 403, 404, 409, 422))
        entries = self.ask("POST", "/se/log", {"type": "browser"})
        severe = [entry["message"] for entry in entries if entry["level"] == "SEVERE"]
        return [message for message in severe if not any(refusal in message for refusal in refusals)]

    def command(self, name: str, parameters: object) -> dict:
        return self.ask("POST", "/goog/cdp/execute", {"cmd": name, "params": parameters})

    def forget(self) -> None:
        """Signs out of everything: the cookies are gone."""
        self.ask("DELETE", "/cookie")

    def close(self) -> None:
        self.ask("DELETE", "")
        self.driver.terminate()
        self.driver.wait()
        assert self.driver.stdout
        self.driver.stdout.close()
        shutil.rmtree(self.profile, ignore_errors=True)
        shutil.rmtree(self.downloads, ignore_errors=True)
