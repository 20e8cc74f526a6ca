"""The documents fail like code: what they print, name and link to is compared with what is there."""

import html
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from bridge import cli
from bridge.cli import measured
from bridge.cli.blocks import BlockError, blocks_of, rewritten
from bridge.cli.leaving import FIELDS
from bridge.cli.tables import TABLES, documents, the_table
from bridge.domain.clauses import BUILT_IN
from bridge.domain.decision import Verdict
from bridge.domain.message import OfferKind, ReturnKind
from bridge.domain.redaction import ALL_FIELDS
from bridge.domain.transfer_table import State
from bridge.errors import SettingsError
from bridge.metrics import new_metrics
from bridge.settings import describe, load
from bridge.wire import cloudevents, frames

ROOT = Path(__file__).parents[2]
PRINTED = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.*")),
    *sorted((ROOT / "deploy").glob("*/*.md")),
]
PAGES = [*PRINTED, ROOT / "CHANGELOG.md"]
SETTINGS = load(ROOT / "bridge.toml", {})
CHEAP = ("bridge settings", "bridge tables", "bridge --", "./deploy/local help")
"""What a shell block may say that costs nothing to run."""


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def rows(document: str, heading: str) -> list[list[str]]:
    """The cells of the first table under a heading."""
    lines = document.split(f"\n## {heading}\n")[1].split("\n## ")[0].splitlines()
    table = [line.strip("| ").split(" | ") for line in lines if line.startswith("|")]
    return table[2:]


def codes(document: str, heading: str) -> set[str]:
    """What stands in the first cells of a table, without its marks."""
    return {row[0].strip("`*") for row in rows(document, heading)}


def fenced(language: str) -> Iterator[tuple[str, str]]:
    """Every block of this language, with its page."""
    for page in PAGES:
        for found in re.findall(
            rf"^ *```{language}\n(.*?)^ *```$", page.read_text(), re.MULTILINE | re.DOTALL
        ):
            yield page.name, found


