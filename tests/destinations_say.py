"""What destinations say of themselves, for tests: their state, that they live, rules that depend on it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

from building import CITY_311, CRISIS_LINE, a_heard_signal, a_record, a_signal, an_event, rules
from hands import Lane
from reading import returns, transfers

from bridge.domain.ids import AgencyId, IncidentId, TransferId
from bridge.domain.message import ReturnKind
from bridge.domain.presence import QueueState, SaidState
from bridge.domain.signal import SignalKind
from bridge.handling.context import Rules
from bridge.handling.presences import Presences
from bridge.handling.screen_again import screen_again

FULL = SaidState(QueueState.FULL)
ACTIVE = SaidState(QueueState.ACTIVE)
SECOND = timedelta(seconds=1)

_NUMBERS = count()


def of_itself(state: SaidState | None, *, by: str = CRISIS_LINE, said_at: datetime | None = None):
    """What a destination says of itself; without a state only that it lives."""
    number = next(_NUMBERS)
    kind = SignalKind.HEARTBEAT if state is None else SignalKind.STATE_SET
    return replace(
        a_signal(kind, by=by, name=f"{by}-says-{number}"),
        transfer_id=TransferId(""),
        incident_id=IncidentId(""),
        agency=AgencyId(""),
        said_at=said_at or datetime.now(UTC),
        state=state,
    )


async def says(
    lane: Lane, state: SaidState | None, *, by: str = CRISIS_LINE, said_at: datetime | None = None
):
    """A worker hears it."""
    await lane.hears(a_heard_signal(of_itself(state, by=by, said_at=said_at), 10_000 + next(_NUMBERS)))


async def time_passes(lane: Lane) -> None:
    """A round of the worker, when what it knows of the destinations has become old."""
    lane.handling.presences.look_anew()
    await screen_again(lane.handling)


def described(**differs: object) -> Rules:
    """The two hotlines, the crisis line with these differences."""
    given = rules()
    line = replace(given.destinations[CRISIS_LINE], **differs)  # type: ignore[arg-type]
    return replace(given, destinations={CRISIS_LINE: line, CITY_311: given.destinations[CITY_311]})


def sees_all_at_once(lane: Lane) -> Lane:
    """The same hands, which read how destinations are with every turn."""
    return replace(lane, handling=replace(lane.handling, presences=Presences(moment=0.0)))


async def asked(sql):
    return [row[1:3] for row in await transfers(sql)]


async def told(sql, kind=ReturnKind.NOBODY_FREE):
    return [each for each in await returns(sql) if each.kind is kind]


def clauses_of(decision):
    return {reason.clause for reason in decision.reasons}


async def a_call_comes(lane, incident="INV-1", offset=0, **differs):
    await lane.reads(a_record(an_event(incident, f"{incident}-{offset}", **differs), offset))
