"""Fine-tunes all-MiniLM-L6-v2 into a tagger of personal data (token classification, BIO labels).

    python -m training.pii.train --steps 3000 --out DIR      # goes on from DIR's checkpoint where there is one

Runs on a CPU and on a GPU. Texts are folded as the guardrail folds them (`guardrails/normalise.py`), so that the tagger sees at run
time what it saw here. DIR gets `log.csv` (step, loss, F1 on texts kept back), what training needs to go on (`model.safetensors`,
`state.pt`), and what the app loads: `layers.safetensors` (float16, 21 MB) and `labels.json`.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from transformers import AutoTokenizer, BertForTokenClassification

from guardrails.normalise import fold
from models import store
from tests.pii.corpus import Sample
from tests.pii.values import KINDS
from training import minilm
from training.pii.samples import Samples

LABELS = ("O", *(f"{part}-{kind}" for kind in sorted(KINDS) for part in "BI"))
LENGTH, BATCH, WARM_UP = 160, 32, 100


def encode(samples: Sequence[Sample], tokenizer: Any) -> dict[str, torch.Tensor]:
    """Token ids, mask and labels (-100 for special tokens), shape (len(samples), tokens)."""
    folded = [fold(sample.text) for sample in samples]
    batch = tokenizer(
        [f.text for f in folded], padding=True, truncation=True, max_length=LENGTH, return_offsets_mapping=True, return_tensors="pt"
    )
    labels = torch.full(batch["input_ids"].shape, -100)
    for row, (sample, text) in enumerate(zip(samples, folded, strict=True)):
        spans, at = sample.spans, 0
        for n, (start, end) in enumerate(batch["offset_mapping"][row].tolist()):
            if start == end:
                continue
            first, last = text.typed(start, end)
            while at < len(spans) and spans[at].end <= first:
                at += 1
            inside = at < len(spans) and spans[at].start < last
            begins = inside and (n == 0 or labels[row, n - 1] in (-100, 0) or first <= spans[at].start)
            labels[row, n] = LABELS.index(f"{'B' if begins else 'I'}-{spans[at].type}") if inside else 0
    del batch["offset_mapping"]
    return {**batch, "labels": labels}


def batches(seed: int, tokenizer: Any) -> Iterator[dict[str, torch.Tensor]]:
    """Texts of about one length together, so that little is spent on padding."""
    stream = Samples().stream(seed)
    while True:
        pool = sorted((next(stream) for _ in range(BATCH * 16)), key=lambda s: len(s.text))
        order = torch.randperm(16, generator=torch.Generator().manual_seed(seed)).tolist()
        for n in order:
            yield encode(pool[n * BATCH : (n + 1) * BATCH], tokenizer)
        seed += 1


def f1(model: Any, held: Sequence[dict[str, torch.Tensor]], device: str) -> float:
    """Micro F1 over tokens, B and I counted as one."""
    hit = said = true = 0
    with torch.no_grad():
        for batch in held:
            labels = (batch["labels"] + 1) // 2  # B and I of a kind are neighbours
            guess = (model(**{k: v.to(device) for k, v in batch.items() if k != "labels"}).logits.argmax(-1).cpu() + 1) // 2
            known = batch["labels"] >= 0
            hit += int(((guess == labels) & (labels > 0) & known).sum())
            said += int(((guess > 0) & known).sum())
            true += int(((labels > 0) & known).sum())
    return 2 * hit / max(said + true, 1)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.pii.train", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after that long, with the rate falling to zero by then")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    device = minilm.device()
    base = store.path("all-minilm-l6-v2")
    tokenizer = AutoTokenizer.from_pretrained(base, local_files_only=True)
    model: Any = BertForTokenClassification.from_pretrained(base, num_labels=len(LABELS), local_files_only=True).to(device)
    model.bert.embeddings.requires_grad_(False)  # half the weights, and names it never saw keep their place
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=given.rate, weight_decay=0.01)
    step, started, state = 0, time.time(), given.out / "state.pt"
    if state.exists():
        saved = torch.load(state, weights_only=True)
        step = saved["step"]
        model.load_state_dict(load_file(given.out / "model.safetensors"))
        optimizer.load_state_dict(saved["optimizer"])
    kept = Samples().kept_back(320)
    held = [encode(kept[n : n + BATCH], tokenizer) for n in range(0, len(kept), BATCH)]
    stream, average = batches(1000 + step, tokenizer), 0.0
    while step < given.steps and time.time() - started < given.seconds:
        done = max(step / given.steps, (time.time() - started) / given.seconds)
        left = max(1 - done, 0.02)
        for group in optimizer.param_groups:
            group["lr"] = given.rate * min(left, (step + 1) / WARM_UP)
        model.train()
        loss = model(**{k: v.to(device) for k, v in next(stream).items()}).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        step += 1
        average = loss.item() if not average else 0.95 * average + 0.05 * loss.item()
        if step % 100 == 0 or step == given.steps or time.time() - started >= given.seconds:
            model.eval()
            score = f1(model, held, device)
            print(f"step {step}, loss {average:.4f}, F1 {score:.4f}, {(time.time() - started) / 60:.1f} min", flush=True)
            with (given.out / "log.csv").open("a") as log:
                log.write(f"{step},{average:.5f},{score:.5f}\n")
            save_file({k: v.contiguous() for k, v in model.state_dict().items()}, given.out / "model.safetensors")
            torch.save({"step": step, "optimizer": optimizer.state_dict()}, state)
    minilm.write(model.bert, given.out, model.classifier)
    (given.out / "labels.json").write_text(json.dumps(LABELS) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
