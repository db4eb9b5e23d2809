"""The rows of the report, their targets, and the Markdown table that holds them.

What it writes names versions and sizes, never this machine or a path on it.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median

from benchmarks.stats import Ratio, paired_ratio

RESULTS = Path(__file__).parent / "RESULTS.md"
LIBRARIES = ("streamlit", "xllamacpp", "transformers", "torch", "presidio-analyzer", "spacy", "playwright")
HEADER = ("Measurement", "Vitrine", "Peer", "Ratio (95 % interval)", "Target", "Result", "Runs")


@dataclass(frozen=True, slots=True)
class Target:
    """A bound for the ratio, or for the figure itself where there is no ratio."""

    limit: float
    at_least: bool = False

    def met(self, value: float) -> bool:
        return value >= self.limit if self.at_least else value <= self.limit

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.limit:g}"


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement. With a `ratio` the target bounds the ratio, else the figure `ours`; `why` says why nothing was measured."""

    name: str
    unit: str = ""
    ours: float | None = None
    peer: str = ""
    theirs: float | None = None
    ratio: Ratio | None = None
    target: Target | None = None
    runs: int = 0
    note: str = ""
    why: str = ""

    @property
    def verdict(self) -> str:
        value = self.ratio.value if self.ratio else self.ours
        if self.why or value is None:
            return "not measured"
        if self.target is None:
            return "reported"
        return "pass" if self.target.met(value) else "MISS"


def compared(
    name: str, unit: str, ours: Sequence[float], peer: str, theirs: Sequence[float], target: Target | None = None, note: str = ""
) -> Row:
    """A row of paired runs: medians of both sides and the ratio over the pairs."""
    ratio = paired_ratio(ours, theirs)
    return Row(name, unit, median(ours), peer, median(theirs), ratio, target, len(ours), note)


def missing(name: str, why: str) -> Row:
    return Row(name, why=why)


def table(rows: Sequence[Row]) -> str:
    """A Markdown table, and under it the notes and what was not measured."""
    lines = [_line(HEADER), _line(["---"] * len(HEADER)), *(_line(_cells(row)) for row in rows)]
    remarks = [f"- {row.name}: {row.why or row.note}" for row in rows if row.why or row.note]
    return "\n".join([*lines, "", *remarks]).rstrip() + "\n"


def document(rows: Sequence[Row], conditions: Mapping[str, str]) -> str:
    """RESULTS.md as a whole."""
    head = [
        "# Benchmark results", "",
        "Written by `make bench`. A ratio is Vitrine divided by the peer, both measured in the same run and interleaved; it is the median",
        "over the pairs, with a 95 % bootstrap interval. Result compares that median with the target.", "",
    ]  # fmt: skip
    return "\n".join([*head, *(f"- {key}: {value}" for key, value in conditions.items()), "", table(rows)])


def conditions(model: str, chromium: str = "") -> dict[str, str]:
    """What the figures depend on, without the machine's name."""
    libraries = [f"{name} {found}" for name in LIBRARIES if (found := _version(name))]
    load = f"{os.getloadavg()[0]:.1f} before the first measurement" if hasattr(os, "getloadavg") else "unknown"
    return {
        "Date": date.today().isoformat(),
        "Machine": f"{os.cpu_count()} cores, {_memory_gib():.0f} GiB of memory, no GPU used, {platform.system()} {platform.machine()}",
        "Load average": load,
        "Python": platform.python_version(),
        "Libraries": ", ".join(libraries),
        "Browser": chromium or "none",
        "Model": model,
    }


def _cells(row: Row) -> list[str]:
    ratio = f"{row.ratio.value:.3f} ({row.ratio.low:.3f} to {row.ratio.high:.3f})" if row.ratio else ""
    target = f"{row.target}{'' if row.ratio else ' ' + row.unit}" if row.target else ""
    peer = f"{row.peer}: {_figure(row.theirs, row.unit)}" if row.theirs is not None else row.peer
    return [row.name, _figure(row.ours, row.unit), peer, ratio, target, row.verdict, str(row.runs or "")]


def _figure(value: float | None, unit: str) -> str:
    """Three significant digits, whole numbers from 100 up."""
    if value is None:
        return ""
    return f"{f'{value:.0f}' if abs(value) >= 100 else f'{value:.3g}'} {unit}".strip()


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
