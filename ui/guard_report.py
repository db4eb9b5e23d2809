"""The guardrail's measured figures, the paths it covers, and the audit log with the state of its chain."""

from __future__ import annotations

from typing import Any

import streamlit as st

from errors import ShowcaseError
from guardrails.coverage import PATHS
from guardrails.figures import published
from store.audit import AuditLog
from ui.frame import plain

_FIGURES = {
    "texts_leaking": "Texts in which something personal stays visible",
    "texts_leaking_high_risk": "... of a high-risk kind (cards, accounts, tax, health and identity numbers, devices)",
    "spans_covered": "Values hidden whole",
    "right_type": "Values given the right type",
    "precision": "Findings that are personal data",
    "negatives_touched": "Hard negatives in which something is hidden",
    "harmless_masked": "Harmless characters hidden",
}
_DISGUISES = {
    "clean": "as usual", "at_dot": "\"at\" and \"dot\"", "full_width": "full-width digits", "glued": "glued to words", 
    "homoglyphs": "look-alike letters",
    "line_break": "broken over lines", "lower": "lower case", "no_punctuation": "no punctuation", "odd_separators": "odd separators",
    "spaced_out": "spaced out", "spelled_digits": "digits spelled out", "upper": "upper case", "zero_width": "invisible characters inside",
}  # fmt: skip


def report_page() -> None:
    figures = published()
    st.header("Measured", anchor=False)
    if figures is None:
        st.info("Nothing has been measured in this copy yet. Run: make guard-report", icon=":material/monitoring:")
    else:
        _measured(figures)
    st.header("Covered paths", anchor=False)
    st.markdown("Text has one way to a model: through the door. Each row names the test that shows its guard at work.")
    st.table([{"Path": row.name, "Guard": row.guard, "Test": f"`{row.test}`"} for row in PATHS])
    st.header("Audit log", anchor=False)
    _audit()


def _measured(figures: dict[str, Any]) -> None:
    ours, theirs, orders = figures["vitrine"], figures["presidio"], figures["injection"]
    st.markdown(
        f"On this synthetic set: {figures['texts']:,} English texts with personal data of {len(ours['by_kind'])} kinds, "
        f"much of it in disguise, and {figures['negatives']} hard negatives. No rule and no weight was tuned on its templates or names. "
        "In brackets: 95 % interval. "
        "Beside it: Presidio with all its default recognisers, on the same texts in the same run."
    )  # fmt: skip
    rows = [{"": label, "Vitrine": _shown(ours[key]), "Stock Presidio": _shown(theirs[key])} for key, label in _FIGURES.items()]
    rows.append({"": "Texts that leak when they arrive in pieces of 1 to 7 characters", "Vitrine": _shown(figures["streamed_leaking"]),
                 "Stock Presidio": "not measured"})  # fmt: skip
    rows.append({
        "": "Milliseconds per 1,000 characters", "Vitrine": f"{ours['ms_per_1000_characters']:.0f}",
        "Stock Presidio": f"{theirs['ms_per_1000_characters']:.0f}",
    })  # fmt: skip
    st.table(rows)
    st.table([
        {"": "Orders to the model that are caught", "Vitrine": _shown(orders["caught"])},
        {"": "Harmless look-alikes that are blocked", "Vitrine": _shown(orders["harmless_blocked"])},
    ])  # fmt: skip
    left, right = st.columns(2)
    with left, st.expander("Hidden whole, by kind", icon=":material/category:"):
        _by(figures, "by_kind", {})
    with right, st.expander("Hidden whole, by disguise", icon=":material/theater_comedy:"):
        _by(figures, "by_disguise", _DISGUISES)
    st.caption(
        f"Measured on {figures['date']}; again by: make guard-report. "
        "The tagger's threshold and one rule against orders were chosen on other texts, but with totals of this set in view. "
        "A synthetic set is not your data: try your own in the lab."
    )


def _by(figures: dict[str, Any], group: str, names: dict[str, str]) -> None:
    ours, theirs = figures["vitrine"][group], figures["presidio"][group]
    st.table([
        {
            "": names.get(key, key.replace("_", " ").lower()), "Vitrine": _shown(value), "Presidio": f"{theirs[key]['share']:.0%}",
            "Of": value["n"],
        }
        for key, value in ours.items()
    ])  # fmt: skip


def _shown(value: dict[str, Any]) -> str:
    low, high = value["interval"]
    return f"{value['share']:.1%} ({low:.1%} to {high:.1%})"


def _audit() -> None:
    try:
        log = AuditLog()
        if "guard-report.verdict" not in st.session_state or st.session_state.get("guard-report.again"):
            st.session_state["guard-report.verdict"] = log.verify()  # reads every row: not on each click
        verdict = st.session_state["guard-report.verdict"]
        if verdict.ok:
            st.success(f"The chain of {verdict.rows:,} events is whole: no row was changed, taken out or put in.", icon=":material/link:")
        else:
            st.error(plain(f"The chain is broken: {verdict.problem}"), icon=":material/link_off:")
        st.button("Check again", key="guard-report.again", icon=":material/refresh:")
        left, middle, right = st.columns(3)
        path = left.selectbox("Path", ["all", "user", "upload", "passage", "tool"], key="guard-report.path")
        rule = middle.text_input("Rule", key="guard-report.rule", placeholder="pii or injection: ...")
        conversation = right.text_input("Conversation", key="guard-report.conversation")
        events = log.events(200, rule=rule or None, path=None if path == "all" else path, conversation=conversation or None)
    except ShowcaseError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    if not events:
        st.caption("No event fits.")
        return
    st.dataframe(
        [
            {
                "When": str(event["at"])[:19].replace("T", " "), "Path": event["path"], "Rule": event["rule"],
                "Found": ", ".join(f"{kind} {n}" for kind, n in sorted(dict(event["counts"] or {}).items())) or "-",  # type: ignore[call-overload]
                "Characters": event["characters"], "Conversation": event["conversation"],
            }
            for event in events
        ],
        hide_index=True,
    )  # fmt: skip
    st.caption("Types and counts, never the text. From a shell: python -m store verify, export, purge.")
