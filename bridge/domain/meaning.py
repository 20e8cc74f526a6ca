"""How a listed word is meant where it stands: as it says, denied, doubted, or as something of the past.

Negation reaches from the negating word over fillers, and over "or", to the listed word; a hedge over a few
words of any kind. Every look is bounded, so that reading stays linear. Doubt wins over denial.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from bridge.domain import shorthand
from bridge.domain.shorthand import Role
from bridge.domain.words import Heard


class How(StrEnum):
    """What weakened a finding."""

    NEGATED = "negated by"
    HEDGED = "hedged by"
    PAST = "history by"
    PUT_AWAY = "put away by"
    MISSPELT = "taken for a misspelling of"
    CUT_SHORT = "taken for the beginning of"
    CORRECTED = "corrected by"


class Weakened(NamedTuple):
    """Why a finding counts for less than its words say, and the shorthand that did it."""

    how: How
    by: str


class Meant(NamedTuple):
    """The most that a listed word can be heard as here; `lasting`: by what lasts the day, if that differs."""

    most: Heard = Heard.FOUND
    weakened: Weakened | None = None
    lasting: "Meant | None" = None

    @property
    def past(self) -> bool:
        """Whether it was said of the past only."""
        return self.weakened is not None and self.weakened.how is How.PAST


AS_SAID = Meant()

Marks = Mapping[str, Sequence[tuple[int, str]]]
"""Kind of mark -> where it stands and its text, in order."""

# A member looked up through its class costs more than the comparison that it is looked up for.
_ENDS, _NEGATES, _HEDGES, _DOUBTS = Role.ENDS, Role.NEGATES, Role.HEDGES, Role.DOUBTS
_WAS, _FILLS, _JOINS = Role.WAS, Role.FILLS, Role.JOINS
_DENIED, _POSSIBLE = Heard.DENIED, Heard.POSSIBLE

_LIST_COMMA = frozenset(",")
"""Before "or" a comma goes on with a list: "no guns, knives or clubs"."""

_OR = frozenset({"or", "nor", "ni"})

_FAR = 14
"""Over how many words a mark of time reaches."""


def meant(tokens: Sequence[str], start: int, end: int, denied: Mapping[int, int], marks: Marks) -> Meant:
    """How the words from `start` to before `end` are meant.

    `denied` holds the earlier listed words that were denied, end -> start: "or" continues from them.
    """
    after = _after(tokens, start, end)
    if after is not None:
        return after
    before = _before(tokens, start, end, denied)
    if before is not None and before.most is _DENIED:
        return before
    if marks:
        timed = _marked(tokens, start, end, marks)
        if timed is not None and timed.past and _near(tokens, start, end, marks.get("today", ())):
            return timed._replace(lasting=before or AS_SAID)
        if timed is not None and (before is None or timed.past):
            return timed
    return before or AS_SAID


def _after(tokens: Sequence[str], start: int, end: int) -> Meant | None:
    """What the words right behind it make of it."""
    if end >= len(tokens) or tokens[end] not in shorthand.SPEAKS_BACK:
        return None
    following = tokens[end : end + 4]
    after = following[1:] if following[0] in shorthand.ANSWER_MARKS else following
    if after and after[0] in shorthand.YES:
        return AS_SAID
    if shorthand.is_denied_after(following, after) and _could_be_asked(tokens, start):
        return Meant(_DENIED, Weakened(How.NEGATED, after[0]))
    if shorthand.is_not_needed(following):
        return Meant(_DENIED, Weakened(How.NEGATED, f"not {following[1]}"))
    if shorthand.is_doubted_after(following):
        return Meant(_POSSIBLE, Weakened(How.HEDGED, following[0]))
    return None


def _could_be_asked(tokens: Sequence[str], start: int) -> bool:
    """Whether the thought up to here could be "any weapons", "is he violent or armed"."""
    for at in range(start - 1, max(-1, start - 9), -1):
        if shorthand.role_of(tokens[at]) is _ENDS:
            return True
        if tokens[at] not in shorthand.QUESTION_WORDS and tokens[at + 1] != "or":
            return False
    return start < 9


def _before(tokens: Sequence[str], start: int, end: int, denied: Mapping[int, int]) -> Meant | None:
    """What the words before it make of it, looking back until nothing more can reach."""
    negator, was, listed, spare = "", "", False, 0
    reached, doubted = True, True  # whether a negation, an "unk" at this place still reaches the listed word
    at = start - 1
    if at in denied and tokens[at] == "," and _joins_on(tokens, end):
        at = denied[at] - 1  # the second of "no guns, knives or clubs"
    while at >= 0 and start - at <= (shorthand.LOOKS_BACK if reached else shorthand.HEDGE_REACH):
        token = tokens[at]
        role = shorthand.role_of(token)
        if role is _ENDS and not (listed and token in _LIST_COMMA):
            break
        if role is _HEDGES and start - at <= shorthand.HEDGE_REACH:
            return Meant(_POSSIBLE, Weakened(How.HEDGED, token))
        if role is _DOUBTS and doubted:
            return Meant(_POSSIBLE, Weakened(How.HEDGED, token))
        doubted = doubted and shorthand.lets_doubt_through(token)
        if not reached or role is _FILLS or role is _ENDS:
            pass
        elif role is _NEGATES:
            twice = at > 0 and shorthand.role_of(tokens[at - 1]) is _NEGATES
            negator = "" if twice else token  # "not without a knife": two in a row prove nothing
            reached = False
        elif role is _WAS:
            was = token
        elif role is _JOINS:
            listed, spare = True, 1
            at = _listed_before(tokens, at, denied)
        elif spare and token not in shorthand.REMARKS:
            spare -= 1
        elif not (listed and token in shorthand.REMARKS):
            reached = False
        at -= 1
    if negator:
        return Meant(_DENIED, Weakened(How.NEGATED, negator))
    return Meant(_POSSIBLE, Weakened(How.PAST, was)) if was else None


def _joins_on(tokens: Sequence[str], end: int) -> bool:
    """Whether "or" follows: the list of what is denied goes on."""
    return end < len(tokens) and tokens[end] in _OR


def _listed_before(tokens: Sequence[str], join: int, denied: Mapping[int, int]) -> int:
    """Where the denied words that "or" continues begin, else `join`. "Seen", "reported" may stand between."""
    end = join
    while end > 0 and tokens[end - 1] in shorthand.REMARKS:
        end -= 1
    return denied.get(end, join)


def _marked(tokens: Sequence[str], start: int, end: int, marks: Marks) -> Meant | None:
    """What "yesterday" or "in the drawer" in the same sentence makes of it."""
    past = _near(tokens, start, end, marks.get("past", ())) or _near(
        tokens, start, end, marks.get("today", ())
    )
    if past and not _near(tokens, start, end, marks.get("now", ())):
        return Meant(_POSSIBLE, Weakened(How.PAST, past))
    away = _near(tokens, start, end, marks.get("away", ()), after_only=True)
    return Meant(_POSSIBLE, Weakened(How.PUT_AWAY, away)) if away else None


def _near(
    tokens: Sequence[str], start: int, end: int, marks: Sequence[tuple[int, str]], *, after_only: bool = False
) -> str:
    """The nearest mark of the same sentence on either side, or an empty string."""
    place = bisect_left(marks, start, key=lambda mark: mark[0])
    if place < len(marks):
        at, text = marks[place]
        if at - end < _FAR and shorthand.SENTENCE_ENDS.isdisjoint(tokens[end:at]):
            return text
    if place and not after_only:
        at, text = marks[place - 1]
        if start - at < _FAR and shorthand.SENTENCE_ENDS.isdisjoint(tokens[at:start]):
            return text
    return ""