def anchors(page: Path) -> set[str]:
    """What a link into a page can end with."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PRINTED, ids=lambda page: page.name)
def test_every_block_is_what_its_command_prints(page):
    assert documents(SETTINGS, [page], write=False) == []


def test_every_table_stands_in_some_document():
    nowhere = {"openapi", "promela", "record-cad-event", "record-incident", "record-quarantine"}
    assert {block.name for page in PRINTED for block in blocks_of(page.read_text())} == set(TABLES) - nowhere


def test_a_block_is_printed_again_and_nothing_else_is_touched():
    before = "a\n<!-- printed by: bridge tables x -->\nold\n<!-- end -->\nb\n"
    after = rewritten(before, lambda name: f"{name} is new\n")
    assert after == "a\n<!-- printed by: bridge tables x -->\n\nx is new\n\n<!-- end -->\nb\n"
    assert rewritten(after, lambda _: "") == "a\n<!-- printed by: bridge tables x -->\n<!-- end -->\nb\n"


def test_a_block_without_an_end_and_a_table_nobody_prints_are_named():
    with pytest.raises(BlockError, match="line 2: block 'x' does not end"):
        list(blocks_of("a\n<!-- printed by: bridge tables x -->\n"))
    with pytest.raises(BlockError, match="no table is called 'nosuch'"):
        the_table("nosuch", SETTINGS)


def test_the_verb_writes_and_checks_documents(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("<!-- printed by: bridge tables delivery -->\n<!-- end -->\n")

    def tables(flag: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "bridge", "tables", flag, str(page)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)

    stale = tables("--check")
    assert (stale.returncode, stale.stdout) == (1, f"{page}:1: delivery\n")
    assert tables("--write").returncode == 0
    assert tables("--check").returncode == 0
    assert "| pending | leased |" in page.read_text()


def test_a_figure_that_was_never_measured_is_not_told(monkeypatch, tmp_path):
    monkeypatch.setattr(measured, "STORED", tmp_path)
    told = [the_table(f"measured-{name}", SETTINGS) for name in measured.MEASURED]
    assert told == [""] * len(measured.MEASURED)


def test_figures_are_those_of_the_stored_output(monkeypatch, tmp_path):
    monkeypatch.setattr(measured, "STORED", tmp_path)
    (tmp_path / "faults.json").write_text('{"cell": "killed", "lost": 0}\n{"cell": "cut off", "lost": 0}\n')
    assert the_table("measured-faults", SETTINGS).splitlines()[2:] == ["| killed | 0 |", "| cut off | 0 |"]
    (tmp_path / "loop.json").write_text('{"rows": []}')
    with pytest.raises(SettingsError, match=r"loop\.json: is not what its command prints \(KeyError\)"):
        the_table("measured-loop", SETTINGS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page):
    linked = re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)", page.read_text())
    for path, anchor in linked:
        if "://" in path:
            continue
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), path
        assert not anchor or anchor in anchors(target), f"{path}#{anchor}"


def test_every_setting_metric_and_verb_has_its_place():
    said = text_of("docs/operations.md")
    missing = [key.path for key in describe() if f"`{key.path}`" not in said or key.variable not in said]
    for family in new_metrics().registry.collect():
        missing += [family.name] if f"`{family.name}" not in said else []
    verbs = [verb for verb in cli.VERBS if find_spec(f"bridge.cli.{verb}")]
    missing += [verb for verb in verbs if f"`bridge {verb}`" not in said]
    assert missing == []


def test_every_command_that_is_named_is_there():
    verbs = {verb for verb in cli.VERBS if find_spec(f"bridge.cli.{verb}")}
    launcher = set(re.findall(r"## (\w+)", text_of("deploy/local"))) | {"up", "down", "status"}
    for page in PAGES:
        text = page.read_text()
        inline = re.findall(r"`bridge (\w+)", text) + re.findall(r"^ *bridge (\w+)", text, re.MULTILINE)
        shell = [block for _, block in fenced("sh") if block in text]
        inline += re.findall(r"^bridge (\w+)", "\n".join(shell), re.MULTILINE)
        assert set(inline) <= verbs, page.name
        assert set(re.findall(r"\./deploy/local (\w+)", text)) <= launcher, page.name


def test_every_metric_that_is_named_is_there():
    names = {
        sample.name
        for family in new_metrics(destinations=["x"]).registry.collect()
        for sample in family.samples
    }
    names |= {family.name for family in new_metrics().registry.collect()}
    for page in PAGES:
        for name in re.findall(r"bridge_[a-z_]+[a-z]", page.read_text()):
            known = name in names or name.removesuffix("_total") in names
            assert known or name in {"bridge_owner", "bridge_worker", "bridge_reader"}, f"{page.name}: {name}"


def test_every_setting_that_is_named_is_there():
    known = {key.path for key in describe()}
    sections = {path.split(".")[0] for path in known}
    for page in PAGES:
        for path in re.findall(r"`([a-z_]+(?:\.[a-z_]+)+)`", page.read_text()):
            there = path in known or any(key.startswith(f"{path}.") for key in known)
            assert there or path.split(".")[0] not in sections or path in TOPICS, f"{page.name}: {path}"


TOPICS = {"bridge.status", "bridge.quarantine", "bridge.toml", "kafka.min"}


def test_every_clause_is_explained_to_whoever_reads_it():
    assert {f"| `{clause}` | {says} |" for clause, says in BUILT_IN.items()} <= set(
        text_of("docs/dashboard.md").splitlines()
    )


def test_every_reason_of_quarantine_is_in_the_runbook():
    assert codes(text_of("docs/operations.md"), "Records in quarantine") == frames.REASONS | {
        "conflicting_duplicate"
    }


def test_every_verdict_state_and_message_to_911_is_in_plain_words():
    page = text_of("docs/dashboard.md")
    assert codes(page, "What the bridge recommends") == {verdict.value for verdict in Verdict}
    assert codes(page, "Where a transfer stands") >= {state.value for state in State}
    assert codes(page, "What 911 is told") == {kind.value for kind in ReturnKind}


def test_every_message_to_a_hotline_and_every_header_is_explained_to_its_developer():
    page = text_of("docs/hotline-developers.md")
    assert {kind.value for kind in OfferKind} <= set(re.findall(r"^\| `([A-Z]+)` \|", page, re.MULTILINE))
    everything = cloudevents.CloudEvent(*["x"] * 4, partition_key="x", sequence=1)
    for name, _ in cloudevents.headers(everything):
        assert f"`{name}`" in page


def test_every_field_that_may_leave_is_in_words_for_people():
    assert set(FIELDS) == ALL_FIELDS


def test_no_figure_of_speed_is_written_by_hand():
    for page in PAGES:
        text = page.read_text()
        for block in blocks_of(text):
            text = text.replace(block.text, "")
        text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
        assert not re.findall(r"\d[\d,.]* ?(?:events/s|records/s|/s\b|us\b|ms p)", text), page.name


def test_the_picture_is_a_drawing_that_a_browser_can_read():
    from xml.etree import ElementTree

    drawing = ElementTree.parse(ROOT / "docs" / "way-of-one-call.svg").getroot()
    words = [element.text or "" for element in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    assert {SETTINGS.kafka.topics.cad_events, SETTINGS.kafka.topics.returns} <= set(map(html.unescape, words))
    width = float(drawing.attrib["viewBox"].split()[2])
    for element in drawing.iter("{http://www.w3.org/2000/svg}text"):
        size, begins = float(element.attrib["font-size"]), float(element.attrib["x"])
        assert begins + 0.5 * size * len(element.text or "") < width, element.text


@pytest.mark.parametrize("kind", ["transfer", "delivery", "leg", "consult", "rescue"])
def test_the_drawings_of_the_lives_are_diagrams(kind):
    first, second, *lines, last = the_table(f"{kind}-picture", SETTINGS).splitlines()
    assert (first, second, last) == ("```mermaid", "stateDiagram-v2", "```")
    assert all(re.fullmatch(r" {4}(\[\*\]|\w+) --> (\[\*\]|\w+)(: [\w, ]+)?", line) for line in lines)


@pytest.mark.parametrize(
    "line",
    sorted(
        {
            line.split("#")[0].split(">")[0].strip()
            for _, block in fenced("sh")
            for line in block.splitlines()
            if line.startswith(CHEAP)
        }
    ),
)
def test_a_command_that_costs_nothing_runs_as_it_stands(line):
    command = line.replace("bridge", f"{sys.executable} -m bridge", 1) if line.startswith("bridge") else line
    subprocess.run(command.split(), cwd=ROOT, check=True, capture_output=True)


def test_shell_blocks_are_shell():
    for page, block in fenced("sh"):
        done = subprocess.run(["sh", "-n"], input=block, capture_output=True, text=True)
        assert done.returncode == 0, f"{page}: {done.stderr}"


def test_the_example_compiles_and_needs_nothing_of_ours():
    source = text_of("docs/examples/hotline.py")
    compile(source, "hotline.py", "exec")
    assert not re.findall(r"^(?:from|import) bridge", source, re.MULTILINE)


def test_newest_changes_stand_first():
    versions = re.findall(r"^## (\d+(?:\.\d+)+)$", text_of("CHANGELOG.md"), re.MULTILINE)
    assert versions == sorted(versions, key=lambda version: [*map(int, version.split("."))], reverse=True)
    assert versions[0] == __import__("bridge").__version__
