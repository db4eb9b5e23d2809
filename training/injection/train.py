"""Fine-tunes all-MiniLM-L6-v2 to tell orders to the model from what only looks like them.

    python -m training.injection.train --epochs 4 --out models/injection      # --go-on: from the weights that are there

Texts: `training/injection/*.toml`, written for this, and as harmless ones the bank's documents and customers' messages of `training/bank`;
the measurement set of `tests/pii` is not among them. Each text is seen as it is
and, now and then, beside a harmless one, in capitals or without punctuation, so that an order inside a document is found too. One text in
ten is kept back: the share of attacks caught at 1, 2 and 3 % of harmless texts blocked is printed after each epoch.
Writes the layers and a two-way head, float16, 21 MB. About ten minutes on two cores.
"""

from __future__ import annotations

import argparse
import random
import time
import tomllib
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file
from torch.nn.functional import cross_entropy

from guardrails.normalise import fold
from training import minilm
from training.bank.texts import messages
from usecases.finance.retrieval import load_passages

HERE = Path(__file__).parent
BATCH, LENGTH, RATE, SCALE = 32, 96, 1e-4, 10.0
FROM_BANK = 2500
BURIED = 0.25  # share of attacks that come inside a longer, harmless text


def texts() -> list[tuple[str, int]]:
    """Every text once with 1 for an attack and 0 for a harmless one."""
    said = [message.text for message in messages() if not message.earlier]
    made: dict[str, int] = dict.fromkeys([passage.text for passage in load_passages()] + random.Random(7).sample(said, FROM_BANK), 0)
    for file in sorted(HERE.glob("*.toml")):
        table = tomllib.loads(file.read_text("utf-8"))
        made |= dict.fromkeys(table["harmless"], 0) | dict.fromkeys(table["attacks"], 1)
    return list(made.items())


def varied(text: str, label: int, harmless: Sequence[str], rng: random.Random) -> str:
    if rng.random() < (BURIED if label else BURIED / 2):
        other = rng.choice(harmless)
        text = rng.choice((f"{other} {text}", f"{text} {other}", f"{other}\n{text}"))
    draw = rng.random()
    if draw < 0.04:
        return "".join(c for c in text if c not in ".,!?'")
    return text.upper() if draw < 0.07 else text.lower() if draw < 0.14 else text


def caught(model: Any, head: Any, tokenizer: Any, kept: Sequence[tuple[str, int]]) -> str:
    scores, labels = [], np.array([label for _, label in kept])
    with torch.no_grad():
        for n in range(0, len(kept), BATCH):
            rows = minilm.pooled(model, tokenizer, [fold(text).text for text, _ in kept[n : n + BATCH]], LENGTH)
            scores += torch.softmax(SCALE * head(rows), -1)[:, 1].tolist()
    odds = np.array(scores)
    bars = [float(np.quantile(odds[labels == 0], 1 - share)) for share in (0.01, 0.02, 0.03)]
    found = ", ".join(f"{(odds[labels == 1] > bar).mean():.3f} above {bar:.3f}" for bar in bars)
    return f"caught at 1, 2, 3 % blocked: {found}; at 0.5: {(odds[labels == 1] > 0.5).mean():.3f} / {(odds[labels == 0] > 0.5).mean():.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.injection.train", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--go-on", action="store_true", help="start from the weights in OUT, at half the rate")
    given = parser.parse_args()
    torch.manual_seed(7)
    tokenizer, model = minilm.published()
    head = torch.nn.Linear(minilm.WIDTH, 2).to(minilm.device())
    if given.go_on:
        known_weights = {key: value.float() for key, value in load_file(given.out / "layers.safetensors").items()}
        head.load_state_dict({key[5:]: known_weights.pop(key) for key in ("head.weight", "head.bias")})
        model.encoder.load_state_dict(known_weights)
    rate = RATE / 2 if given.go_on else RATE
    every = texts()
    kept = [row for row in every if zlib.crc32(row[0].encode()) % 10 == 0]
    known = [row for row in every if zlib.crc32(row[0].encode()) % 10]
    harmless = [text for text, label in known if not label]
    trained = [*(p for p in model.encoder.parameters() if p.requires_grad), *head.parameters()]
    optimizer = torch.optim.AdamW(trained, lr=rate, weight_decay=0.01)
    rng, step, started = random.Random(7), 0, time.time()
    steps = given.epochs * -(-len(known) // BATCH)
    print(f"{len(known)} texts, {len(kept)} kept back", flush=True)
    for n in range(given.epochs):
        made = [(fold(varied(text, label, harmless, rng)).text, label) for text, label in rng.sample(known, len(known))]
        pools = [sorted(made[at : at + 16 * BATCH], key=lambda row: len(row[0])) for at in range(0, len(made), 16 * BATCH)]
        batches = [pool[at : at + BATCH] for pool in pools for at in range(0, len(pool), BATCH)]
        model.train()
        for batch in rng.sample(batches, len(batches)):
            optimizer.param_groups[0]["lr"] = rate * min(1.0, (step + 1) / 50, max(1 - step / steps, 0.02))
            logits = SCALE * head(minilm.pooled(model, tokenizer, [text for text, _ in batch], LENGTH))
            labels = torch.tensor([label for _, label in batch], device=minilm.device())
            cross_entropy(logits, labels, label_smoothing=0.02).backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            optimizer.zero_grad()
            step += 1
        model.eval()
        print(f"epoch {n + 1}, {(time.time() - started) / 60:.1f} min: {caught(model, head, tokenizer, kept)}", flush=True)
    minilm.write(model, given.out, head)


if __name__ == "__main__":
    main()
