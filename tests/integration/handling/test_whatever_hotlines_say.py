"""Whatever is said of calls that begin at hotlines, in whatever order: one holder, nothing closed early."""

import random

import pytest
from building import CITY_311, CRISIS_LINE, the_transfer
from hands import a_lane
from line_988 import HELP, LINE_988, Line988, a_call, broken, city
from reading import returns

from bridge.domain.message import ReturnKind
from bridge.domain.signal import SignalKind

S = SignalKind
SPEAKERS = (LINE_988, LINE_988, CRISIS_LINE, CITY_311, "911", "911")
KINDS = (
    *(S.CALL_OPENED, S.REFERRED, S.AWARENESS, S.HELP_REQUESTED, S.HELP_TAKEN, S.HELP_SENT),
    *(S.CONTACT_CONFIRMED, S.NOT_FOUND, S.HOTLINE_TOLD, S.HELP_CANCELLED, S.ALERTING, S.VOICE_CONTACT),
    *(S.DECLINED, S.RETURN_ASKED, S.RETURN_TAKEN, S.CLOSED, S.CONFIRMED, S.HANDED_ON, S.HUNG_UP, S.RECALLED),
)
SAID_TO_EACH = 30


async def anything(line, incident, chance):
    """One thing that somebody might say of this call."""
    kind, by = chance.choice(KINDS), chance.choice(SPEAKERS)
    call = a_call(incident, weapon=chance.random() < 0.2, call_type=chance.choice(("46", "31", "none")))
    await line.says(
        kind,
        incident,
        by=by,
        call=call if chance.random() < 0.7 else None,
        rescue=HELP if kind is S.HELP_REQUESTED else None,
        transfer=the_transfer(incident, chance.randint(1, 3)),
        prefers=CITY_311 if kind is S.HANDED_ON else "",
    )


@pytest.mark.parametrize("seed", [988, 911, 311])
async def test_there_is_one_holder_and_no_invariant_breaks(database, sql, seed):
    chance = random.Random(seed)
    incidents = [f"988-{seed}-{number}" for number in range(5)]
    async with a_lane(database, given=city()) as hands:
        line = Line988(hands)
        for _ in range(SAID_TO_EACH):
            for incident in incidents:
                await anything(line, incident, chance)
    assert not await broken(sql)
    asked = await sql.fetchval("select count(*) from audit where what = 'rescue.help_requested'")
    told = [each for each in await returns(sql) if each.kind is ReturnKind.HELP]
    assert len([each for each in told if each.rescue is not None]) == asked > 0
    early = await sql.fetchval(
        "select count(*) from rescue where state = 'closed' and (found_at is null or taken_at is null)"
    )
    assert early == 0
