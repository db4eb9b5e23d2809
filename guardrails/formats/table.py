"""CSV and TSV: cells are cleaned under the name of their column; everything else stays byte for byte, quotes and line ends included.

Nothing is evaluated: a formula is text here. It knows double quotes only, doubled inside a cell.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from guardrails.formats.cleaner import Cleaner, Column

_SAMPLE = 60_000


def clean_table(text: str, cleaner: Cleaner, delimiter: str = "") -> str:
    """`text` cleaned; without a `delimiter` it is the one of , ; tab | that makes the most even table."""
    out: list[str] = []
    at = 0
    if told := re.match(r"sep=(.)\r?\n", text):  # what Excel puts before the table
        delimiter, at = told[1], told.end()
        out.append(told[0])
    delimiter = delimiter or _sniffed(text[at : at + _SAMPLE])
    heads: list[str] | None = None
    columns: list[Column] = []
    for cells, end in _rows(text, delimiter, at):
        values = [_value(cell) for cell in cells]
        first = heads is None
        if heads is None:
            heads = values if cleaner.head(values) else []
        for n, (cell, value) in enumerate(zip(cells, values, strict=True)):
            head = "" if first or n >= len(heads) else heads[n]
            if len(columns) == n:
                columns.append(Column("", cleaner.cell(heads[n])[0] if n < len(heads) else f"column {n + 1}"))
            new = columns[n].name if first and heads else cleaner.cell(value, head, columns[n])[0]
            start, stop = cell.span(1)
            out += [cell[1] if new == value else _written(new, cell["quoted"] is not None, delimiter), text[stop : cell.end()]]
        cleaner.step(end / len(text))
    cleaner.columns += columns
    return "".join(out)


def _rows(text: str, delimiter: str, at: int) -> Iterator[tuple[list[re.Match[str]], int]]:
    """The cells of each row, and where it ends."""
    other = rf"[^{re.escape(delimiter)}\r\n]*"
    cell = re.compile(rf'((?P<quoted>"[^"]*(?:""[^"]*)*")?(?P<rest>{other}))(?P<end>{re.escape(delimiter)}|\r\n|\r|\n|\Z)')
    row: list[re.Match[str]] = []
    while at < len(text) or row:
        match = cell.match(text, at)
        assert match is not None  # the last alternative is the end of the text, and `rest` takes all else
        row.append(match)
        at = match.end()
        if match["end"] != delimiter:
            yield row, at
            row = []


def _value(cell: re.Match[str]) -> str:
    return (cell["quoted"][1:-1].replace('""', '"') if cell["quoted"] else "") + cell["rest"]


def _written(value: str, quoted: bool, delimiter: str) -> str:
    if quoted or any(sign in value for sign in (delimiter, '"', "\r", "\n")):
        return '"' + value.replace('"', '""') + '"'
    return value


def _sniffed(sample: str) -> str:
    def evenness(delimiter: str) -> tuple[float, int]:
        widths = [len(row) for row, _ in _rows(sample, delimiter, 0)][:50]
        width, often = Counter(widths).most_common(1)[0] if widths else (1, 1)
        return (often / len(widths) if width > 1 else 0.0), width

    return max(",;\t|", key=evenness)
