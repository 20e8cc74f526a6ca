"""Two people do something at the same instant, on a real ledger: one of them is first, and nobody is lost.

Who begins, and by how much, comes from a seed. After each race the call has one holder, and the ledger's own
checks find nothing.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace

import asyncpg
from building import (
    AGENCY,
    CITY_311,
    CRISIS_LINE,
    a_destination,
    a_policy,
    a_record,
    an_event,
    rules,
    the_transfer,
)
from desks import Desks, Said, a_desk
from hands import Lane, a_lane

from bridge.domain.ids import DestinationId
from bridge.handling.context import Rules
from bridge.handling.end_waits import end_waits
from bridge.ledger.verify import verify_tables

TEAMS = DestinationId("teams")
WITHIN = 0.004
"""Seconds by which one may begin before the other: about as long as a deed takes."""


def with_teams() -> Rules:
    """Calls without a voice go to two teams at once; all others to the crisis line."""
    base = rules()
    group = replace(a_destination(TEAMS), teams=(CRISIS_LINE, CITY_311))
    return replace(base, destinations={**base.destinations, TEAMS: group})


def to_teams() -> Rules:
    """The same, and every call goes to the teams."""
    return replace(with_teams(), policies={AGENCY: (a_policy(route=(TEAMS,)),)})


@dataclass
class Ground:
    """One ledger, and a desk on it. `calls` counts the calls that were made."""

    desk: Desks
    lane: Lane
    sql: asyncpg.Connection
    chance: random.Random
    calls: int = 0
    came: Counter[str] = field(default_factory=Counter)

    async def offered(self, *, on_the_line: bool = True) -> str:
        """A new call that is offered; answers its transfer's address."""
        self.calls += 1
        name = f"R-{self.calls}"
        event = an_event(name, f"e-{name}", on_the_line=on_the_line)
        event = replace(event, callback=f"214{self.calls:07}")  # one caller is not passed on without end
        await self.lane.reads(a_record(event, self.calls))
        return f"transfers/{the_transfer(name)}"

    async def say(self, by: str, transfer: str, verb: str, body: object = None) -> Said:
        """Somebody says something; it must not fail."""
        said = await self.desk.post(by, f"{transfer}/{verb}", body)
        assert said.status in {200, 409}, (said.status, said.body)
        return said

    async def at_once(self, first: Awaitable[Said], second: Awaitable[Said]) -> tuple[Said, Said]:
        """Both, one of them a little later."""
        gaps = [0.0, self.chance.uniform(0, WITHIN)]
        self.chance.shuffle(gaps)

        async def after(gap: float, deed: Awaitable[Said]) -> Said:
            await asyncio.sleep(gap)
            return await deed

        one, other = await asyncio.gather(after(gaps[0], first), after(gaps[1], second))
        return one, other

    async def now(self) -> tuple[str, str]:
        """The state of the last call's first transfer, and who has the caller."""
        row = await self.sql.fetchrow(
            "select t.state, i.holder, t.holder as theirs"
            " from transfer t join incident i using (incident_key) where t.transfer_id = $1",
            the_transfer(f"R-{self.calls}"),
        )
        assert row is not None
        holding = {"connected", "held", "claimed", "returning"}
        if row["state"] in holding:
            assert row["holder"] == row["theirs"], dict(row)
        return row["state"], row["holder"]

    async def check(self) -> None:
        """Nobody has two holders, and the ledger's checks find nothing."""
        report = await verify_tables(self.desk_dsn, cad_topic="cad.events")
        assert not report.broken, {number: rows[:3] for number, rows in report.broken.items()}
        two = await self.sql.fetchval(
            "select count(*) from (select from transfer where state in"
            " ('connected', 'held', 'claimed', 'returning') group by incident_key having count(*) > 1) t"
        )
        assert two == 0

    desk_dsn: str = ""


async def two_claims(ground: Ground) -> str:
    """Two teams claim one call: one has it, the other is told who."""
    transfer = await ground.offered(on_the_line=False)
    one, other = await ground.at_once(
        ground.say("crisis-line", transfer, "claim"), ground.say("city-311", transfer, "claim")
    )
    assert {one.status, other.status} == {200, 409}, (one, other)
    first, late = (one, other) if one.status == 200 else (other, one)
    state, holder = await ground.now()
    assert state == "claimed"
    assert holder == first.json["holder"] == late.json["holder"]
    return holder


