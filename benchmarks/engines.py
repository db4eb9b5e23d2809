"""One small model on both engines: SmolLM2-135M through llama.cpp and through transformers.

transformers reads the very weights of the GGUF file, which takes gguf and accelerate (requirements-dev.txt).
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from benchmarks.report import Row, compared
from generators.text import Message, TextGenerator, TextRequest
from generators.text_llamacpp import LlamaCppText
from generators.text_transformers import TransformersText
from guardrails import house_text
from models import store
from settings import current

MODEL = "smollm2-135m"
PROMPT = "Write a long story about a lighthouse keeper and his dog."


def engines(quick: bool) -> list[Row]:
    """Load time and decoding speed, in turns."""
    import transformers

    transformers.utils.logging.disable_progress_bar()
    path = store.path(MODEL)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        _same_weights(path, folder)
        loads, speeds = _measured(path, folder, loads=2 if quick else 5, answers=3 if quick else 12)
    note = "The same weights: Q4_1 with llama.cpp, spread out to float32 with transformers."
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


def _same_weights(path: Path, folder: Path) -> None:
    """The GGUF's own weights, spread out to float32, as a folder that the adapter loads."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name, local_files_only=True).save_pretrained(folder)
    read = AutoModelForCausalLM.from_pretrained(path.parent, gguf_file=path.name, local_files_only=True)
    del read.config.quantization_config  # its weights are plain numbers by now, but a model read from a GGUF refuses to be saved
    model = type(read)(read.config)
    model.load_state_dict(read.state_dict())
    model.save_pretrained(folder)
