"""What stands under every answer: how it was made, measured in this turn, and the turn laid open."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui.frame import plain
from usecases import evaluation
from usecases.chat import DISCLOSURE, Answer, Citation, ToolCall
from usecases.registry import UseCase

_STAGES = ("You wrote", "The model saw", "The model said", "You were shown")


_MEASURES = {
    "correct": "Answered rightly",
    "citation_correct": "Right document or tool",
    "unsupported_sentences": "Sentences with something that no fact holds",
    "declined_rightly": "Declined what it must not answer",
    "declined_wrongly": "Declined what it should answer",
    "worded_by_model": "Worded by the model throughout",
    "quoted_from_facts": "With a fact quoted as it is",
}


def headline(row: UseCase) -> None:
    """The one measured figure that a card shows, where the use case has been measured."""
    if figures := evaluation.published(row.module):
        right = figures["correct"]
        st.badge(
            f"{right['share']:.0%} right on {right['n']} held-out questions", icon=":material/monitoring:", color="blue",
            help=f"95 % interval {_range(right)}, measured on {figures['date']} with {figures['model']}.",
        )  # fmt: skip


def measured(row: UseCase) -> None:
    """All figures of the last run on the held-out questions, with intervals and the command that made them."""
    if not (figures := evaluation.published(row.module)):
        return
    with st.expander(f"Measured on {figures['n']} questions that nothing was tuned on", icon=":material/monitoring:"):
        st.table([
            {"": label, "Share": f"{figures[key]['share']:.1%}", "95 % interval": _range(figures[key]), "Of": figures[key]["n"]}
            for key, label in _MEASURES.items()
        ])  # fmt: skip
        st.caption(
            plain(f"{figures['date']}, {figures['model']}. Run it again: python -m usecases run {row.slug} --eval. ")
            + "The questions and their expected facts lie in the repository; a judge that does not share code with the guardrail counts."
        )


def _range(figure: dict[str, Any]) -> str:
    low, high = figure["interval"]
    return f"{low:.1%} to {high:.1%}"


def sources(citations: tuple[Citation, ...], tools: tuple[ToolCall, ...]) -> None:
    """Tables that code computed, and a button per cited passage that opens it."""
    for tool in tools:
        if tool.table:
            st.table([{key: plain(value) for key, value in line.items()} for line in tool.table], border="horizontal")
    if citations:
        with st.container(horizontal=True, gap="small"):
            for citation in citations:
                with st.popover(plain(f"[{citation.number}] {citation.title}"), icon=":material/description:", type="tertiary"):
                    st.markdown(f"**{plain(citation.section)}**")
                    st.markdown(plain(citation.text))
                    st.caption(plain(f"Larkfield Bank, document {citation.slug}"))


def strip(answer: Answer) -> None:
    """How the words were made, what was guarded, and how long it took."""
    times = answer.timings
    with st.container(horizontal=True, gap="small"):
        if answer.stopped:
            st.badge("Stopped by you", icon=":material/stop_circle:", color="orange")
        elif answer.model == "no model needed":
            st.badge("The bank's own words", icon=":material/gavel:", color="gray")
        elif answer.quoted:
            st.badge(
                "Facts quoted", icon=":material/format_quote:", color="blue", help="The model's wording did not hold, so facts stand here."
            )
        else:
            st.badge("Worded by the model, checked", icon=":material/verified:", color="green", help="Every word stands in the facts.")
        if hidden := len(answer.glass.findings):
            st.badge(f"{hidden} personal detail{'s' * (hidden > 1)} hidden", icon=":material/shield_person:", color="violet")
        if answer.glass.rejected:
            st.badge(f"{len(answer.glass.rejected)} sentence(s) held back", icon=":material/block:", color="orange")
        parts = [f"facts {_duration(times['facts_ms'])}"] if "facts_ms" in times else []
        if "first_word_s" in times:
            parts.append(f"first word {times['first_word_s']:.1f} s")
        if times.get("tokens_per_s"):
            parts.append(f"{times['tokens_per_s']:.0f} tokens/s")
        st.badge(" · ".join(parts) or "no timing", icon=":material/timer:", color="gray")
    st.caption(plain(f"{DISCLOSURE} Model: {answer.model}."))


def glass_box(answer: Answer) -> None:
    """The turn laid open: typed -> seen by the model -> said by the model -> shown."""
    glass = answer.glass
    with st.expander("Glass box: what the model saw and said", icon=":material/visibility:"):
        texts = (glass.typed, glass.model_saw or "(no model needed)", glass.model_said or "(nothing)", answer.text)
        for number, (label, text) in enumerate(zip(_STAGES, texts, strict=True), start=1):
            st.markdown(f":gray[{number}] **{label}**")
            st.code(text, language=None, wrap_lines=True)
        if glass.rejected:
            st.markdown("**Held back by the grounding check**")
            st.table([{"Sentence": plain(sentence), "Why": plain(reason)} for sentence, reason in glass.rejected])
        if glass.findings:
            st.markdown("**Found by the PII scan**")
            st.table([
                {"Type": f.type, "Text": plain(glass.typed[f.start : f.end]), "Score": f"{f.score:.2f}", "Recogniser": f.recogniser}
                for f in glass.findings
            ])  # fmt: skip
        if answer.tools:
            st.markdown("**Tool that code ran**")
            st.json([{"tool": t.name, "arguments": t.arguments, "facts": list(t.facts)} for t in answer.tools], expanded=True)


def _duration(milliseconds: float) -> str:
    return f"{milliseconds:.0f} ms" if milliseconds < 1000 else f"{milliseconds / 1000:.1f} s"
