"""Which scope clauses a call comes under, and which limits hold it back.

A clause is named by the call's type or determinant, or by the type that the policy makes of it; chosen when
its other conditions fit; and it admits the call when no limit says otherwise.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bridge.domain import clauses
from bridge.domain.cad import Answer
from bridge.domain.conditions import barred, chosen, limits, met
from bridge.domain.decision import Reason, Verdict, Weight
from bridge.domain.determinant import determinant_of
from bridge.domain.facts import NO, UNKNOWN, YES, Facts, names_of
from bridge.domain.ids import ClauseId
from bridge.domain.policy_clauses import LimitClause, RecategoryClause, ScopeClause
from bridge.domain.spoken import Spoken, built_in
from bridge.domain.when import GIVEN, folded

DEFINED = "by definition"


def recategorised(facts: Facts) -> tuple[RecategoryClause, ...]:
    """The clauses that give the call another type; the call goes by both from here on."""
    spoken = tuple(clause for clause in facts.policy.recategory if met(clause, facts) is YES)
    for clause in spoken:
        determinant = determinant_of(clause.as_determinant) if clause.as_determinant else None
        facts.names += names_of(folded(clause.as_call_type), determinant)
    return spoken


def defined_answers(facts: Facts) -> Iterator[Spoken]:
    """Questions that the type or the determinant answers by its definition, taken as answers."""
    plain = facts.determinant is None or not facts.determinant.suffix
    for clause in facts.policy.answer:
        if (plain or not clause.determinants) and met(clause, facts) is YES:
            for question, given in clause.gives.items():
                facts.give(question, GIVEN[given], DEFINED)
            yield Spoken(Reason(clause.id, Weight.FOR, clause.sentence), Verdict.OFFER)


@dataclass(frozen=True, slots=True)
class Scope:
    """One scope clause that the call came under, and which limits are not met or not known."""

    clause: ScopeClause
    unmet: tuple[Reason, ...]
    unknown: tuple[Reason, ...]

    @property
    def admits(self) -> bool:
        """Whether the call is in this clause's scope, as far as is known."""
        return not self.unmet

    def spoken(self, *, alone: bool) -> Iterator[Spoken]:
        """Its reasons. A clause that admits nothing holds the call back only if no other one admits it."""
        if self.unmet:
            most = Verdict.KEEP if alone else Verdict.OFFER
            yield from (Spoken(reason, most) for reason in self.unmet)
            return
        weight = Weight.OPEN if self.clause.verdict is Verdict.REVIEW else Weight.FOR
        yield Spoken(Reason(self.clause.id, weight, self.clause.sentence), self.clause.verdict)
        yield from (Spoken(reason, Verdict.REVIEW) for reason in self.unknown)


def scopes(facts: Facts, named: Sequence[ScopeClause]) -> list[Scope]:
    """The named clauses that were chosen, each with its limits."""
    taken = [clause for clause in named if chosen(clause, facts)]
    shared = {clause.id: answer_of(clause, facts) for clause in facts.policy.limit if not clause.destinations}
    return [_scope(clause, facts, shared) for clause in taken]


def _scope(clause: ScopeClause, facts: Facts, shared: Mapping[ClauseId, Answer]) -> Scope:
    reasons: dict[Answer, list[Reason]] = {NO: [], UNKNOWN: []}
    for name, answer in limits(clause, facts):
        weight = Weight.AGAINST if answer is NO else Weight.OPEN
        reasons[answer].append(built_in(name, weight, Verdict.KEEP).reason)
    for limit in facts.policy.limit:
        if limit.destinations or (limit.scopes and clause.id not in limit.scopes):
            continue
        answer = NO if limit.needs and clause.need not in limit.needs else shared[limit.id]
        if answer is not YES:
            reasons[answer].append(reason_of(limit, answer))
    return Scope(clause, tuple(reasons[NO]), tuple(reasons[UNKNOWN]))


def limits_apart(limit: LimitClause, facts: Facts, admitting: Sequence[ScopeClause]) -> Iterator[Spoken]:
    """What a limit says that is for certain destinations only."""
    under = [clause for clause in admitting if not limit.scopes or clause.id in limit.scopes]
    if admitting and not under:
        return
    answer = answer_of(limit, facts)
    if limit.needs and not any(clause.need in limit.needs for clause in under):
        answer = NO
    if answer is not YES:
        yield Spoken(reason_of(limit, answer), Verdict.KEEP if answer is NO else Verdict.REVIEW)


def answer_of(limit: LimitClause, facts: Facts) -> Answer:
    """Whether the call meets a limit's conditions; its `needs` are asked elsewhere."""
    answer = met(limit, facts)
    if limit.never is None or answer is NO:
        return answer
    never = barred(limit.never, facts)
    if never is YES:
        return NO
    return UNKNOWN if never is UNKNOWN else answer


def reason_of(limit: LimitClause, answer: Answer) -> Reason:
    """A limit that is not met, or not known to be."""
    return Reason(limit.id, Weight.AGAINST if answer is NO else Weight.OPEN, limit.sentence)


def unscoped(facts: Facts, named: Sequence[ScopeClause], taken: Sequence[Scope]) -> Iterator[Spoken]:
    """Why no scope clause is about this call, if none is."""
    call_type = facts.incident.call_type
    if call_type is None or not (call_type.code or call_type.determinant):
        yield built_in(clauses.TYPE_MISSING, Weight.OPEN, Verdict.KEEP)
    elif not taken:
        mentioned = any(clause.names_types for clause in named)
        clause = clauses.SCOPE_NOT_MET if mentioned else clauses.TYPE_UNKNOWN
        yield built_in(clause, Weight.OPEN, Verdict.KEEP)
