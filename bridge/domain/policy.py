"""A policy: what one agency lets go to community responders, from one instant on, clause by clause.

Scope clauses say which calls may go, where and how; limits are what the program takes upon itself; the
disqualifiers ask for the four standard dangers and keep a call, or make it tandem. Whether a crime has been
committed is never one of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, TypeVar

from bridge.domain.cad import Channel
from bridge.domain.decision import PolicyRef, Verdict
from bridge.domain.ground import Area
from bridge.domain.ids import AgencyId, ClauseId
from bridge.domain.learnt import WANTED
from bridge.domain.leg import LegWaits
from bridge.domain.narrative import WordLists
from bridge.domain.policy_clauses import (
    AnswerClause,
    Clause,
    DisqualifierClause,
    LimitClause,
    RecategoryClause,
    ScopeClause,
    Shape,
)
from bridge.domain.units import Units
from bridge.domain.when import When, folded
from bridge.domain.words import Lexicon, Listener, WordList, heard_by

ToConfirm = Literal[Verdict.OFFER, Verdict.RECOMMEND, Verdict.REVIEW, Verdict.TANDEM]
CONFIRMED: frozenset[ToConfirm] = frozenset({Verdict.RECOMMEND, Verdict.REVIEW, Verdict.TANDEM})
"""What a call taker confirms where a policy says nothing else."""

_Kind = TypeVar("_Kind", bound=Clause)


@dataclass(frozen=True, slots=True)
class Where:
    """The part of an agency's ground that a policy is for; empty: all of it."""

    districts: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "districts", frozenset(map(folded, self.districts)))


