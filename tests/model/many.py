"""`python -m tests.model.many --n 500`: many calls on a ledger and by the HTTP API while workers die."""

import argparse
import asyncio
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
from tests.model.grounds import OnLedger, OverHttp  # noqa: E402
from tests.model.people import lived_on, lives  # noqa: E402


def main() -> None:
    """Live so many calls on each ground; ends with the error of the first that goes wrong."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--n", type=int, default=500, help="calls on each ground")
    arguments.add_argument("--steps", type=int, default=30, help="deeds of a call, at most")
    asked = arguments.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with passing_world(CHECKOUT / ".bridge") as world:
        for ground in (OnLedger, OverHttp):
            database, began = f"people_{uuid.uuid4().hex[:8]}", time.monotonic()
            world.postgres.create_database(database)
            dsn = world.postgres.dsn(database)
            asyncio.run(migrate(dsn))
            lived_on(ground, dsn, lives(asked.n, steps=asked.steps, derandomize=False))
            print(f"{ground.__name__:10} {asked.n:6} calls  {time.monotonic() - began:6.1f} s", flush=True)


if __name__ == "__main__":
    main()
