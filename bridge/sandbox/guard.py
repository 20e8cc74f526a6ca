"""Ends the servers a vanished parent leaves behind.

A parent that is killed cannot clean up. So a small process reads one order a line, `watch NUMBER SIGNAL`
or `release NUMBER`, and at end of file, which is also the parent's death, signals what is still watched.
Runs on the standard library alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TextIO


class Guard:
    """The parent's end: servers watched here do not outlive this process, however it ends."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(Path(__file__).resolve())],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )

    def watch(self, number: int, signal_number: int) -> None:
        """From now on process `number` gets `signal_number` when this process is gone."""
        self._order(f"watch {number} {int(signal_number)}")

    def release(self, number: int) -> None:
        """Process `number` has ended, or may live on."""
        self._order(f"release {number}")

    def close(self) -> None:
        """Signals what is still watched, and ends the guard."""
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait()

    def _order(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()


def stand_guard(orders: TextIO) -> None:
    """Follows `orders` to their end, then signals every process that is still watched."""
    watched: dict[int, int] = {}
    for line in orders:
        match line.split():
            case ["watch", number, signal_number]:
                watched[int(number)] = int(signal_number)
            case ["release", number]:
                watched.pop(int(number), None)
    for process, signal_to_send in watched.items():
        with suppress(ProcessLookupError):
            os.kill(process, signal_to_send)


if __name__ == "__main__":
    stand_guard(sys.stdin)
