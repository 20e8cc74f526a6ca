"""The table of the programs that are shipped as policy files, printed from these files.

What people say of a program stands in its `[about]`; how calls come in, which shape it has and who is asked
is read off its clauses. Versions and parts of one program are lines of their own.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bridge.cli.printed import Table, markdown
from bridge.domain.cad import Channel
from bridge.domain.ids import DestinationId
from bridge.domain.policy import Policy
from bridge.domain.policy_clauses import Shape
from bridge.domain.when import When
from bridge.settings import Settings
from bridge.settings.destinations import load_destinations
from bridge.settings.policies import load_policy
from bridge.settings.toml import files_in
from bridge.settings.words import words_if_any

FOLDER = "programs"
"""The folder of the programs, beside the agencies' own policies."""

_SHAPES: Mapping[Shape, str] = {Shape.ALL_NOES: "all noes", Shape.DEFAULT_TYPES: "default types"}

_CHANNELS: Mapping[Channel, str] = {
    Channel.UNKNOWN: "unknown",
    Channel.NINE_ONE_ONE: "911",
    Channel.NON_EMERGENCY_LINE: "non-emergency line",
    Channel.DIRECT_LINE: "direct line",
    Channel.OFFICER: "officer's referral",
    Channel.ON_VIEW: "on view",
    Channel.NINE_EIGHT_EIGHT: "988",
    Channel.SELF_INITIATED: "the team itself",
    Channel.WEB_FORM: "web form",
    Channel.THREE_ONE_ONE: "311",
    Channel.TWO_ONE_ONE: "211",
    Channel.HOTLINE: "another hotline",
    Channel.FRONT_DESK: "front desk",
    Channel.SENSOR: "sensor",
    Channel.FOLLOW_UP: "follow-up",
}


def programs(settings: Settings) -> str:
    """One row a file. SettingsError when one of them cannot be used."""
    folder = Path(settings.paths.policies) / FOLDER
    destinations = load_destinations(folder / "destinations")
    names = {name: one.name for name, one in destinations.items()}
    lexicon = words_if_any(settings.paths.words)
    rows = [
        _row(path, load_policy(path, destinations, lexicon), names)
        for path in sorted(files_in(folder), key=lambda path: path.stem)
    ]
    return markdown(["program", "model", "shape", "ways in", "who is asked", "what its file shows"], rows)


def _row(path: Path, policy: Policy, names: Mapping[DestinationId, str]) -> list[str]:
    about = policy.about
    asked = dict.fromkeys(names[name] for clause in policy.scope for name in clause.route)
    shapes = dict.fromkeys(_SHAPES[policy.shape_of(clause)] for clause in policy.scope)
    return [
        f"{about.program} (`{path.stem}`)",
        about.model,
        ", ".join(sorted(shapes)),
        ", ".join(_ways_in(policy)),
        ", ".join(asked),
        about.shows,
    ]


def _ways_in(policy: Policy) -> Iterator[str]:
    """How a call comes under a clause of the policy, and where it may come from."""
    clauses: Sequence[When] = (*policy.scope, *policy.recategory)
    if any(clause.call_types for clause in clauses):
        yield "call type"
    if any(clause.determinants for clause in clauses):
        yield "determinant"
    yield from (f"field `{name}`" for name in sorted({name for clause in clauses for name in clause.fields}))
    if any(clause.typed for clause in clauses):
        yield "typed code"
    if any(clause.answers for clause in clauses):
        yield "answers"
    if any(clause.by_narrative for clause in clauses):
        yield "what the notes say"
    if any(clause.priorities for clause in clauses):
        yield "priority"
    if any(clause.waiting_minutes is not None for clause in clauses):
        yield "waiting queue"
    yield from _sources(clauses)


def _sources(clauses: Sequence[When]) -> Iterator[str]:
    named = {channel for clause in clauses for channel in clause.channels}
    yield from (_CHANNELS[channel] for channel in Channel if channel in named)
    if any(clause.channel_codes for clause in clauses):
        yield "number dialled"


TABLES: Mapping[str, Table] = {"programs": programs}
"""Tables of the policy files that are shipped."""
