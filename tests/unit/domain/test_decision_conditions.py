"""Conditions as they are written: what makes a clause choose calls, and which names a determinant goes by."""

import pytest

from bridge.domain.cad import Channel
from bridge.domain.determinant import Determinant, determinant_of, is_pattern
from bridge.domain.hours import Hours
from bridge.domain.when import CallerRule, When

CHOOSING: list[dict[str, object]] = [
    {"fields": {"color": frozenset({"RED"})}},
    {"answers": {"adult": "yes"}},
    {"typed": frozenset({"/STAR"})},
    {"words": ("team",)},
    {"unless_words": ("team",)},
    {"topics": frozenset({"welfare"})},
    {"channels": frozenset({Channel.SENSOR})},
    {"channel_codes": frozenset({"311"})},
    {"priorities": frozenset({4})},
    {"cautions": frozenset({"DOG"})},
    {"waiting_minutes": 0},
]
LIMITING: list[dict[str, object]] = [
    {},
    {"hours": Hours("America/Chicago")},
    {"districts": frozenset({"N1"})},
    {"areas": frozenset({"north"})},
    {"caller": CallerRule(consent=True)},
]
TYPES: list[dict[str, object]] = [
    {"call_types": frozenset({"CRISIS"})},
    {"determinants": frozenset({"25-A-*"})},
]


@pytest.mark.parametrize(
    "rules", [*CHOOSING, *LIMITING, *TYPES], ids=lambda rules: ",".join(rules) or "nothing"
)
def test_each_condition_is_about_the_type_about_the_call_or_a_limit(rules: dict[str, object]) -> None:
    when = When(**rules)  # type: ignore[arg-type]
    assert when.chooses is (rules in CHOOSING)
    assert when.names_types is (rules in TYPES)
    assert when.by_narrative is bool({"words", "topics"} & rules.keys())


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("25A1", Determinant(25, "A", 1)),
        (" 25-a-01 ", Determinant(25, "A", 1)),
        ("025O002", Determinant(25, "O", 2)),
        ("25Ω2", Determinant(25, "O", 2)),
        ("25E12VW", Determinant(25, "E", 12, "VW")),
        ("25-B-3-V", Determinant(25, "B", 3, "V")),
        ("25F1", None),
        ("25A", None),
        ("A25", None),
        ("", None),
    ],
)
def test_a_determinant_is_read_however_a_cad_writes_it(written: str, read: Determinant | None) -> None:
    assert determinant_of(written) == read


def test_a_determinant_has_no_suffix_unless_it_says_so_and_goes_by_itself_its_level_and_its_card() -> None:
    assert Determinant(25, "A", 1).suffix == ""
    assert Determinant(25, "A", 1, "V").names == ("25-A-1", "25-A-*", "25-*")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("25-A-1", True),
        ("25-A-*", True),
        ("25-*", True),
        ("25-O-100", True),
        ("25-Ω-1", False),
        ("25-F-1", False),
        ("25A1", False),
        ("25-A", False),
        ("25", False),
        ("*", False),
        ("", False),
        ("25-A-1-V", False),
    ],
)
def test_a_policy_names_determinants_by_number_by_level_or_by_card(text: str, names: bool) -> None:
    assert is_pattern(text) is names
