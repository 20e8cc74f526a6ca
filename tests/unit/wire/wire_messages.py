"""Strategies for every message of the domain, and the fewest bytes of help that tests of frames need."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from bridge.domain.cad import (
    Answer,
    AuthorRole,
    CadEvent,
    Caller,
    CallType,
    Caution,
    CautionAbout,
    Channel,
    CodedAnswer,
    EventKind,
    Location,
    LocationSource,
    Note,
    PriorCall,
    Unit,
    UnitStatus,
)
from bridge.domain.decision import PolicyRef, Reason, TransferKind, Verdict, Weight
from bridge.domain.incident import Incident
from bridge.domain.leg import LegKind, LegWanted, Mode, Why
from bridge.domain.message import Offer, OfferKind, Return, ReturnKind, Status
from bridge.domain.presence import QueueState, SaidState
from bridge.domain.rescue import Consent, RescueWanted, WhoFor
from bridge.domain.signal import Signal, SignalKind, Speaker
from bridge.wire.frames import Frames
from bridge.wire.quarantines import Quarantined

NOW = datetime(2026, 1, 14, 12, 0, tzinfo=UTC)
FRAMES = Frames()


def a_cad_event(**said: object) -> CadEvent:
    """The least of a CAD event, and what a test adds to it."""
    least: dict[str, object] = {
        "event_id": "e-1",
        "incident_id": "i-1",
        "agency": "police.example",
        "kind": EventKind.CREATED,
        "at": NOW,
    }
    return CadEvent(**{**least, **said})  # type: ignore[arg-type]


def a_signal(**said: object) -> Signal:
    """The least of a signal, and what a test adds to it."""
    least: dict[str, object] = {
        "signal_id": "s-1",
        "transfer_id": "t-1",
        "incident_id": "i-1",
        "agency": "police.example",
        "kind": SignalKind.ANSWERED,
        "speaker": Speaker.DESTINATION,
        "speaker_id": "crisis-line",
        "said_at": NOW,
    }
    return Signal(**{**least, **said})  # type: ignore[arg-type]


def zigzag(number: int) -> bytes:
    """An int or long as Avro writes it."""
    rest = (number << 1) ^ (number >> 63)
    rest &= (1 << 64) - 1
    out = bytearray()
    while rest > 127:
        out.append(rest & 127 | 128)
        rest >>= 7
    return bytes((*out, rest))


longs = st.integers(-(2**63), 2**63 - 1)
ints = st.integers(-(2**31), 2**31 - 1)
prose = st.text(max_size=30)
code = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=12)
an_id = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=30)
offsets = st.integers(-18 * 60, 18 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


def instants(least: datetime, most: datetime) -> st.SearchStrategy[datetime]:
    """Aware datetimes at any offset the wire knows."""
    return st.datetimes(least, most, timezones=offsets)


past = instants(datetime(2000, 1, 2), datetime(2026, 1, 13))
any_time = instants(datetime(1, 1, 3), datetime(9999, 12, 29))


def locations(when: st.SearchStrategy[datetime]) -> st.SearchStrategy[Location]:
    """Places that say something."""
    degrees = st.one_of(
        st.just((None, None)),
        st.tuples(st.floats(-90, 90), st.floats(-180, 180)),
    )

    def build(pair: tuple[float | None, float | None], **rest: object) -> Location:
        return Location(latitude=pair[0], longitude=pair[1], **rest)  # type: ignore[arg-type]

    return st.builds(
        build,
        degrees,
        civic=st.dictionaries(st.sampled_from(["A1", "A3", "HNO", "RD"]), code, max_size=3),
        text=prose.filter(bool),
        district=code,
        uncertainty_m=st.none() | st.floats(0, 1e6),
        confidence_percent=st.none() | st.integers(0, 100),
        source=st.sampled_from(LocationSource),
        source_code=code,
        at=st.none() | when,
    )


answers = st.sampled_from(Answer)
call_types = st.builds(
    CallType, code=code.filter(bool), text=code, determinant=st.sampled_from(["", "25-A-1"])
)
callers = st.builds(Caller, code, answers, answers, st.none() | st.integers(0, 120), answers, answers, code)


def facts(when: st.SearchStrategy[datetime]) -> dict[str, st.SearchStrategy[object]]:
    """The fields that events and incidents share."""
    notes = st.builds(Note, prose, st.none() | when, code, st.sampled_from(AuthorRole), st.none() | longs)
    units = st.builds(Unit, code, st.sampled_from(UnitStatus), code, code, st.none() | when)
    cautions = st.builds(Caution, code, st.sampled_from(CautionAbout), prose, st.none() | when)
    prior_calls = st.builds(PriorCall, code, code, st.none() | when, code)
    return {
        "incident_id": an_id,
        "agency": an_id,
        "sequence": st.none() | longs,
        "channel": st.sampled_from(Channel),
        "channel_code": code,
        "call_type": st.none() | call_types,
        "priority": st.none() | ints,
        "priority_code": code,
        "disposition": code,
        "location": st.none() | locations(when),
        "callback": code,
        "answers": st.lists(st.builds(CodedAnswer, code, answers, code), max_size=3).map(tuple),
        "notes": st.lists(notes, max_size=3).map(tuple),
        "units": st.lists(units, max_size=2).map(tuple),
        "practice": st.booleans(),
        "cautions": st.lists(cautions, max_size=2).map(tuple),
        "prior_calls": st.lists(prior_calls, max_size=2).map(tuple),
    }


cad_events = st.builds(
    CadEvent,
    **facts(past),
    event_id=an_id,
    kind=st.sampled_from(EventKind),
    kind_code=code,
    at=past,
    call_id=code,
    caller=st.none() | callers,
)
incidents = st.builds(
    Incident,
    **facts(any_time),
    version=longs,
    first_at=st.none() | any_time,
    last_at=st.none() | any_time,
    closed=st.booleans(),
    call_ids=st.lists(prose, max_size=3).map(tuple),
    caller=callers,
)
legs_wanted = st.builds(
    LegWanted,
    st.sampled_from(LegKind),
    st.sampled_from(Mode),
    st.sampled_from(Why),
    code,
    st.none() | an_id,
)
rescues_wanted = st.builds(
    RescueWanted,
    st.sampled_from(Consent),
    answers,
    st.sampled_from(WhoFor),
    code,
    code,
    code,
    prose,
    code,
    st.booleans(),
)
states_said = st.builds(
    SaidState,
    st.sampled_from(QueueState),
    st.none() | st.booleans(),
    st.none() | st.floats(0, 86_400),
    st.none() | past,
    st.none() | past,
)
policies = st.builds(PolicyRef, code, code, code)
reasons = st.lists(st.builds(Reason, an_id, st.sampled_from(Weight), prose, st.booleans()), max_size=3).map(
    tuple
)
addresses: dict[str, st.SearchStrategy[object]] = {
    "message_id": an_id,
    "incident_id": an_id,
    "agency": an_id,
    "sequence": longs,
    "reason": code,
    "practice": st.booleans(),
}
offers = st.builds(
    Offer,
    **addresses,
    transfer_id=an_id,
    kind=st.sampled_from(OfferKind),
    destination=an_id,
    sent_at=any_time,
    transfer_kind=st.sampled_from(TransferKind),
    policy=policies,
    reasons=reasons,
    deadline=st.none() | any_time,
    facts=st.none() | incidents,
    answer_topic=code,
    subject=code,
    state=code,
    text=prose,
    notice=prose,
)
returns = st.builds(
    Return,
    **addresses,
    kind=st.sampled_from(ReturnKind),
    sent_at=any_time,
    holder=an_id,
    verdict=st.none() | st.sampled_from(Verdict),
    reasons=reasons,
    policy=st.none() | policies,
    transfer_id=st.none() | an_id,
    destination=st.none() | an_id,
    state=code,
    text=prose,
    outcome=code,
    say=prose,
    retype=code,
    return_to=code,
    next_destination=st.none() | an_id,
    deadline=st.none() | any_time,
    subject=code,
    leg=st.none() | legs_wanted,
    rescue=st.none() | rescues_wanted,
    facts=st.none() | incidents,
    notice=prose,
    learnt=st.dictionaries(code, prose, max_size=2),
    channel=st.sampled_from(Channel),
    channel_code=code,
)
statuses = st.builds(
    Status,
    **addresses,
    at=any_time,
    change=code,
    holder=an_id,
    verdict=st.none() | st.sampled_from(Verdict),
    clauses=st.lists(code, max_size=3).map(tuple),
    policy=st.none() | policies,
    transfer_id=st.none() | an_id,
    destination=st.none() | an_id,
    state=code,
)
signals = st.builds(
    Signal,
    signal_id=an_id,
    transfer_id=an_id,
    incident_id=an_id,
    agency=an_id,
    kind=st.sampled_from(SignalKind),
    speaker=st.sampled_from(Speaker),
    speaker_id=an_id,
    said_at=past,
    reason=code,
    text=prose,
    outcome=code,
    return_to=code,
    prefers=st.none() | an_id,
    callback_agreed=st.booleans(),
    subject=code,
    follow_up_at=st.none() | past,
    leg=st.none() | legs_wanted,
    rescue=st.none() | rescues_wanted,
    call=st.none() | cad_events,
    state=st.none() | states_said,
    learnt=st.dictionaries(code, prose, max_size=2),
)
quarantined = st.builds(Quarantined, code, ints, longs, code, longs, code, any_time)
