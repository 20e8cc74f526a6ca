"""`python -m tests.model`: the transfer's table as Spin sees it, every state; then with faults put into it.

Takes about a minute; with `--all` messages also come again long after, which takes some five minutes and two
gigabytes. Ends with 1 when a property does not hold, or when a fault is not found.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from bridge.domain.promela import NEED_A_CLOCK, PROPERTIES, model
from tests.model.faults import FAULTS
from tests.model.spin import Checker, Verdict, no_spin


def _sound(*seeded: str, only: Sequence[str] = tuple(PROPERTIES)) -> Iterator[Verdict]:
    with tempfile.TemporaryDirectory(prefix="model") as folder:
        yield from Checker(model(), Path(folder), seeded=seeded).verdicts(only)


def _faults() -> Iterator[tuple[str, Verdict]]:
    for fault in FAULTS:
        with tempfile.TemporaryDirectory(prefix="model") as folder:
            checker = Checker(fault.text(), Path(folder), seeded=fault.seeded, fast=True)
            yield fault.says, checker.verdict(fault.found_by)


def _said(what: str, verdict: Verdict, came: str) -> dict[str, object]:
    return {"what": what, "": came, **asdict(verdict)}


def _rows(*, everything: bool) -> Iterator[tuple[bool, dict[str, object]]]:
    for verdict in _sound():
        good = verdict.holds and verdict.whole
        yield good, _said(PROPERTIES[verdict.name], verdict, "holds" if good else "BROKEN")
    if everything:
        safe = [name for name in PROPERTIES if name not in NEED_A_CLOCK]
        for verdict in _sound("COMES_AGAIN", only=safe):
            good = verdict.holds and verdict.whole
            what = f"{PROPERTIES[verdict.name]}; messages come again long after"
            yield good, _said(what, verdict, "holds" if good else "BROKEN")
    for says, verdict in _faults():
        yield not verdict.holds, _said(f"seeded: {says}", verdict, "MISSED" if verdict.holds else "found")


def main(arguments: Sequence[str] | None = None) -> int:
    """Check everything asked for; answer the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.model", description=__doc__)
    parser.add_argument("--all", action="store_true", help="messages come again long after, too")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    asked = parser.parse_args(arguments)
    why = no_spin()
    if why:
        print(f"SKIPPED: the model was not checked: {why}", file=sys.stderr)
        return 0
    wrong = count = 0
    for good, row in _rows(everything=asked.all):
        count += 1
        wrong += not good
        if asked.json:
            print(json.dumps(row), flush=True)
            continue
        figures = f"{row['states']:>9} states {row['depth']:>6} deep {row['seconds']:6.2f} s"
        print(f"{row['']:7}{row['name']:20}{figures}  {row['what']}", flush=True)
    print(f"{count} checks, {wrong} wrong", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
