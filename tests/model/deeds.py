"""What people do with a call, the grounds on which they do it, and what is seen of the call after it."""

from dataclasses import dataclass
from typing import Protocol

from building import CITY_311, CRISIS_LINE

from bridge.domain.ids import NINE_ONE_ONE, DestinationId
from bridge.domain.signal import SignalKind

K = SignalKind

BY_A_HOTLINE = (
    *(K.ALERTING, K.QUEUED, K.ANSWERED, K.VOICE_CONTACT, K.CLAIMED, K.DECLINED),
    *(K.RETURN_ASKED, K.CLOSED, K.HANDED_ON),
)
BY_911 = (
    *(K.CONFIRMED, K.REJECTED, K.RELEASED, K.RECALLED, K.RETURN_TAKEN),
    *(K.HUNG_UP, K.WITHDRAWN, K.CALLER_TOLD),
)
OTHER = {CRISIS_LINE: CITY_311, CITY_311: CRISIS_LINE}
REASONS = {K.RETURN_ASKED: "danger", K.HANDED_ON: "team_needed"}


@dataclass(frozen=True, slots=True)
class Deed:
    """Somebody says `kind` of the call's n-th transfer. `name` is the id; the same again is a repetition."""

    kind: SignalKind
    attempt: int
    by: str
    name: str
    agreed: bool = False

    @property
    def to(self) -> DestinationId:
        """To whom a hotline hands on: the other one."""
        return OTHER[DestinationId(self.by)]

    @property
    def is_of_911(self) -> bool:
        """Whether 911 says it."""
        return self.by == NINE_ONE_ONE


@dataclass(frozen=True, slots=True)
class Seen:
    """Who has the caller, what 911 was last told of it, and the destination and state of each transfer."""

    holder: str
    told: str
    transfers: tuple[tuple[str, str], ...]


class Ground(Protocol):
    """Where a call lives. `dies_after` so many statements the worker dies, and another one does it again."""

    def begins(self, *, on_the_line: bool) -> None:
        """A new call, which is offered to the crisis line."""

    def does(self, deed: Deed, *, dies_after: int | None = None) -> None:
        """Somebody does something."""

    def silence(self, attempt: int, *, dies_after: int | None = None) -> None:
        """The deadline of this transfer passes."""

    def danger(self, *, dies_after: int | None = None) -> None:
        """CAD hears of a weapon."""

    def seen(self) -> Seen:
        """How the call stands. Asserts what must be true of this ground at every instant."""

    def ends(self) -> None:
        """The call is over for the test. Asserts what is looked at once."""

    def close(self) -> None:
        """Nothing more happens here."""
