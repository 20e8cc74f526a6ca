"""A policy and a destination in which nothing is found, to be changed a little, and what is found then."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from bridge.domain.destination import Destination
from bridge.domain.ids import DestinationId
from bridge.settings.destinations import load_destination
from bridge.settings.policies import load_policy
from bridge.settings.policy_findings import Subject, findings_of, subject_of

POLICY = """
agency = "police.test.example"
name = "test"
version = "1"
effective = 2026-03-02T07:00:00-06:00
timezone = "America/Chicago"

[[scope]]
id = "crisis"
sentence = "A crisis."
verdict = "offer"
call_types = ["46", "47"]
determinants = ["25-A-1", "25-A-2"]
route = ["line"]
# more of crisis

[[scope]]
id = "noise"
sentence = "Noise."
verdict = "review"
call_types = ["6M"]
route = ["line"]
"""
DANGERS = "".join(
    f"""
[[disqualifier]]
id = "{danger}"
danger = "{danger}"
sentence = "{danger.title()}."
questions = ["{danger}"]
unanswered = "review"
words = ["{danger}"]
# more of {danger}
"""
    for danger in ("weapon", "violence", "medical", "police_only")
)
LINE = """
id = "line"
name = "Line"
channel = "kafka"
address = "line.offers"
# more of line
[privacy]
location = "none"
fields = ["call_type"]
"""
TODAY = date(2026, 3, 2)
ALL_DAY = '{ spans = [{ days = ["mon", "sat"], opens = 00:00:00, closes = 00:00:00 }] }'
MORNING = '{ spans = [{ days = ["mon"], opens = 07:00:00, closes = 12:00:00 }] }'
NOON = '{ spans = [{ days = ["mon"], opens = 11:00:00, closes = 14:00:00 }] }'
EVENING = '{ spans = [{ days = ["mon"], opens = 12:00:00, closes = 22:00:00 }] }'
WORKDAYS = '{ spans = [{ days = ["mon", "tue", "wed", "thu", "fri"], opens = 07:00:00, closes = 19:00:00 }] }'
WEEKEND = '{ spans = [{ days = ["sat", "sun"], opens = 00:00:00, closes = 00:00:00 }] }'
LIMIT = '[[limit]]\nid = "own"\nsentence = "Own."\n'
ANSWER = '[[answer]]\nid = "says"\nsentence = "Says."\ngives = { weapon = "no" }\n'
SCOPE = '[[scope]]\nid = "other"\nsentence = "Other."\nverdict = "offer"\nroute = ["line"]\n'
RETYPE = '[[recategory]]\nid = "as"\nsentence = "As."\ncall_types = ["800"]\n'


def a_subject(
    folder: Path, text: str = POLICY + DANGERS, line: str = LINE, on: date = TODAY, name: str = "a.toml"
) -> Subject:
    """A policy in its folder, with one destination, loaded as `bridge policy check` loads them."""
    (folder / "line.toml").write_text(line)
    destinations: Mapping[DestinationId, Destination] = {
        one.id: one for one in [load_destination(folder / "line.toml")]
    }
    (folder / name).write_text(text)
    return subject_of(folder / name, load_policy(folder / name, destinations), destinations, on)


def found(subject: Subject) -> set[tuple[str, tuple[str, ...]]]:
    """Codes and clauses of everything found but that nobody has signed."""
    return {(one.code, one.clauses) for one in findings_of(subject) if one.code != "not-approved"}
