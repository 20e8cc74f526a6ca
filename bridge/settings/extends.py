"""A policy file and the bases it extends, put together into one tree.

A clause of the file takes the place of nothing: its keys are laid over the keys of the base's clause with the
same id, and a new id is a clause more. `remove` names the base's clauses that are left out. What is not a
clause is the file's own, else the base's.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bridge.errors import SettingsError
from bridge.settings import toml
from bridge.settings.problems import raised

CLAUSES = ("scope", "limit", "answer", "recategory", "disqualifier")

_MOST_BASES = 5


@dataclass(frozen=True, slots=True)
class Extended:
    """The tree with its bases' clauses, every file it came from, and where each named area's file is."""

    file: toml.File
    sources: tuple[Path, ...]
    areas: Mapping[str, Path]


def read_extended(path: Path) -> Extended:
    """The policy in `path` with its bases, or SettingsError. The digest is over everything it came from.

    `extends` and the paths of `[areas]` are meant from the folder of the file that says them.
    """
    chain = _chain(path)
    tree: dict[str, Any] = {}
    areas: dict[str, Path] = {}
    for file in reversed(chain):
        areas |= _areas(file)
        tree = _over(file, tree)
    sources = (*(file.path for file in chain), *sorted(set(areas.values())))
    file = toml.File(path, tree, _digest(chain, sources), merged=len(chain) > 1)
    return Extended(file, sources, areas)


def _chain(path: Path) -> Sequence[toml.File]:
    """The file, its base, its base's base ..."""
    chain = [toml.read(path)]
    while "extends" in chain[-1].tree:
        file = chain[-1]
        base = file.tree["extends"]
        if not isinstance(base, str):
            raise raised([file.problem("extends", "is not a path", "name the base's file in quotes")])
        if Path(base).is_absolute():
            rule = "is a path from the root, which another machine does not have"
            raise raised([file.problem("extends", rule, "name it from this file's folder")])
        where = (file.path.parent / base).resolve()
        if len(chain) > _MOST_BASES or where in {one.path.resolve() for one in chain}:
            raise raised([file.problem("extends", "leads back or too far", "extend one base, or a few")])
        if not where.is_file():
            raise raised([file.problem("extends", f"{base!r} is no file", "name it from this file's folder")])
        chain.append(toml.read(file.path.parent / base))
    return chain


def _areas(file: toml.File) -> Mapping[str, Path]:
    areas = file.tree.get("areas", {})
    if not isinstance(areas, dict) or not all(isinstance(where, str) for where in areas.values()):
        raise raised(
            [file.problem("areas", "is not names with paths", 'write north = "areas/north.geojson"')]
        )
    for name, where in areas.items():
        if Path(where).is_absolute():
            rule = "is a path from the root, which another machine does not have"
            raise raised([file.problem(f"areas.{name}", rule, "name it from this file's folder")])
    return {name: file.path.parent / where for name, where in areas.items()}


def _over(file: toml.File, base: Mapping[str, Any]) -> dict[str, Any]:
    """This file laid over what its base says, if it has one."""
    own = {name: value for name, value in file.tree.items() if name not in {"extends", "remove", "areas"}}
    removed = file.tree.get("remove", [])
    if not isinstance(removed, list) or not all(isinstance(name, str) for name in removed):
        raise raised([file.problem("remove", "is not a list of ids", 'write remove = ["an-id"]')])
    ids = {clause.get("id") for kind in CLAUSES for clause in _clauses(base, kind)}
    for name in removed:
        if name not in ids:
            raise raised([file.problem("remove", f"{name!r} is no clause of the base", "name one that is")])
    merged = {**base, **own}
    for kind in CLAUSES:
        kept = [clause for clause in _clauses(base, kind) if clause.get("id") not in removed]
        if kept and isinstance(own.get(kind, []), list):
            merged[kind] = _laid_over(kept, own.get(kind, []))
        elif kind in base and kind not in own:
            del merged[kind]
    return merged


def _laid_over(base: Sequence[dict[str, Any]], own: Sequence[Any]) -> list[Any]:
    by_id = {clause.get("id"): clause for clause in base}
    new = []
    for clause in own:
        name = clause.get("id") if isinstance(clause, dict) else None
        if isinstance(name, str) and name in by_id:
            by_id[name] = by_id[name] | clause
        else:
            new.append(clause)
    return [*by_id.values(), *new]


def _clauses(tree: Mapping[str, Any], kind: str) -> list[dict[str, Any]]:
    clauses = tree.get(kind)
    found = clauses if isinstance(clauses, list) else []
    return [clause for clause in found if isinstance(clause, dict) and isinstance(clause.get("id"), str)]


def _digest(chain: Sequence[toml.File], sources: Sequence[Path]) -> str:
    """One file has its own digest; several have one over all of theirs."""
    if len(sources) == 1:
        return chain[0].digest
    digests = [file.digest for file in chain]
    for path in sources[len(chain) :]:
        try:
            digests.append(hashlib.sha256(path.read_bytes()).hexdigest())
        except OSError as error:
            raise SettingsError(
                f"{path}: cannot be read ({error.strerror}); name a file that exists"
            ) from None
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()[:16]
