"""What a destination learnt of a call that goes back to 911, by fields, and which of them 911 wants to know.

Health details do not belong in a police CAD: each agency lists what it takes, and the rest stays unsaid.
"""

from collections.abc import Iterable, Mapping

FIELDS: Mapping[str, str] = {
    "danger": "What is dangerous, and to whom.",
    "weapon": "Weapons that were spoken of or seen.",
    "medical": "Who is hurt or ill, as far as help needs it.",
    "place": "Where the person is now.",
    "people": "Who else is there.",
    "description": "What the person looks like.",
    "callback": "At which number the person is reached.",
    "wishes": "What the caller asks for.",
    "health": "Diagnoses, medication, what was told in confidence.",
    "words": "What was written in free words.",
}
"""FIELD -> what it is. `words` is a signal's own text."""

WANTED = frozenset(FIELDS) - {"health"}
"""What an agency is told that has no list of its own."""


def wanted(learnt: Mapping[str, str], fields: Iterable[str]) -> Mapping[str, str]:
    """What of this 911 is told. A field that nobody knows is nothing that 911 asked for."""
    listed = frozenset(fields)
    return {field: said for field, said in learnt.items() if field in listed and field in FIELDS and said}
