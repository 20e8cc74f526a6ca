"""What every verb is given: the ledger, what the agencies decided, the ways out and the measures."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bridge.channels.contract import Channel
from bridge.domain.decision import Verdict
from bridge.domain.destination import Destination, Waits
from bridge.domain.ids import AgencyId, DestinationId
from bridge.domain.learnt import WANTED
from bridge.domain.policy import CONFIRMED, Policy, in_force
from bridge.domain.signal import SignalKind
from bridge.handling.callers import CallerHash
from bridge.handling.presences import Presences
from bridge.ledger.ledger import Ledger
from bridge.ledger.rows import LeasedMessage
from bridge.metrics import Metrics


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where messages that are not for a destination go, and where destinations answer (Kafka topics).

    `more_returns` are other ways to 911, for a call that comes back and that nobody takes.
    """

    returns: str
    status: str
    quarantine: str
    signals: str
    more_returns: tuple[str, ...] = ()

    def way_back(self, tried: int) -> str:
        """Where 911 is told of a call that comes back, having been told `tried` times: each way in turn."""
        ways = (self.returns, *self.more_returns)
        return ways[tried % len(ways)]


@dataclass(frozen=True, slots=True)
class Rules:
    """What the agencies and destinations wrote down. Replaced as a whole, never changed.

    Policies in `shadow` decide beside the others, and nothing comes of it. `digest` names these rules as the
    ledger keeps them; empty when it does not.
    """

    policies: Mapping[AgencyId, tuple[Policy, ...]]
    destinations: Mapping[DestinationId, Destination]
    budget_seconds: float = 120.0
    waits_scale: float = 1.0
    shadow: Mapping[AgencyId, tuple[Policy, ...]] = field(default_factory=dict)
    digest: str = ""
    limited: frozenset[DestinationId] = field(init=False)
    """Destinations that cannot always be asked, whatever they say of themselves."""
    groups: tuple[Destination, ...] = field(init=False)
    """Destinations that are several teams."""
    _waits: Mapping[DestinationId, Waits] = field(init=False)

    def __post_init__(self) -> None:
        known = self.destinations.values()
        limited = frozenset(each.id for each in known if each.limited)
        object.__setattr__(self, "limited", limited)
        object.__setattr__(self, "groups", tuple(each for each in known if each.teams))
        waits = {each.id: scaled(each.waits, self.waits_scale) for each in known}
        object.__setattr__(self, "_waits", waits)

    def in_force(self, agency: AgencyId, at: datetime) -> tuple[Policy, ...]:
        """The agency's policies that decide at `at`."""
        return in_force(self.policies.get(agency, ()), at)

    def introductions(self, agency: AgencyId, at: datetime) -> frozenset[SignalKind]:
        """What the agency demands of a call taker before a release counts as warm."""
        demands = (policy.introductions for policy in self.in_force(agency, at))
        return frozenset(SignalKind(each) for one in demands for each in one)

    def confirmed_by_a_person(self, agency: AgencyId, at: datetime) -> frozenset[Verdict]:
        """What a call taker confirms before anybody is asked; of several policies, what any of them says."""
        needed = [policy.confirm for policy in self.in_force(agency, at)]
        return frozenset(verdict for one in needed for verdict in one) or CONFIRMED

    def wanted_back(self, agency: AgencyId, at: datetime) -> frozenset[str]:
        """Which fields of what was learnt the agency takes; of several policies, what all of them take."""
        lists = [policy.learnt for policy in self.in_force(agency, at)]
        return frozenset.intersection(*lists) if lists else WANTED

    def told_of_hotlines(self, agency: AgencyId, at: datetime) -> frozenset[str]:
        """Which fields of a hotline's own call the agency is told; of several policies, what all say."""
        lists = [policy.learns_of_hotlines for policy in self.in_force(agency, at)]
        return frozenset[str].intersection(*lists) if lists else frozenset()

    def supervisors(self, agency: AgencyId, at: datetime) -> tuple[str, ...]:
        """Who is told of a caller that was passed on too often."""
        names = (policy.supervisor for policy in self.in_force(agency, at))
        return tuple(dict.fromkeys(name for name in names if name))

    def waits(self, destination: DestinationId) -> Waits:
        """How long each state may last at `destination`; ours when its file is gone."""
        return self._waits.get(destination) or scaled(Waits(), self.waits_scale)


def scaled(waits: Waits, by: float) -> Waits:
    """Every wait so many times as long."""
    return replace(waits, **{name: getattr(waits, name) * by for name in Waits.__slots__})


@dataclass(frozen=True, slots=True)
class Handling:
    """The hands of one worker. `lease` is in seconds; None when this process never sends.

    `retrying` is called while a lost ledger is waited for: the worker is alive, not stalled. `caller_hash`
    knows a caller again by the number, and nothing else. `presences` is how destinations are just now.
    """

    ledger: Ledger
    rules: Callable[[], Rules]
    channels: Mapping[str, Channel]
    addresses: Addresses
    metrics: Metrics
    lease: float | None
    push: Callable[[Sequence[LeasedMessage], float], Awaitable[None]]
    retrying: Callable[[], None]
    caller_hash: CallerHash
    lost_retry_seconds: float = 20.0
    own_channel: str = "kafka"
    presences: Presences = field(default_factory=Presences)
