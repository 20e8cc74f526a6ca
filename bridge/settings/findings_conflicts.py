"""Clauses of one policy that contradict each other: each of them can be right, both cannot."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from bridge.domain.determinant import determinant_of
from bridge.domain.policy_clauses import AnswerClause, DisqualifierClause, ScopeClause
from bridge.domain.spoken import CAUTION
from bridge.settings.finding import Finding, Subject
from bridge.settings.overlap import names_in_common

_FEW = 5


def conflicts(subject: Subject) -> Iterator[Finding]:
    """Every pair of clauses that says two things of one call."""
    for one, other in combinations(subject.policy.scope, 2):
        yield from _scopes(subject, one, other)
    for answer in subject.policy.answer:
        for clause in subject.policy.disqualifier:
            yield from _answers(answer, clause)
    for first, second in combinations(subject.policy.answer, 2):
        yield from _definitions(first, second)


def few(names: Sequence[str]) -> str:
    """The first of these names, and how many more there are."""
    more = len(names) - _FEW
    return ", ".join(names[:_FEW]) + (f" and {more} more" if more > 0 else "")


def _scopes(subject: Subject, one: ScopeClause, other: ScopeClause) -> Iterator[Finding]:
    shared = names_in_common(one, other)
    overlap = subject.overlap
    if not shared or overlap.excludes(one, other):
        return
    bold, careful = sorted((one, other), key=lambda clause: CAUTION[clause.verdict])
    ids = (one.id, other.id)
    if bold.verdict is careful.verdict:
        if one.route != other.route:
            rule = f"both admit {few(shared)} and their routes differ; calls of both ask {_asked(one, other)}"
            yield Finding("routes-differ", ids, rule, "name the type in one of them, or give both one route")
        return
    if overlap.contains(careful, bold):
        rule = f"no call is ever {bold.verdict.value} by {bold.id!r}: each is also under {careful.id!r}"
        remedy = f"the more cautious wins ({careful.verdict.value}); narrow {careful.id!r}, or remove one"
        yield Finding("scope-overruled", ids, rule, remedy)
    elif not (careful.chooses and not bold.chooses):
        rule = f"both admit {few(shared)}, one to {bold.verdict.value} and one to {careful.verdict.value}"
        yield Finding("verdicts-differ", ids, rule, "name the type in one of them; the more cautious wins")


def _asked(one: ScopeClause, other: ScopeClause) -> str:
    return ", then ".join(dict.fromkeys((*one.route, *other.route))) or "nobody"


def _answers(answer: AnswerClause, clause: DisqualifierClause) -> Iterator[Finding]:
    """A definition that says no where the disqualifier's own signs say yes."""
    asked = [question for question in clause.questions if answer.gives.get(question) == "no"]
    said_yes = names_in_common(answer, clause)
    said_yes += [code for code in sorted(answer.call_types) if _suffixed(code, clause)]
    for name in sorted(answer.fields.keys() & clause.fields.keys()):
        said_yes += [f"{name} = {code}" for code in sorted(answer.fields[name] & clause.fields[name])]
    if asked and said_yes:
        rule = f"answers {asked[0]!r} with no for {few(said_yes)}, which {clause.id!r} takes for the danger"
        remedy = f"remove it from {answer.id!r} or from {clause.id!r}; until then the danger wins"
        yield Finding("answer-contradicts", (answer.id, clause.id), rule, remedy)


def _suffixed(code: str, clause: DisqualifierClause) -> bool:
    """Whether this call type is a determinant written with a suffix that shows the danger."""
    determinant = determinant_of(code)
    return determinant is not None and not clause.determinant_suffixes.isdisjoint(determinant.suffix)


def _definitions(one: AnswerClause, other: AnswerClause) -> Iterator[Finding]:
    """Two definitions that answer one question of the same calls differently."""
    shared = names_in_common(one, other)
    both = sorted(one.gives.keys() & other.gives.keys())
    for question in (each for each in both if shared and one.gives[each] != other.gives[each]):
        rule = f"give two answers to {question!r} for {few(shared)}; a yes counts"
        yield Finding("answers-differ", (one.id, other.id), rule, "name the type in one of them")
