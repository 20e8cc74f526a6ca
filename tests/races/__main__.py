"""`python -m tests.races --n 2000`: every race so often on a PostgreSQL of its own, and how each ended."""

import argparse
import asyncio
import json
import logging
import sys
import time
import uuid
from pathlib import Path

import structlog

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT / "tests"))

from bridge.ledger.migrate import migrate  # noqa: E402 - what tests share lies beside them
from bridge.sandbox.world import passing_world  # noqa: E402
from tests.races.racing import RACES, run  # noqa: E402


def main() -> None:
    """Run the races that were asked for."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--n", type=int, default=2000, help="how often each race is run")
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--race", choices=sorted(RACES), action="append")
    arguments.add_argument("--json", action="store_true")
    asked = arguments.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    found = {}
    with passing_world(CHECKOUT / ".bridge") as world:
        for name in asked.race or RACES:
            database, began = f"race_{uuid.uuid4().hex[:8]}", time.monotonic()
            world.postgres.create_database(database)
            dsn = world.postgres.dsn(database)
            asyncio.run(migrate(dsn))
            came = asyncio.run(run(dsn, name, asked.n, asked.seed))
            found[name] = dict(came)
            took = time.monotonic() - began
            print(f"{name:32} {asked.n:6} races  {took:6.1f} s  {dict(came)}", file=sys.stderr, flush=True)
    if asked.json:
        print(json.dumps({"races": asked.n, "seed": asked.seed, "ends": found}, indent=1))


if __name__ == "__main__":
    main()
