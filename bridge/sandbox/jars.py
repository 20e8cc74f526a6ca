"""The Kafka broker's jars: exactly the ones of `jars.lock`, each compared with its SHA-256.

jgo downloads them from wherever this machine's jgo settings say. A jar enters the folder only whole and
verified, so what is there is good. For a new lock change ENDPOINT and write what
`python -m bridge.sandbox.jars` prints to `jars.lock`.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import jgo
from jgo.config import GlobalSettings
from jgo.constants import MAVEN_CENTRAL_URL
from jgo.maven import MavenContext

from bridge.errors import SandboxError

ENDPOINT = "org.apache.kafka:kafka_2.13:4.3.0+org.slf4j:slf4j-simple:1.7.36"
LOCK = Path(__file__).with_name("jars.lock")
SECONDS = 60  # without a byte, then a download has failed
TOGETHER = 4


@dataclass(frozen=True)
class Jar:
    """One line of the lock."""

    coordinate: str  # group:artifact:version
    sha256: str

    @property
    def filename(self) -> str:
        """What Maven calls the file."""
        _, artifact, version = self.coordinate.split(":")
        return f"{artifact}-{version}.jar"


def locked() -> list[Jar]:
    """The jars of the lock, in its order."""
    lines = [line for line in LOCK.read_text().splitlines() if not line.startswith("#")]
    return [Jar(*line.split()) for line in lines]


def jar_paths(home: Path) -> list[Path]:
    """Where the jars are, or will be, below `home`."""
    return [home / "jars" / jar.filename for jar in locked()]


def fetch_jars(home: Path, report: Callable[[str], None]) -> list[Path]:
    """Downloads what is missing below `home`; takes up again what was interrupted. Raises SandboxError."""
    folder, unverified = home / "jars", home / "jars.part"
    missing = [jar for jar in locked() if not (folder / jar.filename).exists()]
    if missing:
        folder.mkdir(parents=True, exist_ok=True)
        context = _maven(unverified)
        with ThreadPoolExecutor(TOGETHER) as pool:
            work = [pool.submit(_fetch, jar, context, folder) for jar in missing]
            try:
                for done, finished in enumerate(as_completed(work), 1):
                    name, size = finished.result()
                    report(f"jar {done}/{len(missing)}: {name} ({size / 1e6:.1f} MB)")
            finally:
                pool.shutdown(cancel_futures=True)
    shutil.rmtree(unverified, ignore_errors=True)
    return jar_paths(home)


def _maven(downloads: Path) -> MavenContext:
    settings = GlobalSettings.load()
    own = settings.repositories  # a mirror named `central` takes the place of the usual one
    repositories = {"central": MAVEN_CENTRAL_URL, **own}
    already_here = [settings.repo_cache] if settings.repo_cache.is_dir() else []
    return MavenContext(
        repo_cache=downloads,
        local_repos=already_here,
        remote_repos=repositories,
        timeout=SECONDS,
    )


def _fetch(jar: Jar, context: MavenContext, folder: Path) -> tuple[str, int]:
    group, name, version = jar.coordinate.split(":")
    artifact = context.project(group, name).at_version(version).artifact()
    for _ in range(2):  # the first find may be half a file that an interrupted run left
        try:
            found = Path(artifact.resolve())
        except (OSError, RuntimeError) as error:
            raise SandboxError(
                f"cannot download {jar.coordinate} ({type(error).__name__}). What was fetched is kept: "
                "connect this machine to a Maven repository (proxies: HTTPS_PROXY; mirrors: jgo's settings), "
                f"or copy {jar.filename} to {folder}, and run again"
            ) from error
        if hashlib.sha256(found.read_bytes()).hexdigest() == jar.sha256:
            part = folder / f"{jar.filename}.part"
            shutil.copyfile(found, part)
            part.replace(folder / jar.filename)
            return jar.filename, (folder / jar.filename).stat().st_size
        if found == artifact.cached_path:
            found.unlink()
        else:
            context.local_repos.clear()  # this machine's own Maven folder is not to be trusted
    raise SandboxError(
        f"{jar.coordinate} is not the file that {LOCK.name} names: its SHA-256 differs. "
        "Ask who runs your Maven mirror; do not use it"
    )


def _print_lock() -> None:
    print(f"# {ENDPOINT}")
    print("# Made by: python -m bridge.sandbox.jars")
    lines = []
    for artifact in jgo.resolve(ENDPOINT):
        digest = hashlib.sha256(Path(artifact.resolve()).read_bytes()).hexdigest()
        lines.append(f"{artifact.groupId}:{artifact.artifactId}:{artifact.version} {digest}")
    print("\n".join(sorted(lines)))


def main() -> None:
    """Without an argument prints a new lock; with a folder, fetches the jars into it."""
    match sys.argv[1:]:
        case []:
            _print_lock()
        case [home]:
            try:
                fetch_jars(Path(home), print)
            except SandboxError as error:
                sys.exit(str(error))


if __name__ == "__main__":
    main()
