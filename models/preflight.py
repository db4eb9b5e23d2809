"""python -m models.preflight --port 8501 --pack standard: what would stop the showcase from starting, told before it starts.

Looks at Python, disk, memory and port. Too little memory is a warning, everything else an error (exit code 1).
Changes nothing and asks no network. Does not look at the installed packages: `make setup` does.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PYTHON = (3, 11)
# Bytes resident after one answer of the bank's assistant, measured on Linux: 2.88 GB and 1.18 GB, half of it mapped model files.
MEMORY = {"standard": 2_900_000_000, "light": 1_200_000_000, "all": 2_900_000_000}


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `level` is ok, warning or error; `text` has the value and what to do."""

    level: str
    text: str


def gigabytes(count: float) -> str:
    return f"{count / 1e9:.1f} GB"


def check_python(version: tuple[int, int]) -> Finding:
    has = ".".join(map(str, version))
    if version < PYTHON:
        return Finding("error", f"Python {has} is too old: 3.11 or newer is needed. Try: rm -r .venv && make setup PYTHON=python3.12")
    return Finding("ok", f"Python {has}")


def check_disk(pack: str) -> Finding:
    """Free disk against what is still to be fetched. A mirror needs the largest model twice: its parts and the whole."""
    from models import store  # needs Python 3.11, which `check_python` has to tell first

    missing = [store.size(model_id) for model_id in store.ids(pack) if not store.is_here(model_id)]
    need = sum(missing) + max(missing, default=0)
    there = next(p for p in (store.cache_dir(), *store.cache_dir().absolute().parents) if p.exists())
    free = shutil.disk_usage(there).free
    if free < need:
        return Finding(
            "error",
            f"{gigabytes(free)} of disk free at {there}; the models of the {pack} pack that are missing need {gigabytes(need)}. "
            "Try: free some, or set VITRINE_CACHE to a folder on a larger disk.",
        )
    return Finding("ok", f"{gigabytes(free)} of disk free at {there}" + (f", {gigabytes(need)} needed" if need else ""))


def free_memory(root: Path = Path("/")) -> tuple[int, str] | None:
    """Bytes that a new process may take, and what they are: free, or all there is where the system does not tell."""
    try:
        lines = (root / "proc/meminfo").read_text(encoding="ascii").splitlines()
        free = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, StopIteration, ValueError, IndexError):
        try:
            return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"), "memory in all"
        except (ValueError, OSError, AttributeError):
            return None
    return min(free, _container_memory(root / "sys/fs/cgroup", free)), "memory free"


def _container_memory(group: Path, otherwise: int) -> int:
    """What a container's limit leaves; /proc/meminfo tells of the whole machine. File cache can be given back, so it is free."""
    try:
        limit, used = int((group / "memory.max").read_text()), int((group / "memory.current").read_text())
        stat = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
        return max(0, limit - used + int(stat.get("inactive_file", 0)))
    except (OSError, ValueError):  # no container, or one without a limit ("max")
        return otherwise


def check_memory(pack: str, memory: tuple[int, str] | None) -> Finding:
    if memory is None:
        return Finding("ok", "The memory of this system can't be read; it is taken to be enough.")
    have, kind = memory
    if have < MEMORY[pack]:
        advice = "Try: close other programs." if pack == "light" else "Try: PACK=light make demo"
        return Finding("warning", f"{gigabytes(have)} {kind}; the {pack} pack needs about {gigabytes(MEMORY[pack])}. {advice}")
    return Finding("ok", f"{gigabytes(have)} {kind}")


def check_port(port: int) -> Finding:
    if not 1 <= port <= 65535:
        return Finding("error", f"Port {port} does not exist: choose one from 1024 to 65535. Try: PORT=8501 make demo")
    if not (trouble := _port_trouble(port)):
        return Finding("ok", f"Port {port} is free")
    other = next((p for p in range(max(port, 1023) + 1, min(port + 100, 65536)) if not _port_trouble(p)), 8501)
    return Finding("error", f"Port {port} {trouble}. Try: PORT={other} make demo")


def _port_trouble(port: int) -> str:
    # Binding alone is not enough: macOS lets 127.0.0.1 be bound while somebody listens on all addresses.
    with socket.socket() as caller:
        caller.settimeout(0.5)
        if caller.connect_ex(("127.0.0.1", port)) == 0:
            return "is taken"
    with socket.socket() as server:
        # As the server itself does: a connection that has just closed does not block the port.
        if os.name == "posix":
            server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            server.bind(("127.0.0.1", port))
        except PermissionError:
            return "is for administrators only"
        except OSError:
            return "is taken"
    return ""


def report(findings: Iterable[Finding]) -> int:
    """Prints warnings and errors to stderr, the rest to stdout; gives the exit code."""
    failed = False
    for finding in findings:
        failed |= finding.level == "error"
        prefix = {"ok": "ok       ", "warning": "WARNING  ", "error": "ERROR    "}[finding.level]
        print(prefix + finding.text, file=sys.stdout if finding.level == "ok" else sys.stderr, flush=True)
    return 1 if failed else 0


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m models.preflight", description=__doc__)
    parser.add_argument("--port", type=int, default=8501)
    parser.add_argument("--pack", choices=list(MEMORY), default="standard")
    given = parser.parse_args(arguments)
    if (python := check_python((sys.version_info.major, sys.version_info.minor))).level == "error":
        return report([python])
    return report([python, check_disk(given.pack), check_memory(given.pack, free_memory()), check_port(given.port)])


if __name__ == "__main__":
    sys.exit(main())
