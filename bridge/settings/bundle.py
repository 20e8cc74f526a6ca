"""The rules as one thing: every file that takes part in a decision, with the hash that names them all.

A bundle is a tar of those files and of a settings file that says which folder is what, so that it can be
unpacked anywhere, by anybody, and be loaded as the files were. It knows nothing of what the files say.
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from bridge.errors import SettingsError
from bridge.settings import toml
from bridge.settings.loading import FILE, load
from bridge.settings.policies import sources_of
from bridge.settings.sections import Paths

_BELOW = "rules"
"""Where the files are in a bundle, so that its settings file is beside them and never among them."""

_FOLDERS = ("policies", "destinations", "words", "shadow")
"""Of the settings' paths, those whose files take part in a decision."""

Mark = tuple[int, int, int] | None
"""When a file was changed (no program can set that), which it is, and how long; None when it is not there."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """`digest` is the SHA-256 of `content`, in hex: the same files in the same folders, the same digest.

    `sources` says where the files were read and what the system said of each, so that two bundles are equal
    only when nothing was written between them; one that comes out of the ledger has none.
    """

    content: bytes = field(repr=False)
    sources: Mapping[Path, Mark] = field(default_factory=dict, repr=False)
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", hashlib.sha256(self.content).hexdigest())

    @property
    def short(self) -> str:
        """The beginning of the digest, for people, logs and labels."""
        return self.digest[:12]

    def files(self) -> Mapping[str, bytes]:
        """What each file says, by its name in the bundle."""
        with tarfile.open(fileobj=io.BytesIO(self.content)) as tar:
            opened = ((entry.name, tar.extractfile(entry)) for entry in tar if entry.isfile())
            return {name: file.read() for name, file in opened if file is not None}


def read_bundle(paths: Paths, sources: Iterable[Path] | None = None) -> Bundle:
    """The files as they are now. One that is gone or cannot be read is left out: whoever loads will say so.

    With `sources`, those of an earlier look, no file is asked what it names: enough to see whether what is in
    the files has changed since.
    """
    folders = dict(_folders(paths))
    named = _named(folders) if sources is None else sources
    found = sorted({*map(_plain, named), *map(_plain, _inside(folders.values()))})
    marks = {file: _mark(file) for file in found}
    root = Path(os.path.commonpath([*folders.values(), *(file.parent for file in found)]))
    files = {_name(root, file): content for file in found if (content := _content(file)) is not None}
    below = {name: _name(root, folder) for name, folder in folders.items()}
    files[FILE] = _settings(below)
    return Bundle(_packed(files, [below[name] for name in below if folders[name].is_dir()]), marks)


def unpacked(bundle: Bundle, folder: Path) -> Paths:
    """The same files below `folder`, and the paths to load them from. SettingsError when it is no bundle."""
    try:
        with tarfile.open(fileobj=io.BytesIO(bundle.content)) as tar:
            tar.extractall(folder, filter="data")
    except tarfile.TarError as error:
        raise SettingsError(f"bundle {bundle.short}: is no tar of rules ({type(error).__name__})") from None
    return load(folder / FILE, {}).paths


def _folders(paths: Paths) -> Iterator[tuple[str, Path]]:
    """The folders by what they are, whether they are there or not."""
    for name in _FOLDERS:
        folder: Path | None = getattr(paths, name)
        if folder is not None:
            yield name, _plain(folder)


def _named(folders: Mapping[str, Path]) -> Iterator[Path]:
    """Every file that a policy of these folders names. Of one that cannot be read, itself."""
    for file in _inside(folders[name] for name in ("policies", "shadow") if name in folders):
        try:
            yield from sources_of(file)
        except SettingsError:
            yield file


def _inside(folders: Iterable[Path]) -> Sequence[Path]:
    return [file for folder in folders if folder.is_dir() for file in toml.files_in(folder)]


def _plain(path: Path) -> Path:
    """Without `..`. Links stay: a folder that is swapped by its link keeps its name."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - `resolve` would follow links


def _name(root: Path, path: Path) -> str:
    return str(PurePosixPath(_BELOW) / path.relative_to(root).as_posix())


def _mark(file: Path) -> Mark:
    try:
        said = file.stat()
    except OSError:
        return None
    return said.st_ctime_ns, said.st_ino, said.st_size


def _content(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None


def _settings(places: Mapping[str, str]) -> bytes:
    """Which folder is what, as a settings file says it. A JSON string is a TOML string."""
    lines = [f"{name} = {json.dumps(place, ensure_ascii=False)}\n" for name, place in sorted(places.items())]
    return "".join(["[paths]\n", *lines]).encode()


def _packed(files: Mapping[str, bytes], folders: Iterable[str]) -> bytes:
    """A tar that says nothing of when, by whom and in which order the files were written."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for folder in sorted(folders):  # one without files is a folder too
            entry = tarfile.TarInfo(folder)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o755
            tar.addfile(entry)
        for name, content in sorted(files.items()):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return packed.getvalue()
