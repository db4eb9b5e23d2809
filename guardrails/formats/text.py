"""Plain text and JSON, in the encoding they came in: UTF-8, UTF-16 or Windows-1252."""

from __future__ import annotations

import codecs
import functools
import json
import re
import unicodedata
from collections.abc import Callable, Iterator

from errors import InvalidInput
from guardrails.formats.cleaner import Cleaner

PIECE = 20_000  # characters read at once; a value on the border of two pieces may be missed, so they end where a paragraph does
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_TOKEN = re.compile(r'(?P<string>"[^"\\]*(?:\\.[^"\\]*)*")(?P<key>\s*:)?|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)')


def decoded(data: bytes, name: str) -> tuple[str, Callable[[str], bytes]]:
    """The text, and what writes another text in the same encoding. Signs that it lacks become "?". Raises InvalidInput for no text."""
    mark, codec = next(((mark, codec) for mark, codec in _MARKS if data.startswith(mark)), (b"", ""))
    body = data[len(mark) :]
    for guess in [codec] if codec else _guesses(body):
        try:
            text = body.decode(guess)
        except UnicodeDecodeError:
            continue
        if sum(unicodedata.category(c) == "Cc" and c not in "\t\n\v\f\r\x1b" for c in text) <= len(text) // 1000 and "\0" not in text:
            return text, functools.partial(_encoded, mark, guess)
    raise InvalidInput(f"{name} is no text in UTF-8, UTF-16 or Windows-1252. Save it as UTF-8.")


def _encoded(mark: bytes, codec: str, text: str) -> bytes:
    return mark + text.encode(codec, "replace")


def _guesses(body: bytes) -> list[str]:
    head = body[:4000]
    if len(body) % 2 == 0 and head.count(0) > len(head) // 4:
        return ["utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"]
    return ["utf-8", "cp1252"]


def clean_text(text: str, cleaner: Cleaner) -> str:
    out, done = [], 0
    for piece in _pieces(text):
        out.append(cleaner.text(piece))
        done += len(piece)
        cleaner.step(done / len(text))
    return "".join(out)


def _pieces(text: str) -> Iterator[str]:
    at = 0
    while len(text) - at > PIECE:
        half = at + PIECE // 2
        cuts = (text.rfind(mark, half, at + PIECE) + len(mark) for mark in ("\n\n", "\n", ". ", " "))
        end = next((cut for cut in cuts if cut >= half), at + PIECE)
        yield text[at:end]
        at = end
    yield text[at:]


def clean_json(text: str, cleaner: Cleaner, name: str) -> str:
    """Every string, number and key of JSON or JSON lines, with its key as context; layout stays. A number that was personal data may
    become a string. Raises InvalidInput for what is no JSON."""
    _check(text, name)
    head = ""

    def put(token: re.Match[str]) -> str:
        nonlocal head
        cleaner.step(token.end() / len(text))
        if token["number"]:
            new = cleaner.text(token[0], head)
            same = re.fullmatch(r"-?(?:0|[1-9]\d*)", new) is not None
            return token[0] if new == token[0] else new if same else json.dumps(new)
        value = json.loads(token["string"], strict=False)
        if token["key"]:
            head = value
            new = cleaner.text(value)
        else:
            new = cleaner.text(value, head)
        return token[0] if new == value else json.dumps(new, ensure_ascii=token[0].isascii()) + (token["key"] or "")

    return _TOKEN.sub(put, text)


def _check(text: str, name: str) -> None:
    try:
        json.loads(text, strict=False)
    except (ValueError, RecursionError) as whole:
        try:
            for line in text.splitlines():
                if line.strip():
                    json.loads(line, strict=False)
        except (ValueError, RecursionError):
            raise InvalidInput(f"{name} is no JSON and no JSON lines ({whole}). Mend it, or name it .txt.") from whole
