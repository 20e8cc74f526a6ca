"""A policy: what one agency lets go to community responders, from one instant on, clause by clause.

Scope clauses say which calls may go, where and how; disqualifier clauses ask for the four standard
dangers and keep a call, or make it tandem. Whether a crime has been committed is never one of them.
How clauses are weighed against each other is screening's business, not theirs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from bridge.domain.cad import CallType
from bridge.domain.decision import PolicyRef, Verdict
from bridge.domain.determinant import determinant_of
from bridge.domain.hours import Hours
from bridge.domain.ids import AgencyId, ClauseId, DestinationId
from bridge.domain.narrative import WordLists
from bridge.domain.words import Lexicon, Listener, WordList, heard_by


class Danger(StrEnum):
    """The four standard disqualifiers. POLICE_ONLY and MEDICAL mean an urgent, an emergency need."""

    WEAPON = "weapon"
    VIOLENCE = "violence"
    MEDICAL = "medical"
    POLICE_ONLY = "police_only"


class KindRule(StrEnum):
    """How a transfer's kind is found. AUTO: voice when the caller is known to be there, else data."""

    VOICE = "voice"
    DATA = "data"
    AUTO = "auto"


@dataclass(frozen=True, slots=True)
class CallerRule:
    """What must be known of the caller. Ages are years, both limits included; unknown is never met."""

    min_age: int | None = None
    max_age: int | None = None
    consent: bool = False
    first_party: bool = False


@dataclass(frozen=True, slots=True)
class ScopeClause:
    """Calls of these types may go this way. `districts` are the agency's codes; none means everywhere.

    `determinants` are `25-A-1`, `25-A-*` or `25-*`, without suffix. `verdict` is offer, recommend or review.
    """

    id: ClauseId
    sentence: str
    verdict: Literal[Verdict.OFFER, Verdict.RECOMMEND, Verdict.REVIEW]
    call_types: frozenset[str] = frozenset()
    determinants: frozenset[str] = frozenset()
    kind: KindRule = KindRule.AUTO
    route: tuple[DestinationId, ...] = ()
    hours: Hours = field(default_factory=Hours)
    districts: frozenset[str] = frozenset()
    caller: CallerRule = field(default_factory=CallerRule)

    def __post_init__(self) -> None:
        _fold(self, "call_types", "determinants", "districts")


@dataclass(frozen=True, slots=True)
class DisqualifierClause:
    """One danger: how it is asked, where else it shows, and what it makes of a call.

    `questions` are codes of one question, any of which asks it; `unanswered` says what becomes of a call
    whose question nobody answered (empty: the answer is not demanded). `priorities` are the agency's own
    numbers and `unit_kinds` the kinds of units that are on scene. A danger makes `tandem` instead of
    `makes` when every clause that admits the call is named in `tandem_for`. A `shared` clause also hears
    what the shared word lists say of its danger, except the entries named in `without`.
    """

    id: ClauseId
    danger: Danger
    sentence: str
    questions: tuple[str, ...] = ()
    unanswered: Literal["", "review", "keep"] = ""
    makes: Literal[Verdict.KEEP, Verdict.TANDEM] = Verdict.KEEP
    tandem_for: frozenset[ClauseId] = frozenset()
    words: tuple[str, ...] = ()
    denials: tuple[str, ...] = ()
    shared: bool = False
    without: frozenset[str] = frozenset()
    call_types: frozenset[str] = frozenset()
    determinant_suffixes: frozenset[str] = frozenset()
    dispositions: frozenset[str] = frozenset()
    priorities: frozenset[int] = frozenset()
    unit_kinds: frozenset[str] = frozenset()
    caller_wants_police: bool = False

    def __post_init__(self) -> None:
        _fold(self, "call_types", "determinant_suffixes", "dispositions", "unit_kinds")


@dataclass(frozen=True)
class Policy:
    """One agency's policy from `effective` on. Codes compare without regard to case.

    `words` reads narratives for every disqualifier at once, with the shared `lexicon` where clauses ask for
    it; `suffixes` are those some disqualifier names. `timezone` is where its hours are meant; `digest` the
    hash of the file it came from.
    """

    agency: AgencyId
    name: str
    version: str
    effective: datetime
    timezone: str
    scope: tuple[ScopeClause, ...]
    disqualifier: tuple[DisqualifierClause, ...]
    digest: str = ""
    lexicon: Lexicon = field(default_factory=Lexicon, repr=False, compare=False)
    ref: PolicyRef = field(init=False, repr=False, compare=False)
    words: WordLists = field(init=False, repr=False, compare=False)
    suffixes: frozenset[str] = field(init=False, repr=False, compare=False)
    _scope_by_name: Mapping[str, tuple[ScopeClause, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        words = {str(clause.id): WordList(clause.words, clause.denials) for clause in self.disqualifier}
        suffixes = frozenset(one for each in self.disqualifier for one in each.determinant_suffixes)
        object.__setattr__(self, "ref", PolicyRef(self.name, self.version, self.digest))
        listeners = [
            Listener(clause.id, clause.danger, clause.without)
            for clause in self.disqualifier
            if clause.shared
        ]
        lexicon = heard_by(self.lexicon, listeners) if listeners else Lexicon()
        object.__setattr__(self, "words", WordLists(words, lexicon))
        object.__setattr__(self, "suffixes", suffixes)
        object.__setattr__(self, "_scope_by_name", _by_name(self.scope))

    def mentions(self, call_type: CallType) -> tuple[ScopeClause, ...]:
        """The scope clauses that name this type or its determinant, in the policy's order."""
        names: list[str] = [folded(call_type.code)] if call_type.code else []
        if determinant := determinant_of(call_type.determinant):
            names += determinant.names
        found = [clause for name in names for clause in self._scope_by_name.get(name, ())]
        if len(found) < 2:
            return tuple(found)
        ids = {clause.id for clause in found}
        return tuple(clause for clause in self.scope if clause.id in ids)


def folded(code: str) -> str:
    """A code as codes are compared."""
    return code.strip().upper()


def _fold(clause: ScopeClause | DisqualifierClause, *names: str) -> None:
    for name in names:
        object.__setattr__(clause, name, frozenset(map(folded, getattr(clause, name))))


def policy_in_force(policies: Iterable[Policy], at: datetime) -> Policy | None:
    """The policy whose effective instant is the latest that is not after `at`, or None."""
    begun = (policy for policy in policies if policy.effective <= at)
    return max(begun, key=lambda policy: policy.effective, default=None)


def _by_name(scope: tuple[ScopeClause, ...]) -> Mapping[str, tuple[ScopeClause, ...]]:
    by_name: dict[str, tuple[ScopeClause, ...]] = {}
    for clause in scope:
        for name in clause.call_types | clause.determinants:
            by_name[name] = (*by_name.get(name, ()), clause)
    return by_name
