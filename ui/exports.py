"""A conversation as a file to take away: Markdown and PDF, with disclosure and model name, personal data as placeholders."""

from __future__ import annotations

import io
from datetime import datetime
from xml.sax.saxutils import escape

from ui.frame import plain
from usecases.chat import DISCLOSURE, Conversation

NOTE = "Personal data that the guardrail found is replaced by placeholders."


def _lines(conversation: Conversation) -> list[tuple[str, str]]:
    lines = []
    for typed, answer in conversation.turns:
        lines += [("You", conversation.hidden(typed)), (f"Assistant ({answer.model})", conversation.hidden(answer.text or "(stopped)"))]
        lines += [("Source", f"[{c.number}] {c.title}: {c.section}") for c in answer.citations]
    return lines


def markdown(conversation: Conversation, title: str) -> str:
    """UTF-8 Markdown; what people typed is escaped, so it can't act as markup."""
    head = [f"# {title}", "", f"> {DISCLOSURE} {NOTE}", ""]
    body = [f"**{who}:** {plain(text)}\n" if who != "Source" else f"- {plain(text)}\n" for who, text in _lines(conversation)]
    return "\n".join([*head, *body])


def pdf(conversation: Conversation, title: str) -> bytes:
    """A4, the disclosure in the footer of each page and in the document's properties."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.lib.units import mm
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

    styles, out = getSampleStyleSheet(), io.BytesIO()
    document = SimpleDocTemplate(
        out, pagesize=A4, title=title, author="Vitrine", subject=f"{DISCLOSURE} {NOTE}", keywords=["AI-generated"],
        leftMargin=22 * mm, rightMargin=22 * mm, topMargin=20 * mm, bottomMargin=22 * mm,
    )  # fmt: skip

    def footer(canvas: object, doc: object) -> None:
        canvas.setFont("Helvetica", 8)  # type: ignore[attr-defined]
        canvas.drawString(22 * mm, 12 * mm, DISCLOSURE)  # type: ignore[attr-defined]

    # the built-in fonts know Latin-1 and a few signs; what they lack shows as a question mark
    def text(who: str, said: str) -> Paragraph:
        known = said.encode("cp1252", "replace").decode("cp1252")
        return Paragraph(f"<b>{escape(who)}:</b> {escape(known)}", styles["BodyText"])

    story = [
        Paragraph(escape(title), styles["Title"]),
        Paragraph(f"{datetime.now():%d %B %Y}. {NOTE}", styles["Italic"]),
        Spacer(1, 6 * mm),
    ]
    for who, said in _lines(conversation):
        story += [text(who, said), Spacer(1, (1 if who == "Source" else 3) * mm)]
    document.build(story, onFirstPage=footer, onLaterPages=footer)
    return out.getvalue()
