"""`python -m tests.mutation`: every small fault put into the code that decides, and which no test noticed.

Takes some twenty minutes of one core. Ends with 1 when a mutant survived that `survivors.toml` does not
explain, or when it explains one that was killed. `docs/measured/mutation.json` is what `--json` printed.
"""

import argparse
import json
import os
import random
import sys
import time
from collections.abc import Sequence

import hypothesis.strategies  # noqa: F401  loaded once, for all forks
import shapely  # noqa: F401

from tests.mutation.mutants import FILES, Mutant, mutants_of
from tests.mutation.survivors import Known, explained, faults
from tests.mutation.trial import Fate, limits, tried

Found = Sequence[tuple[Mutant, Fate]]

COUNTS = ("mutants", "killed", "timeouts", "survived", "explained")


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the mutants asked for; answer the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--file", action="append", choices=FILES, default=[], help="only this; repeatable")
    parser.add_argument("--sample", type=int, metavar="N", help="only so many, drawn with --seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args(arguments)
    files = asked.file or FILES
    mutants = [mutant for file in files for mutant in mutants_of(file)]
    if asked.sample is not None and asked.sample < len(mutants):
        mutants = sorted(random.Random(asked.seed).sample(mutants, asked.sample))
    begun = time.monotonic()
    found = _tried(mutants)
    known = explained()
    rows = [_row(file, found, known) for file in files]
    wrong = [*faults(found, known, whole=not asked.file and asked.sample is None)]
    if asked.json:
        sums = {count: sum(row[count] for _, row in rows) for count in COUNTS}
        survivors = [
            {"mutant": str(mutant), "why": known.get(mutant.key, "")}
            for mutant, fate in found
            if fate is Fate.SURVIVED
        ]
        told = {
            **sums,
            "seconds": round(time.monotonic() - begun),
            "files": [{"file": file, **row} for file, row in rows],
            "survivors": survivors,
        }
        print(json.dumps(told, indent=1))
    else:
        print(f"{'file':18}", *(f"{count:>9}" for count in COUNTS))
        for file, row in rows:
            print(f"{file:18}", *(f"{row[count]:9}" for count in COUNTS))
        for mutant, fate in found:
            if fate is not Fate.KILLED:
                print(f"{fate:8} {mutant}  ({known.get(mutant.key, '')})")
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    return 1 if wrong else 0


def _tried(mutants: Sequence[Mutant]) -> Found:
    os.nice(10)
    limit = limits()
    found = []
    for number, mutant in enumerate(mutants, 1):
        found.append((mutant, tried(mutant, limit)))
        if number % 50 == 0:
            print(f"{number} of {len(mutants)}", file=sys.stderr, flush=True)
    return found


def _row(file: str, found: Found, known: Known) -> tuple[str, dict[str, int]]:
    fates = [fate for mutant, fate in found if mutant.file == file]
    survivors = [mutant for mutant, fate in found if mutant.file == file and fate is Fate.SURVIVED]
    row = {
        "mutants": len(fates),
        "killed": fates.count(Fate.KILLED),
        "timeouts": fates.count(Fate.TIMEOUT),
        "survived": len(survivors),
        "explained": sum(mutant.key in known for mutant in survivors),
    }
    return file, row


if __name__ == "__main__":
    sys.exit(main())
