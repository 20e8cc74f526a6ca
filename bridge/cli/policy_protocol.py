"""A policy as a written protocol: every clause in order, with id, sentence and reference, and who signed."""

from collections.abc import Iterator, Mapping, Sequence

from bridge.cli.page import Columns, Heading, Listed, Part
from bridge.cli.policy_words import DANGERS, conditions, either, hours, of_limit, signs
from bridge.domain.destination import Destination
from bridge.domain.ids import DestinationId
from bridge.domain.policy import Policy
from bridge.domain.policy_clauses import (
    AnswerClause,
    Clause,
    DisqualifierClause,
    LimitClause,
    RecategoryClause,
    ScopeClause,
)
from bridge.settings.approvals import Approval
from bridge.settings.finding import routed


def protocol(
    policy: Policy, destinations: Mapping[DestinationId, Destination], approvals: Sequence[Approval]
) -> Iterator[Part]:
    """The whole policy, for those who sign it and those who go back to it."""
    yield Columns(("", ""), list(_head(policy)))
    parts: tuple[tuple[str, Sequence[Clause]], ...] = (
        ("Calls that are screened as another type too", policy.recategory),
        ("Types that answer questions by definition", policy.answer),
        ("Calls that may go", policy.scope),
        ("What the program takes upon itself", policy.limit),
        ("What keeps a call with 911", policy.disqualifier),
    )
    for heading, clauses in parts:
        if clauses:
            yield Heading(heading)
            rows = [(one.id, one.sentence, said(one, policy), one.reference) for one in clauses]
            yield Columns(("clause", "in a sentence", "exactly", "reference"), rows)
    yield Heading("Destinations")
    for name in routed(policy):
        if name in destinations:
            yield from _destination(destinations[name])
    yield Heading("Approvals")
    yield from _approvals(policy, approvals)


def said(clause: Clause, policy: Policy) -> str:
    """Exactly what a clause says, in words."""
    if isinstance(clause, ScopeClause):
        return _scope(clause, policy)
    if isinstance(clause, LimitClause):
        about = f"; for {either(clause.scopes)}" if clause.scopes else ""
        return (
            of_limit(clause) + about + (f"; at {either(clause.destinations)}" if clause.destinations else "")
        )
    if isinstance(clause, AnswerClause):
        gives = ", ".join(f'"{question}": {given}' for question, given in sorted(clause.gives.items()))
        return f"{conditions(clause)} answers {gives}"
    if isinstance(clause, RecategoryClause):
        also = clause.as_determinant or clause.as_call_type
        return f"{conditions(clause)}: also {also}; at most {clause.verdict}"
    return _disqualifier(clause)


def _scope(clause: ScopeClause, policy: Policy) -> str:
    route = f" to {', then '.join(clause.route)}" if clause.route else ""
    need = f"; need {clause.need}" if clause.need else ""
    head = f"{clause.verdict}{route} ({policy.shape_of(clause)}, {clause.kind}{need})"
    return f"{head}: {conditions(clause) or 'any call'}"


def _disqualifier(clause: DisqualifierClause) -> str:
    said_ = [f"{DANGERS[clause.danger]}: makes {clause.makes}"]
    if clause.questions:
        unanswered = f", unanswered: {clause.unanswered}" if clause.unanswered else ", not demanded"
        said_.append(f"asked as {either(clause.questions)}{unanswered}")
    said_ += [f"shown by {', '.join(signs(clause))}"] if any(signs(clause)) else []
    said_ += [f"words {either(clause.words)}"] if clause.words else []
    said_ += [f"denied by {either(clause.denials)}"] if clause.denials else []
    said_ += ["and the shared word lists"] if clause.shared else []
    said_ += [f"only possible: {clause.doubtful}"] if clause.doubtful else []
    said_ += [f"tandem for {either(clause.tandem_for)}"] if clause.tandem_for else []
    said_ += [f"rules out only {either(clause.destinations)}"] if clause.destinations else []
    said_ += [f"not for who has {either(clause.unless_skills)}"] if clause.unless_skills else []
    said_ += [f"not if {conditions(clause.unless)}"] if clause.unless is not None else []
    return "; ".join(said_)


def _head(policy: Policy) -> Iterator[tuple[str, str]]:
    yield "policy", policy.name
    yield "version", policy.version
    yield "agency", policy.agency
    yield "effective", policy.effective.isoformat(" ", "minutes")
    yield "time zone", policy.timezone
    yield "shape", policy.shape.value
    where = [*sorted(policy.where.districts), *sorted(policy.where.areas)]
    yield "for", either(where) if where else "all of the agency's ground"
    if policy.about.model:
        yield "model", policy.about.model
    for source in policy.about.sources:
        yield "written from", source
    yield "digest", policy.digest


def _destination(one: Destination) -> Iterator[Part]:
    kinds = either(kind.value for kind in one.kinds)
    is_open = hours(one.hours) if one.hours.spans or one.hours.closed_on else "always open"
    skills = f"; {either(one.skills)}" if one.skills else ""
    room = f"; {one.capacity} calls at once" if one.capacity is not None else ""
    yield f"{one.name} ({one.id}): {kinds}; {is_open}{skills}{room}."
    if one.accepts:
        yield Columns(
            ("clause", "in a sentence", "exactly", "signed"),
            [
                (
                    accept.id,
                    accept.sentence,
                    of_limit(accept),
                    f"{accept.signed_by}, {accept.signed_on.isoformat()}",
                )
                for accept in one.accepts
            ],
        )


def _approvals(policy: Policy, approvals: Sequence[Approval]) -> Iterator[Part]:
    if not approvals:
        yield "Nobody has signed any version."
        return
    rows = [
        (one.side, one.name, one.role, one.at.isoformat(" ", "minutes"), one.version, _of(policy, one))
        for one in approvals
    ]
    yield Columns(("side", "name", "role", "when", "version", ""), rows)
    if not any(one.digest == policy.digest for one in approvals):
        yield Listed(["Nobody has signed this version as it stands."])


def _of(policy: Policy, one: Approval) -> str:
    return "this very file" if one.digest == policy.digest else f"another file ({one.digest})"
