"""`bridge policy explain`: one past call, and every clause of a policy that spoke of it, in a person's words.

It says what the policy says, never what the caller said.
"""

import asyncio
import json as json_format
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from bridge.cli.backtest_calls import Destinations, log_given, plan_given
from bridge.cli.options import settings_of
from bridge.cli.policy_check import lexicon_of
from bridge.cli.policy_explain_ledger import KeptDecision, kept_decision
from bridge.cli.policy_test import of_agency, rules_tried, states
from bridge.domain.decision import Reason, Verdict, Weight
from bridge.domain.incident import Incident
from bridge.domain.policy_clauses import DisqualifierClause
from bridge.domain.words import Lexicon
from bridge.errors import SettingsError
from bridge.planning.explaining import Explanation, OfDestination, explained
from bridge.planning.past import Log, PastCall
from bridge.planning.plan import Plan
from bridge.planning.supposing import all_answered, demanded_questions
from bridge.settings.worked_calls import load_worked_calls

_BECOMES = {
    Verdict.OFFER: "offered",
    Verdict.RECOMMEND: "recommended, if the caller agrees",
    Verdict.TANDEM: "sent in tandem with police or EMS",
    Verdict.REVIEW: "left with 911 until a person has looked",
    Verdict.KEEP: "kept with 911",
}


