"""The built program as a bureau starts it, on a folder and a database of its own, gone afterwards.

Never touches a database that it did not make.
"""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parent.parent
DEADLINE_S = 30


def database(name: str) -> tuple[str, str]:
    """A new database on the PostgreSQL of the tests: the server's address, and its own."""
    server = subprocess.run([ROOT / "tests" / "postgres", "start"], check=True, capture_output=True, text=True).stdout.strip()
    psql(server, 'DROP DATABASE IF EXISTS "%s" WITH (FORCE)' % name)
    psql(server, 'CREATE DATABASE "%s"' % name)
    return server, server.rsplit("/", 1)[0] + "/" + name


def psql(server: str, statement: str) -> None:
    subprocess.run(["psql", "--quiet", "--no-psqlrc", server, "--command", statement],
                   check=True, capture_output=True, env={**os.environ, "PGOPTIONS": "-c client_min_messages=warning"})


class Server:
    """`mingcha serve`; `url` is where it is, `setup` the link that it printed, if it did."""

    def __init__(self, program: pathlib.Path, engine: str) -> None:
        self.program, self.data = program, pathlib.Path(tempfile.mkdtemp(prefix="mingcha-e2e-"))
        self.server, self.name, self.arguments = "", "e2e_%d" % os.getpid(), []
        if engine == "postgres":
            self.server, address = database(self.name)
            self.arguments = ["--database", address]
        self.start()

    def start(self) -> None:
        self.url, self.setup = "", ""
        self.running = subprocess.Popen(
            [self.program, "serve", "--data", self.data / "data", "--listen", "127.0.0.1:0", *self.arguments],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.said: list[str] = []
        self.ready = threading.Event()
        threading.Thread(target=self.listen, daemon=True).start()
        if not self.ready.wait(DEADLINE_S):
            raise SystemExit("the server did not start: " + "".join(self.said))

    def listen(self) -> None:
        assert self.running.stdout
        for line in self.running.stdout:
            self.said.append(line)
            if line.startswith("明察已启动："):
                self.url = line.partition("：")[2].strip()
            if "/setup/" in line:
                self.setup = line.strip()
            # The link comes right after the address, if there is one; without accounts there always is.
            if self.setup or (self.url and (self.data / "set-up").exists()):
                self.ready.set()
        self.ready.set()

    def restart(self) -> None:
        """As after a reboot: told to stop, started again on the same data."""
        (self.data / "set-up").touch()
        self.stop()
        self.start()

    def stop(self) -> None:
        self.running.send_signal(signal.SIGTERM)
        assert self.running.wait(DEADLINE_S) == 0, "".join(self.said)

    def close(self) -> None:
        if self.running.poll() is None:
            self.stop()
        if self.server:
            psql(self.server, 'DROP DATABASE IF EXISTS "%s" WITH (FORCE)' % self.name)
        shutil.rmtree(self.data, ignore_errors=True)
