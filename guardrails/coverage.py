"""Every path that text takes to a model, to a person or to a disk: what guards it, and the test that shows it.

A test fails when a source of `Door.admit` has no row, or when a row names a test that is not there.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Path:
    """`sources` are those of `Door.admit` that the row speaks of; `test` is file::name under tests/."""

    name: str
    guard: str
    test: str
    sources: tuple[str, ...] = ()


PATHS = (
    Path("What a person types", "scan, pseudonyms, check for orders",
         "unit/test_one_door.py::test_an_engine_sees_pseudonyms_and_the_person_his_own_words", ("user",)),
    Path("Uploads", "scan, pseudonyms, check for orders", "unit/test_inputs.py::test_orders_to_the_model_are_stopped_wherever_they_stand",
         ("upload",)),
    Path("Passages of documents", "scan, pseudonyms, check for orders",
         "models/test_finance_faults.py::test_orders_hidden_in_a_document_do_not_reach_the_engine", ("passage",)),
    Path("Results of tools", "scan, pseudonyms", "unit/test_one_door.py::test_text_from_anywhere_is_pseudonymised", ("tool",)),
    Path("The model's words, as they stream", "held back until they stand in the facts",
         "unit/test_grounding.py::test_nothing_unsupported_shows_at_any_moment_of_the_stream"),
    Path("Personal data that the model makes up", "scan of each sentence; it is dropped",
         "unit/test_one_door.py::test_a_value_that_the_model_makes_up_is_not_shown"),
    Path("Exports of a conversation", "placeholders, disclosure inside the file",
         "pages/test_pages.py::test_an_export_carries_the_disclosure_and_no_personal_data"),
    Path("The audit store", "types and counts, never the text", "unit/test_audit.py::test_the_store_never_holds_what_was_typed"),
    Path("Thumbs with a reason", "placeholders that nobody can undo", "unit/test_audit.py::test_feedback_is_kept_without_the_conversation"),
    Path("Keys on the Settings page", "never shown",
         "pages/test_pages.py::test_settings_switch_the_engine_of_this_session_and_never_show_a_key"),
    Path("Markup in questions and answers", "shows as text", "browser/test_hostile.py::test_markup_in_a_question_shows_as_text"),
    Path("A scanner that fails", "the turn is blocked", "unit/test_one_door.py::test_a_scanner_that_fails_lets_nothing_through"),
    Path("The network", "nothing leaves the machine", "models/test_offline.py::test_a_question_is_answered_and_nothing_tries_to_leave"),
)  # fmt: skip
