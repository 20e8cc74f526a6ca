"""The four standard dangers, asked of one incident: by coded answer, by field, by narrative.

A yes from any of them is a danger; only a coded "no" answers a demanded question. A denial in the
narrative is told as a reason and answers nothing.
"""

from collections.abc import Iterator, Mapping, Sequence

from bridge.domain import clauses
from bridge.domain.cad import Answer, UnitStatus
from bridge.domain.decision import Reason, Verdict, Weight
from bridge.domain.determinant import determinant_of
from bridge.domain.ids import ClauseId
from bridge.domain.incident import Incident
from bridge.domain.narrative import Mention
from bridge.domain.policy import DisqualifierClause, Policy, ScopeClause, folded
from bridge.domain.spoken import Spoken, built_in
from bridge.domain.words import Heard

_ON_SCENE = frozenset({UnitStatus.ON_SCENE, UnitStatus.PATIENT_CONTACT, UnitStatus.TRANSPORTING})


def dangers(
    incident: Incident, policy: Policy, admitting: Sequence[ScopeClause], *, demanded: bool
) -> Iterator[Spoken]:
    """Everything the disqualifier clauses say. Answers are demanded only of calls that some clause names."""
    reading = policy.words.read([note.text for note in incident.notes])
    if reading.unreadable:
        yield built_in(clauses.NARRATIVE_UNREADABLE, Weight.OPEN, Verdict.REVIEW)
    answers = _answers(incident)
    fields = _Fields(incident)
    scope = {clause.id for clause in admitting}
    for clause in policy.disqualifier:
        answer = _answer_to(clause.questions, answers)
        mention = reading.mentions.get(clause.id)
        signs = [*_signs(clause, answer, fields, mention)]
        if signs:
            tandem = clause.makes is Verdict.TANDEM or (scope and scope <= clause.tandem_for)
            reason = Reason(clause.id, Weight.AGAINST, _sentence(clause, signs), disqualifies=True)
            yield Spoken(reason, Verdict.TANDEM if tandem else Verdict.KEEP)
        if denials := [*_denials(answer, mention, found=bool(signs))]:
            yield Spoken(Reason(clause.id, Weight.FOR, _sentence(clause, denials)), Verdict.OFFER)
        if demanded and clause.unanswered and answer is Answer.UNKNOWN:
            yield _unanswered(clause)


class _Fields:
    """The incident's codes as the clauses compare them, folded once."""

    __slots__ = ("call_type", "disposition", "kinds_on_scene", "priority", "suffix", "wants_police")

    def __init__(self, incident: Incident) -> None:
        call_type = incident.call_type
        determinant = determinant_of(call_type.determinant) if call_type and call_type.determinant else None
        self.call_type = folded(call_type.code) if call_type is not None else ""
        self.suffix = determinant.suffix if determinant is not None else ""
        self.disposition = folded(incident.disposition)
        self.priority = incident.priority
        self.kinds_on_scene = {folded(unit.kind) for unit in incident.units if unit.status in _ON_SCENE}
        self.wants_police = incident.caller.wants_police is Answer.YES


def _signs(
    clause: DisqualifierClause, answer: Answer, fields: _Fields, mention: Mention | None
) -> Iterator[str]:
    """How the danger showed, in words that may leave: codes and the word list's own entries."""
    if answer is Answer.YES:
        yield "answered yes"
    if fields.call_type in clause.call_types:
        yield "call type"
    if not clause.determinant_suffixes.isdisjoint(fields.suffix):
        yield "determinant's suffix"
    if fields.disposition in clause.dispositions:
        yield "disposition"
    if fields.priority in clause.priorities:
        yield "priority"
    if not clause.unit_kinds.isdisjoint(fields.kinds_on_scene):
        yield "unit on scene"
    if clause.caller_wants_police and fields.wants_police:
        yield "caller asks for police"
    if mention is not None and mention.heard >= Heard.POSSIBLE:
        yield f'{"narrative" if mention.heard is Heard.FOUND else "possibly in narrative"}: "{mention.words}"'


def _denials(answer: Answer, mention: Mention | None, *, found: bool) -> Iterator[str]:
    if answer is Answer.NO:
        yield "answered no"
    if mention is not None and mention.heard is Heard.DENIED and not found:
        yield f'denied in narrative: "{mention.words}"'


def _sentence(clause: DisqualifierClause, how: Sequence[str]) -> str:
    return f"{clause.sentence} ({'; '.join(how)})"


def _unanswered(clause: DisqualifierClause) -> Spoken:
    reason = Reason(
        ClauseId(clauses.ANSWER_MISSING + clause.questions[0]),
        Weight.OPEN,
        clauses.BUILT_IN[clauses.ANSWER_MISSING],
    )
    return Spoken(reason, Verdict.KEEP if clause.unanswered == "keep" else Verdict.REVIEW)


def _answers(incident: Incident) -> Mapping[str, Answer]:
    """The answer to each question; said twice, a yes outweighs doubt and doubt outweighs a no."""
    answers: dict[str, Answer] = {}
    for said in incident.answers:
        known = answers.get(said.question)
        answers[said.question] = said.answer if known is None else _worse(known, said.answer)
    return answers


def _answer_to(questions: Sequence[str], answers: Mapping[str, Answer]) -> Answer:
    """The answer to any of these wordings of one question; the worst, where several were answered."""
    worst: Answer | None = None
    for question in questions:
        said = answers.get(question)
        if said is not None:
            worst = said if worst is None else _worse(worst, said)
    return Answer.UNKNOWN if worst is None else worst


def _worse(one: Answer, other: Answer) -> Answer:
    for answer in (Answer.YES, Answer.UNKNOWN):
        if answer in (one, other):
            return answer
    return Answer.NO
