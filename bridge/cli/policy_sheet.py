"""`bridge policy sheet`: a policy as one page for call takers, or as the written protocol with every clause.

Made of the policy's own sentences: a policy whose sentences are poor has a poor sheet. The same files print
the same page.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from bridge.cli.options import settings_of
from bridge.cli.page import Columns, Heading, Listed, Part, as_html, as_markdown
from bridge.cli.policy_check import Folders, Words, destinations_in, lexicon_of
from bridge.cli.policy_protocol import protocol
from bridge.cli.policy_words import (
    DANGERS,
    choices,
    either,
    hours,
    limits,
    of_limit,
    signs,
    types,
    which_calls,
)
from bridge.domain.decision import TransferKind, Verdict
from bridge.domain.destination import Destination
from bridge.domain.ids import DestinationId
from bridge.domain.policy import Policy
from bridge.domain.policy_clauses import (
    AnswerClause,
    DisqualifierClause,
    KindRule,
    RecategoryClause,
    ScopeClause,
    Shape,
)
from bridge.settings.approvals import Approval, approvals_of, sides, signed
from bridge.settings.finding import routed
from bridge.settings.policies import load_policy

Destinations = Mapping[DestinationId, Destination]

_DO = {
    Verdict.OFFER: "goes",
    Verdict.RECOMMEND: "you decide",
    Verdict.REVIEW: "read the narrative first",
}


def sheet(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="The policy file.")],
    as_protocol: Annotated[
        bool, typer.Option("--protocol", help="The written protocol, with every clause, instead of one page.")
    ] = False,
    html: Annotated[bool, typer.Option("--html/--markdown", help="As HTML, or as Markdown.")] = False,
    destinations: Folders = None,
    words: Words = None,
) -> None:
    """Print a policy as a page for call takers, or with --protocol as the written protocol."""
    settings = settings_of(ctx)
    known = destinations_in(settings, destinations)
    policy = load_policy(file, known, lexicon_of(settings, words))
    approvals = approvals_of(file)
    parts = (protocol if as_protocol else one_page)(policy, known, approvals)
    what = "protocol" if as_protocol else "which calls may go to community responders"
    title = f"{policy.about.program or policy.name}: {what}"
    print((as_html if html else as_markdown)(title, list(parts)), end="")


def one_page(policy: Policy, destinations: Destinations, approvals: Sequence[Approval]) -> Iterator[Part]:
    """What a call taker needs beside the screen."""
    yield f"Version {policy.version}, in force from {policy.effective.isoformat(' ', 'minutes')}."
    yield Heading("Which calls")
    yield Columns(
        ("call", "how you know it", "then", "who is asked, in this order"),
        [_call(clause, destinations) for clause in policy.scope],
    )
    if conditions := list(_limits(policy)):
        yield Heading("Only if")
        yield Listed(conditions)
    yield from _questions(policy)
    yield Heading("What keeps the call with 911")
    yield Listed([_keeps(clause, destinations) for clause in policy.disqualifier])
    yield "The caller asks for police: the call stays with 911."
    yield Heading("What is no reason")
    yield Listed(list(_no_reason(policy)))
    if typed := list(_what_to_type(policy)):
        yield Heading("What to type or press")
        yield Listed(typed)
    yield Heading("Who is next")
    people = [destinations[name] for name in routed(policy) if name in destinations]
    yield Columns(("who", "dial", "open", "takes", "wait"), [_person(one) for one in people])
    yield Heading("What to say")
    yield Listed(list(dict.fromkeys(_say(clause, destinations) for clause in policy.scope if clause.route)))
    yield "Stay on the line until they speak with the caller. Until then, the call is yours."
    yield Heading("Signed")
    yield Listed([_signature(policy, side, destinations, approvals) for side in sides(routed(policy))])


def _call(clause: ScopeClause, destinations: Destinations) -> tuple[str, str, str, str]:
    where = [*limits(clause)]
    knows = which_calls(clause) + (f"; only {', '.join(where)}" if where else "")
    names = ", then ".join(_name(name, destinations) for name in clause.route)
    return clause.sentence, knows, _DO[clause.verdict], names or "nobody: a person decides"


def _limits(policy: Policy) -> Iterator[str]:
    for clause in policy.limit:
        about = f" (for {either(clause.scopes)})" if clause.scopes else ""
        about += f" (at {either(clause.destinations)})" if clause.destinations else ""
        yield f"{clause.sentence} {of_limit(clause)}{about}"


def _questions(policy: Policy) -> Iterator[Part]:
    asked = [clause for clause in policy.disqualifier if clause.questions]
    if not asked:
        return
    yield Heading("Ask")
    shapes = {policy.shape_of(clause) for clause in policy.scope}
    if Shape.ALL_NOES in shapes:
        yield "A call goes only if these are answered with no. Not asked is not a no."
    yield Columns(
        ("ask", "in CAD", "not asked"),
        [
            (clause.asks or clause.sentence, either(clause.questions), _unasked(clause, shapes))
            for clause in asked
        ],
    )


def _unasked(clause: DisqualifierClause, shapes: set[Shape]) -> str:
    if not clause.unanswered or Shape.ALL_NOES not in shapes:
        return "the call may go all the same"
    return "stays with 911" if clause.unanswered == "keep" else "a person decides"


def _keeps(clause: DisqualifierClause, destinations: Destinations) -> str:
    shown = ", ".join([*(["answered yes"] if clause.questions else []), *signs(clause)])
    makes = {Verdict.TANDEM: " Police or EMS go too.", Verdict.REVIEW: " A person decides."}
    said = f"{clause.sentence} ({DANGERS[clause.danger]}: {shown}.)" + makes.get(clause.makes, "")
    if clause.tandem_for:
        said += f" Responders and police or EMS together for: {either(clause.tandem_for)}."
    if not clause.rules_out_all:
        able = [one.name for one in destinations.values() if not clause.rules_out(one.id, one.skills)]
        said += f" Not for: {either(able)}." if able else ""
    if clause.unless is not None:
        said += (
            f" Not if {'; '.join([*types(clause.unless), *choices(clause.unless), *limits(clause.unless)])}."
        )
    return said


def _no_reason(policy: Policy) -> Iterator[str]:
    yield "A crime alone, or a report to be written later: responders can ask for police afterwards."
    if not any(one.caller.first_party for one in (*policy.scope, *policy.limit)):
        yield "Somebody calls about another person: most of these calls are like that."


def _what_to_type(policy: Policy) -> Iterator[str]:
    """The codes by which the call taker makes a clause speak."""
    marked: Sequence[ScopeClause | RecategoryClause | AnswerClause]
    marked = [*policy.scope, *policy.recategory, *policy.answer]
    for clause in marked:
        marks = [f"{either(clause.typed)} in the narrative"] if clause.typed else []
        marks += [f"{name}: {either(codes)}" for name, codes in sorted(clause.fields.items())]
        marks += [f'"{question}": {given}' for question, given in sorted(clause.answers.items())]
        if marks:
            yield f"{'; '.join(marks)} - {clause.sentence}"


def _person(one: Destination) -> tuple[str, ...]:
    voice, data = (kind in one.kinds for kind in (TransferKind.VOICE, TransferKind.DATA))
    takes = (
        "the caller, or the notes" if voice and data else "the caller" if voice else "the notes: calls back"
    )
    wait = "not known" if one.expected_wait is None else f"about {max(1, round(one.expected_wait / 60))} min"
    limits_ = "; ".join(accept.sentence for accept in one.accepts)
    is_open = hours(one.hours) if one.hours.spans or one.hours.closed_on else "always"
    return one.name, one.phone or "-", is_open, f"{takes}. {limits_}" if limits_ else takes, wait


def _say(clause: ScopeClause, destinations: Destinations) -> str:
    first = _name(clause.route[0], destinations)
    calls_back = " They call back." if clause.kind is KindRule.DATA else ""
    return f'"{clause.say or f"Next is {first}."}{calls_back}"'


def _signature(policy: Policy, side: str, destinations: Destinations, approvals: Sequence[Approval]) -> str:
    who = _name(DestinationId(side), destinations)
    if one := signed(approvals, policy.digest, side):
        return f"{who}: {one.name}, {one.role}, {one.at.date().isoformat()}"
    before = [one for one in approvals if one.side == side]
    if before:
        return f"{who}: signed version {before[-1].version}, and the file has changed since"
    return f"{who}: not signed"


def _name(name: DestinationId, destinations: Destinations) -> str:
    return destinations[name].name if name in destinations else name
