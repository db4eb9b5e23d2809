"""Fine-tunes all-MiniLM-L6-v2 on customers' messages, so that one about a sentence lies near the others about it.

    python -m training.bank.train --epochs 5 --out models/bank-questions

Each message, alone or with what was said before it, is classified by its cosine to one learned vector per sentence and route (as in
NormFace: Wang and others 2017). The vectors are thrown away: at run time a sentence stands where its questions lie, so an edited
document needs no training. Word embeddings stay as published; only the six layers are written, as float16 (21 MB).
Prints, after each epoch, on how many questions of the tuning half the expected words stand in the first and the first three sentences.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch.nn.functional import cross_entropy, normalize

from training import minilm
from training.bank.texts import epoch, messages
from usecases.evaluation import load
from usecases.finance.retrieval import Index, load_passages
from usecases.finance.router import in_context

BATCH, SCALE, LENGTH, RATE = 64, 20.0, 64, 1e-4
TUNE = Path(__file__).parents[2] / "usecases" / "finance" / "evaluation" / "tune.toml"


def rows(encode: Callable[[Sequence[str]], torch.Tensor], texts: Sequence[str]) -> NDArray[np.float32]:
    order = sorted(range(len(texts)), key=lambda n: len(texts[n]))
    made = np.zeros((len(texts), minilm.WIDTH), np.float32)
    with torch.no_grad():
        for n in range(0, len(order), 128):
            at = order[n : n + 128]
            made[at] = encode([texts[i] for i in at]).cpu().numpy()
    return made


def measure(encode: Callable[[Sequence[str]], torch.Tensor]) -> dict[str, str]:
    """Per kind of question of the tuning half that a document answers: hits in the first and in the first three sentences."""
    import usecases.finance.retrieval as retrieval

    retrieval.cached_rows = lambda texts, embed, *_: embed(texts)
    passages = load_passages()
    index = Index(passages, lambda texts: rows(encode, texts), "training")
    slugs, counts = {p.slug for p in passages}, dict[str, list[int]]()
    for case in load(TUNE):
        if not case.expected or not slugs & set(case.source.split("|")):
            continue
        *before, last = case.messages
        found = [hit.sentence.lower() for hit in index.search(last, context=in_context(last, before[::-1]))]
        good = [all(any(w.lower() in " ".join(found[:n]) for w in part.split("|")) for part in case.expected) for n in (1, 3)]
        count = counts.setdefault(case.kind, [0, 0, 0])
        for n, value in enumerate((*good, True)):
            count[n] += value
    return {kind: f"{first} {three} of {n}" for kind, (first, three, n) in sorted(counts.items())}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.bank.train", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(given.seed)
    device = minilm.device()
    tokenizer, model = minilm.published()

    def encode(texts: Sequence[str]) -> torch.Tensor:
        return minilm.pooled(model, tokenizer, texts, LENGTH)

    known = messages()
    labels = sorted({m.label for m in known})
    number = {label: n for n, label in enumerate(labels)}
    print(f"{len(known)} messages, {len(labels)} labels; published weights: {measure(encode)}", flush=True)
    start = rows(encode, [m.text for m in known])
    centres = torch.zeros(len(labels), minilm.WIDTH).index_add_(0, torch.tensor([number[m.label] for m in known]), torch.tensor(start))
    centres = torch.nn.Parameter(normalize(centres).to(device))
    state, first = given.out / "state.pt", 0
    trained = [p for p in model.encoder.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW([{"params": trained, "lr": RATE}, {"params": [centres], "lr": 10 * RATE}], weight_decay=0.01)
    if state.exists():
        saved = torch.load(state, weights_only=True)
        first = saved["epoch"]
        model.encoder.load_state_dict(load_file(given.out / "training.safetensors"))
        optimizer.load_state_dict(saved["optimizer"])
        centres.data = saved["centres"]
    steps, step, started = given.epochs * -(-len(known) // BATCH), first * -(-len(known) // BATCH), time.time()
    for n in range(first, given.epochs):
        made, average = list(epoch(known, random.Random(given.seed + n))), 0.0
        model.train()
        pools = [sorted(made[at : at + 16 * BATCH], key=lambda row: len(row[0])) for at in range(0, len(made), 16 * BATCH)]
        batches = [pool[at : at + BATCH] for pool in pools for at in range(0, len(pool), BATCH)]
        for batch in random.Random(n).sample(batches, len(batches)):
            for group, rate in zip(optimizer.param_groups, (RATE, 10 * RATE), strict=True):
                group["lr"] = rate * min(1.0, (step + 1) / 50, max(1 - step / steps, 0.02))
            logits = SCALE * encode([text for text, _ in batch]) @ normalize(centres).T
            loss = cross_entropy(logits, torch.tensor([number[label] for _, label in batch], device=device), label_smoothing=0.05)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            optimizer.zero_grad()
            step += 1
            average = loss.item() if not average else 0.98 * average + 0.02 * loss.item()
        model.eval()
        print(f"epoch {n + 1}, loss {average:.3f}, {(time.time() - started) / 60:.1f} min: {measure(encode)}", flush=True)
        save_file({k: v.contiguous() for k, v in model.encoder.state_dict().items()}, given.out / "training.safetensors")
        torch.save({"epoch": n + 1, "optimizer": optimizer.state_dict(), "centres": centres.data}, state)
    minilm.write(model, given.out)
    for leftover in (state, given.out / "training.safetensors"):
        leftover.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
