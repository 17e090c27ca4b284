"""Runs a command beside a throwaway PostgreSQL server, whose URL it finds in TEST_SERVER.

`python -m tests.postgresql_server COMMAND…`. The server listens on a socket in a temporary folder
alone, and ends with the command; its folder goes with it. What is in it would not outlive a crash
of the machine: waiting for the disk is most of the time of tests.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROGRAMS = Path("/usr/lib/postgresql")
# A folder in memory, where there is one.
MEMORY = Path("/dev/shm")  # noqa: S108
# The server refuses to run as root; then it runs as whom the package made for it.
SERVANT = "postgres"
USER = "catalog"
SETTINGS = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "''",
    "log_min_messages": "fatal",
    "max_connections": "300",
    "max_wal_senders": "0",
    "shared_buffers": "64MB",
    "synchronous_commit": "off",
    "wal_level": "minimal",
}


@contextmanager
def running() -> Iterator[str]:
    """The URL of a server that runs until the block is left."""
    folder = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None, prefix="catalog-"))
    try:
        if os.geteuid() == 0:
            servant = pwd.getpwnam(SERVANT)
            os.chown(folder, servant.pw_uid, servant.pw_gid)
        data = folder / "data"
        _run(
            "initdb",
            "--auth=trust",
            "--no-sync",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            f"--username={USER}",
            f"--pgdata={data}",
        )
        settings = {**SETTINGS, "unix_socket_directories": f"'{folder}'"}
        lines = "".join(f"{name} = {value}\n" for name, value in settings.items())
        with (data / "postgresql.conf").open("a") as file:
            file.write(lines)
        _run("pg_ctl", "start", "--wait", f"--pgdata={data}", f"--log={folder}/log")
        try:
            yield f"postgresql://{USER}@/postgres?host={folder}"
        finally:
            _run("pg_ctl", "stop", "--wait", "--mode=immediate", f"--pgdata={data}")
    finally:
        shutil.rmtree(folder)


def _run(program: str, *arguments: str) -> None:
    found = shutil.which(program) or _newest(program)
    servant = SERVANT if os.geteuid() == 0 else None
    # Its output goes to a file: a server keeps what it is given open.
    with tempfile.TemporaryFile() as output:
        code = subprocess.run(
            [found, *arguments],
            stdout=output,
            stderr=output,
            check=False,
            cwd="/",
            user=servant,
            group=servant,
            extra_groups=[] if servant else None,
        ).returncode
        if code:
            output.seek(0)
            sys.exit(f"{program} failed:\n{output.read().decode(errors='replace')}")


def _newest(program: str) -> str:
    found = sorted(PROGRAMS.glob(f"*/bin/{program}"), key=lambda it: float(it.parts[-3]))
    if not found:
        sys.exit(f"{program} is not there: apt-get install postgresql")
    return str(found[-1])


def main() -> None:
    """Run the command, and end as it ends."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with running() as url:
        command = subprocess.run(sys.argv[1:], env={**os.environ, "TEST_SERVER": url}, check=False)
    sys.exit(command.returncode)


if __name__ == "__main__":
    main()
