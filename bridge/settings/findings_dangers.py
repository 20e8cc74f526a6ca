"""Dangers that could pass: who a disqualifier does not rule out, and what nobody has to ask or could hear."""

from collections.abc import Iterator

from bridge.domain.decision import Verdict
from bridge.domain.policy_clauses import Danger, DisqualifierClause, Shape
from bridge.settings.finding import Finding, Subject

_FOR_NOBODY = (Danger.WEAPON, Danger.VIOLENCE, Danger.POLICE_ONLY)
"""What hardly any destination is there for; a medical need is what some are there for."""


def dangers(subject: Subject) -> Iterator[Finding]:
    """Everything about the disqualifiers that lets a danger through."""
    for clause in subject.policy.disqualifier:
        if clause.danger in _FOR_NOBODY and not clause.rules_out_all:
            yield from _could_take(subject, clause)
    yield from _not_demanded(subject)
    yield from _nothing_turns_up(subject)


def _could_take(subject: Subject, clause: DisqualifierClause) -> Iterator[Finding]:
    known = [subject.destinations[name] for name in subject.routed() if name in subject.destinations]
    takers = [one.id for one in known if not clause.rules_out(one.id, one.skills)]
    if takers:
        what = clause.danger.value.replace("_", "-")
        rule = f"a call with this danger ({what}) could still go to {', '.join(takers)}"
        remedy = "remove `destinations` and `unless_skills`, unless all of you have agreed to that"
        yield Finding("danger-could-go", (clause.id, *takers), rule, remedy)


def _not_demanded(subject: Subject) -> Iterator[Finding]:
    """All-noes scopes whose noes nobody has to give."""
    policy = subject.policy
    scopes = [clause.id for clause in policy.scope if policy.shape_of(clause) is Shape.ALL_NOES]
    if not scopes:
        return
    if not any(clause.unanswered for clause in policy.disqualifier):
        rule = "the shape is all-noes, and no clause demands an answer: every call goes without one"
        remedy = 'write unanswered = "review" in the disqualifiers, or shape = "default-types"'
        yield Finding("nothing-demanded", tuple(scopes), rule, remedy)
        return
    for danger in Danger:
        clauses = [clause for clause in policy.disqualifier if clause.danger is danger]
        if not any(clause.unanswered for clause in clauses):
            what = danger.value.replace("_", "-")
            rule = f"nobody has to ask for this danger ({what}), though the shape is all-noes"
            remedy = 'write `questions` and unanswered = "review"'
            yield Finding("answer-not-demanded", tuple(clause.id for clause in clauses), rule, remedy)


def _nothing_turns_up(subject: Subject) -> Iterator[Finding]:
    """Default types that go by themselves, while nothing reads the narrative for a danger."""
    policy = subject.policy
    going = [
        clause.id
        for clause in policy.scope
        if clause.verdict is Verdict.OFFER and policy.shape_of(clause) is Shape.DEFAULT_TYPES
    ]
    deaf = [
        danger.value.replace("_", "-")
        for danger in Danger
        if not any(one.danger is danger and (one.words or one.shared) for one in policy.disqualifier)
    ]
    if going and deaf:
        rule = f"calls go by their type alone, and no narrative is read for {', '.join(deaf)}"
        remedy = "write `words` or shared = true in the disqualifier, so that it can turn up"
        yield Finding("nothing-turns-up", tuple(going), rule, remedy)
