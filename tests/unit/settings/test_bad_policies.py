"""Bad policy files: each is told with its file, the place in it, the rule and the remedy, and no more."""

import tomllib
from pathlib import Path

import pytest

from bridge.domain.ids import DestinationId
from bridge.domain.words import Lexicon
from bridge.errors import SettingsError
from bridge.settings.destinations import load_destination
from bridge.settings.policies import load_policies, load_policy

TABLE = tomllib.loads(Path(__file__).with_name("bad_policies.toml").read_text(encoding="utf-8"))
FILES = {"a.toml": TABLE["policy"], "bases/dangers.toml": TABLE["base"], "areas/north.geojson": TABLE["area"]}
LINES = {DestinationId("line"), DestinationId("team")}
LEXICON = Lexicon(topics=("conflict", "other"))


def written(folder: Path, change: str = "", to: str = "") -> Path:
    """The good policy in this folder, with one change in one of its files."""
    holder = next(name for name, text in FILES.items() if change in text)
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace(change, to, 1) if name == holder and change else text, encoding="utf-8")
    return folder / "a.toml"


def refusal(path: Path) -> list[str]:
    """What is told of the policy in this file, without the folder."""
    with pytest.raises(SettingsError) as error:
        load_policy(path, LINES, LEXICON)
    return str(error.value).replace(f"{path.parent}/", "").splitlines()


def test_the_good_policy_loads(tmp_path: Path) -> None:
    policy = load_policy(written(tmp_path), LINES, LEXICON)
    assert [len(each) for each in (policy.scope, policy.limit, policy.answer, policy.recategory)] == [
        2,
        1,
        1,
        1,
    ]
    assert [clause.id for clause in policy.disqualifier] == ["weapon", "violence", "medical", "police-only"]


def test_there_are_many_ways_to_write_a_bad_one() -> None:
    names = [bad["name"] for bad in TABLE["bad"]]
    assert len(set(names)) == len(names) >= 60


@pytest.mark.parametrize("bad", TABLE["bad"], ids=lambda bad: bad["name"])
def test_a_bad_policy_is_told_with_place_rule_and_remedy(tmp_path: Path, bad: dict[str, str]) -> None:
    assert refusal(written(tmp_path, bad["change"], bad["to"])) == bad["says"]
    assert all(line.count("; ") >= 1 or " is not TOML " in line for line in bad["says"])


def test_bases_that_lead_in_a_circle_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path)
    (tmp_path / "bases" / "dangers.toml").write_text('extends = "../a.toml"\n')
    assert refusal(path) == ["bases/dangers.toml: extends: leads back or too far; extend one base, or a few"]


def test_more_bases_than_anybody_can_follow_are_refused(tmp_path: Path) -> None:
    for number in range(8):
        (tmp_path / f"{number}.toml").write_text(f'extends = "{number + 1}.toml"\n')
    assert refusal(tmp_path / "0.toml")[0].endswith(
        "extends: leads back or too far; extend one base, or a few"
    )


SAME_GROUND = "policy 'test' of this agency is for the same ground"


@pytest.mark.parametrize(
    ("change", "to", "says"),
    [
        (
            'version = "1"',
            'version = "2"',
            "effective: version '1' of this policy begins at the same instant",
        ),
        ("2026-03-02", "2026-04-02", "version: '1' is another file's version of this policy"),
        ('name = "test"', 'name = "other"', f"name: {SAME_GROUND}"),
    ],
)
def test_two_policies_of_an_agency_that_cannot_stand_side_by_side(
    tmp_path: Path, change: str, to: str, says: str
) -> None:
    text = FILES["a.toml"].replace('[where]\nareas = ["north"]', "")
    written(tmp_path)
    (tmp_path / "a.toml").write_text(text)
    (tmp_path / "b.toml").write_text(text.replace(change, to, 1))
    with pytest.raises(SettingsError, match="; ") as error:
        load_policies(tmp_path, LINES, LEXICON)
    assert str(error.value).startswith(f"{tmp_path / 'b.toml'}: {says}; ")


DESTINATION = """
id = "line"
name = "Line"
channel = "kafka"
address = "line.offers"

[privacy]
location = "none"
fields = ["call_type"]

[hours]
spans = [{ days = ["mon"], opens = 07:00:00, closes = 19:00:00 }]

[[accepts]]
id = "adults"
sentence = "Adults."
signed_by = "Director"
signed_on = 2026-01-05
caller = { min_age = 18 }
"""


@pytest.mark.parametrize(
    ("change", "to", "says"),
    [
        ('signed_by = "Director"', "", "accepts[0].signed_by: field required; add it"),
        ('"Director"', '" "', "accepts[0].signed_by: is empty; write it; somebody agreed to this"),
        ("signed_on = 2026-01-05", "", "accepts[0].signed_on: field required; add it"),
        ("Adults.", "", "accepts[0].sentence: is empty; write it; somebody agreed to this"),
        (
            'id = "adults"',
            'id = "adults"\nscopes = ["crisis"]',
            "accepts[0].scopes: belongs to a policy, not to a destination; remove it",
        ),
        (
            "min_age = 18",
            "min_age = 9, max_age = 8",
            "accepts[0].caller: min_age is above max_age; swap them",
        ),
        (
            'signed_by = "Director"',
            'signed_by = "Director"\ndeterminants = ["25A1"]',
            "accepts[0].determinants: '25A1' is no determinant; write 25-A-1, 25-A-* or 25-*, without suffix",
        ),
        (
            '"mon"',
            "9",
            "hours.spans[0].days[0]: 9 is no weekday; write one of mon, tue, wed, thu, fri, sat, sun",
        ),
        ('id = "line"', 'id = "911"', "id: is the holder's name for 911 itself; choose another"),
        (
            'name = "Line"',
            'name = "Line"\ncapacity = 0',
            "capacity: is below 1; write how many calls it can have at once",
        ),
    ],
)
def test_a_bad_destination_is_told_in_the_same_way(tmp_path: Path, change: str, to: str, says: str) -> None:
    path = tmp_path / "line.toml"
    path.write_text(DESTINATION.replace(change, to, 1))
    with pytest.raises(SettingsError) as error:
        load_destination(path)
    assert str(error.value) == f"{path}: {says}"
