"""A backtest in files: a CSV for each table, all tables as JSON, and a sample of calls for people to read.

Tables hold counts and no caller's words. The sample does: it is written where somebody asked for it, readable
by them alone, and says what it holds in its first line.
"""

import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bridge.domain.decision import Weight
from bridge.errors import SettingsError
from bridge.planning.plan import Plan
from bridge.planning.table import Table
from bridge.planning.trial import Trial

WARNING = "HOLDS WHAT CALLERS SAID. Do not send it on; destroy it when it has been read."


def write_csv(tables: Sequence[Table], folder: Path) -> None:
    """One file for each table in this folder, numbers as exact as they are."""
    with _writing("--csv", folder):
        folder.mkdir(parents=True, exist_ok=True)
        for table in tables:
            with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(table.columns)
                writer.writerows(table.rows)


def write_page(text: str, path: Path) -> None:
    """The page, as it is."""
    with _writing("--html", path):
        path.write_text(text, encoding="utf-8")


def as_json(tables: Sequence[Table]) -> str:
    """All tables by name, each with its columns and rows."""
    told = {
        table.name: {
            "title": table.title,
            "says": table.says,
            "columns": table.columns,
            "rows": table.rows,
        }
        for table in tables
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def write_sample(path: Path, trials: Sequence[Trial], plan: Plan, drawn: str) -> None:
    """These calls with what was typed and every reason. `drawn` says how they were drawn."""
    text = "\n".join([WARNING, drawn, "", *(line for trial in trials for line in _call(trial, plan))])
    with _writing("--sample-file", path):
        path.touch(mode=0o600)
        path.chmod(0o600)
        path.write_text(text + "\n", encoding="utf-8")


@contextmanager
def _writing(option: str, path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        rule = f"cannot be written ({error.strerror})"
        raise SettingsError(f"{option}: {path}: {rule}; name a place that can") from None


def _call(trial: Trial, plan: Plan) -> Iterator[str]:
    incident = trial.screened
    said = incident.call_type
    decision = plan.weigh(incident, trial.call).decision
    yield f"== {incident.incident_id}, {trial.call.at.isoformat(' ', 'minutes')}"
    if said is not None:
        yield f"type: {' '.join(dict.fromkeys((said.code, said.text)))}".rstrip()
    yield f"verdict: {decision.verdict}" + "".join(f" {name}" for name in decision.route)
    for weight in Weight:
        for reason in decision.reasons:
            if reason.weight is weight:
                yield f"  {weight}: {reason.clause}: {reason.sentence}"
    for note in incident.notes:
        yield "  | " + "\n  | ".join(note.text.splitlines())
    yield ""
