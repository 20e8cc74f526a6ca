"""The words of this house: names of the vocabulary, nothing of a caller's, nothing about how it was made.

A rule yields a sentence for each place that breaks it; some read a syntax tree, some the text of any file.
"""

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

from house import ROOT

from bridge.logs import KEYS

SKIPPED = {".git", ".bridge", ".venv", "__pycache__", ".hypothesis", "build", "dist", "node_modules"}
LONGEST = 300

FORBIDDEN_MODULES = {
    "utils",
    "util",
    "common",
    "core",
    "models",
    "services",
    "helpers",
    "helper",
    "misc",
    "base",
}

RIGHT_WORD = {
    "case": "incident or call",
    "ticket": "incident",
    "referral": "transfer",
    "handover": "transfer",
    "handoff": "transfer",
    "handback": "return",
    "escalation": "return",
    "triage": "screening",
    "eligibility": "screening or decision",
    "exclusion": "disqualifier",
    "ruleset": "policy",
    "agent": "counsellor or telecommunicator",
    "counselor": "counsellor",
    "operator": "telecommunicator",
    "dispatchee": "responder",
    "victim": "caller",
    "recipient": "destination",
    "partner": "destination",
    "assignee": "holder",
    "owner": "holder",
    "invitation": "offer",
    "dlq": "quarantine",
    "deadletter": "quarantine",
    "db": "ledger",
    "repository": "ledger",
    "dao": "ledger",
    "webhooks": "channels",
    "replicaset": "lane",
}
"""Words that mean something of ours under another name, and the name it has here."""

CALLERS_WORDS = {
    "narrative",
    "callback",
    "civic",
    "latitude",
    "longitude",
    "phone",
    "notes",
    "caller",
    "callers_words",
}

WORKING_PAPERS = re.compile(
    r"\b(DESIGN|STYLE|LIVES|PROGRAMS|PEERS|RULES)" + r"\.md\b|\bthe " + r"issue\b|\bproto" + "type/"
)
UNFINISHED = re.compile(r"\b(TO" + "DO|FIX" + "ME|XX" + r"X)\b")
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("maven", "org"),
        ("maven", "apache", "org"), ("crates", "io"), ("rubygems", "org"), ("proxy", "golang", "org"),
        ("anaconda", "org"),
    )
]  # fmt: skip


def uses_our_words(module: str, tree: ast.Module) -> Iterator[str]:
    """Names that others see are of the vocabulary."""
    names = dict.fromkeys(module.split(".")[1:], module)
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            names |= dict.fromkeys((node.name, *(one.arg for one in every)), node.name)
        elif isinstance(node, ast.ClassDef):
            fields = [line.target for line in node.body if isinstance(line, ast.AnnAssign)]
            names |= {node.name: node.name} | {f.id: node.name for f in fields if isinstance(f, ast.Name)}
    for name, where in names.items():
        words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)
        for word in {word.lower() for word in words} & set(RIGHT_WORD):
            if not name.startswith("_"):
                yield f"{module}: {where}: {name!r}: here it is {RIGHT_WORD[word]}"


def logs_known_keys(module: str, tree: ast.Module) -> Iterator[str]:
    """A log line names keys of the closed list."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and re.match(
            r"logs\.logger\(\)\.\w+$|_?log\.\w+$", ast.unparse(node.func)
        ):
            for key in {keyword.arg for keyword in node.keywords} - KEYS - {"exc_info"}:
                yield f"{module}:{node.lineno}: {key} is not in logs.KEYS"


def tells_nobodys_words(module: str, tree: ast.Module) -> Iterator[str]:
    """No error and no log line is made of what a caller said or where they are."""
    for node in ast.walk(tree):
        told = [node.exc] if isinstance(node, ast.Raise) and node.exc else []
        if isinstance(node, ast.Call) and re.match(r"logs\.|_?log\.", ast.unparse(node.func)):
            told = [*node.args, *(keyword.value for keyword in node.keywords)]
        for part in (inner for one in told for inner in ast.walk(one)):
            name = (
                part.attr
                if isinstance(part, ast.Attribute)
                else part.id
                if isinstance(part, ast.Name)
                else ""
            )
            if name in CALLERS_WORDS:
                yield f"{module}:{node.lineno}: {name} must not be told"


def stays_short(path: Path, text: str) -> Iterator[str]:
    """A source stops at 300 lines."""
    if path.suffix == ".py" and (lines := text.count("\n")) > LONGEST:
        yield f"{path}: {lines} lines; find the two things that it does"


def has_a_name(path: Path, _: str) -> Iterator[str]:
    """A source is named after what it knows."""
    for part in {path.stem, path.parent.name} & FORBIDDEN_MODULES if path.suffix == ".py" else ():
        yield f"{path}: {part} says nothing; name it after what it knows"


def speaks_of_itself(path: Path, text: str) -> Iterator[str]:
    """The project says why itself, and leaves nothing for later."""
    for found in (*WORKING_PAPERS.finditer(text), *UNFINISHED.finditer(text)):
        yield f"{path}:{text.count(chr(10), 0, found.start()) + 1}: {found.group()!r}; say it here, or do it"


def names_no_registry(path: Path, text: str) -> Iterator[str]:
    """Where packages come from is for whoever installs."""
    yield from (f"{path}: names {host}" for host in REGISTRIES if host in text)


def every_file() -> Iterator[tuple[Path, str]]:
    """Every text file of the checkout, with its path from the top; licences and build folders aside."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(name for name in folders if name not in SKIPPED and not name.endswith("_cache"))
        for name in sorted(names):
            path = Path(folder, name)
            try:
                text = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue
            yield path.relative_to(ROOT), text
