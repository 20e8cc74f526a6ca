"""Makes the environment of deploy/local: a virtual environment from the lock, and the Kafka broker's jars.

Standard library alone: it runs before anything is installed. The file `ready`, which says what the
environment was made from, is written last; while it is missing or says something else, all is made anew.
"""

from __future__ import annotations

import fcntl
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
LOCK = CHECKOUT / "deploy" / "requirements.txt"

SECONDS_BETWEEN_LINES = 2.0

PIP_REMEDY = """\
It needs a package index: look at the network, the proxy (HTTPS_PROXY) or the mirror (PIP_INDEX_URL).
Without a network, put the wheels into a folder and set PIP_FIND_LINKS to it and PIP_NO_INDEX to 1.
Then run deploy/local again."""


class NoEnvironmentError(Exception):
    """The environment cannot be made; the text says why and what to do."""


class Progress:
    """One line that changes on a terminal; elsewhere now and then a line."""

    def __init__(self) -> None:
        self._on_terminal = sys.stderr.isatty()
        self._width = 0
        self._stepped = 0.0

    def step(self, text: str) -> None:
        """A step among many."""
        if not self._on_terminal:
            if time.monotonic() - self._stepped > SECONDS_BETWEEN_LINES:
                self.say(text)
                self._stepped = time.monotonic()
            return
        text = text[: shutil.get_terminal_size().columns - 1]
        self._write("\r" + text.ljust(self._width))
        self._width = len(text)

    def say(self, text: str) -> None:
        """A line that stays."""
        self._write(("\r" + " " * self._width + "\r" if self._width else "") + text + "\n")
        self._width = 0

    def _write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()


class Maker:
    """Makes the environment in `home`, alone: `lock` is held until this process and its children are gone."""

    def __init__(self, home: Path, progress: Progress) -> None:
        self._home = home
        self._venv = home / "venv"
        self._python = self._venv / "bin" / "python"
        self._progress = progress
        self._lock = self._only_one(home / "ready.lock")

    def make(self, wanted: str) -> None:
        """Makes what `wanted` describes, unless another process did while we waited for the lock."""
        ready = self._home / "ready"
        if ready.exists() and ready.read_text() == wanted and self._python.exists():
            return
        ready.unlink(missing_ok=True)
        began = time.monotonic()
        self._end_servers()
        self._make_virtual_environment()
        self._install_packages()
        self._install_project()
        self._fetch_jars()
        unfinished = self._home / "ready.new"
        unfinished.write_text(wanted)
        unfinished.replace(ready)
        self._progress.say(f"{self._home} is ready after {time.monotonic() - began:.0f} s")

    def _only_one(self, path: Path) -> int:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._progress.say("another deploy/local is at work in this checkout; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        return lock

    def _end_servers(self) -> None:
        """Servers of an earlier environment run from the files that are about to go."""
        if (self._home / "env").exists() and self._python.exists():
            self._progress.say("stopping the sandbox: its programs are replaced")
            command = [str(self._python), "-P", "-m", "bridge", "sandbox", "down"]
            subprocess.run(command, cwd=CHECKOUT, check=False)

    def _make_virtual_environment(self) -> None:
        self._progress.say(f"making {self._venv} with Python {sys.version.split()[0]}")
        shutil.rmtree(self._venv, ignore_errors=True)  # half a one cannot be told from a whole one
        # by its full name: when the system moves on to another Python, this one is seen to be gone
        interpreter = os.path.realpath(sys.executable)
        said = list(self._run([interpreter, "-I", "-m", "venv", str(self._venv)]))
        if not self._python.exists() or self._last_code:
            raise NoEnvironmentError(f"cannot make {self._venv}:\n" + _indented(said[-8:]))

    def _install_packages(self) -> None:
        total = len(re.findall(r"^[\w.-]+==", LOCK.read_text(), re.MULTILINE))
        done, name, said = 0, "", []
        for line in self._run([*self._pip(), "install", "--require-hashes", "--no-compile", "-r", str(LOCK)]):
            said.append(line)
            match line.split():
                case ["Ignoring", *_]:
                    total -= 1
                case ["Collecting", name, *_]:
                    done += 1
                    self._progress.step(f"package {done}/{total}: {name}")
                case ["Downloading", _, *size] if "MB" in line:
                    self._progress.step(f"package {done}/{total}: {name} {' '.join(size)}")
                case ["Installing", "collected", *_]:
                    self._progress.step(f"installing {done} packages")
                case ["WARNING:", "Retrying", *_]:
                    self._progress.say("no answer from the package index; trying again")
        if self._last_code:
            errors = [line for line in said if line.startswith("ERROR:")] or said[-8:]
            raise NoEnvironmentError(f"pip could not install {LOCK}:\n{_indented(errors)}\n{PIP_REMEDY}")

    def _pip(self) -> list[str]:
        return [str(self._python), "-I", "-m", "pip", "--no-input", "--disable-pip-version-check"]

    def _install_project(self) -> None:
        """The checkout itself: Python finds it where it is, so that an edit needs no installation."""
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        (self._venv / "lib" / version / "site-packages" / "bridge911.pth").write_text(f"{CHECKOUT}\n")
        launcher = self._venv / "bin" / "bridge"
        launcher.write_text(f'#!/bin/sh\nexec {shlex.quote(str(self._python))} -P -m bridge "$@"\n')
        launcher.chmod(0o755)

    def _fetch_jars(self) -> None:
        said = []
        for line in self._run([str(self._python), "-P", "-m", "bridge.sandbox.jars", str(self._home)]):
            said.append(line)
            self._progress.step(line)
        if self._last_code:
            raise NoEnvironmentError("no jars for the Kafka broker:\n" + _indented(said[-4:]))

    def _run(self, command: Sequence[str]) -> Iterable[str]:
        """The lines a command says, as it says them. It holds our lock too: it may outlive us by a moment."""
        with subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=_environment(self._home),
            pass_fds=[self._lock],
        ) as process:
            assert process.stdout is not None
            yield from (line.rstrip() for line in process.stdout)
        self._last_code = process.returncode


def _environment(home: Path) -> dict[str, str]:
    """The user's environment, with his proxies and mirrors, less what would lead pip to another place."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    for name in ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT"):
        mine.pop(name, None)
    return {"PIP_CACHE_DIR": str(home / "cache" / "pip"), **mine, "PIP_USER": "0", "PYTHONUNBUFFERED": "1"}


def _indented(lines: Sequence[str]) -> str:
    return "\n".join(f"  {line}" for line in lines)


def main() -> int:
    """Reads from standard input what the environment is to be made from; the folder is the argument."""
    progress = Progress()
    try:
        Maker(Path(sys.argv[1]), progress).make(sys.stdin.read())
    except NoEnvironmentError as error:
        progress.say(f"deploy/local: {error}")
        return 1
    except OSError as error:
        progress.say(
            f"deploy/local: {error.filename}: {error.strerror}. Make room, or make it writable, and run again"
        )
        return 1
    except KeyboardInterrupt:
        progress.say("deploy/local: interrupted; run it again to go on from here")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
