"""One small model on both engines: SmolLM2-135M through llama.cpp and through transformers.

transformers reads the very weights where gguf and accelerate are installed. Neither is a dependency; without them it gets
a model of the same shape with random weights, which costs the same arithmetic and says nothing sensible.
"""

from __future__ import annotations

import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.report import Row, compared
from generators.text import Message, TextGenerator, TextRequest
from generators.text_llamacpp import LlamaCppText
from generators.text_transformers import TransformersText
from guardrails import house_text
from models import store
from settings import current

MODEL = "smollm2-135m"
# The shape of SmolLM2-135M, as its GGUF file gives it.
SHAPE: dict[str, Any] = {
    "vocab_size": 49152, "hidden_size": 576, "intermediate_size": 1536, "num_hidden_layers": 30, "num_attention_heads": 9,
    "num_key_value_heads": 3, "max_position_embeddings": 8192, "rms_norm_eps": 1e-5, "tie_word_embeddings": True,
}  # fmt: skip
TEMPLATE = "{% for m in messages %}{{ m.content }}{% endfor %}"
PROMPT = "Write a long story about a lighthouse keeper and his dog."


def engines(quick: bool) -> list[Row]:
    """Load time and decoding speed, in turns."""
    import transformers

    transformers.utils.logging.disable_progress_bar()
    path = store.path(MODEL)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        how = _same_weights(path, folder) if find_spec("gguf") and find_spec("accelerate") else _same_shape(folder)
        loads, speeds = _measured(path, folder, loads=2 if quick else 5, answers=3 if quick else 12)
    note = f"Q4_1 with llama.cpp; {how}."
    return [
        compared("SmolLM2-135M on llama.cpp, speed", "tokens/s", speeds[0], "transformers", speeds[1], note=note),
        compared("SmolLM2-135M on llama.cpp, load time", "s", loads[0], "transformers", loads[1], note="Files in the page cache."),
    ]


def _measured(path: Path, folder: Path, loads: int, answers: int) -> tuple[list[list[float]], list[list[float]]]:
    """Seconds to load and tokens a second, each for (llama.cpp, transformers). The first load and answer are not counted."""
    threads = current().threads or None

    def llamacpp() -> TextGenerator:
        return LlamaCppText(path, MODEL, slots=1, threads=threads)

    def transformers() -> TextGenerator:
        return TransformersText(str(folder))

    load_s: list[list[float]] = [[], []]
    for _ in range(loads + 1):
        for side, build in enumerate((llamacpp, transformers)):
            started = time.perf_counter()
            engine = build()
            load_s[side].append(time.perf_counter() - started)
            time.sleep(0.2)  # xllamacpp can hang for good when its server is closed in the moment that it starts
            engine.close()
    built = (llamacpp(), transformers())
    speeds: list[list[float]] = [[], []]
    try:
        for n in range(answers + 1):
            for side in (0, 1) if n % 2 else (1, 0):
                speeds[side].append(_speed(built[side]))
    finally:
        for engine in built:
            engine.close()
    return [side[1:] for side in load_s], [side[1:] for side in speeds]


def _speed(engine: TextGenerator) -> float:
    stream = engine.stream(TextRequest((Message("user", house_text(PROMPT)),), max_tokens=64))
    for _ in stream:
        pass
    return stream.usage.tokens_per_second


def _same_weights(path: Path, folder: Path) -> str:
    """The GGUF's own weights, spread out to float32, as a folder that the adapter loads."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name, local_files_only=True).save_pretrained(folder)
    read = AutoModelForCausalLM.from_pretrained(path.parent, gguf_file=path.name, local_files_only=True)
    del read.config.quantization_config  # its weights are plain numbers by now, but a model read from a GGUF refuses to be saved
    model = type(read)(read.config)
    model.load_state_dict(read.state_dict())
    model.save_pretrained(folder)
    return "the same weights in float32 with transformers"


def _same_shape(folder: Path) -> str:
    """Random float32 weights in the shape of the model, and a tokenizer of single bytes."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    words = ["<unk>", "</s>", *sorted(pre_tokenizers.ByteLevel.alphabet())]
    bare = Tokenizer(models.BPE(vocab={word: n for n, word in enumerate(words)}, merges=[], unk_token="<unk>"))
    bare.pre_tokenizer, bare.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=bare, unk_token="<unk>", eos_token="</s>")
    tokenizer.chat_template = TEMPLATE
    tokenizer.save_pretrained(folder)
    torch.manual_seed(7)
    model = LlamaForCausalLM(LlamaConfig(**SHAPE, bos_token_id=None, eos_token_id=1, pad_token_id=1))
    printable = [n for n, word in enumerate(words) if n > 1 and "!" <= word <= "~"]
    with torch.no_grad():  # only printable characters are ever likely, so the answer never ends early
        keep = torch.zeros(SHAPE["vocab_size"], 1)
        keep[printable] = 1
        model.lm_head.weight *= keep
    model.save_pretrained(folder)
    return "a model of the same shape with random float32 weights with transformers, because gguf and accelerate are not installed"
