"""A danger that one destination cannot meet and another can, on a real ledger."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from building import (
    AGENCY,
    CITY_311,
    CRISIS_LINE,
    a_policy,
    a_record,
    a_signal,
    an_event,
    rules,
    the_transfer,
)
from hands import Lane, a_lane
from reading import offers, returns, the_holder, transfers

from bridge.domain.cad import EventKind
from bridge.domain.message import OfferKind, ReturnKind
from bridge.domain.signal import SignalKind

SAID_LATER = an_event(event="e2", kind=EventKind.CHANGED, weapon=True)


@pytest.fixture
async def lane(database: str) -> AsyncIterator[Lane]:
    """A lane whose policy says that a weapon rules out the crisis line only."""
    policy = a_policy()
    limited = tuple(
        replace(clause, destinations=frozenset({CRISIS_LINE})) if clause.id == "weapon" else clause
        for clause in policy.disqualifier
    )
    given = replace(rules(), policies={AGENCY: (replace(policy, disqualifier=limited),)})
    async with a_lane(database, given=given) as hands:
        yield hands


async def test_the_call_is_offered_to_who_can_take_it(lane, sql):
    await lane.reads(a_record(an_event(weapon=True), 0))
    assert await transfers(sql) == [(the_transfer(), CITY_311, "offered", "911")]


async def test_an_offer_that_is_out_is_taken_back_and_the_other_is_asked(lane, sql):
    await lane.reads(a_record(an_event(), 0))
    await lane.reads(a_record(SAID_LATER, 1))
    assert await transfers(sql) == [
        (the_transfer(), CRISIS_LINE, "recalled", "911"),
        (the_transfer(attempt=2), CITY_311, "offered", "911"),
    ]
    sent = [(offer.destination, offer.kind) for offer in await offers(sql)]
    assert (CRISIS_LINE, OfferKind.WITHDRAWN) in sent and (CITY_311, OfferKind.OFFER) in sent
    assert [told.kind for told in await returns(sql)][-2:] == [ReturnKind.ENDED, ReturnKind.OFFERED]


async def test_who_has_the_caller_already_is_warned_and_keeps_them(lane, sql):
    await lane.reads(a_record(an_event(), 0))
    await lane.hears_in_turn(a_signal(SignalKind.VOICE_CONTACT))
    await lane.reads(a_record(SAID_LATER, 1))
    assert await the_holder(sql) == CRISIS_LINE
    assert OfferKind.DANGER in {offer.kind for offer in await offers(sql)}
    assert ReturnKind.DANGER in {told.kind for told in await returns(sql)}
