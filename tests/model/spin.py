"""Spin: had from Debian when it is not there, and run on one model within bounds of memory and time."""

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bridge.domain.promela import NEED_A_CLOCK

MEMORY_MB = 2048
SECONDS = 300
DEPTH = 5_000_000
_COMPILE = ("gcc", "-DNFAIR=3", "-DCOLLAPSE", f"-DMEMLIM={MEMORY_MB}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What Spin says of one property. `whole`: every state was seen, within the bounds."""

    name: str
    holds: bool
    whole: bool
    states: int
    depth: int
    seconds: float


def no_spin() -> str:
    """Why Spin cannot be had, or an empty string. It is installed from Debian when it is not there."""
    if shutil.which("gcc") is None:
        return "no C compiler (gcc)"
    if shutil.which("spin") is not None:
        return ""
    apt = shutil.which("apt-get")
    if apt is None:
        return "spin is not installed and there is no apt-get"
    for command in ([apt, "update"], [apt, "install", "-y", "--no-install-recommends", "spin"]):
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS)
    return "" if shutil.which("spin") else f"apt-get could not install spin (status {done.returncode})"


class Checker:
    """One model, made into a program that looks at all its states."""

    def __init__(self, text: str, folder: Path, *, seeded: Sequence[str] = (), fast: bool = False) -> None:
        self._folder = folder
        (folder / "bridge.pml").write_text(text)
        self._run(["spin", *(f"-D{name}" for name in seeded), "-a", "bridge.pml"])
        self._run([*_COMPILE, "-O0" if fast else "-O2", "-o", "pan", "pan.c"])

    def verdict(self, name: str) -> Verdict:
        """Whether this property holds in every state and on every way."""
        fairness = ["-f"] if name in NEED_A_CLOCK else []
        said = self._run(["./pan", "-a", *fairness, "-N", name, f"-m{DEPTH}"])
        errors, depth = _number(said, r"errors: (\d+)"), _number(said, r"depth reached (\d+)")
        cut = re.search(r"search too deep|max search depth|out of memory|Search not completed", said)
        return Verdict(
            name,
            errors == 0,
            cut is None,
            int(_number(said, r"(\d+) states, stored")),
            int(depth),
            _number(said, r"elapsed time ([\d.e+]+)"),
        )

    def verdicts(self, names: Sequence[str]) -> Iterator[Verdict]:
        """One property after the other."""
        return map(self.verdict, names)

    def _run(self, command: Sequence[str]) -> str:
        done = subprocess.run(command, cwd=self._folder, capture_output=True, text=True, timeout=SECONDS)
        if done.returncode and command[0] != "./pan":
            raise RuntimeError(f"{' '.join(command)}: {done.stderr or done.stdout}")
        return done.stdout


def _number(said: str, pattern: str) -> float:
    found = re.search(pattern, said)
    if found is None:
        raise RuntimeError(f"Spin did not say {pattern!r}: {said[:500]}")
    return float(found[1])
