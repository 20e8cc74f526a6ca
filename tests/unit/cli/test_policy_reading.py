"""`bridge policy read` and `bridge policy score`, on invented lines."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bridge import cli

REPOSITORY = Path(__file__).parents[3]


def bridge(*arguments: str, given: str = "") -> str:
    """What the command prints, with the settings of the repository."""
    config = ["--config", str(REPOSITORY / "bridge.toml")]
    done = CliRunner().invoke(cli.app, [*config, "policy", *arguments], input=given, catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def lines(*given: dict[str, str]) -> str:
    return "".join(json.dumps(one) + "\n" for one in given)


def test_each_line_is_answered_with_letters_and_what_spoke() -> None:
    text = "NO WPNS SEEN, POSS FIGHT"
    said = json.loads(bridge("read", "--jsonl", given=lines({"id": "a", "type": "Disorderly", "text": text})))
    assert {name: said[name] for name in ("id", "weapon", "violence", "medical")} == {
        "id": "a",
        "weapon": "n",
        "violence": "u",
        "medical": "n",
    }
    assert said["topic"] == "conflict"
    spans = {span["danger"]: span for span in said["spans"]}
    assert text[spans["weapon"]["begin"] : spans["weapon"]["end"]] == "WPNS"
    assert (spans["weapon"]["heard"], spans["weapon"]["weakened"]) == ("denied", ["negated by 'no'"])
    assert spans["violence"]["entry"] == "violence.fight"


def test_plain_lines_are_read_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "lines").write_text("HE HAS A KNIFE\nCALM\n")
    said = [json.loads(line) for line in bridge("read", str(tmp_path / "lines")).splitlines()]
    assert [(one["id"], one["weapon"]) for one in said] == [("1", "y"), ("2", "n")]


LABELLED = [
    {"id": "1", "text": "HE HAS A KNIFE", "weapon": "y", "police_only": "u", "topic": "other"},
    {"id": "2", "text": "SOMETHING SHINY IN HIS HAND", "weapon": "u"},
    {"id": "3", "text": "SHE HAS A GUN", "weapon": "n"},
    {"id": "4", "text": "NO WEAPONS", "weapon": "n", "relayed": "y"},
    {"id": "5", "text": "CALM", "topic": "other"},
]


def test_the_score_counts_recall_false_alarms_and_denials(tmp_path: Path) -> None:
    (tmp_path / "labels").write_text(lines(*LABELLED))
    weapon = [
        line.split() for line in bridge("score", str(tmp_path / "labels")).splitlines() if "weapon" in line
    ]
    assert weapon == [["weapon", "0.500", "(1/2)", "0.333", "(1/3)"], ["weapon", "-", "0.000", "(0/1)"]]


def test_the_halves_are_told_apart_and_stay_what_they_are(tmp_path: Path) -> None:
    (tmp_path / "labels").write_text(lines(*LABELLED))
    first, again = (bridge("score", "--split", str(tmp_path / "labels")) for _ in range(2))
    heads = [line.split(":") for line in first.splitlines() if line.endswith(" lines")]
    assert first == again
    assert [name for name, _ in heads] == ["tune", "check", "all"]
    counts = [int(count.split()[0]) for _, count in heads]
    assert counts[0] + counts[1] == counts[2] == len(LABELLED)


def test_what_was_wrong_is_told_by_id_and_entry_and_never_by_its_text(tmp_path: Path) -> None:
    (tmp_path / "labels").write_text(lines(*LABELLED))
    said = bridge("score", "--misses", "all", str(tmp_path / "labels"))
    assert "weapon labelled u heard n 2 -" in said
    assert "weapon labelled n heard y 3 weapon.firearm 'gun/s'" in said
    assert "SHINY" not in said


def test_a_line_that_is_no_object_is_named_by_its_number() -> None:
    with pytest.raises(Exception, match=r"line 1: is no JSON object"):
        bridge("read", "--jsonl", given="HE HAS A KNIFE\n")
