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
from tests.mutation.survivors import explained, faults
from tests.mutation.trial import Fate, limits, tried

HEAD = f"{'file':18} {'mutants':>8} {'killed':>7} {'timeouts':>9} {'survived':>9} {'explained':>10}"


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
    if asked.sample is not None:
        chosen = random.Random(asked.seed).sample(mutants, min(asked.sample, len(mutants)))
        mutants = [mutant for mutant in mutants if mutant in chosen]
    begun = time.monotonic()
    found = _tried(mutants)
    known = explained()
    rows = [row for file in files if (row := _row(file, found, known))["mutants"]]
    whole = not asked.file and asked.sample is None
    wrong = [*faults(found, known, whole=whole)]
    if asked.json:
        survivors = [str(mutant) for mutant, fate in found if fate is Fate.SURVIVED]
        sums = {name: sum(int(row[name]) for row in rows) for name in list(rows[0])[1:]}
        seconds = round(time.monotonic() - begun)
        print(json.dumps({**sums, "seconds": seconds, "files": rows, "survivors": survivors}, indent=1))
    else:
        print(HEAD)
        for row in rows:
            print("{:18} {:8} {:7} {:9} {:9} {:10}".format(*row.values()))
        for mutant, fate in found:
            if fate is not Fate.KILLED:
                print(f"{fate:8} {mutant}")
                print(f"         {known.get(mutant.key, '')}")
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    return 1 if wrong else 0


def _tried(mutants: Sequence[Mutant]) -> list[tuple[Mutant, Fate]]:
    os.nice(10)
    limit = limits()
    found = []
    for number, mutant in enumerate(mutants, 1):
        found.append((mutant, tried(mutant, limit)))
        if number % 50 == 0:
            print(f"{number} of {len(mutants)}", file=sys.stderr, flush=True)
    return found


def _row(
    file: str, found: Sequence[tuple[Mutant, Fate]], known: dict[tuple[str, str, str, str], str]
) -> dict[str, object]:
    fates = [fate for mutant, fate in found if mutant.file == file]
    told = [mutant for mutant, fate in found if mutant.file == file and fate is Fate.SURVIVED]
    return {
        "file": file,
        "mutants": len(fates),
        "killed": fates.count(Fate.KILLED),
        "timeouts": fates.count(Fate.TIMEOUT),
        "survived": len(told),
        "explained": sum(bool(known.get(mutant.key)) for mutant in told),
    }


if __name__ == "__main__":
    sys.exit(main())
