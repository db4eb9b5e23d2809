"""DOCX: every paragraph of text, tables, headers, footers, notes, comments and text boxes, also what tracked changes deleted.

A paragraph is read as one text; what replaces a finding takes the format of the run where the finding began, and runs without a
finding stay as they are. A cell of a table is read under the head of its column, or beside the label left of it where there are two
columns. Names of authors, the company and the preview picture are dropped. What pictures show stays, and a value that runs over two
paragraphs is read in two halves.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from errors import InvalidInput
from guardrails.formats.cleaner import Cleaner, edits
from guardrails.formats.limits import package, reading
from guardrails.formats.picture import clean_picture
from guardrails.formats.workbook import clean_workbook, cleaned_link

KIND = "a Word document (.docx)"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_PARAGRAPHS = (f"{_W}p", f"{_A}p")
_SIGNS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-", f"{_A}br": "\n"}
_HOLDS = (f"{_W}r", f"{_A}p")  # a tab elsewhere is a stop on the ruler
_STREAMS = ({f"{_W}t", f"{_A}t", *_SIGNS}, {f"{_W}delText"}, {f"{_W}instrText"}, {f"{_W}delInstrText"})
_PEOPLE = {"author": "Author", "initials": "A", "userId": ""}
_SHOWN = ("descr", "title", "alt", "displayText")  # attributes that a screen reader or a list shows
_VALUES = {f"{_W}{tag}" for tag in ("tblCaption", "tblDescription", "alias", "tag", "docVar", "default", "listItem")}


def clean_document(data: bytes, cleaner: Cleaner, name: str, inside: bool = False) -> bytes:
    """The document cleaned; one `inside` another may hold none itself. Raises InvalidInput when it is encrypted, broken or too large."""
    package(name, data, KIND, "word/")
    import docx
    from docx.opc.oxml import parse_xml, serialize_part_xml
    from docx.opc.part import XmlPart

    with reading(name, KIND):
        document = docx.Document(io.BytesIO(data))
        whole = document.part.package
        for key in [key for key, rel in whole.rels.items() if rel.reltype.endswith("/thumbnail")]:
            del whole.rels[key]
        parts = list(whole.iter_parts())
    for n, part in enumerate(parts):
        _clean_links(part, cleaner)
        if isinstance(part, XmlPart):
            _clean_tree(part.element, cleaner, str(part.partname))
        elif part.content_type.endswith("xml"):
            with reading(name, KIND):
                tree = parse_xml(part.blob)
                _clean_tree(tree, cleaner, str(part.partname))
                part._blob = serialize_part_xml(tree)
        else:
            part._blob = _clean_blob(part, cleaner, name, inside)
        cleaner.step(0.95 * (n + 1) / len(parts))
    about = document.core_properties
    about.author = about.last_modified_by = ""
    for field in ("title", "subject", "keywords", "comments", "category"):
        setattr(about, field, cleaner.text(getattr(about, field)))
    out = io.BytesIO()
    with reading(name, KIND):
        document.save(out)
    return out.getvalue()


def _clean_links(part: Any, cleaner: Cleaner) -> None:
    for rel in part.rels.values():
        if rel.is_external:
            rel._target = cleaned_link(rel._target, cleaner.text)


def _clean_blob(part: Any, cleaner: Cleaner, name: str, inside: bool) -> bytes:
    """Pictures without metadata, embedded files cleaned; one that can't be read becomes empty."""
    data: bytes = part.blob
    kind = part.content_type
    if kind in ("image/png", "image/jpeg"):
        try:
            return clean_picture(data, name)[0]
        except InvalidInput:
            cleaner.notes.append(f"The picture {part.partname.filename} can't be read; it keeps its metadata.")
            return data
    inner = f"{part.partname.filename} in {name}"
    try:
        if kind.endswith("spreadsheetml.sheet"):
            return clean_workbook(data, cleaner, inner)
        if kind.endswith("wordprocessingml.document") and not inside:
            return clean_document(data, cleaner, inner, inside=True)
    except InvalidInput:
        pass
    if kind.startswith(("image/", "application/x-font", "application/vnd.openxmlformats-officedocument.obfuscatedFont")):
        return data
    cleaner.notes.append(f"The embedded file {part.partname.filename} can't be read; it is emptied.")
    return b""


