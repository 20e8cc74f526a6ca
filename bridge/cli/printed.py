"""The tables that are printed from what runs: the lives, the settings, the schemas, the privacy profiles.

Markdown in, nothing decided: whoever changes the code changes the table. What only people know about a
thing (who writes to a topic) stands here beside it, and nowhere twice.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from importlib import import_module
from importlib.util import find_spec

from bridge import cli
from bridge.cli.topic_plan import Topic, wanted_topics
from bridge.domain import drawing, promela
from bridge.domain.clauses import BUILT_IN
from bridge.domain.destination import Waits
from bridge.domain.signal import ABOUT, About, SignalKind
from bridge.domain.transfer_table import ENDS, HOLDING, TABLE, State
from bridge.handling.speaking import BY_911, BY_DESTINATION, BY_EITHER
from bridge.metrics import new_metrics
from bridge.settings import Settings, describe
from bridge.settings.destinations import load_destinations

Table = Callable[[Settings], str]

_WITH_A_DESTINATION = "the destination"


def markdown(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def holder(state: State) -> str:
    """Who has the caller in this state."""
    return _WITH_A_DESTINATION if state in HOLDING or state is State.CLOSED else "911"


def transfer(_: Settings) -> str:
    """The transfer's table, with the holder of the call in each state."""
    lines = []
    for line in drawing.transfer_table_markdown().splitlines():
        state, bar, rest = line.removeprefix("| ").partition(" | ")
        if not line.startswith("|"):
            lines.append(line)
        elif state in set(State):
            lines.append(f"| **{state}**{bar}{holder(State(state))} | {rest}")
        else:
            lines.append(f"| {state}{bar}{'---' if state == '---' else 'holder'} | {rest}")
    return "\n".join(lines)


def states(_: Settings) -> str:
    """Every state: who holds the call, how long it lasts at most, and what comes of silence."""
    ours, rows = Waits(), []
    for state in State:
        if state in ENDS:
            rows.append([f"**{state.value}**", holder(state), "never: it is an end", ""])
            continue
        after = TABLE[state][SignalKind.DEADLINE]
        wait = f"{getattr(ours, state.value):g} s"
        if after is not state:
            then = f"{after.value}: the call is with {holder(after)}"
        else:
            then = "911 is reminded" if state is State.CONNECTED else "911 is alarmed"
        rows.append([f"**{state.value}**", holder(state), wait, then])
    return markdown(["state", "who has the caller", "waits at most (our default)", "and then"], rows)


def delivery(_: Settings) -> str:
    """The delivery's table."""
    return drawing.delivery_table_markdown()


def transfer_picture(_: Settings) -> str:
    """The transfer's states as a drawing."""
    return f"```mermaid\n{drawing.transfer_diagram_mermaid()}```"


def delivery_picture(_: Settings) -> str:
    """The delivery's states as a drawing."""
    return f"```mermaid\n{drawing.delivery_diagram_mermaid()}```"


def life(name: str, _: Settings) -> str:
    """The table of a leg, a consult or a rescue."""
    return drawing.life_table_markdown(name)


def life_picture(name: str, _: Settings) -> str:
    """The states of a leg, a consult or a rescue as a drawing."""
    return f"```mermaid\n{drawing.life_diagram_mermaid(name)}```"


def model(_: Settings) -> str:
    """The transfer's life for Spin."""
    return promela.model()


def signals(_: Settings) -> str:
    """Who may give each signal, and where it is taken."""
    rows = []
    for kind in SignalKind:
        taken = [state.value for state in State if kind in TABLE[state]]
        if taken:
            rows.append([f"`{kind.name}`", who_may_say(kind), ", ".join(taken)])
    return markdown(["signal", "who may give it", "taken in these states"], rows)


def speakers(_: Settings) -> str:
    """Who may give every signal, by what it is about."""
    rows = []
    for about in About:
        for kind in SignalKind:
            if ABOUT[kind] is about and kind is not SignalKind.UNKNOWN:
                rows.append([_ABOUT[about], f"`{kind.name}`", who_may_say(kind)])
    return markdown(["about", "signal", "who may give it"], rows)


