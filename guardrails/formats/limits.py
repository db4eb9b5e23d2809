"""What a file may be at most, and the words for what can't be read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

from errors import InvalidInput, ShowcaseError

LARGEST = 20 * 2**20  # bytes of a file
UNPACKED = 200 * 2**20  # bytes of what is inside it
PARTS = 10_000


@contextmanager
def reading(name: str, kind: str) -> Iterator[None]:
    """What a library says of a file becomes InvalidInput; our own errors pass. A file of any kind can fail in any way."""
    try:
        yield
    except ShowcaseError:
        raise
    except Exception as error:
        what = f"{type(error).__name__}: {error}"
        raise InvalidInput(f"{name} can't be read as {kind} ({what}). Open it, save it anew and try again.") from error


def unpacked(size: int, name: str) -> None:
    """Raises InvalidInput when a file would unpack to more than a server should hold."""
    if size > UNPACKED:
        raise InvalidInput(f"{name} unpacks to {size / 2**20:,.0f} MB; at most {UNPACKED // 2**20} MB fit. Split it.")


def package(name: str, data: bytes, kind: str, needs: str) -> None:
    """Raises InvalidInput unless `data` is an Office package that holds the folder `needs`, is open, whole and not too large."""
    if data.startswith(bytes.fromhex("d0cf11e0a1b11ae1")):
        raise InvalidInput(f"{name} is encrypted or of an old format. Save it as {kind} without a password.")
    with reading(name, kind), zipfile.ZipFile(io.BytesIO(data)) as archive:
        rows = archive.infolist()
        if any(row.flag_bits & 1 for row in rows):
            raise InvalidInput(f"{name} is encrypted. Save it as {kind} without a password.")
        # zipfile reads no more of a part than it declares, so a false size can't hide a large one
        unpacked(sum(row.file_size for row in rows), name)
        if len(rows) > PARTS:
            raise InvalidInput(f"{name} has {len(rows):,} parts; at most {PARTS:,} fit.")
        if not any(row.filename.startswith(needs) for row in rows):
            raise InvalidInput(f"{name} is not {kind}: it has no {needs} inside.")
        for row in rows:
            # no Office file has one, and entities are how a small XML part becomes a large one
            if row.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.read(row):
                raise InvalidInput(f"{name} has a document type declaration in {row.filename}, which no {kind} needs. Save it anew.")
        if broken := archive.testzip():
            raise InvalidInput(f"{name} is broken at {broken}. Save it anew as {kind}.")
