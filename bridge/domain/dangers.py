"""The four standard dangers, asked of one incident: by answer, by field, by narrative.

A yes from any of them is a danger; only a "no" that was coded, defined or printed answers a demanded
question. A denial in the narrative is told as a reason and answers nothing.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bridge.domain import clauses
from bridge.domain.cad import Answer
from bridge.domain.conditions import met
from bridge.domain.decision import Reason, Verdict, Weight
from bridge.domain.facts import NO, UNKNOWN, YES, Facts
from bridge.domain.ids import ClauseId
from bridge.domain.narrative import Mention
from bridge.domain.policy_clauses import DisqualifierClause, ScopeClause
from bridge.domain.spoken import Spoken, built_in
from bridge.domain.when import folded
from bridge.domain.words import Heard


class Ruling(NamedTuple):
    """What one disqualifier says; its clause knows which destinations it is said of."""

    clause: DisqualifierClause
    spoken: Spoken


def rulings(facts: Facts, admitting: Sequence[ScopeClause], *, demanded: bool) -> Iterator[Ruling]:
    """Everything the disqualifier clauses say. With `demanded`, an unanswered question speaks too."""
    looked = _Codes(facts)
    scope = {clause.id for clause in admitting}
    for clause in facts.policy.disqualifier:
        answer, how = facts.answer_to(clause.questions)
        mention = facts.reading.mentions.get(clause.id)
        certain = ["answered yes"] if answer is YES else []
        if clause.coded:
            certain += _coded_signs(clause, looked)
        signs = [*certain, *_heard(mention)]
        if signs:
            doubtful = not certain and mention is not None and mention.heard is Heard.POSSIBLE
            yield Ruling(clause, _danger(clause, signs, scope, facts, doubtful=doubtful))
        if denials := [*_denials(answer, how, mention, found=bool(signs))]:
            reason = Reason(clause.id, Weight.FOR, _sentence(clause, denials))
            yield Ruling(clause, Spoken(reason, Verdict.OFFER))
        if demanded and clause.unanswered and answer is UNKNOWN:
            most = Verdict.KEEP if clause.unanswered == "keep" else Verdict.REVIEW
            missing = built_in(clauses.ANSWER_MISSING, Weight.OPEN, most, of=clause.questions[0])
            yield Ruling(clause, missing)


def _danger(
    clause: DisqualifierClause, signs: Sequence[str], scope: set[ClauseId], facts: Facts, *, doubtful: bool
) -> Spoken:
    """What the danger makes of the call: nothing where the policy spares it, review where it is doubtful."""
    if clause.unless is not None and met(clause.unless, facts) is YES:
        spared = [*signs, "of no weight here"]
        return Spoken(Reason(clause.id, Weight.FOR, _sentence(clause, spared)), Verdict.OFFER)
    most: Verdict = clause.makes
    if doubtful and clause.doubtful:
        most = Verdict.REVIEW
    elif scope and scope <= clause.tandem_for:
        most = Verdict.TANDEM
    disqualifies = most is not Verdict.REVIEW
    return Spoken(Reason(clause.id, Weight.AGAINST, _sentence(clause, signs), disqualifies), most)


class _Codes:
    """The incident's codes as the clauses compare them, folded once."""

    __slots__ = (
        "call_type",
        "cautions",
        "disposition",
        "fields",
        "kinds",
        "names",
        "priority",
        "suffix",
        "typed",
        "wants",
    )

    def __init__(self, facts: Facts) -> None:
        incident = facts.incident
        self.call_type = facts.call_type
        self.names = facts.names
        self.suffix = facts.determinant.suffix if facts.determinant is not None else ""
        self.fields = facts.fields
        self.typed = facts.typed() if facts.policy.typed else frozenset[str]()
        self.cautions = facts.cautions()
        self.disposition = folded(incident.disposition)
        self.priority = incident.priority
        self.kinds = facts.kinds_on_scene() if incident.units else frozenset[str]()
        self.wants = incident.caller.wants_police is YES


def _coded_signs(clause: DisqualifierClause, codes: _Codes) -> Iterator[str]:
    """How the danger showed in codes of any kind, in words that may leave."""
    if codes.call_type in clause.call_types:
        yield "call type"
    if clause.determinants and not clause.determinants.isdisjoint(codes.names):
        yield "determinant"
    if codes.suffix and not clause.determinant_suffixes.isdisjoint(codes.suffix):
        yield "determinant's suffix"
    if clause.typed and not clause.typed.isdisjoint(codes.typed):
        yield "typed code"
    for name, bad in clause.fields.items():
        if codes.fields.get(name) in bad:
            yield f"field {name}"
    if clause.cautions and not clause.cautions.isdisjoint(codes.cautions):
        yield "caution note"
    if codes.disposition in clause.dispositions:
        yield "disposition"
    if codes.priority in clause.priorities:
        yield "priority"
    if not clause.unit_kinds.isdisjoint(codes.kinds):
        yield "unit on scene"
    if clause.caller_wants_police and codes.wants:
        yield "caller asks for police"


def _heard(mention: Mention | None) -> Iterator[str]:
    if mention is not None and mention.heard.counts:
        where = "narrative" if mention.heard is Heard.FOUND else "possibly in narrative"
        yield f'{where}: "{mention.words}"'


def _denials(answer: Answer, how: str, mention: Mention | None, *, found: bool) -> Iterator[str]:
    if answer is NO:
        yield f"answered no, {how}" if how else "answered no"
    if mention is not None and mention.heard is Heard.DENIED and not found:
        yield f'denied in narrative: "{mention.words}"'


def _sentence(clause: DisqualifierClause, how: Sequence[str]) -> str:
    return f"{clause.sentence} ({'; '.join(how)})"
