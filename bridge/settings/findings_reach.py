"""Clauses that can never speak, and conditions that let nothing pass: what a policy says in vain."""

from collections.abc import Iterator, Sequence

from bridge.domain.cad import Channel
from bridge.domain.decision import Verdict
from bridge.domain.determinant import determinant_of
from bridge.domain.policy_clauses import (
    DisqualifierClause,
    LimitClause,
    RecategoryClause,
    ScopeClause,
)
from bridge.domain.when import When, folded
from bridge.settings.finding import Finding, Subject
from bridge.settings.findings_conflicts import few
from bridge.settings.overlap import covers, names_in_common
from bridge.settings.week import common

_EVERYBODY = frozenset({Channel.UNKNOWN, Channel.NINE_ONE_ONE, Channel.NON_EMERGENCY_LINE})
"""The ways in that nearly every call takes."""


def never_speak(subject: Subject) -> Iterator[Finding]:
    """Every clause, pattern or exception that no call can come to."""
    policy = subject.policy
    for clause in subject.conditional():
        if why := subject.overlap.impossible(clause):
            rule = f"no call can meet it: its own {why} exclude each other"
            yield Finding("never-met", (clause.id,), rule, "correct the conditions, or remove the clause")
        yield from _shadowed(clause.id, clause.determinants)
    for disqualifier in policy.disqualifier:
        yield from _shadowed(disqualifier.id, disqualifier.determinants)
        yield from _exceptions(subject, disqualifier)
    for scope in policy.scope:
        yield from _disqualified(subject, scope)
        yield from _shut_out(subject, scope)
        yield from _wide(scope)
    for recategory in policy.recategory:
        yield from _unscoped(subject.policy.scope, recategory)


def _shadowed(clause: str, determinants: frozenset[str]) -> Iterator[Finding]:
    for narrow in sorted(determinants):
        wide = next((one for one in sorted(determinants) if one != narrow and covers(one, narrow)), None)
        if wide is not None:
            rule = f"determinant {narrow} says nothing beside {wide}, which names it too"
            yield Finding("determinant-shadowed", (clause,), rule, "remove one of the two")


def _disqualified(subject: Subject, scope: ScopeClause) -> Iterator[Finding]:
    """Types that a scope clause admits and a disqualifier keeps, whoever would go."""
    kept: dict[str, str] = {}
    for clause in subject.policy.disqualifier:
        if clause.rules_out_all and clause.unless is None and _keeps(clause, scope):
            kept |= dict.fromkeys(_shown_by(subject, clause, scope), clause.id)
    if not kept:
        return
    ids = (scope.id, *sorted(set(kept.values())))
    if kept.keys() >= scope.call_types | scope.determinants:
        rule = "can never let a call go: every type that it names is a danger by its name"
        yield Finding("scope-disqualified", ids, rule, "remove the types from one of the clauses")
    else:
        rule = f"{few(sorted(kept))} can never go: named here and as a danger"
        yield Finding("type-disqualified", ids, rule, "remove it from one of the clauses")


def _keeps(clause: DisqualifierClause, scope: ScopeClause) -> bool:
    return clause.makes is Verdict.KEEP and scope.id not in clause.tandem_for


def _shown_by(subject: Subject, clause: DisqualifierClause, scope: ScopeClause) -> Iterator[str]:
    """The scope's names that show this danger by themselves."""
    yield from scope.call_types & clause.call_types
    for narrow in scope.determinants:
        if any(covers(wide, narrow) for wide in clause.determinants):
            yield narrow
    for answer in subject.policy.answer:
        if answer.chooses or not any(answer.gives.get(question) == "yes" for question in clause.questions):
            continue
        yield from scope.call_types & answer.call_types
        yield from (
            one for one in scope.determinants if any(covers(wide, one) for wide in answer.determinants)
        )