def _clean_tree(root: Any, cleaner: Cleaner, part: str) -> None:
    for paragraph in list(root.iter(*_PARAGRAPHS)):
        head = _head(paragraph)
        for stream in _STREAMS:
            _clean_paragraph(paragraph, stream, head, cleaner)
    for node in root.iter():
        if not isinstance(node.tag, str):  # a comment or an instruction of XML
            continue
        tag = node.tag.rpartition("}")[2]
        for key, value in node.attrib.items():
            plain = key.rpartition("}")[2]
            if plain in _PEOPLE:
                node.set(key, _PEOPLE[plain])
            elif plain in _SHOWN or node.tag in _VALUES and plain in ("val", "value"):
                node.set(key, cleaner.text(value))
        if node.text and part == "/docProps/app.xml" and tag in ("Company", "Manager"):
            node.text = ""
        elif node.text and (tag == "v" or part.startswith(("/docProps/custom", "/customXml/"))):  # numbers and names under a chart
            node.text = cleaner.text(node.text, tag if part.startswith("/customXml/") else "")


def _clean_paragraph(paragraph: Any, stream: set[str], head: str, cleaner: Cleaner) -> None:
    nodes = [node for node in paragraph.iter(*stream) if next(node.iterancestors(*_PARAGRAPHS)) is paragraph]
    nodes = [node for node in nodes if node.tag not in _SIGNS or node.getparent().tag in _HOLDS]
    texts = [_SIGNS[node.tag] if node.tag in _SIGNS else node.text or "" for node in nodes]
    text = "".join(texts)
    out, findings = cleaner.cell(text, head)
    holders = [n for n, node in enumerate(nodes) if node.tag not in _SIGNS and node.text]
    if out == text or not holders:
        return
    owners = [n for n, part in enumerate(texts) for _ in part]
    parts: list[list[str]] = [[] for _ in nodes]
    at = 0
    for start, end, new in edits(text, out, findings):
        for n, char in zip(owners[at:start], text[at:start], strict=True):
            parts[n].append(char)
        here = owners[min(start, len(text) - 1)]
        target = next((n for n in owners[start:end] if n in holders), min(holders, key=lambda n: abs(n - here)))
        parts[target].append(re.sub(r"\s", " ", new))
        at = end
    for n, char in zip(owners[at:], text[at:], strict=True):
        parts[n].append(char)
    for node, old, part in zip(nodes, texts, parts, strict=True):
        made = "".join(part)
        if node.tag in _SIGNS:
            if not made:  # a line break or a tab inside what was found
                node.getparent().remove(node)
        elif made != old:
            node.text = made
            node.set(_SPACE, "preserve")


def _head(paragraph: Any) -> str:
    """The name of what stands in this cell: the label before it in a table of two columns, else the head of its column."""
    cell = next(paragraph.iterancestors(f"{_W}tc"), None)
    if cell is None:
        return ""
    row = cell.getparent()
    top = row.getparent().find(f"{_W}tr")
    cells = [c for c in row if c.tag == f"{_W}tc"]
    if cell not in cells:  # inside a content control
        return ""
    n = cells.index(cell)
    if len(cells) == 2 and n == 1:
        return _label(cells[0])
    heads = [c for c in top if c.tag == f"{_W}tc"] if top is not None and row is not top else []
    return _label(heads[n]) if n < len(heads) else ""


def _label(cell: Any) -> str:
    text = "".join(_texts(cell)).strip()
    return text if len(text) <= 60 and not re.search(r"\d{4}", text) else ""


def _texts(cell: Any) -> Iterator[str]:
    for node in cell.iter(f"{_W}t"):
        yield node.text or ""
