"""The kinds of clauses that an agency's policy is written in.

A clause has an id, a sentence for people and a reference that says where the rule comes from. How clauses
are weighed against each other is screening's business, not theirs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from bridge.domain.decision import Verdict
from bridge.domain.ids import ClauseId, DestinationId
from bridge.domain.leg import LegKind, Mode
from bridge.domain.when import Given, When, fold, folded_fields


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


class Shape(StrEnum):
    """What an unanswered question means for the calls of a scope.

    ALL_NOES: every demanded question needs its "no". DEFAULT_TYPES: the call type goes by itself unless
    a disqualifier turns up.
    """

    ALL_NOES = "all-noes"
    DEFAULT_TYPES = "default-types"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeClause(When):
    """Calls that meet this may go this way. `verdict` is offer, recommend or review.

    `any_call_type` is written where the clause is not about certain types. `need` is the agency's word for
    what these calls need (behavioral-health, conflict ...). An empty `shape` is the policy's. `say` is told
    to the caller, in place of words made from the destination's name.
    """

    id: ClauseId
    sentence: str
    verdict: Literal[Verdict.OFFER, Verdict.RECOMMEND, Verdict.REVIEW]
    reference: str = ""
    any_call_type: bool = False
    need: str = ""
    shape: Shape | None = None
    kind: KindRule = KindRule.AUTO
    route: tuple[DestinationId, ...] = ()
    say: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitClause(When):
    """What a program takes upon itself: calls that do not meet this are not for it.

    It limits the scope clauses named in `scopes`, or all, and where `destinations` are named only these.
    `needs` are the only needs it lets through, and `never` is what no call may meet, as far as is known:
    write it as a condition where the unknown must not pass either.
    """

    id: ClauseId
    sentence: str
    reference: str = ""
    scopes: frozenset[ClauseId] = frozenset()
    destinations: frozenset[DestinationId] = frozenset()
    needs: frozenset[str] = frozenset()
    never: When | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerClause(When):
    """A type or determinant that answers questions by its definition: 25-A-2 has no weapon in it.

    A determinant with a suffix answers nothing. What the call taker answered is never overruled by it.
    """

    id: ClauseId
    sentence: str
    gives: Mapping[str, Given]
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecategoryClause(When):
    """Calls that meet this are also screened as another type: an agency's lower-acuity 800 as a card 25.

    `verdict` is the most that may come of it; 911's CAD is told the type it should have.
    """

    id: ClauseId
    sentence: str
    reference: str = ""
    as_call_type: str = ""
    as_determinant: str = ""
    verdict: Literal[Verdict.OFFER, Verdict.RECOMMEND, Verdict.REVIEW] = Verdict.RECOMMEND


@dataclass(frozen=True, slots=True)
class TandemWith:
    """Who goes beside the community responders for a danger, and who goes first.

    Without a `kind`: EMS for a medical danger, police for the others. With `after_contact` they are asked for
    as well when the danger turns up while a destination has the caller.
    """

    kind: Literal[LegKind.POLICE, LegKind.EMS, LegKind.FIRE, LegKind.CO_RESPONDER] | None = None
    mode: Mode = Mode.TOGETHER
    after_contact: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DisqualifierClause:
    """One danger: how it is asked, where else it shows, and what it makes of a call.

    `questions` are codes of one question, any of which asks it, and `asks` its wording. `unanswered` says
    what becomes of an all-noes call whose question nobody answered (empty: the answer is not demanded).
    `priorities` are the agency's own numbers and `unit_kinds` the kinds of units that are on scene. A danger
    makes `tandem` instead of `makes` when every clause that admits the call is named in `tandem_for`.
    A `shared` clause also hears what the shared word lists say of its danger, except the entries named in
    `without`, and where `only` names entries nothing but these; `doubtful` says what a narrative makes that
    only says it may be so (empty: as much as `makes`).

    `tandem` says who goes along then. `destinations` and `unless_skills` limit whom it rules out: a medical
    need rules out who has no medic. What meets `unless` is no danger here: a weapon that is there and does
    not matter. `coded` says whether a code can show it.
    """

    id: ClauseId
    danger: Danger
    sentence: str
    reference: str = ""
    questions: tuple[str, ...] = ()
    asks: str = ""
    unanswered: Literal["", "review", "keep"] = ""
    makes: Literal[Verdict.KEEP, Verdict.TANDEM, Verdict.REVIEW] = Verdict.KEEP
    tandem_for: frozenset[ClauseId] = frozenset()
    tandem: TandemWith = TandemWith()
    destinations: frozenset[DestinationId] = frozenset()
    unless_skills: frozenset[str] = frozenset()
    unless: When | None = None
    words: tuple[str, ...] = ()
    denials: tuple[str, ...] = ()
    shared: bool = False
    without: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()
    doubtful: Literal["", "review"] = ""
    call_types: frozenset[str] = frozenset()
    determinants: frozenset[str] = frozenset()
    determinant_suffixes: frozenset[str] = frozenset()
    fields: Mapping[str, frozenset[str]] = field(default_factory=dict)
    typed: frozenset[str] = frozenset()
    cautions: frozenset[str] = frozenset()
    dispositions: frozenset[str] = frozenset()
    priorities: frozenset[int] = frozenset()
    unit_kinds: frozenset[str] = frozenset()
    caller_wants_police: bool = False
    coded: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        fold(self, "call_types", "determinants", "determinant_suffixes", "cautions", "typed")
        fold(self, "dispositions", "unit_kinds")
        object.__setattr__(self, "fields", folded_fields(self.fields))
        object.__setattr__(self, "coded", self._asks_for_codes())

    def _asks_for_codes(self) -> bool:
        """Whether anything but an answer or the narrative can show this danger."""
        codes = (
            *(self.call_types, self.determinants, self.determinant_suffixes, self.fields, self.typed),
            *(self.cautions, self.dispositions, self.priorities, self.unit_kinds),
        )
        return any(codes) or self.caller_wants_police

    def rules_out(self, destination: DestinationId, skills: frozenset[str]) -> bool:
        """Whether this danger, when it is there, keeps the call from this destination."""
        if self.destinations and destination not in self.destinations:
            return False
        return not (self.unless_skills & skills)

    @property
    def along(self) -> LegKind:
        """Who goes beside the responders for this danger."""
        usual = LegKind.EMS if self.danger is Danger.MEDICAL else LegKind.POLICE
        return self.tandem.kind or usual

    @property
    def rules_out_all(self) -> bool:
        """Whether it does not matter who would go."""
        return not (self.destinations or self.unless_skills)


Clause = ScopeClause | LimitClause | AnswerClause | RecategoryClause | DisqualifierClause