@dataclass(frozen=True, slots=True)
class About:
    """For people only: the program, who decides and sends in it, what its file shows, public addresses."""

    program: str = ""
    model: str = ""
    shows: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Policy:
    """One agency's policy from `effective` on, for the ground named in `where`.

    `words` reads narratives for every clause at once, with the shared `lexicon` where clauses ask for it;
    `suffixes` are those some disqualifier names. `timezone` is where its hours are meant; `digest` the hash
    of the files it came from. `printed_answers` lets answers count that a scripted protocol printed in the
    notes. `introductions` are what a call taker must have said before a release counts as warm: to the caller
    who takes over, to the hotline who calls; `learnt` are the fields that 911 is told when a call comes back.
    Calls that come in by one of `recorded` are counted and never screened; `learns_of_hotlines` are the
    fields that 911 is told of a call that began at a hotline; `supervisor` is who is told of a caller that
    was passed on too often. `confirm` are the verdicts that a call taker confirms before anybody is asked.
    `units` says who of CAD's units is which leg, and `pairing_seconds` how long a leg may
    be without a unit. `waiting` is how many minutes some clause has a call wait, each with the names of the
    types that it is about; none named: of any type.
    """

    agency: AgencyId
    name: str
    version: str
    effective: datetime
    timezone: str
    scope: tuple[ScopeClause, ...]
    disqualifier: tuple[DisqualifierClause, ...]
    limit: tuple[LimitClause, ...] = ()
    answer: tuple[AnswerClause, ...] = ()
    recategory: tuple[RecategoryClause, ...] = ()
    shape: Shape = Shape.ALL_NOES
    where: Where = field(default_factory=Where)
    printed_answers: bool = False
    about: About = field(default_factory=About)
    introductions: frozenset[Literal["caller_told", "identity_given"]] = frozenset()
    learnt: frozenset[str] = WANTED
    recorded: frozenset[Channel] = frozenset()
    learns_of_hotlines: frozenset[str] = frozenset({"channel", "call_type", "priority"})
    supervisor: str = ""
    confirm: frozenset[ToConfirm] = CONFIRMED
    units: Units = field(default_factory=Units)
    pairing_seconds: float = LegWaits().requested
    digest: str = ""
    lexicon: Lexicon = field(default_factory=Lexicon, repr=False, compare=False)
    areas: Mapping[str, Area] = field(default_factory=dict, repr=False, compare=False)
    ref: PolicyRef = field(init=False, repr=False, compare=False)
    words: WordLists = field(init=False, repr=False, compare=False)
    suffixes: frozenset[str] = field(init=False, repr=False, compare=False)
    typed: frozenset[str] = field(init=False, repr=False, compare=False)
    waiting: tuple[tuple[int, frozenset[str]], ...] = field(init=False, repr=False, compare=False)
    _scope_by_name: Mapping[str, tuple[ScopeClause, ...]] = field(init=False, repr=False, compare=False)
    _of_any_type: tuple[ScopeClause, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        suffixes = frozenset(one for each in self.disqualifier for one in each.determinant_suffixes)
        of_any_type = tuple(clause for clause in self.scope if not clause.names_types)
        object.__setattr__(self, "ref", PolicyRef(self.name, self.version, self.digest))
        object.__setattr__(self, "words", self._word_lists())
        object.__setattr__(self, "suffixes", suffixes)
        typed = [*(when.typed for when in self.whens()), *(clause.typed for clause in self.disqualifier)]
        object.__setattr__(self, "typed", frozenset(code for codes in typed for code in codes))
        object.__setattr__(self, "waiting", tuple(self._waiting()))
        object.__setattr__(self, "_scope_by_name", _by_name(self.scope))
        object.__setattr__(self, "_of_any_type", of_any_type)

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """Every clause, in the order in which they are weighed."""
        return (*self.recategory, *self.answer, *self.scope, *self.limit, *self.disqualifier)

    def mentions(self, names: Iterable[str]) -> tuple[ScopeClause, ...]:
        """The scope clauses that name one of these types or determinants, or any, in the policy's order."""
        found = [clause for name in names for clause in self._scope_by_name.get(name, ())]
        if not found:
            return self._of_any_type
        if len(found) < 2 and not self._of_any_type:
            return tuple(found)
        ids = {clause.id for clause in (*found, *self._of_any_type)}
        return tuple(clause for clause in self.scope if clause.id in ids)

    def shape_of(self, clause: ScopeClause) -> Shape:
        """What an unanswered question means for this clause's calls."""
        return clause.shape or self.shape

    def without(self, clause: ClauseId) -> "Policy":
        """The policy as it would be without this clause, to see what the clause costs."""
        return replace(
            self,
            scope=_without(self.scope, clause),
            disqualifier=_without(self.disqualifier, clause),
            limit=_without(self.limit, clause),
            answer=_without(self.answer, clause),
            recategory=_without(self.recategory, clause),
        )

    def whens(self) -> Iterator[When]:
        """Every place where conditions are written."""
        yield from (*self.scope, *self.limit, *self.answer, *self.recategory)
        yield from (clause.never for clause in self.limit if clause.never is not None)
        yield from (clause.unless for clause in self.disqualifier if clause.unless is not None)

    def _waiting(self) -> Iterator[tuple[int, frozenset[str]]]:
        for when in self.whens():
            if when.waiting_minutes is not None:
                yield when.waiting_minutes, when.call_types | when.determinants

    def _word_lists(self) -> WordLists:
        """What the narrative is read for: dangers by their clause, conditions by themselves."""
        lists = {str(clause.id): WordList(clause.words, clause.denials) for clause in self.disqualifier}
        for when in self.whens():
            lists |= {name: WordList(words) for name, words in when_lists(when).items()}
        listeners = [
            Listener(clause.id, clause.danger, clause.without, clause.only)
            for clause in self.disqualifier
            if clause.shared
        ]
        heard = heard_by(self.lexicon, listeners)
        topics = any(when.topics for when in self.whens())
        return WordLists(lists, heard if listeners or topics else Lexicon())


def when_lists(when: When) -> Mapping[str, tuple[str, ...]]:
    """The words of a condition by the name under which the narrative is read for them."""
    return {list_of(words): words for words in (when.words, when.unless_words) if words}


def list_of(words: Iterable[str]) -> str:
    """The name under which the narrative is read for these words of a condition."""
    return "when: " + "|".join(words)


def in_force(policies: Iterable[Policy], at: datetime) -> tuple[Policy, ...]:
    """Of each policy, by name, the version whose effective instant is the latest that is not after `at`."""
    newest: dict[str, Policy] = {}
    for policy in policies:
        if policy.effective <= at:
            known = newest.get(policy.name)
            if known is None or known.effective < policy.effective:
                newest[policy.name] = policy
    return tuple(newest.values())


def _without(clauses: tuple[_Kind, ...], gone: ClauseId) -> tuple[_Kind, ...]:
    return tuple(clause for clause in clauses if clause.id != gone)


def _by_name(scope: tuple[ScopeClause, ...]) -> Mapping[str, tuple[ScopeClause, ...]]:
    by_name: dict[str, tuple[ScopeClause, ...]] = {}
    for clause in scope:
        for name in clause.call_types | clause.determinants:
            by_name[name] = (*by_name.get(name, ()), clause)
    return by_name
