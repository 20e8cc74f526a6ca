"""The small words of call-taker shorthand that turn a danger into a denial or a doubt.

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
    FILLS = "lets a negation through to the first listed word"
    JOINS = "carries a negation on to the next listed word"


HEDGE_REACH = 5
"""Over how many words "poss", "unk if" ... reach."""

_BY_ROLE: Mapping[Role, str] = {
    Role.ENDS: ". , ; : ! ? = | - \n",
    Role.NEGATES: (
        "no not neg negative never nobody none non without w/o denies denied deny denying"
        " dont doesnt didnt isnt arent wasnt hasnt havent"
    ),
    Role.HEDGES: (
        "poss possible possibly unk unknown maybe may might unsure suspected unconfirmed believes thinks"
        " believed thought claims claiming appears seems likely whether if"
    ),
    Role.FILLS: (
        "a an the any other of one for on to access sign signs sight visible obvious known apparent current"
        " currently active actively have having see seeing seen been being need needs needing"
    ),
    Role.JOINS: "or nor /",
}

ROLES: Mapping[str, Role] = {word: role for role, words in _BY_ROLE.items() for word in words.split(" ")}

REMARKS = frozenset(
    {"seen", "noted", "reported", "observed", "known", "visible", "mentioned", "involved", "present"}
)
"""What may stand after a denied word: "no weapons seen"."""

YES = frozenset({"yes", "y", "confirmed"})
ANSWER_MARKS = frozenset({":", "=", "?", "-"})
QUESTION_WORDS = frozenset(
    {"a", "an", "any", "are", "does", "he", "is", "or", "other", "she", "the", "there", "they", "was", "were"}
)

_NO_DENIAL = frozenset({"can't", "couldn't", "won't", "wouldn't"})
"""Contractions of which nothing follows: who cannot see a weapon has not said that there is none."""

_DENIED_AFTER = frozenset({"none", "neg", "negative", "denied", "nil"})
_DENIED_AFTER_A_MARK = _DENIED_AFTER | {"no", "n"}


def role_of(word: str) -> Role | None:
    """What the word does; None for an ordinary one, which ends a negation."""
    role = ROLES.get(word)
    return Role.NEGATES if role is None and word.endswith("n't") and word not in _NO_DENIAL else role


def is_denied_after(following: Sequence[str], after: Sequence[str]) -> bool:
    """Whether "weapons: none", "violent? no." or "weapons none seen" follows; `after` skips the mark.

    The denial has to end its thought: "gun denied entry" denies nothing.
    """
    allowed = _DENIED_AFTER if len(after) == len(following) else _DENIED_AFTER_A_MARK
    if not after or after[0] not in allowed:
        return False
    tail = after[2:] if len(after) > 1 and after[1] in REMARKS else after[1:]
    return not tail or ROLES.get(tail[0]) is Role.ENDS
