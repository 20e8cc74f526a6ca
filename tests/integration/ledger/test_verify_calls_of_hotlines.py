"""Calls that begin at a hotline break no invariant; one that nobody opened and a hotline holds is named."""

from datetime import UTC, datetime

import pytest
from building import AGENCY, CITY_311, CRISIS_LINE, an_event, the_transfer
from town import Town, a_town

from bridge.domain.ids import IncidentId, SignalId, TransferId
from bridge.domain.rescue import RescueWanted
from bridge.domain.signal import Signal, SignalKind, Speaker

S = SignalKind


@pytest.fixture
async def town(world, database):
    async with a_town(database, world.kafka.bootstrap) as town:
        yield town


def said(kind: SignalKind, number: int, *, by: str = CITY_311, transfer: int = 0) -> Signal:
    """What a hotline, or 911, says of one call that began at the city's 311."""
    return Signal(
        SignalId(f"s-{number}"),
        the_transfer("311-1", transfer) if transfer else TransferId(""),
        IncidentId("311-1"),
        AGENCY,
        kind,
        Speaker.NINE_ONE_ONE if by == "911" else Speaker.DESTINATION,
        by,
        datetime.now(UTC),
        call=an_event("311-1", f"e-{number}") if kind in {S.CALL_OPENED, S.REFERRED} else None,
        rescue=RescueWanted() if kind is S.HELP_REQUESTED else None,
    )


async def an_evening_at_311(town: Town) -> None:
    """A call that began there is referred, taken, and comes to 911 with a rescue."""
    async with town.lane() as lane:
        await town.signals(
            lane,
            said(S.CALL_OPENED, 1),
            said(S.REFERRED, 2),
            said(S.VOICE_CONTACT, 3, by=CRISIS_LINE, transfer=2),
            said(S.HELP_REQUESTED, 4, by=CRISIS_LINE),
            said(S.HELP_SENT, 5, by="911"),
            said(S.NOT_FOUND, 6, by="911"),
            said(S.HOTLINE_TOLD, 7, by=CRISIS_LINE),
        )


async def test_a_call_that_a_hotline_opened_referred_and_brought_to_911_is_as_it_should_be(town):
    await an_evening_at_311(town)
    report = await town.verified()
    assert report.broken == {}
    assert report.counts["decisions"] == 2


async def test_a_hotline_that_holds_a_call_it_did_not_open_is_named(town, sql):
    await an_evening_at_311(town)
    await sql.execute("update incident set opened_by = ''")
    report = await town.verified()
    assert "holder changed without a signal: audit" in report.broken[3][0]


async def test_a_rescue_that_outlasts_its_deadline_is_named(town, sql):
    async with town.lane() as lane:
        await town.signals(lane, said(S.CALL_OPENED, 1), said(S.HELP_REQUESTED, 2))
    await sql.execute("update rescue set deadline = deadline - interval '1 minute'")
    report = await town.verified()
    assert [row.partition(": ")[2].split()[0] for row in report.broken[4]] == ["rescue"]
