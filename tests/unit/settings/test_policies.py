"""Policy files: what loads, and what the error says about what does not."""

from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from bridge.domain.cad import Channel
from bridge.domain.ids import AgencyId, ClauseId, DestinationId
from bridge.domain.policy_clauses import Danger
from bridge.domain.words import Heard
from bridge.errors import SettingsError
from bridge.settings.policies import load_policies, load_policy
from bridge.settings.words import load_words

POLICY = """
agency = "police.test.example"
name = "test"
version = "1"
effective = 2025-01-01T00:00:00-06:00
timezone = "America/Chicago"

[[scope]]
id = "crisis"
sentence = "A crisis."
verdict = "offer"
call_types = ["46"]
route = ["line"]
hours = { spans = [{ days = ["mon", "sun"], opens = 07:00:00, closes = 19:00:00 }] }

[[disqualifier]]
id = "weapon"
danger = "weapon"
sentence = "A weapon."
questions = ["weapon"]
words = ["gun"]

[[disqualifier]]
id = "violence"
danger = "violence"
sentence = "Violence."
questions = ["violence"]

[[disqualifier]]
id = "medical"
danger = "medical"
sentence = "Medical."
questions = ["medical"]

[[disqualifier]]
id = "police-only"
danger = "police_only"
sentence = "Police."
questions = ["police_only"]
"""

LINE = {DestinationId("line")}


