"""Answers of a scripted protocol that are printed in the notes: "1.She is not violent. 2.She has no weapon."

They are read as coded answers only where the whole sentence is one that is known, ends with its full stop,
and stands in a list that counts from 1. Anything more, less or else is left to the reader of narratives.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from bridge.domain.cad import Answer, CodedAnswer
from bridge.domain.tokens import tokens_of

CODE = "printed"
"""The `code` of an answer that was read from print; its number in the list follows after a dot."""

_LIMIT = 16_000
_NUMBER = re.compile(r"(?:^|(?<=[\s.?!]))(\d{1,2})[.)] ?(?=[^\W\d_])")
_LONGEST = 200
"""Characters of a sentence, with what follows it, that are looked at."""

_WHO = frozenset(
    {"he", "she", "they", "it", "there", "the", "patient", "pt", "subject", "subj", "person", "suspect"}
)
"""Whom the protocol asks about. What is said of the caller says nothing of anybody else."""

_SENTENCES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "violence": {
        "NO": (
            *("is not violent", "are not violent", "is not being violent", "not violent", "is nonviolent"),
            *("is not violent or threatening", "is not threatening anyone", "has not been violent"),
            *("is not threatening", "is no violence", "was no violence", "is not combative"),
        ),
        "YES": (
            *("is violent", "are violent", "is being violent", "has been violent", "is threatening"),
            *("is combative", "is threatening others", "is threatening someone", "is violent or threatening"),
        ),
        "UNKNOWN": ("is unknown if violent", "is not known if violent"),
    },
    "weapon": {
        "NO": (
            *("does not have a weapon", "does not have any weapons", "do not have any weapons"),
            *("does not have weapons", "do not have weapons", "has no weapon", "has no weapons"),
            *("have no weapons", "is not armed", "are no weapons", "are no weapons involved", "is no weapon"),
            *("no weapons are involved", "does not have access to weapons", "no weapons involved"),
            *("does not have access to a weapon", "no weapons were mentioned", "are no weapons mentioned"),
        ),
        "YES": (
            *("has a weapon", "have a weapon", "has weapons", "have weapons", "is armed", "are armed"),
            *("has a gun", "has a knife", "has access to weapons", "has access to a weapon"),
        ),
        "UNKNOWN": (
            *("is unknown if weapons are involved", "may have a weapon", "is not known if armed"),
            *("is unknown if there are weapons", "is unknown whether weapons are involved"),
        ),
    },
    "medical": {
        "NO": (
            *("is not injured", "are not injured", "is not hurt", "no one is injured", "no one is hurt"),
            *("nobody is injured", "nobody is hurt", "are no injuries", "has no injuries", "is uninjured"),
            *("does not need medical attention", "does not need medical help", "no one was injured"),
            *("does not need an ambulance", "no one needs medical attention", "are no injuries reported"),
        ),
        "YES": (
            *("is injured", "are injured", "is hurt", "someone is injured", "someone is hurt", "is bleeding"),
            *("needs medical attention", "needs an ambulance", "is not breathing", "is unconscious"),
            *("is not awake", "has taken an overdose", "is not alert", "has injuries"),
        ),
        "UNKNOWN": (
            *(
                "is unknown if anyone is injured",
                "is unknown if injured",
                "is not known if anyone is injured",
            ),
            *("injuries are unknown", "is unknown if anyone is hurt"),
        ),
    },
}
"""Question -> answer -> what is said of somebody. Questions have the codes that policies ask by."""

_CONTRACTIONS: Mapping[str, str] = {
    "doesn't": "does not",
    "don't": "do not",
    "isn't": "is not",
    "aren't": "are not",
    "hasn't": "has not",
    "doesnt": "does not",
    "isnt": "is not",
    "hasnt": "has not",
}

_KNOWN: Mapping[str, tuple[str, Answer]] = {
    sentence: (question, Answer(answer))
    for question, answers in _SENTENCES.items()
    for answer, sentences in answers.items()
    for sentence in sentences
}


def printed_answers(notes: Sequence[str]) -> tuple[CodedAnswer, ...]:
    """The answers that these notes print, in their order; a question answered twice is told twice."""
    return tuple(answer for note in notes for answer in _of_note(note[:_LIMIT]))


def _of_note(note: str) -> Iterator[CodedAnswer]:
    """The answers of every list in the note: from 1 on, without a gap, of two sentences at least."""
    marks = list(_NUMBER.finditer(note))
    begin = 0
    while begin < len(marks):
        end = begin + 1
        while end < len(marks) and int(marks[end][1]) == int(marks[end - 1][1]) + 1:
            end += 1
        if marks[begin][1] == "1" and end - begin > 1:
            for at in range(begin, end):
                closed = at + 1 < end
                sentence = note[marks[at].end() : marks[at + 1].start() if closed else None]
                if known := _meaning(sentence, alone=closed):
                    yield CodedAnswer(known[0], known[1], f"{CODE}.{marks[at][1]}")
        begin = end


def _meaning(sentence: str, *, alone: bool) -> tuple[str, Answer] | None:
    """The question and the answer of a whole sentence; with `alone`, nothing may follow its full stop."""
    words, stop, more = sentence[:_LONGEST].partition(".")
    if not stop or (alone and more.strip()):
        return None
    tokens = tokens_of(words)
    begin = next((at for at, token in enumerate(tokens) if token not in _WHO), len(tokens))
    plain = " ".join(_CONTRACTIONS.get(token, token) for token in tokens[begin:])
    return _KNOWN.get(plain)