def who_may_say(kind: SignalKind) -> str:
    """In words: 911, the destination, either, or nobody outside."""
    if kind in BY_EITHER:
        return "the destination, 911"
    if kind in BY_DESTINATION | BY_911:
        return "the destination" if kind in BY_DESTINATION else "911"
    return "the bridge itself"


_ABOUT = {
    About.TRANSFER: "a transfer",
    About.BESIDE: "beside a transfer",
    About.INCIDENT: "a call",
    About.LEG: "a leg",
    About.CONSULT: "a consult",
    About.OWN_CALL: "a call that began at a hotline",
    About.RESCUE: "a rescue",
    About.DESTINATION: "a destination's own state",
}


_WRITERS = {
    "cad_events": ("911's CAD, or a feed", "the bridge"),
    "signals": ("hotlines, 911's call takers", "the bridge"),
    "returns": ("the bridge", "911's CAD"),
    "status": ("the bridge", "whoever 911 lets watch"),
    "quarantine": ("the bridge", "911's IT"),
}


def topics(settings: Settings) -> str:
    """Every topic: what is on it, who writes, who reads, and for how long it is kept."""
    said = {key.path: key.sentence for key in describe()}
    kept = {topic.name: int(topic.configs["retention.ms"]) // 3_600_000 for topic in _wanted(settings)}
    rows = []
    for key, (writes, reads) in _WRITERS.items():
        name = getattr(settings.kafka.topics, key)
        rows.append([f"`{name}`", said[f"kafka.topics.{key}"], writes, reads, f"{kept[name]} h"])
    for destination in load_destinations(settings.paths.destinations).values():
        if destination.channel == "kafka":
            says = f"Offers to {destination.name}, with updates and withdrawals."
            row = [f"`{destination.address}`", says, "the bridge", f"{destination.name} alone"]
            rows.append([*row, f"{kept[destination.address]} h"])
    return markdown(["topic", "what is on it", "who writes", "who reads", "kept"], rows)


def _wanted(settings: Settings) -> Iterable[Topic]:
    return wanted_topics(settings, load_destinations(settings.paths.destinations).values())


def clauses(_: Settings) -> str:
    """The clauses that no policy writes."""
    return markdown(["clause", "what it says"], [[f"`{name}`", says] for name, says in BUILT_IN.items()])


def settings_table(_: Settings) -> str:
    """Every setting."""
    rows = []
    for key in describe():
        means = key.sentence + (f" ({key.unit})" if key.unit else "")
        default = f"`{key.default}`" if key.default else "none"
        secret = "never in a file that others read" if key.secret else ""
        rows.append([f"`{key.path}`", f"`{key.variable}`", default, means, secret])
    return markdown(["key", "variable", "default", "what it means", "secret"], rows)


def metrics(_: Settings) -> str:
    """Every metric, as Prometheus reads it."""
    rows = []
    for family in new_metrics().registry.collect():
        name = f"{family.name}_total" if family.type == "counter" else family.name
        rows.append([f"`{name}`", family.type, family.documentation])
    return markdown(["metric", "kind", "what it says"], rows)


def verbs(_: Settings) -> str:
    """What the command can do."""
    there = [verb for verb in cli.VERBS if find_spec(f"bridge.cli.{verb}")]
    rows = []
    for verb in there:
        says = import_module(f"bridge.cli.{verb}").app.info.help
        rows.append([f"`bridge {verb}`", says])
    return markdown(["command", "what it does"], rows)


TABLES: Mapping[str, Table] = {
    "transfer": transfer,
    "states": states,
    "transfer-picture": transfer_picture,
    "delivery": delivery,
    "delivery-picture": delivery_picture,
    **{name: partial(life, name) for name in ("leg", "consult", "rescue")},
    **{f"{name}-picture": partial(life_picture, name) for name in ("leg", "consult", "rescue")},
    "signals": signals,
    "speakers": speakers,
    "promela": model,
    "topics": topics,
    "clauses": clauses,
    "settings": settings_table,
    "metrics": metrics,
    "verbs": verbs,
}
"""Tables of what the bridge does and says of itself."""
