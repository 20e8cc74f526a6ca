"""A position is on the disk whole, or the feed says what is wrong with it and does not start."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bridge.domain.ids import AgencyId, IncidentId
from bridge.feeds import position
from bridge.feeds.memory import Known, mark
from bridge.feeds.position import Position, PositionError

AGENCY = AgencyId("police.example")
AT = datetime(2025, 1, 9, 9, 26, tzinfo=UTC)
WORDS = "HE SAID HE IS ALONE"


def known(number: int = 0) -> Known:
    made = Known(AT, first=AT, over=bool(number % 2), shared={"note": mark(f"{WORDS} {number}")})
    made.units["B1"] = {"status": mark("there")}
    made.announced["0123"] += number
    made.entries.add(mark("B1 09:26"))
    return made


def kept(path: Path, *batches: tuple[str, dict[str, Known]]) -> Position:
    made = Position(path, AGENCY)
    for done, news in batches:
        draft = made.draft()
        for incident, what in news.items():
            draft.keep(IncidentId(incident), what)
        made.keep(draft, done)
    return made


def remembered(made: Position) -> list[tuple[IncidentId, Known]]:
    return list(made.memory.items())


def test_what_was_kept_is_there_for_the_next_process_and_the_one_after(tmp_path: Path) -> None:
    path = tmp_path / "position"
    made = kept(path, ("a", {"1": known(1), "2": known(2)}), ("b", {"1": known(3)}))
    again = Position(path, AGENCY)
    assert (again.done, remembered(again)) == ("b", remembered(made))
    once_more = Position(path, AGENCY)
    assert (once_more.done, remembered(once_more)) == ("b", remembered(made))


def test_a_draft_that_was_not_kept_changes_nothing(tmp_path: Path) -> None:
    made = kept(tmp_path / "position", ("a", {"1": known(1)}))
    recalled = made.draft().recall(IncidentId("1"))
    assert recalled is not None
    recalled.shared["note"] = recalled.units["B1"]["status"] = "other"
    recalled.announced["0123"] += 1
    recalled.entries.clear()
    assert remembered(made) == [(IncidentId("1"), known(1))]


@pytest.mark.parametrize("cut", [1, 2, 40])
def test_a_line_cut_short_by_a_crash_never_happened(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "position"
    kept(path, ("a", {"1": known(1)}), ("b", {"1": known(2)}))
    path.write_bytes(path.read_bytes()[:-cut])
    assert Position(path, AGENCY).done == "a"


def test_a_line_whose_bytes_never_reached_the_disk_never_happened(tmp_path: Path) -> None:
    path = tmp_path / "position"
    kept(path, ("a", {"1": known(1)}), ("b", {"1": known(2)}))
    *lines, last = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines) + b"\0" * (len(last) - 1) + b"\n")
    assert Position(path, AGENCY).done == "a"


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda content: b"", "is empty"),
        (
            lambda content: content.replace(b"WELFARE", b"WELFARF").replace(b'"done":"a"', b'"done":"x"'),
            "line 2",
        ),
        (lambda content: b"garbage\n" + content, "line 1"),
        (lambda content: content.replace(b'"version":1', b'"version":9', 1), "line 1"),
        (lambda content: content + b"not a line\n", "line 4"),
    ],
)
def test_a_damaged_position_stops_the_feed_and_stays_as_it_is(
    tmp_path: Path, damage: object, said: str
) -> None:
    path = tmp_path / "position"
    kept(path, ("a", {"1": known(1)}), ("b", {"1": known(2)}))
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    before = path.read_bytes()
    with pytest.raises(PositionError, match=said) as refused:
        Position(path, AGENCY)
    assert str(path) in str(refused.value) and "; " in str(refused.value)
    assert path.read_bytes() == before


def test_another_agencys_position_is_not_taken_for_ours(tmp_path: Path) -> None:
    kept(tmp_path / "position", ("a", {}))
    with pytest.raises(PositionError, match=r"of a feed of police\.example; give each feed a `state`"):
        Position(tmp_path / "position", AgencyId("fire.example"))


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PositionError, match=r"cannot be read or written \(No such file"):
        Position(tmp_path / "nowhere" / "position", AGENCY)


def test_a_long_file_is_rewritten_and_says_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(position, "_WORTH_REWRITING", 1_000)
    path = tmp_path / "position"
    made = kept(path, *((f"batch{number}", {"1": known(number)}) for number in range(50)))
    assert len(path.read_bytes().splitlines()) < 10
    again = Position(path, AGENCY)
    assert (again.done, remembered(again)) == ("batch49", remembered(made))


def test_incidents_with_the_oldest_news_are_forgotten_on_the_disk_too(tmp_path: Path) -> None:
    path = tmp_path / "position"
    made = Position(path, AGENCY, limit=2)
    for number in ("1", "2", "3"):
        draft = made.draft()
        draft.keep(IncidentId(number), known())
        made.keep(draft, number)
    assert [incident for incident, _ in remembered(made)] == ["2", "3"]
    assert remembered(Position(path, AGENCY, limit=2)) == remembered(made)


def test_no_cell_stands_in_a_position_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "position"
    kept(path, ("a", {"1": known(1)}))
    assert WORDS.encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
