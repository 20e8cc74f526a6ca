"""A decision: what screening says of one version of one incident, with every reason as a clause."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bridge.domain.ids import ClauseId, DestinationId


class Verdict(StrEnum):
    """Where the call should go. Anything unknown is KEEP or REVIEW, never OFFER."""

    OFFER = "offer"
    RECOMMEND = "recommend"
    REVIEW = "review"
    TANDEM = "tandem"
    KEEP = "keep"


class Weight(StrEnum):
    """How a clause spoke."""

    FOR = "for"
    AGAINST = "against"
    OPEN = "open"


class TransferKind(StrEnum):
    """VOICE: a caller is on the line. DATA: nobody needs to stay on it."""

    VOICE = "voice"
    DATA = "data"


@dataclass(frozen=True, slots=True)
class Reason:
    """One clause that spoke, and the policy's sentence for people. Never a caller's words.

    `disqualifies` marks a clause that keeps the call with 911 (or makes it tandem).
    """

    clause: ClauseId
    weight: Weight
    sentence: str = ""
    disqualifies: bool = False


@dataclass(frozen=True, slots=True)
class PolicyRef:
    """Which policy decided: its name, its declared version and the hash of the file it came from."""

    name: str
    version: str
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict on one incident version. `route` is the order in which destinations are asked.

    `say` is for the call taker to tell the caller: who is next, why, how long it takes. `retype` is the type
    that the call should have in CAD, where the policy recategorises it. `barred` are destinations that may
    not have this call, for a danger or a limit of theirs, whoever else may. `again_at` is when the decision
    may change though nobody says anything new, because the call has waited; None: it will not.
    """

    verdict: Verdict
    reasons: tuple[Reason, ...]
    policy: PolicyRef
    route: tuple[DestinationId, ...] = ()
    kind: TransferKind = TransferKind.DATA
    say: str = ""
    retype: str = ""
    barred: frozenset[DestinationId] = frozenset()
    again_at: datetime | None = None

    @property
    def danger(self) -> bool:
        """Whether a disqualifier spoke: an offer that is out must come back."""
        return any(reason.disqualifies for reason in self.reasons)
