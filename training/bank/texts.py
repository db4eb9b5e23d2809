"""The messages that the bank's encoder learns from, each with what it is about: a sentence of a document or a route.

Sources: the questions in the documents' front matter, the router's utterances, and `texts/*.toml`, which were written for training only.
Nothing here comes from `usecases/finance/evaluation`, which measures the result.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from usecases.finance.retrieval import load_passages
from usecases.finance.router import SPOKEN, UTTERANCES, expand, in_context

TEXTS = Path(__file__).parent / "texts"
ALONE, OLDER = 0.5, 0.25  # how often a message comes without a conversation, and how often a conversation is longer than one turn


@dataclass(frozen=True, slots=True)
class Message:
    """`earlier` is the message that it leans on, or empty where it can be read alone. `label` is `document: sentence` or a route."""

    text: str
    label: str
    earlier: str = ""


def messages() -> list[Message]:
    """Every message. Raises ValueError naming a text file's key that starts no sentence of its document."""
    made, starts = [], dict[tuple[str, str], str]()
    for passage in load_passages():
        for sentence in passage.sentences:
            label = f"{passage.slug}: {sentence}"
            starts[passage.slug, sentence] = label
            made += [Message(sentence, label), Message(f"{passage.title}: {sentence}", label)]
        made += [Message(question, f"{passage.slug}: {sentence}") for question, sentence in passage.asked]
    for file in sorted(TEXTS.glob("*.toml")):
        table = tomllib.loads(file.read_text("utf-8"))
        for key in table["questions"] | table["follow_ups"]:
            label = key if file.stem == "routes" else next((v for (d, s), v in starts.items() if d == file.stem and s.startswith(key)), "")
            if not label:
                raise ValueError(f"{file.name} has messages for {key!r}, but {file.stem}.md has no sentence that starts so.")
            made += [Message(text, label) for text in table["questions"].get(key, [])]
            made += [Message(text, label, earlier) for earlier, text in table["follow_ups"].get(key, [])]
    utterances, spoken = (tomllib.loads(path.read_text("utf-8")) for path in (UTTERANCES, SPOKEN))
    for route in utterances["routes"]:
        if route != "knowledge":  # which sentence, those do not say
            texts = expand(utterances["routes"][route], utterances["lists"]) + spoken["routes"][route]
            made += [Message(text, route) for text in texts]
    return list(dict.fromkeys(made))


def epoch(known: list[Message], rng: random.Random) -> Iterator[tuple[str, str]]:
    """Each message once, as `(text, label)`: some alone, some after a message that has nothing to do with them."""
    for message in rng.sample(known, len(known)):
        before = [message.earlier] if message.earlier else []
        if not before and rng.random() > ALONE:
            before.append(rng.choice(known).text)
        if before and rng.random() < OLDER:
            before.append(rng.choice(known).text)
        yield in_context(message.text, before), message.label