def written(folder: Path, text: str, name: str = "a.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_policy_is_read_whole(tmp_path: Path) -> None:
    policy = load_policy(written(tmp_path, POLICY), LINE)
    assert (policy.agency, policy.name, policy.version) == ("police.test.example", "test", "1")
    assert policy.effective == datetime(2025, 1, 1, 6, tzinfo=UTC)
    assert policy.scope[0].hours.timezone == "America/Chicago"
    assert policy.scope[0].hours.spans[0].days == {0, 6}
    assert policy.scope[0].hours.spans[0].opens == time(7)
    assert [clause.danger for clause in policy.disqualifier] == list(Danger)


def test_a_policy_says_what_becomes_of_calls_that_do_not_begin_with_911(tmp_path: Path) -> None:
    head = 'recorded = ["ON_VIEW"]\nlearns_of_hotlines = ["channel", "location"]\nsupervisor = "desk 4"\n'
    policy = load_policy(written(tmp_path, head + POLICY), LINE)
    assert policy.recorded == {Channel.ON_VIEW}
    assert policy.learns_of_hotlines == {"channel", "location"}
    assert policy.supervisor == "desk 4"
    usual = load_policy(written(tmp_path, POLICY), LINE)
    assert (usual.recorded, usual.supervisor) == (frozenset(), "")
    assert usual.learns_of_hotlines == {"channel", "call_type", "priority"}


def test_the_digest_names_the_files_bytes(tmp_path: Path) -> None:
    first = load_policy(written(tmp_path, POLICY), LINE)
    same = load_policy(written(tmp_path, POLICY, "b.toml"), LINE)
    other = load_policy(written(tmp_path, POLICY + "# a remark\n", "c.toml"), LINE)
    assert len(first.digest) == 16
    assert first.digest == same.digest != other.digest
    assert first.ref.digest == first.digest


@pytest.mark.parametrize(
    ("change", "to", "says"),
    [
        ('sentence = "A crisis."', 'sentense = "A crisis."', "scope[0].sentense: unexpected keyword"),
        ('sentence = "A crisis."', "", "scope[0].sentence: field required; add it"),
        ('sentence = "A crisis."', 'sentence = " "', "scope[0].sentence: is empty"),
        ('verdict = "offer"', 'verdict = "keep"', "scope[0].verdict: input should be"),
        ('route = ["line"]', 'route = ["line", "lime"]', "scope[0].route[1]: 'lime' is no destination"),
        ('route = ["line"]', "route = []", "scope[0].route: is empty, but the verdict is offer"),
        ('call_types = ["46"]', "", "scope[0]: names no call"),
        ('call_types = ["46"]', 'determinants = ["25A1"]', "scope[0].determinants: '25A1' is no determinant"),
        ('"America/Chicago"', '"America/Nowhere"', "timezone: 'America/Nowhere' is no time zone"),
        ('"America/Chicago"', '"../etc/passwd"', "is no time zone"),
        ("00-06:00", "00", "effective: has no offset"),
        ('id = "violence"', 'id = "weapon"', "disqualifier[1].id: 'weapon' is another clause's id"),
        ('id = "violence"', 'id = "crisis"', "disqualifier[1].id: 'crisis' is another clause's id"),
        ('id = "violence"', 'id = "type.unknown"', "disqualifier[1].id: 'type.unknown' is a built-in clause"),
        ('id = "violence"', 'id = "answer.missing.x"', "is a built-in clause"),
        ('danger = "violence"', 'danger = "weapon"', "no clause looks for the danger 'violence'"),
        ('danger = "violence"', 'danger = "crime"', "disqualifier[1].danger: input should be"),
        ('words = ["gun"]', 'words = ["g*n"]', "disqualifier[0].words[0]: has a * before its end"),
        ('words = ["gun"]', 'words = ["gun"]\ndenials = ["gun"]', "'gun' is also among its words"),
        ('words = ["gun"]', 'tandem_for = ["crises"]', "tandem_for: 'crises' is no scope clause"),
        ('questions = ["violence"]', "", "disqualifier[1]: nothing can ever show this danger"),
        (
            'questions = ["violence"]',
            'unanswered = "keep"\nwords = ["fight"]',
            "there is no question",
        ),
        ('days = ["mon", "sun"]', 'days = ["monday"]', "scope[0].hours.spans[0].days"),
        ('days = ["mon", "sun"]', "days = [7]", "scope[0].hours.spans[0].days[0]: 7 is no weekday"),
        ('version = "1"', 'version = "1"\ndigest = "x"', "digest: is counted from the file"),
        ('version = "1"', 'version = "1"\nlexicon = "x"', "lexicon: is a folder of word lists"),
        ('words = ["gun"]', "shared = true", "disqualifier[0].shared: there are no shared word lists"),
        ('words = ["gun"]', 'without = ["a"]', "disqualifier[0].without: the clause is not shared"),
        ('version = "1"', "version = 1", "version: input should be a valid string"),
        ('name = "test"', "name = ", "is not TOML"),
        (
            'id = "crisis"',
            'id = "crisis"\ncaller = { min_age = 9, max_age = 1 }',
            "min_age is above max_age",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, change: str, to: str, says: str) -> None:
    assert change in POLICY
    path = written(tmp_path, POLICY.replace(change, to, 1))
    with pytest.raises(SettingsError) as error:
        load_policy(path, LINE)
    assert says in str(error.value)
    assert str(error.value).startswith(f"{path}: ")


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    wrong = POLICY.replace('sentence = "A crisis."', "").replace('danger = "weapon"', 'danger = "crime"')
    with pytest.raises(SettingsError) as error:
        load_policy(written(tmp_path, wrong))
    assert len(str(error.value).splitlines()) == 2


def test_an_agencys_policies_come_oldest_first(tmp_path: Path) -> None:
    newer = POLICY.replace("2025-01-01", "2025-07-01").replace('version = "1"', 'version = "2"')
    other = POLICY.replace("police.test.example", "sheriff.test.example")
    for name, text in (("a.toml", newer), ("b.toml", POLICY), ("c.toml", other)):
        written(tmp_path, text, name)
    policies = load_policies(tmp_path, LINE)
    assert [policy.version for policy in policies[AgencyId("police.test.example")]] == ["1", "2"]
    assert len(policies[AgencyId("sheriff.test.example")]) == 1


@pytest.mark.parametrize(
    ("change", "to", "says"),
    [
        (
            'version = "1"',
            'version = "2"',
            "effective: version '1' of this policy begins",
        ),
        ("2025-01-01", "2025-07-01", "version: '1' is another file's version of this policy"),
    ],
)
def test_two_versions_cannot_be_confused(tmp_path: Path, change: str, to: str, says: str) -> None:
    written(tmp_path, POLICY)
    written(tmp_path, POLICY.replace(change, to), "b.toml")
    with pytest.raises(SettingsError) as error:
        load_policies(tmp_path)
    assert says in str(error.value)


def test_a_folder_that_is_not_there_is_an_error_and_not_an_empty_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        load_policies(tmp_path / "nowhere")
    assert load_policies(tmp_path) == {}


WORDS = Path(__file__).parents[3] / "deploy" / "words"


def test_a_shared_clause_hears_the_shared_lists_of_its_danger_and_its_own_words(tmp_path: Path) -> None:
    path = written(tmp_path, POLICY.replace('words = ["gun"]', 'shared = true\nwords = ["shillelagh"]'))
    policy = load_policy(path, LINE, load_words(WORDS))
    for text in ("HE HAS A MACHETE", "HE HAS A SHILLELAGH"):
        assert policy.words.read([text]).mentions[ClauseId("weapon")].heard is Heard.FOUND
    assert not policy.words.read(["SHE PUNCHED HIM"]).mentions, "that clause is not shared"


def test_a_shared_clause_does_not_hear_what_it_goes_without(tmp_path: Path) -> None:
    without = 'shared = true\nwithout = ["medical.suicidal", "harmless.threat-to-self"]'
    text = POLICY.replace('questions = ["medical"]', without)
    policy = load_policy(written(tmp_path, text), LINE, load_words(WORDS))
    assert ClauseId("medical") not in policy.words.read(["FEELS SUICIDAL"]).mentions
    assert policy.words.read(["OVERDOSE"]).mentions[ClauseId("medical")].heard is Heard.FOUND


def test_an_entry_that_is_not_there_cannot_be_left_out(tmp_path: Path) -> None:
    path = written(tmp_path, POLICY.replace('words = ["gun"]', 'shared = true\nwithout = ["weapon.spoon"]'))
    with pytest.raises(SettingsError, match=r"without: 'weapon\.spoon' is no entry"):
        load_policy(path, LINE, load_words(WORDS))
