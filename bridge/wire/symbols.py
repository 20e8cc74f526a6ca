"""Enums: the domain's members and their places on the wire.

The symbol is the member's name, UNKNOWN stands first, and a member that is new in the domain goes last:
the index is what travels. Reading takes an index (a record of our own schema) or a symbol (a record that
was resolved to it); one that means nothing is `UndecodableError("bad_enum")`.
"""

from enum import StrEnum
from typing import Generic, TypeVar

from bridge.domain.cad import (
    Answer,
    AuthorRole,
    CautionAbout,
    Channel,
    EventKind,
    LocationSource,
    UnitStatus,
)
from bridge.domain.decision import TransferKind, Verdict, Weight
from bridge.domain.leg import LegKind, Mode, Why
from bridge.domain.message import OfferKind, ReturnKind
from bridge.domain.presence import QueueState
from bridge.domain.rescue import Consent, WhoFor
from bridge.domain.signal import SignalKind, Speaker
from bridge.errors import UndecodableError

UNKNOWN = "UNKNOWN"

Member = TypeVar("Member", bound=StrEnum | None)


class Reading(dict[int | str, Member], Generic[Member]):
    """From an index or a symbol to the member."""

    def __init__(self, members: dict[int | str, Member], name: str) -> None:
        super().__init__(members)
        self.name = name

    def __missing__(self, key: int | str) -> Member:
        raise UndecodableError("bad_enum", self.name)


def symbols_of(members: type[StrEnum]) -> tuple[str, ...]:
    """The symbols of an enum in the order of the schema."""
    return (UNKNOWN, *(each.name for each in members if each.name != UNKNOWN))


def _reading(members: type[Member], name: str = "") -> Reading[Member]:
    assert issubclass(members, StrEnum)
    table: dict[int | str, Member] = {}
    for index, symbol in enumerate(symbols_of(members)):
        if symbol in members.__members__:
            table[index] = table[symbol] = members[symbol]
    return Reading(table, members.__name__)


def _writing(members: type[StrEnum]) -> dict[str | None, int]:
    symbols = symbols_of(members)
    return {each: symbols.index(each.name) for each in members}


KINDS = _reading(EventKind)
CHANNELS = _reading(Channel)
ANSWERS = _reading(Answer)
SOURCES = _reading(LocationSource)
ROLES = _reading(AuthorRole)
CAUTIONS_ABOUT = _reading(CautionAbout)
UNIT_STATUSES = _reading(UnitStatus)
SIGNAL_KINDS = _reading(SignalKind)
SPEAKERS = _reading(Speaker)
TRANSFER_KINDS = _reading(TransferKind)
OFFER_KINDS = _reading(OfferKind)
RETURN_KINDS = _reading(ReturnKind)
WEIGHTS = Reading({**_reading(Weight), 0: Weight.OPEN, UNKNOWN: Weight.OPEN}, "Weight")
"""A weight that is not known here speaks neither for nor against."""
LEG_KINDS = Reading({**_reading(LegKind), 0: LegKind.POLICE, UNKNOWN: LegKind.POLICE}, "LegKind")
"""Somebody is asked for whom we do not know: that is for the police."""
MODES = Reading({**_reading(Mode), 0: Mode.TOGETHER, UNKNOWN: Mode.TOGETHER}, "Mode")
WHYS = Reading({**_reading(Why), 0: Why.CAUTION, UNKNOWN: Why.CAUTION}, "Why")
QUEUE_STATES = _reading(QueueState)
CONSENTS = _reading(Consent)
WHO_FOR = _reading(WhoFor)
VERDICTS: Reading[Verdict | None] = Reading({**_reading(Verdict), 0: None, UNKNOWN: None}, "Verdict")
"""No verdict is UNKNOWN on the wire."""

INDEX_OF_KIND = _writing(EventKind)
INDEX_OF_CHANNEL = _writing(Channel)
INDEX_OF_ANSWER = _writing(Answer)
INDEX_OF_SOURCE = _writing(LocationSource)
INDEX_OF_ROLE = _writing(AuthorRole)
INDEX_OF_CAUTION_ABOUT = _writing(CautionAbout)
INDEX_OF_UNIT_STATUS = _writing(UnitStatus)
INDEX_OF_SIGNAL_KIND = _writing(SignalKind)
INDEX_OF_SPEAKER = _writing(Speaker)
INDEX_OF_TRANSFER_KIND = _writing(TransferKind)
INDEX_OF_OFFER_KIND = _writing(OfferKind)
INDEX_OF_RETURN_KIND = _writing(ReturnKind)
INDEX_OF_WEIGHT = _writing(Weight)
INDEX_OF_LEG_KIND = _writing(LegKind)
INDEX_OF_MODE = _writing(Mode)
INDEX_OF_WHY = _writing(Why)
INDEX_OF_QUEUE_STATE = _writing(QueueState)
INDEX_OF_CONSENT = _writing(Consent)
INDEX_OF_WHO_FOR = _writing(WhoFor)
INDEX_OF_VERDICT = {**_writing(Verdict), None: 0}
