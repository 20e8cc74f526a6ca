"""A feed file that cannot work is refused with the file, the path, the rule and the remedy."""

from pathlib import Path

import pytest

from bridge.errors import SettingsError
from bridge.feeds import feed_file, mapping
from bridge.settings.feed_secret import VARIABLE, feed_secret

SHIPPED = sorted((Path(__file__).parents[3] / "deploy" / "feeds" / "run").glob("*.toml"))
SMALLEST = """
mapping = "mapping.toml"
state = "state"

[drop]
folder = "in"
"""
POLL = (
    SMALLEST.replace("[drop]", "[poll]")
    .replace("folder", "url")
    .replace('"in"', '"https://cad.example/calls"')
)


def written(folder: Path, text: str) -> Path:
    path = folder / "feed.toml"
    path.write_text(text)
    return path


def test_paths_are_meant_from_the_feed_files_folder(tmp_path: Path) -> None:
    read = feed_file.read(written(tmp_path, SMALLEST))
    assert read.drop is not None
    assert (read.mapping, read.state, read.drop.folder) == (
        tmp_path / "mapping.toml",
        tmp_path / "state",
        tmp_path / "in",
    )


def test_each_way_in_has_what_it_needs_by_default(tmp_path: Path) -> None:
    polled = feed_file.read(written(tmp_path, POLL + 'headers_file = "/run/secrets/headers"')).poll
    assert polled is not None and polled.headers_file == Path("/run/secrets/headers")
    pushed = feed_file.read(written(tmp_path, 'mapping="m"\nstate="s"\n[webhook]\nkey_file="key"')).webhook
    assert pushed is not None and (pushed.host, pushed.key_file) == ("127.0.0.1", tmp_path / "key")


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_a_shipped_feed_file_has_the_way_in_of_its_name_and_a_mapping(file: Path) -> None:
    read = feed_file.read(file)
    assert getattr(read, file.stem) is not None
    assert mapping.read(read.mapping).agency


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SMALLEST.replace('state = "state"', ""), "state: "),
        (SMALLEST.replace("state =", "stat ="), "stat: .*; remove it or correct its name"),
        (SMALLEST + "still_seconds = -1", "drop.still_seconds: .*; correct it"),
        (SMALLEST + "look_every_seconds = nan", "drop.look_every_seconds: .*; correct it"),
        (SMALLEST + "colour = 1", "drop.colour: .*; remove it or correct its name"),
        ('mapping = "m"\nstate = "s"', "the file: needs one way in; write one of"),
        (SMALLEST + '[poll]\nurl = "https://a"', "the file: needs one way in; write one of"),
        (POLL.replace("https://", "ftp://"), "poll.url: is no address; write https://host/path"),
        (POLL.replace("https://cad", "https://[cad"), "poll.url: is no address; write https://host/path"),
        (POLL.replace("https://", "https://me:secret@"), "poll.url: holds a password; put it into the file"),
        (POLL + 'format = "xml"', "poll.format: .*; correct it"),
        (POLL + 'headers = "X: y"', "poll.headers: .*; remove it"),
        ('mapping="m"\nstate="s"\n[webhook]\nport=70000', "webhook.port: .*; correct it"),
        (SMALLEST.replace("[drop]", "[drop"), "is not TOML .*; correct the file"),
        (SMALLEST.replace('"state"', "7"), "state: .*; correct it"),
    ],
)
def test_a_fault_is_named_with_its_path_and_remedy(tmp_path: Path, text: str, said: str) -> None:
    file = written(tmp_path, text)
    with pytest.raises(SettingsError, match=said) as refused:
        feed_file.read(file)
    assert str(file) in str(refused.value)
    assert "secret" not in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.toml: cannot be read .*; give the path"):
        feed_file.read(tmp_path / "nowhere.toml")


def test_a_secret_comes_from_its_file_and_the_variable_wins(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("from the file\n")
    assert feed_secret(None, {}) == ""
    assert feed_secret(file, {}) == "from the file"
    assert feed_secret(file, {VARIABLE: "from the variable"}) == "from the variable"
    with pytest.raises(SettingsError, match="cannot be read; name a text file"):
        feed_secret(tmp_path / "nowhere", {})
