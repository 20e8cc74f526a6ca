"""`bridge policy explain --ledger`: what the ledger decided is decided again, by the rules that it kept."""

from dataclasses import replace
from pathlib import Path

import pytest
from building import AGENCY, CANARIES, a_record, an_event
from hands import a_lane, time_goes_by

from bridge.app.rules import keep, load_rules
from bridge.cli.policy_explain import compared_with, in_words
from bridge.cli.policy_explain_ledger import kept_decision
from bridge.domain.cad import EventKind
from bridge.errors import SettingsError
from bridge.handling.screen_again import screen_again
from bridge.planning.explaining import explained
from bridge.settings import Ledger, Paths, Settings

POLICY = """
agency = "police.town.example"
name = "town"
version = "1"
effective = 2020-01-01T00:00:00+00:00
timezone = "UTC"
[[scope]]
id = "crisis"
sentence = "A person in a crisis."
verdict = "offer"
call_types = ["46"]
route = ["line"]
""" + "".join(
    f"""
[[disqualifier]]
id = "{danger.replace("_", "-")}"
danger = "{danger}"
sentence = "There is {danger}."
questions = ["{danger}"]
unanswered = "review"
"""
    for danger in ("weapon", "violence", "medical", "police_only")
)
LINE = """
id = "line"
name = "The Line"
channel = "kafka"
address = "line.offers"
[privacy]
location = "none"
fields = ["call_type"]
"""


@pytest.fixture
def settings(tmp_path: Path, database: str) -> Settings:
    """A town's rules, and its ledger with the key that the lane seals with."""
    for folder, name, text in (("policies", "town", POLICY), ("destinations", "line", LINE)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{name}.toml").write_text(text)
    paths = Paths(tmp_path / "policies", tmp_path / "destinations", tmp_path / "words")
    return replace(Settings(), paths=paths, ledger=Ledger(dsn=database, key=b"k" * 32, key_id="k1"))


async def decided(settings: Settings, *events) -> None:
    """These events, decided by the rules as the files are now."""
    loaded = load_rules(settings)
    assert loaded.rules is not None, loaded.refused
    async with a_lane(settings.ledger.dsn, given=loaded.rules) as lane:
        await keep(lane.ledger, loaded)
        for offset, event in enumerate(events):
            await lane.reads(a_record(event, offset))


async def test_the_last_decision_is_made_again_by_rules_that_no_file_has_any_more(settings):
    await decided(settings, an_event(), an_event(event="e2", kind=EventKind.NOTE_ADDED, note="HE IS COLD"))
    (settings.paths.policies / "town.toml").write_text(POLICY.replace('["46"]', '["99"]'))
    kept = await kept_decision(settings, AGENCY, "INV-1")
    found = explained(kept.plan, kept.call.last, kept.call)
    said = "\n".join(
        [compared_with(kept, found), *in_words(found, kept.call.last, kept.call, kept.plan, every=True)]
    )
    assert said.startswith("Version 2, decided at ")
    assert "the same now" in said
    assert "Policy town 1: offered." in said
    assert not any(canary in said for canary in (*CANARIES, "HE IS COLD"))


async def test_a_call_that_waited_is_decided_again_as_of_when_it_had_waited(settings, sql):
    waits = POLICY.replace('"offer"', '"recommend"\nwaiting_minutes = 15')
    (settings.paths.policies / "town.toml").write_text(waits)
    await decided(settings, an_event())
    await time_goes_by(sql, 15)
    async with a_lane(settings.ledger.dsn, given=load_rules(settings).rules) as lane:
        assert await screen_again(lane.handling) == 1
    kept = await kept_decision(settings, AGENCY, "INV-1")
    assert (kept.version, kept.verdict) == (1, "recommend")
    assert "the same now" in compared_with(kept, explained(kept.plan, kept.call.last, kept.call))


async def test_what_the_ledger_does_not_have_is_said(settings, sql):
    with pytest.raises(SettingsError, match="no such incident"):
        await kept_decision(settings, AGENCY, "INV-9")
    await decided(settings, an_event(weapon=True))
    await sql.execute("update decision set rules_digest = ''")
    with pytest.raises(SettingsError, match="before rules were kept"):
        await kept_decision(settings, AGENCY, "INV-1")
    await sql.execute("update incident set snapshot = null, data_key = null, key_id = null")
    with pytest.raises(SettingsError, match="purged"):
        await kept_decision(settings, AGENCY, "INV-1")
