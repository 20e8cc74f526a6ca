"""A finding: something in a policy that loads and is probably not meant; and what is looked at to find it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bridge.domain.destination import Destination
from bridge.domain.determinant import determinant_of
from bridge.domain.hours import Hours
from bridge.domain.ids import ClauseId, DestinationId
from bridge.domain.policy import Policy
from bridge.domain.policy_clauses import AnswerClause, LimitClause, RecategoryClause, ScopeClause
from bridge.domain.when import folded
from bridge.settings.approvals import Approval
from bridge.settings.overlap import Overlap
from bridge.settings.week import Week, week_of

if TYPE_CHECKING:
    from bridge.settings.areas import Ground

Conditional = ScopeClause | LimitClause | AnswerClause | RecategoryClause
"""A clause that is itself conditions."""


class Opens(Protocol):
    """Whatever has opening hours."""

    @property
    def hours(self) -> Hours:
        """When it holds, or is open."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing: a code for machines, the clauses it is about, a sentence and a remedy for people."""

    code: str
    clauses: tuple[str, ...]
    sentence: str
    remedy: str

    def __str__(self) -> str:
        about = f" ({', '.join(self.clauses)})" if self.clauses else ""
        return f"{self.code}{about}: {self.sentence}; {self.remedy}"


@dataclass(frozen=True, slots=True)
class Subject:
    """One policy that loaded, with all that it is judged beside, on the day `on`."""

    path: Path
    policy: Policy
    destinations: Mapping[DestinationId, Destination]
    on: date
    grounds: Mapping[str, "Ground"] = field(default_factory=dict)
    approvals: Sequence[Approval] = ()

    @property
    def overlap(self) -> Overlap:
        """Compares conditions of this policy."""
        retyped: set[str] = set()
        for clause in self.policy.recategory:
            retyped.add(folded(clause.as_call_type))
            if determinant := determinant_of(clause.as_determinant):
                retyped.update(determinant.names)
        return Overlap(self.policy.timezone, frozenset(retyped - {""}))

    def week(self, clause: Opens) -> Week:
        """The hours of a clause or a destination, in the policy's time zone."""
        return week_of(clause.hours, self.policy.timezone)

    def limits_of(self, scope: ScopeClause) -> Iterator[LimitClause]:
        """The limits that hold this clause's calls back whoever would go."""
        return (limit for limit in self.policy.limit if not limit.destinations and limits(limit, scope.id))

    def limits_at(self, scope: ScopeClause, name: DestinationId) -> Iterator[LimitClause]:
        """What holds this clause's calls back from one destination: limits for it, and its own acceptance."""
        own = (limit for limit in self.policy.limit if name in limit.destinations)
        yield from (limit for limit in own if limits(limit, scope.id))
        if name in self.destinations:
            yield from self.destinations[name].accepts

    def conditional(self) -> Iterator[Conditional]:
        """Every clause that is itself conditions, in the order in which they are weighed."""
        yield from self.policy.recategory
        yield from self.policy.answer
        yield from self.policy.scope
        yield from self.policy.limit

    def routed(self) -> list[DestinationId]:
        """Every destination that the policy sends calls to, in its order."""
        return routed(self.policy)


def routed(policy: Policy) -> list[DestinationId]:
    """Every destination that some clause of the policy sends calls to, in its order."""
    return list(dict.fromkeys(name for clause in policy.scope for name in clause.route))


def limits(limit: LimitClause, scope: ClauseId) -> bool:
    """Whether the limit is for this scope clause."""
    return not limit.scopes or scope in limit.scopes