def explain(
    ctx: typer.Context,
    files: Annotated[
        list[Path] | None, typer.Argument(help="The log: CSV or JSON lines, packed or not.")
    ] = None,
    policies: Annotated[
        list[Path] | None, typer.Option("--policy", help="A policy's file, or a folder of them.")
    ] = None,
    feed: Annotated[
        Path | None, typer.Option("--feed", help="The mapping file: how a row of the log reads.")
    ] = None,
    incident: Annotated[str, typer.Option("--incident", help="The incident's number in the log.")] = "",
    ledger: Annotated[
        tuple[str, str] | None,
        typer.Option(
            "--ledger",
            metavar="AGENCY INCIDENT",
            help="Instead of a log: decide again what the ledger decided last, by the rules that it kept.",
        ),
    ] = None,
    calls: Annotated[
        tuple[Path, int] | None,
        typer.Option(
            "--calls", metavar="FILE NUMBER", help="Instead of a log: the n-th worked call of this file."
        ),
    ] = None,
    destinations: Destinations = None,
    assume_answered: Annotated[
        bool,
        typer.Option("--assume-answered", help="As if every unanswered question had been answered with no."),
    ] = False,
    every: Annotated[bool, typer.Option("--all", help="Also the clauses that did not speak.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Say why one past call is decided as it is, and what would have decided otherwise."""
    if ledger is not None:
        kept = asyncio.run(kept_decision(settings_of(ctx), *ledger))
        plan, call = kept.plan, kept.call
    elif calls is not None:
        kept, (plan, call) = None, worked_call(*calls, lexicon_of(settings_of(ctx), None))
    elif policies and feed is not None and incident and files:
        kept, plan = None, plan_given(ctx, policies, destinations)
        call = _found(incident, log_given(feed, files, plan))
    else:
        given = "--policy, --feed, --incident and the log's files, or --calls, or --ledger"
        raise SettingsError(f"explain: give {given}")
    state = all_answered(call.last, demanded_questions(plan)) if assume_answered else call.last
    found = explained(plan, state, call)
    if json:
        print(json_format.dumps(as_object(found, call), ensure_ascii=False, indent=1))
        return
    if kept is not None:
        print(compared_with(kept, found))
    if state is not call.last:
        print("Supposing that every question that nobody answered had been answered with no.")
    print("\n".join(in_words(found, call.first, call, plan, every=every)))


def _found(incident: str, log: Log) -> PastCall:
    call = next((one for one in log.calls if one.last.incident_id == incident), None)
    if call is None:
        raise SettingsError(f"--incident: {incident!r} is in none of the files; give a number of the log")
    return call


def worked_call(path: Path, number: int, lexicon: Lexicon | None) -> tuple[Plan, PastCall]:
    """The n-th call of a file of worked calls as its last step leaves it, with the policies it tries."""
    worked = load_worked_calls(path)
    if not 1 <= number <= len(worked.calls):
        raise SettingsError(f"--calls: {path} has {len(worked.calls)} calls; give a number from 1 on")
    policies, destinations = rules_tried(worked, lexicon)
    steps = list(states(worked.calls[number - 1], number, policies))
    first, (last, at) = steps[0][0], steps[-1]
    return Plan(tuple(of_agency(policies, last)), destinations), PastCall(first, last, at)


def compared_with(kept: KeptDecision, found: Explanation) -> str:
    """Whether the same rules say today what they said then."""
    clauses = tuple(f"{reason.clause} ({reason.weight})" for reason in found.reasons)
    same = (kept.verdict, kept.clauses) == (found.decision.verdict, clauses)
    then = f"Version {kept.version}, decided at {kept.call.at.isoformat(' ', 'seconds')}"
    by = f"by rules {kept.rules_digest[:12]}"
    return f"{then} {by}: {'the same now' if same else f'{kept.verdict} then, and otherwise now'}."


def in_words(
    found: Explanation, first: Incident, call: PastCall, plan: Plan, *, every: bool
) -> Iterator[str]:
    """The explanation, a line for each thing."""
    decision = found.decision
    said = call.last.call_type
    kind = " ".join(dict.fromkeys((said.code, said.text))).strip() if said is not None else "no type yet"
    yield f"Incident {call.last.incident_id}, {kind}, came in {call.at.isoformat(' ', 'minutes')}"
    yield f"Policy {decision.policy.name} {decision.policy.version}: {_BECOMES[decision.verdict]}."
    if first is not call.last:
        then = plan.weigh(first, call).decision.verdict
        yield f"By what the first event said alone: {_BECOMES[then]}."
    yield f"Told to the caller: {decision.say}"
    for weight, title in _TITLES:
        if reasons := found.weighing(weight):
            yield f"\n{title}:"
            yield from (_reason(reason, plan) for reason in reasons)
    if found.destinations:
        yield "\nWho could take it:"
    for destination in found.destinations:
        yield from _of_destination(destination, decision.verdict)
    if found.otherwise:
        yield "\nIt would have been otherwise:"
    yield from (f"  {_BECOMES[verdict]} {words}" for words, verdict in found.otherwise)
    if every:
        yield "\nClauses that did not speak:"
        yield from (f"  {name}: {sentence}" for name, sentence in found.silent)


_TITLES = (
    (Weight.AGAINST, "Against it"),
    (Weight.OPEN, "Left open"),
    (Weight.FOR, "For it"),
)


def _reason(reason: Reason, plan: Plan) -> str:
    """A danger that spoke for the call says why it does not hold it back."""
    danger = isinstance(plan.clauses.get(reason.clause), DisqualifierClause)
    spared = "does not hold it back: " if danger and reason.weight is Weight.FOR else ""
    return f"  {reason.clause}: {spared}{reason.sentence}"


def _of_destination(of: OfDestination, verdict: Verdict) -> Iterator[str]:
    """One sentence of one destination."""
    because = " ".join(of.because)
    if of.asked:
        becomes = _BECOMES[verdict]
        yield f"  {becomes[0].upper()}{becomes[1:]} to {of.name} because: {because}"
        if of.apart:
            yield f"    Of them alone it is said: {_sentences(of.apart)}"
    else:
        against = _sentences([one for one in of.apart if one.weight is not Weight.FOR])
        yield f"  Not to {of.name}{': ' + against if against else ', because of what is said above.'}"


def _sentences(reasons: Sequence[Reason]) -> str:
    return " ".join(f"{reason.sentence} ({reason.clause})" for reason in reasons)


def as_object(found: Explanation, call: PastCall) -> dict[str, object]:
    """The explanation for a machine."""
    return {
        "incident": call.last.incident_id,
        "at": call.at.isoformat(),
        "policy": [found.decision.policy.name, found.decision.policy.version, found.decision.policy.digest],
        "verdict": found.decision.verdict,
        "route": found.decision.route,
        "reasons": _objects(found.reasons),
        "destinations": [
            {"id": of.id, "asked": of.asked, "because": of.because, "apart": _objects(of.apart)}
            for of in found.destinations
        ],
        "otherwise": [{"if": words, "verdict": verdict} for words, verdict in found.otherwise],
        "silent": [name for name, _ in found.silent],
    }


def _objects(reasons: Sequence[Reason]) -> list[dict[str, object]]:
    return [
        {
            "clause": one.clause,
            "weight": one.weight,
            "sentence": one.sentence,
            "disqualifies": one.disqualifies,
        }
        for one in reasons
    ]
