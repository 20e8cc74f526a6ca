"""How well readings agree with what people labelled: recall of what is there, false alarms where nothing is.

A label `y` or `u` (possible) is to be heard, as `y` or `u`; a label `n` is not. Lines whose words deny a
danger are counted apart as well. A line's half is told by a hash of its id, so that it never changes.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from bridge.domain.narrative import Reading
from bridge.domain.policy_clauses import Danger
from bridge.domain.words import Heard

DANGERS = tuple(danger.value for danger in Danger)


@dataclass(frozen=True, slots=True)
class Labelled:
    """One line and what a person heard in it, by danger."""

    id: str
    text: str
    call_type: str
    labels: Mapping[str, str]
    topics: tuple[str, ...]
    denies: bool

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Labelled":
        """From the line's object; what is not labelled counts as `n`."""
        topic = given.get("topic") or ()
        return cls(
            str(given["id"]),
            str(given.get("text") or ""),
            str(given.get("type") or ""),
            {danger: str(given.get(danger, "n")) for danger in DANGERS},
            (topic,) if isinstance(topic, str) else tuple(topic),
            given.get("relayed") == "y",
        )

    @property
    def half(self) -> Literal["tune", "check"]:
        """Whether lists may be tuned on this line, or only checked."""
        return "tune" if hashlib.sha256(self.id.encode()).digest()[0] % 2 == 0 else "check"


def letter(reading: Reading, danger: str) -> Literal["y", "u", "n"]:
    """What a reading says of a danger, in the letters of the labels."""
    mention = reading.mentions.get(danger)
    if mention is None or mention.heard < Heard.POSSIBLE:
        return "n"
    return "y" if mention.heard is Heard.FOUND else "u"


def table(name: str, labelled: Sequence[Labelled], readings: Mapping[str, Reading]) -> Iterator[str]:
    """A table of one set of lines, and the same of those among them that deny something."""
    yield f"{name}: {len(labelled)} lines"
    yield f"  {'danger':<12}{'recall':>16}{'false alarms':>20}"
    for danger in DANGERS:
        yield _row(danger, labelled, readings)
    denying = [one for one in labelled if one.denies]
    yield f"  of these {len(denying)} that deny a danger"
    for danger in DANGERS if denying else ():
        yield _row(danger, denying, readings)
    with_topic = [one for one in labelled if one.topics]
    if with_topic:
        right = sum((readings[one.id].topic or "other") in one.topics for one in with_topic)
        yield f"  topic as labelled: {_share(right, len(with_topic))}"


def wrong(labelled: Sequence[Labelled], readings: Mapping[str, Reading], half: str) -> Iterator[str]:
    """Each disagreement of a half as danger, label, what was heard, id and the entry that spoke."""
    for danger in DANGERS if half else ():
        for one in labelled:
            heard, label = letter(readings[one.id], danger), one.labels[danger]
            if half in ("all", one.half) and (heard == "n") != (label == "n"):
                mention = readings[one.id].mentions.get(danger)
                entry = f"{mention.entry} {mention.words!r}" if mention else "-"
                yield f"{danger} labelled {label} heard {heard} {one.id} {entry}"


def figures(labelled: Sequence[Labelled], readings: Mapping[str, Reading]) -> dict[str, object]:
    """The same counts as an object: of each danger what was heard of what is there, and false alarms."""
    counts = {danger: _counts(danger, labelled, readings) for danger in DANGERS}
    return {
        "lines": len(labelled),
        "dangers": {danger: {"recall": each[0], "false_alarms": each[1]} for danger, each in counts.items()},
    }


def _counts(
    danger: str, labelled: Sequence[Labelled], readings: Mapping[str, Reading]
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Of those that are there and of those that are not: how many were heard, and how many there are."""
    there = [one for one in labelled if one.labels[danger] != "n"]
    absent = [one for one in labelled if one.labels[danger] == "n"]
    heard, alarms = (sum(letter(readings[one.id], danger) != "n" for one in of) for of in (there, absent))
    return (heard, len(there)), (alarms, len(absent))


def _row(danger: str, labelled: Sequence[Labelled], readings: Mapping[str, Reading]) -> str:
    recall, alarms = _counts(danger, labelled, readings)
    return f"  {danger:<12}{_share(*recall):>16}{_share(*alarms):>20}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f} ({part}/{whole})" if whole else "-"
