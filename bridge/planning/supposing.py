"""What is supposed of a call that a log does not tell: answers nobody coded, a caller nobody described.

A supposition is never a fact: whoever counts with one says so. It adds what is not known, and overrules
nothing that was said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bridge.domain import clauses
from bridge.domain.cad import Answer, CodedAnswer
from bridge.domain.incident import Incident
from bridge.planning.plan import Plan


def demanded_questions(plan: Plan) -> tuple[tuple[str, ...], ...]:
    """Every question that some clause demands an answer to, with all its wordings."""
    asking = (clause for policy in plan.policies for clause in policy.disqualifier if clause.unanswered)
    return tuple(dict.fromkeys(clause.questions for clause in asking if clause.questions))


def all_answered(incident: Incident, questions: tuple[tuple[str, ...], ...]) -> Incident:
    """The incident as if each of these questions that nobody answered had been answered with no."""
    said = {answer.question for answer in incident.answers if answer.answer is not Answer.UNKNOWN}
    open_questions = [wordings for wordings in questions if said.isdisjoint(wordings)]
    if not open_questions:
        return incident
    return answered(incident, open_questions, Answer.NO)


def answered(incident: Incident, questions: Sequence[tuple[str, ...]], answer: Answer) -> Incident:
    """The incident with this answer to each of these questions, whatever the answer was; codes stay."""
    asked = {wording for wordings in questions for wording in wordings}
    codes = {answer.question: answer.code for answer in incident.answers if answer.question in asked}
    kept = tuple(answer for answer in incident.answers if answer.question not in asked)
    given = tuple(CodedAnswer(each[0], answer, codes.get(each[0], "")) for each in questions)
    return replace(incident, answers=(*kept, *given))


def if_it_were_known(incident: Incident, clause: str, plan: Plan) -> Incident | None:
    """The incident as it would have to be for a built-in clause to be silent; None where none could be.

    A question is answered with no, a caller is the person in need, consents, or does not ask for police.
    """
    if clause.startswith(clauses.ANSWER_MISSING):
        question = clause.removeprefix(clauses.ANSWER_MISSING)
        wordings = next((each for each in demanded_questions(plan) if each[0] == question), (question,))
        return answered(incident, [wordings], Answer.NO)
    match clause:
        case clauses.CALLER_PARTY_UNKNOWN:
            caller = replace(incident.caller, first_party=Answer.YES)
        case clauses.CALLER_CONSENT_UNKNOWN:
            caller = replace(incident.caller, consent=Answer.YES)
        case clauses.CALLER_WANTS_POLICE:
            caller = replace(incident.caller, wants_police=Answer.NO)
        case _:
            return None
    return replace(incident, caller=caller)


def wanting_police(incident: Incident) -> Incident:
    """The incident as if the caller had asked for police."""
    return replace(incident, caller=replace(incident.caller, wants_police=Answer.YES))


def supposed_by(clause: str) -> str:
    """What is supposed of a call when this built-in clause is, in words; empty when nothing can be."""
    if clause.startswith(clauses.ANSWER_MISSING):
        return "if the question had been answered with no"
    return _WORDS.get(clause, "")


_WORDS: Mapping[str, str] = {
    clauses.CALLER_PARTY_UNKNOWN: "if the caller were known to be the person in need",
    clauses.CALLER_CONSENT_UNKNOWN: "if the caller had consented",
    clauses.CALLER_WANTS_POLICE: "if the caller had not asked for police",
}
