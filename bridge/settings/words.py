"""Shared word lists: a folder of TOML files, each with entries, classes, common words or topics.

An agency adds a file of its own; an entry with the id of another file's takes its place. Every pattern is
checked here, so that a lexicon that loads is one that can be read with.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from bridge.domain.policy_clauses import Danger
from bridge.domain.tokens import tokens_of
from bridge.domain.words import Entry, Heard, Lexicon, faulty_entry, inflected
from bridge.errors import SettingsError
from bridge.settings import toml
from bridge.settings.problems import Problem, raised

Level = Literal["yes", "possible", "no"]

_LEVELS: Mapping[Level, Heard] = {"yes": Heard.FOUND, "possible": Heard.POSSIBLE, "no": Heard.DENIED}

_FADING = frozenset({Danger.POLICE_ONLY.value})
"""Urgent needs, which only count while they last."""

_LASTING = frozenset({Danger.MEDICAL.value})
"""Needs of the body, which last the day: an overdose of this morning is none of the past."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One `[[entry]]` as written: what it says of each danger, by the danger's name."""

    id: str
    reason: str
    words: tuple[str, ...]
    weapon: Level | None = None
    violence: Level | None = None
    medical: Level | None = None
    police_only: Level | None = None
    topic: str = ""
    of_type: bool = False
    instead: bool = False
    unless: tuple[str, ...] = ()

    def entry(self) -> Entry:
        """The entry as the domain knows it; one that says nothing is heard instead of what it holds."""
        said = {danger.value: getattr(self, danger.value) for danger in Danger}
        says = {of: _LEVELS[level] for of, level in said.items() if level is not None}
        instead = self.instead or not (says or self.topic)
        return Entry(
            self.id,
            self.reason,
            self.words,
            says,
            self.topic,
            of_type=self.of_type,
            instead=instead,
            unless=self.unless,
            fades=_FADING.intersection(says),
            lasts=_LASTING.intersection(says),
        )


@dataclass(frozen=True, slots=True)
class _Words:
    """One file as written. `common` is text: words with spaces between."""

    entry: tuple[_Entry, ...] = ()
    classes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    common: str = ""
    topics: tuple[str, ...] = ()


class _WordsFile(toml.Wrapper):
    words: _Words


def load_words(*folders: Path) -> Lexicon:
    """The word lists of these folders, later over earlier ones, or SettingsError that tells every fault."""
    lexicon, entries = Lexicon(), dict[str, Entry]()
    origin: dict[str, toml.File] = {}
    for path in (path for folder in folders for path in toml.files_in(folder)):
        file = toml.read(path)
        words = _read(file)
        for one in words.entry:
            if one.id in origin and origin[one.id] is file:
                raise SettingsError(f"{path}: entry: the id {one.id!r} stands twice; give each its own")
            origin[one.id] = file
            entries[one.id] = one.entry()
        if faults := list(_class_problems(file, words.classes)):
            raise raised(faults)
        lexicon = replace(
            lexicon,
            classes={**lexicon.classes, **words.classes},
            common=lexicon.common | frozenset(inflected(words.common.split())),
            topics=words.topics or lexicon.topics,
        )
    lexicon = replace(lexicon, entries=tuple(entries.values()))
    if problems := [problem for entry in lexicon.entries for problem in _problems(origin, entry, lexicon)]:
        raise raised(problems)
    return lexicon


def words_if_any(folder: Path) -> Lexicon | None:
    """The word lists of a folder that need not be there; SettingsError when they cannot be used."""
    return load_words(folder) if folder.is_dir() else None


def _read(file: toml.File) -> _Words:
    try:
        return _WordsFile.model_validate({"words": file.tree}).words
    except ValidationError as error:
        raise toml.refused(file, error) from None


def _class_problems(file: toml.File, classes: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    for name, words in classes.items():
        for at, word in enumerate(words):
            if len(tokens_of(word.replace("/", ""))) != 1 or "*" in word:
                rule = f"{word!r} is not one word"
                yield file.problem(
                    f"classes.{name}[{at}]", rule, "write it in the pattern, with @ or without"
                )


def _problems(origin: Mapping[str, toml.File], entry: Entry, lexicon: Lexicon) -> Iterator[Problem]:
    file, place = origin[entry.id], f"entry {entry.id!r}"
    for name in ("id", "reason"):
        if not getattr(entry, name).strip():
            yield file.problem(f"{place}.{name}", "is empty", "say it, for people")
    if not entry.words:
        yield file.problem(f"{place}.words", "is empty", "list at least one pattern")
    if entry.topic and entry.topic not in lexicon.topics:
        rule = f"{entry.topic!r} is no topic"
        yield file.problem(f"{place}.topic", rule, "add it to `topics`, where the order is the rank")
    for at, pattern in enumerate(entry.words):
        if fault := faulty_entry(pattern, lexicon.classes):
            yield file.problem(f"{place}.words[{at}]", fault, "see the head of the file")
        elif entry.instead and ".." in pattern.split():
            rule = "has a gap, and is heard instead of other words"
            yield file.problem(f"{place}.words[{at}]", rule, "write the words that stand in the gap")