async def accept_against_deadline(ground: Ground) -> str:
    """A counsellor has the caller as the offer's time runs out: the hotline has the call, or 911 does."""
    transfer = await ground.offered()
    await ground.sql.execute(
        "update transfer set deadline = clock_timestamp() where transfer_id = $1", transfer.partition("/")[2]
    )

    async def time_is_up() -> Said:
        await end_waits(ground.lane.handling)
        return Said(200, b"", None, {})

    said, _ = await ground.at_once(ground.say("crisis-line", transfer, "voice-contact"), time_is_up())
    state, holder = await ground.now()
    assert (state, holder, said.status) in {("connected", "crisis-line", 200), ("expired", "911", 409)}
    return state


async def accept_against_recall(ground: Ground) -> str:
    """A counsellor has the caller as 911 takes the call back: one of the two is refused."""
    transfer = await ground.offered()
    contact, recall = await ground.at_once(
        ground.say("crisis-line", transfer, "voice-contact"), ground.say("911", transfer, "recall")
    )
    state, holder = await ground.now()
    ends = {("connected", "crisis-line", 200, 409), ("recalled", "911", 409, 200)}
    assert (state, holder, contact.status, recall.status) in ends
    return state


async def return_against_close(ground: Ground) -> str:
    """One counsellor gives the call back while another closes it: it ends once, and with somebody."""
    transfer = await ground.offered()
    await ground.say("crisis-line", transfer, "voice-contact")
    await ground.say("911", transfer, "release")
    back, close = await ground.at_once(
        ground.say("crisis-line", transfer, "return", {"reason": "no_contact"}),
        ground.say("crisis-line", transfer, "close", {"outcome": "resolved_by_phone"}),
    )
    state, holder = await ground.now()
    assert close.status == 200
    assert (state, holder) == ("closed", "crisis-line")
    return "closed" if back.status == 409 else "returned, then closed"


async def hang_up_against_voice_contact(ground: Ground) -> str:
    """The caller hangs up as the counsellor says hello: somebody calls back, or nobody had them yet."""
    transfer = await ground.offered()
    contact, gone = await ground.at_once(
        ground.say("crisis-line", transfer, "voice-contact"), ground.say("911", transfer, "hung-up")
    )
    state, holder = await ground.now()
    ends = {("claimed", "crisis-line", 200, 200), ("abandoned", "911", 409, 200)}
    assert (state, holder, contact.status, gone.status) in ends, (state, holder, contact, gone)
    return state


async def double_voice_contact(ground: Ground) -> str:
    """Two counsellors say at once that they have the caller: the call moves once, and both hear so."""
    transfer = await ground.offered()
    one, other = await ground.at_once(
        ground.say("crisis-line", transfer, "voice-contact"),
        ground.say("crisis-line", transfer, "voice-contact"),
    )
    assert (one.status, other.status) == (200, 200)
    assert {one.json["outcome"], other.json["outcome"]} == {"applied", "stayed"}
    assert await ground.now() == ("connected", "crisis-line")
    return "connected"


Race = Callable[[Ground], Awaitable[str]]

RACES: Mapping[str, Race] = {
    race.__name__: race
    for race in (
        two_claims,
        accept_against_deadline,
        accept_against_recall,
        return_against_close,
        hang_up_against_voice_contact,
        double_voice_contact,
    )
}


async def run(dsn: str, name: str, times: int, seed: int = 0) -> Counter[str]:
    """Run one race so often; answers how often each end was reached. AssertionError names what broke."""
    race, came = RACES[name], Counter[str]()
    given = to_teams() if race is two_claims else with_teams()
    async with a_lane(dsn, given=given) as lane, a_desk(lane) as desk:
        sql = await asyncpg.connect(dsn, server_settings={"timezone": "UTC"})
        try:
            ground = Ground(desk, lane, sql, random.Random(f"{name} {seed}"), desk_dsn=dsn)
            for _ in range(times):
                came[await race(ground)] += 1
            while await end_waits(lane.handling):  # whoever was left holding for long alarms
                pass
            await ground.check()
        finally:
            sql.terminate()
    return came
