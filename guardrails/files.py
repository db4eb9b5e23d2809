"""Cleans a file and gives it back in its own format: text, JSON, CSV, Excel, Word, pictures. A PDF comes back as its text.

It reads files and calls `clean`; it decides nothing about what is personal data. What `formats/` says of each format that it does
not reach holds here. Nothing in a file is run, no link is followed and nothing is written to disk.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from errors import InvalidInput
from guardrails.findings import merged
from guardrails.formats.cleaner import Clean, Cleaner, Column
from guardrails.formats.document import clean_document
from guardrails.formats.limits import LARGEST, reading, unpacked
from guardrails.formats.picture import clean_picture
from guardrails.formats.table import clean_table
from guardrails.formats.text import clean_json, clean_text, decoded
from guardrails.formats.workbook import clean_workbook

_OFFICE = "application/vnd.openxmlformats-officedocument"
MIME = {
    ".txt": "text/plain", ".log": "text/plain", ".md": "text/markdown", ".json": "application/json", ".jsonl": "application/jsonl",
    ".csv": "text/csv", ".tsv": "text/tab-separated-values", ".xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    ".docx": f"{_OFFICE}.wordprocessingml.document", ".pdf": "text/plain", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Summary:
    """`findings` counts them by type, in the whole file; `columns` are those of its tables; `note` says what a reader must know."""

    findings: Counter[str]
    columns: tuple[Column, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A file ready to be given back."""

    name: str
    data: bytes
    mime: str
    summary: Summary


def clean_file(name: str, data: bytes, clean: Clean, progress: Callable[[float], None] | None = None) -> Cleaned:
    """The file with each text in it as `clean` gives it: (the text to show, what was found in the given one).

    `clean` is asked for a cell as "column: value", and once for each different one. `progress` hears from 0 to 1. Raises InvalidInput
    for a file that is of another kind, empty, broken, encrypted, larger than 20 MB, or would unpack to more than 200 MB.
    """
    name = PurePosixPath(name.replace("\\", "/")).name
    end = PurePosixPath(name).suffix.lower()
    if end not in MIME:
        raise InvalidInput(f"{name!r} is of no kind that can be cleaned; right are {', '.join(MIME)}.")
    if len(data) > LARGEST:
        raise InvalidInput(f"{name} has {len(data) / 2**20:,.1f} MB; at most {LARGEST // 2**20} MB fit. Split it.")
    if not data:
        raise InvalidInput(f"{name} is empty. Choose a file that holds something.")
    cleaner = Cleaner(clean, progress)
    mime = MIME[end]
    match end:
        case ".xlsx":
            out = clean_workbook(data, cleaner, name)
        case ".docx":
            out = clean_document(data, cleaner, name)
        case ".pdf":
            out = _clean_pdf(data, cleaner, name)
            cleaner.notes.insert(0, "The text of the PDF, without its layout and pictures.")
        case ".png" | ".jpg" | ".jpeg":
            out, mime = clean_picture(data, name)
            cleaner.notes.insert(0, "What is written beside the picture is gone; what the picture shows was not read.")
        case _:
            text, encoded = decoded(data, name)
            out = encoded(_clean_written(text, end, cleaner, name))
    shown = _clean_name(name, ".txt" if end == ".pdf" else PurePosixPath(name).suffix, cleaner)
    cleaner.step(1.0)
    return Cleaned(shown, out, mime, Summary(cleaner.counts, tuple(cleaner.columns), " ".join(dict.fromkeys(cleaner.notes))))


def _clean_written(text: str, end: str, cleaner: Cleaner, name: str) -> str:
    if end in (".csv", ".tsv"):
        return clean_table(text, cleaner, "\t" if end == ".tsv" else "")
    return clean_json(text, cleaner, name) if end in (".json", ".jsonl") else clean_text(text, cleaner)


def _clean_pdf(data: bytes, cleaner: Cleaner, name: str) -> bytes:
    import pypdf

    with reading(name, "a PDF"):
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):  # a PDF that only forbids printing opens without a password
            raise InvalidInput(f"{name} is encrypted. Save it without a password.")
        texts, size = [], 0
        for n, page in enumerate(reader.pages):
            texts.append(page.extract_text())
            size += len(texts[-1])
            unpacked(size, name)
            cleaner.step(0.3 * (n + 1) / len(reader.pages))
    if not "".join(texts).strip():
        raise InvalidInput(f"{name} holds no text, only pictures of it. Export it again as text.")
    return "\n\n".join(cleaner.text(text.strip()) for text in texts).encode()


def _clean_name(name: str, suffix: str, cleaner: Cleaner) -> str:
    """People name files after people: anna_bell.csv is read as "anna bell". Not every replacement is fit for a disk, so the type is put."""
    stem = PurePosixPath(name).stem
    for finding in reversed(merged(cleaner.cell(re.sub(r"[_\-.]", " ", stem))[1])):
        stem = f"{stem[: finding.start]}{finding.type}{stem[finding.end :]}"
    return stem + suffix
