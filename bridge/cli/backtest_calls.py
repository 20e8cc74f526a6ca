"""What the verbs that try policies on past calls read first: policies, destinations, a log by its mapping.

A log is read whole: its incidents' rows need not stand together.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from bridge.cli.options import settings_of
from bridge.domain.policy import Policy
from bridge.errors import SettingsError
from bridge.feeds import files, mapping, rows
from bridge.feeds.mapping import FeedMapping
from bridge.feeds.memory import Remembered
from bridge.feeds.refusal import Refusal
from bridge.planning.counted import Condition, Denominator
from bridge.planning.past import Log, past_calls
from bridge.planning.plan import Plan, plan_of
from bridge.settings.destinations import load_destinations
from bridge.settings.policies import load_policies, load_policy
from bridge.settings.words import words_if_any

Destinations = Annotated[
    Path | None, typer.Option("--destinations", help="The folder of destinations, not paths.destinations.")
]
Feed = Annotated[Path, typer.Option("--feed", help="The mapping file: how a row of the log reads.")]
Files = Annotated[list[Path], typer.Argument(help="The log: CSV or JSON lines, packed or not.")]

_CONDITION = re.compile(r"(?:(?P<name>[^:=]+):)?\s*(?P<what>[^:=]+)=(?P<codes>.+)")


def plan_given(ctx: typer.Context, paths: Sequence[Path], destinations: Path | None) -> Plan:
    """The policies in these files or folders, with their destinations, or SettingsError."""
    settings = settings_of(ctx)
    known = load_destinations(destinations or settings.paths.destinations)
    lexicon = words_if_any(settings.paths.words)
    policies: list[Policy] = []
    for path in paths:
        if path.is_dir():
            by_agency = load_policies(path, known.keys(), lexicon)
            policies += chain.from_iterable(by_agency.values())
        else:
            policies.append(load_policy(path, known.keys(), lexicon))
    if len({policy.agency for policy in policies}) != 1:
        names = ", ".join(sorted({policy.agency for policy in policies})) or "none"
        raise SettingsError(f"--policy: policies of one agency are tried together, and these are of: {names}")
    return plan_of(policies, known)


def log_given(feed: Path, paths: Sequence[Path], plan: Plan) -> Log:
    """Every call of these files, read by the mapping. A log of another agency is read, and said."""
    layout = mapping.read(feed)
    agency = plan.policies[0].agency
    if layout.agency != agency:
        print(f"note: the policy is for {agency}, the log is of {layout.agency}", file=sys.stderr)
    counted, refused = _Counted(layout, paths), list[int]()
    events = rows.events(
        counted, layout, memory=Remembered(sys.maxsize), refused=lambda number, _: refused.append(number)
    )
    calls = past_calls(events)
    return Log(calls, counted.rows, len(refused))


class _Counted:
    """The rows of several files, one after the other, counted as they are taken."""

    def __init__(self, layout: FeedMapping, paths: Sequence[Path]) -> None:
        self.rows = 0
        self._layout, self._paths = layout, paths

    def __iter__(self) -> Iterator[files.Row | Refusal]:
        for path in self._paths:
            for row in files.read(path, self._layout):
                self.rows += 1
                yield row


def denominator_given(only: Sequence[str], apart: Sequence[str]) -> Denominator:
    """Which calls count, as the options `--denominator` and `--apart` say it."""
    return Denominator(
        [_condition("--denominator", text)[1] for text in only],
        [_condition("--apart", text) for text in apart],
    )


def _condition(option: str, text: str) -> tuple[str, Condition]:
    """`NAME: WHAT=CODE,CODE`, where the name may be left out."""
    found = _CONDITION.fullmatch(text)
    if found is None:
        raise SettingsError(f"{option}: {text!r} is no condition; write for example service=PD,SO")
    what = found["what"].strip()
    codes = tuple(code.strip() for code in found["codes"].split(","))
    return (found["name"] or text).strip(), Condition(what, codes)
