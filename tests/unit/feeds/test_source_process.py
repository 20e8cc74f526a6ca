"""A feed's process says why it cannot run, before it has sent anything."""

import fcntl
from pathlib import Path

import pytest
from feed_ground import MAPPING

from bridge.app.feeding import run_feed
from bridge.errors import BridgeError, SettingsError
from bridge.feeds import feed_file
from bridge.feeds.position import PositionError
from bridge.settings import load


async def refusal(folder: Path, way: str) -> BridgeError:
    """What the process ends with."""
    (folder / "mapping.toml").write_text(MAPPING)
    (folder / "feed.toml").write_text(f'mapping = "mapping.toml"\nstate = "state"\n{way}\n')
    with pytest.raises(BridgeError) as ended:
        await run_feed(feed_file.read(folder / "feed.toml"), load(None, {}))
    return ended.value


async def test_a_webhook_without_a_key_is_not_opened(tmp_path: Path) -> None:
    ended = await refusal(tmp_path, "[webhook]\nport = 0")
    assert isinstance(ended, SettingsError)
    assert "webhook.key_file: there is no key; name a file that holds one, or set BRIDGE_FEED" in str(ended)


async def test_two_processes_do_not_run_one_feed(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    with (tmp_path / "state" / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ended = await refusal(tmp_path, '[drop]\nfolder = "in"')
    assert "another process runs this feed; end it, or give this feed a `state` of its own" in str(ended)


async def test_a_damaged_position_ends_it_and_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "position").write_text("damaged\n")
    assert isinstance(await refusal(tmp_path, '[drop]\nfolder = "in"'), PositionError)
    assert (tmp_path / "state" / "position").read_text() == "damaged\n"


async def test_a_state_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    ended = await refusal(tmp_path, '[drop]\nfolder = "in"')
    assert "state: cannot be made" in str(ended) and "; " in str(ended)
