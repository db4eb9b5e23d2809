"""XLSX: cells are cleaned under the head of their column, and so is what stands about them: comments, links, print headers, properties.

Formulas stay, but for personal data in their quoted texts. Numbers and dates that turn out to be personal data become text where what
replaces them is no number. Left out, because they keep copies of the cells: pivot tables, chart caches, contents of linked
workbooks, filter choices; authors of comments. openpyxl leaves out shapes. Sheet names stay as they are.
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from urllib.parse import quote

from guardrails.formats.cleaner import Cleaner, Column
from guardrails.formats.limits import package, reading
from guardrails.formats.picture import clean_picture

KIND = "an Excel workbook (.xlsx)"
_HEAD_ROWS = 10  # a title may stand above the head of a table


def clean_workbook(data: bytes, cleaner: Cleaner, name: str) -> bytes:
    """The workbook cleaned. Raises InvalidInput for one that is encrypted, broken or too large."""
    package(name, data, KIND, "xl/")
    import openpyxl

    with reading(name, KIND):
        book = openpyxl.load_workbook(io.BytesIO(data), rich_text=True)
        sheets = book.worksheets
    total, done = sum(len(sheet._cells) for sheet in sheets) or 1, 0
    for sheet in sheets:
        columns: dict[int, Column] = {}
        heads, head_row = _heads(sheet, cleaner)
        # its own dictionary: iter_rows would make a cell for each place up to the last one, a million rows down
        for row, group in itertools.groupby(sorted(sheet._cells), key=lambda place: place[0]):
            for place in group:
                cell, head = sheet._cells[place], heads.get(place[1], "") if row > head_row else ""
                if row == head_row:
                    columns[place[1]] = Column(sheet.title, cleaner.cell(head_text := _text(cell.value) or "")[0])
                    if columns[place[1]].name != head_text:
                        _put(cell, columns[place[1]].name)
                else:
                    column = columns.setdefault(place[1], Column(sheet.title, f"column {cell.column_letter}"))
                    _clean_cell(cell, head, cleaner, column if row > head_row else None)
                _clean_about(cell, cleaner)
                done += 1
            cleaner.step(0.95 * done / total)
        _clean_sheet(sheet, cleaner, name)
        cleaner.columns += [columns[n] for n in sorted(columns)]
    _clean_book(book, cleaner)
    out = io.BytesIO()
    with reading(name, KIND):
        book.save(out)
    return out.getvalue()


def _heads(sheet: Any, cleaner: Cleaner) -> tuple[dict[int, str], int]:
    """Column names by column, and the row that they are in; nothing and 0 where there is no such row."""
    rows = itertools.groupby(sorted(sheet._cells), key=lambda place: place[0])
    for row, group in itertools.islice(rows, _HEAD_ROWS):
        cells = [sheet._cells[place] for place in group]
        cells = [cell for cell in cells if cell.value is not None]
        values = {cell.column: str(cell.value) for cell in cells if isinstance(cell.value, str | list) and cell.data_type != "f"}
        if len(values) == len(cells) and (len(values) > 1 or sheet.max_column == 1) and cleaner.head(list(values.values())):
            return values, row
    return {}, 0


def _text(value: Any) -> str | None:
    """A value as a scanner should read it; None where it can't be personal data."""
    if value is None or isinstance(value, bool | time):
        return None
    if isinstance(value, datetime | date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e18 else None
    return str(value) if isinstance(value, int | str | list) else None


def _clean_cell(cell: Any, head: str, cleaner: Cleaner, column: Column | None) -> None:
    value = cell.value
    if cell.data_type == "f":
        if isinstance(value, str):
            new = _literals(value, cleaner)
            if new != value:
                cell.value = new
        elif isinstance(getattr(value, "text", None), str):  # an array formula
            value.text = _literals(value.text, cleaner)
        return
    text = _text(value)
    if text is None:
        if value is not None and column is not None:
            column.add(())
        return
    new, _ = cleaner.cell(text, head, column)
    if new == text:
        return
    if isinstance(value, int | float) and re.fullmatch(r"[1-9]\d{0,14}", new):
        cell.value = int(new)
    elif isinstance(value, date) and re.fullmatch(r"\d{4}-\d\d-\d\d", new):
        day = date.fromisoformat(new)
        cell.value = datetime.combine(day, value.time()) if isinstance(value, datetime) else day
    else:
        _put(cell, new)


def _put(cell: Any, text: str) -> None:
    cell.value = text
    cell.data_type = "s"  # else a text that begins with = would become a formula


def _literals(formula: str, cleaner: Cleaner) -> str:
    """A formula with its quoted texts cleaned."""

    def put(match: re.Match[str]) -> str:
        value = match[1].replace('""', '"')
        new = cleaner.text(value)
        return match[0] if new == value else '"' + new.replace('"', '""') + '"'

    return re.sub(r'"((?:[^"]|"")*)"', put, formula)


def _clean_about(cell: Any, cleaner: Cleaner) -> None:
    if cell.comment is not None:
        cell.comment.text, cell.comment.author = cleaner.text(cell.comment.text or ""), "Author"
    if link := cell.hyperlink:
        link.target = cleaned_link(link.target, cleaner.text)
        for field in ("display", "tooltip"):
            _clean_field(link, field, cleaner)


def cleaned_link(target: str | None, clean: Callable[[str], str]) -> str | None:
    """A link that stays one: what replaces an address in it is quoted."""
    if not target or (new := clean(target)) == target:
        return target
    return quote(new, safe=":/?#[]@!$&'()*+,;=%")


def _clean_field(thing: Any, field: str, cleaner: Cleaner) -> None:
    value = getattr(thing, field, None)
    if isinstance(value, str):
        new = _literals(value, cleaner) if field.startswith(("formula", "attr_text")) else cleaner.text(value)
        if new != value:
            setattr(thing, field, new)


def _clean_sheet(sheet: Any, cleaner: Cleaner, name: str) -> None:
    for rule in sheet.data_validations.dataValidation:
        for field in ("formula1", "formula2", "prompt", "promptTitle", "error", "errorTitle"):
            _clean_field(rule, field, cleaner)
    for area in sheet.conditional_formatting:
        for rule in area.rules:
            _clean_field(rule, "text", cleaner)
            rule.formula = [_literals(formula, cleaner) for formula in rule.formula]
    for which in ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"):
        for side in ("left", "center", "right"):
            _clean_field(getattr(getattr(sheet, which), side), "text", cleaner)
    sheet.auto_filter.filterColumn = []
    for table in sheet.tables.values():
        if table.autoFilter is not None:
            table.autoFilter.filterColumn = []
        _rename(sheet, table)
    for defined in sheet.defined_names.values():
        _clean_field(defined, "attr_text", cleaner)
    if sheet._pivots:
        cleaner.notes.append(f"Pivot tables of the sheet {sheet.title} are left out: they keep a copy of the data.")
        sheet._pivots = []
    for chart in sheet._charts:
        _clean_chart(chart, cleaner, set())
    for image in sheet._images:
        if image.format in ("png", "jpeg"):
            image.ref = io.BytesIO(clean_picture(image._data(), name)[0])
        elif image.format:
            cleaner.notes.append(f"A picture ({image.format}) in the sheet {sheet.title} keeps its metadata.")


def _rename(sheet: Any, table: Any) -> None:
    """A table's columns are named as its head says, and no two alike, or Excel calls the file broken."""
    if not table.headerRowCount:
        return
    left, top, _, _ = _bounds(table.ref)
    seen: set[str] = set()
    for n, column in enumerate(table.tableColumns):
        cell = sheet.cell(top, left + n)
        name, count = str(cell.value), 2
        while name.lower() in seen:
            name, count = f"{cell.value} {count}", count + 1
        seen.add(name.lower())
        if name != str(cell.value):
            _put(cell, name)
        column.name = name


def _bounds(ref: str) -> tuple[int, int, int, int]:
    from openpyxl.utils import range_boundaries

    left, top, right, bottom = range_boundaries(ref)
    return left or 1, top or 1, right or 1, bottom or 1


def _clean_chart(node: Any, cleaner: Cleaner, seen: set[int]) -> None:
    """Titles cleaned, and the copies of cells dropped: a spreadsheet program makes them anew."""
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, list | tuple):
        for part in node:
            _clean_chart(part, cleaner, seen)
    elif hasattr(node, "__dict__"):
        for field, value in list(vars(node).items()):
            if field in ("strCache", "numCache", "multiLvlStrCache"):
                setattr(node, field, None)
            elif isinstance(value, str) and (field == "t" or field == "v"):
                setattr(node, field, cleaner.text(value))
            else:
                _clean_chart(value, cleaner, seen)


def _clean_book(book: Any, cleaner: Cleaner) -> None:
    book.properties.creator, book.properties.lastModifiedBy = "", ""
    for field in ("title", "subject", "description", "keywords", "category"):
        _clean_field(book.properties, field, cleaner)
    for prop in book.custom_doc_props.props:
        _clean_field(prop, "value", cleaner)
    for defined in book.defined_names.values():
        _clean_field(defined, "attr_text", cleaner)
    for link in book._external_links:
        if link.externalBook is not None:
            link.externalBook.sheetDataSet = None
        if link.file_link is not None:
            link.file_link.Target = cleaned_link(link.file_link.Target, cleaner.text)
