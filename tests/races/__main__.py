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

from building import CANARIES, a_record, an_event  # noqa: E402 - what tests share lies beside them
from desks import a_desk  # noqa: E402
from hands import a_lane  # noqa: E402

from bridge.ledger.migrate import migrate  # noqa: E402
from bridge.sandbox.world import passing_world  # noqa: E402
from tests.races.anything import try_anything  # noqa: E402
from tests.races.racing import RACES, run  # noqa: E402


async def _anything(examples: int, seed: int) -> str:
    """Requests that nobody would make, with the keys of two hotlines, and then of 911 and another agency."""
    tried = 0
    with passing_world(CHECKOUT / ".bridge") as world:
        world.postgres.create_database("anything")
        dsn = world.postgres.dsn("anything")
        await migrate(dsn)
        async with a_lane(dsn) as lane, a_desk(lane) as desk:
            await lane.reads(*(a_record(an_event(f"INV-{n}", f"e{n}"), n) for n in range(3)))
            other = await desk.key("elsewhere", agency="police.elsewhere.example")
            for keys in ([desk.keys["crisis-line"], desk.keys["city-311"]], [desk.keys["911"], other]):
                tried += await asyncio.to_thread(
                    try_anything, desk.url, keys, forbidden=CANARIES, examples=examples, seed=seed
                )
    return f"{tried} requests, nothing broke, nothing of another's was seen"


def main() -> None:
    """Run the races that were asked for."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--n", type=int, default=2000, help="how often each race is run")
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--race", choices=sorted(RACES), action="append")
    arguments.add_argument("--anything", type=int, default=0, help="requests to each address, and no races")
    arguments.add_argument("--json", action="store_true")
    asked = arguments.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    if asked.anything:
        print(asyncio.run(_anything(asked.anything, asked.seed)))
        return
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
