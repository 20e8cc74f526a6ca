"""The small words of call-taker shorthand, English and Spanish, that turn a danger into a denial or a doubt.

Kept strict on purpose: a word that is missing here makes a denial count as a danger, which leaves
the call with 911; a word too many would take a danger away.
"""

from collections.abc import Mapping, Sequence
from enum import Enum


class Role(Enum):
    """What a word does to the listed word after it."""

    ENDS = "ends the thought"
    NEGATES = "negates"
    HEDGES = "makes it doubtful"
    DOUBTS = "makes doubtful what follows at once"
    WAS = "puts it into the past"
    FILLS = "lets a negation through to the first listed word"
    JOINS = "carries a negation on to the next listed word"


HEDGE_REACH = 5
"""Over how many words "poss", "if" ... reach."""

LOOKS_BACK = 12
"""How many words before a listed one are looked at, at most."""

_BY_ROLE: Mapping[Role, str] = {
    Role.ENDS: ". , ; : ! ? = | - \n",
    Role.NEGATES: (
        "no not neg negative never nobody none nothing non without w/o w/out denies denied deny denying"
        " dont doesnt didnt isnt arent wasnt werent hasnt havent hadnt aint refutes"
        " sin niega nunca ningun ninguna nadie"
    ),
    Role.HEDGES: (
        "poss possible possibly maybe may might could unsure suspected suspects unconfirmed believes thinks"
        " believed thought claims claiming alleges allegedly supposedly appears seems likely whether if"
        " posible posiblemente quizas"
    ),
    Role.DOUBTS: "unk unkn unknown unclear",
    Role.WAS: "hx history prior priors prev previous previously past formerly",
    Role.FILLS: (
        "a an the any other of one for on to access sign signs sight visible obvious known apparent current"
        " currently active actively have having has had see seeing seen saw been being be need needs needing"
        " appear appearing seem seeming other recent further report reports mention mentions carry carrying"
        " actual immediate wanting want wants making make made is are was were did do does"
        " tiene tienen hay esta estan un una el la los las"
    ),
    Role.JOINS: "or nor / ni o",
}

ROLES: Mapping[str, Role] = {word: role for role, words in _BY_ROLE.items() for word in words.split(" ")}

_NEGATES, _FILLS, _ENDS = Role.NEGATES, Role.FILLS, Role.ENDS

_AFTER_DOUBT = frozenset({"if", "whether", "he", "she", "they", "what", "which", "anyone", "type", "how"})
"""What may stand between "unk" and what is unknown; "unk male with knife" doubts the male only."""

REMARKS = frozenset(
    {"seen", "noted", "reported", "observed", "known", "visible", "mentioned", "involved", "present"}
)
"""What may stand after a denied word: "no weapons seen"."""

YES = frozenset({"yes", "y", "confirmed"})
ANSWER_MARKS = frozenset({":", "=", "?", "-"})
QUESTION_WORDS = frozenset(
    {"a", "an", "any", "are", "does", "he", "is", "or", "other", "she", "the", "there", "they", "was", "were"}
)

SENTENCE_ENDS = frozenset({".", ";", "!", "?", "|", "\n"})

PAST_MARKS = (
    *("yesterday", "last week*", "last month", "last year", "earlier this week"),
    *("the other day", "over the weekend", "over weekend", "day/s ago", "week/s ago", "wk/s ago"),
    *("month/s ago", "year/s ago", "yr/s ago", "a while ago", "on monday", "on tuesday", "on wednesday"),
    *("on thursday", "on friday", "on saturday", "on sunday", "in the past", "cold report", "ayer"),
    *("happened before", "weeks prior"),
)
SAME_DAY_MARKS = ("overnight", "last night", "hours ago", "hrs ago", "earlier today", "this morning")
"""Past for what was done, and not for what a body still suffers from."""

NOW_MARKS = (
    *("now", "again", "currently", "just", "right now", "still", "in progress", "ip", "ahora", "continues"),
    *("continuing", "keeps", "back now", "returned"),
)
PUT_AWAY = (
    *("drawer", "put away", "put it away", "put it down", "put down", "secured", "locked up", "in the safe"),
    *("in a safe", "in safe", "set down", "no longer has it", "handed over", "gave it up"),
)
CORRECTIONS = (
    "correction",
    "correcting",
    "corrected",
    "corr",
    "corrx",
    "disregard",
    "should read",
    "correccion",
)

_NO_DENIAL = frozenset({"can't", "couldn't", "won't", "wouldn't"})
"""Contractions of which nothing follows: who cannot see a weapon has not said that there is none."""

_DENIED_AFTER = frozenset({"none", "neg", "negative", "denied", "nil", "ninguna", "ninguno"})
_DENIED_AFTER_A_MARK = _DENIED_AFTER | {"no", "n"}
_NOT_NEEDED = frozenset(
    {"needed", "required", "req", "reqd", "requested", "involved", "mentioned", "reported", "indicated"}
)
_NOT_SEEN = frozenset(["seen", "visible", "observed", "displayed", "shown", "brandished"])
_DOUBTED_AFTER = frozenset(["unk", "unknown", "poss", "possibly", "unconfirmed", "unclear"])
SPEAKS_BACK = ANSWER_MARKS | YES | _DENIED_AFTER | _DOUBTED_AFTER | {"not"}
"""What right behind a listed word may change it; behind any other word nothing does."""


def role_of(word: str) -> Role | None:
    """What the word does; None for an ordinary one, which ends a negation."""
    role = ROLES.get(word)
    return _NEGATES if role is None and word.endswith("n't") and word not in _NO_DENIAL else role


def lets_doubt_through(word: str) -> bool:
    """Whether "unk" before this word still speaks of what comes after it."""
    return word in _AFTER_DOUBT or ROLES.get(word) is _FILLS


def is_denied_after(following: Sequence[str], after: Sequence[str]) -> bool:
    """Whether "weapons: none", "violent? no." or "weapons none seen" follows; `after` skips the mark.

    The denial has to end its thought: "gun denied entry" denies nothing.
    """
    allowed = _DENIED_AFTER if len(after) == len(following) else _DENIED_AFTER_A_MARK
    if not after or after[0] not in allowed:
        return False
    tail = after[2:] if len(after) > 1 and after[1] in REMARKS else after[1:]
    return not tail or role_of(tail[0]) is _ENDS


def is_not_needed(following: Sequence[str]) -> bool:
    """Whether "not needed", "not involved" follows."""
    return len(following) > 1 and following[0] == "not" and following[1] in _NOT_NEEDED


def is_doubted_after(following: Sequence[str]) -> bool:
    """Whether "?", "unk" or "not seen" follows: nobody saw it, somebody said it."""
    if not following:
        return False
    if following[0] == "?" or following[0] in _DOUBTED_AFTER:
        return True
    return len(following) > 1 and following[0] == "not" and following[1] in _NOT_SEEN