def _shut_out(subject: Subject, scope: ScopeClause) -> Iterator[Finding]:
    """Limits that let nothing of a scope clause pass, each by itself or all by their hours."""
    limits = list(subject.limits_of(scope))
    shut = False
    for limit in limits:
        if why := why_shut(subject, limit, scope):
            shut = True
            rule = f"{limit.id!r} lets no call of {scope.id!r} pass: {why}"
            yield Finding(
                "limit-shuts-out", (limit.id, scope.id), rule, "widen the limit, or name its `scopes`"
            )
    open_hours = subject.week(scope) & common(subject.week(limit) for limit in limits)
    if open_hours.empty and not shut and not subject.week(scope).empty:
        ids = (scope.id, *(limit.id for limit in limits if not subject.week(limit).whole))
        rule = "their hours have no minute in common"
        yield Finding("never-open", ids, rule, "correct the hours of one of them")


def why_shut(subject: Subject, limit: LimitClause, scope: ScopeClause) -> str:
    """Why this limit lets no call of the scope clause pass, or an empty string."""
    if limit.needs and scope.need not in limit.needs:
        return f"its need is {scope.need!r}" if scope.need else "it has no `need`"
    if why := subject.overlap.excludes(limit, scope):
        return f"their {why} exclude each other"
    if limit.never is not None and subject.overlap.contains(limit.never, scope):
        return "`never` covers all of it"
    return ""


def _wide(scope: ScopeClause) -> Iterator[Finding]:
    """A clause for any type that next to nothing chooses calls by."""
    chosen = scope.fields or scope.answers or scope.typed or scope.words or scope.topics
    own_way_in = scope.channel_codes or (scope.channels and not scope.channels & _EVERYBODY)
    if scope.any_call_type and not (chosen or own_way_in) and scope.verdict is not Verdict.REVIEW:
        rule = "whatever the call type, it admits calls by little that tells them apart"
        yield Finding(
            "any-type-wide", (scope.id,), rule, "name call types, or choose by field, code or answer"
        )


def _unscoped(scope: Sequence[ScopeClause], clause: RecategoryClause) -> Iterator[Finding]:
    determinant = determinant_of(clause.as_determinant)
    made = {folded(clause.as_call_type), *(determinant.names if determinant is not None else ())}
    if not any(made & (one.call_types | one.determinants) for one in scope):
        name = clause.as_determinant or clause.as_call_type
        rule = f"makes calls {name}, which no scope clause names"
        yield Finding(
            "recategory-unscoped", (clause.id,), rule, "name it in a [[scope]], or remove the clause"
        )


def _exceptions(subject: Subject, clause: DisqualifierClause) -> Iterator[Finding]:
    """What a disqualifier spares that it can never spare."""
    scopes = {scope.id: scope for scope in subject.policy.scope}
    for name in sorted(clause.tandem_for):
        if scopes[name].verdict is Verdict.REVIEW:
            rule = f"{name!r} is at most review, so that it never becomes tandem"
            yield Finding(
                "tandem-never", (clause.id, name), rule, "take it out of `tandem_for`, or let it offer"
            )
    if clause.unless is not None and (why := _why_never(subject, clause, clause.unless)):
        rule = f"`unless` can never be met: {why}"
        yield Finding("unless-never", (clause.id,), rule, "correct its conditions, or remove it")


def _why_never(subject: Subject, clause: DisqualifierClause, unless: When) -> str:
    if why := subject.overlap.impossible(unless):
        return f"its own {why} exclude each other"
    named = [scope for scope in subject.policy.scope if scope.names_types]
    retyped = subject.overlap.retyped & (unless.call_types | unless.determinants)
    retyped |= {name for clause in subject.policy.recategory for name in names_in_common(unless, clause)}
    only_named = unless.names_types and len(named) == len(subject.policy.scope) and not retyped
    if only_named and not any(names_in_common(unless, scope) for scope in named):
        return "no scope clause names its call types"
    if all(subject.overlap.excludes(unless, scope) for scope in subject.policy.scope):
        return "it excludes the calls of every scope clause"
    only_asked = not _other_signs(clause)
    if only_asked and all(unless.answers.get(question) == "no" for question in clause.questions):
        return "it wants the answer no that makes the danger absent"
    return ""


def _other_signs(clause: DisqualifierClause) -> bool:
    """Whether anything but an answer shows the danger."""
    return bool(
        clause.words
        or clause.shared
        or clause.call_types
        or clause.determinants
        or clause.determinant_suffixes
        or clause.fields
        or clause.cautions
        or clause.dispositions
        or clause.priorities
        or clause.unit_kinds
        or clause.caller_wants_police
    )
