"""Files: what a person would lose if a value stayed anywhere in what he gives away, or if the file did not open any more."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pypdf
import pytest
from docx.shared import RGBColor
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart, Reference
from openpyxl.chart.data_source import StrData, StrVal
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table
from PIL import Image, PngImagePlugin
from reportlab.pdfgen.canvas import Canvas

from errors import InvalidInput
from guardrails import Finding
from guardrails.files import Cleaned, clean_file
from guardrails.formats.cleaner import Cleaner, edits, labelled
from guardrails.formats.table import clean_table
from guardrails.operators import Operators

VALUES = {
    "Anna Bell": "PERSON", "anna@mail.test": "EMAIL_ADDRESS", "07700900123": "PHONE_NUMBER", "1987-05-14": "DATE", "Zoë Müller": "PERSON",
}  # fmt: skip
SECRET = [*VALUES, "Anna", "Bell"]


def clean(text: str) -> tuple[str, Sequence[Finding]]:
    """Knows VALUES anywhere, and eight digits only after the word account."""
    found = [Finding(m.start(), m.end(), kind, 0.9, "test") for value, kind in VALUES.items() for m in re.finditer(re.escape(value), text)]
    found += [Finding(*m.span(1), "BANK_ACCOUNT", 0.9, "test") for m in re.finditer(r"(?i)account(?: no)?: (\d{8})\b", text)]
    found.sort(key=lambda f: f.start)
    return Operators("redact").apply(text, found), found


def test_text_keeps_its_encoding_and_its_line_ends() -> None:
    text = "Dear Zoë Müller,\r\nyour fee is £5 – naïve.\n"
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        done = clean_file("note.txt", text.encode(encoding), clean)
        assert done.data == text.replace("Zoë Müller", "[PERSON]").encode(encoding)
    assert clean_file("n.log", text.encode("utf-16-le"), clean).data.decode("utf-16-le") == text.replace("Zoë Müller", "[PERSON]")
    assert done.mime == "text/plain" and done.summary.findings == {"PERSON": 1} and done.name == "note.txt"


def test_a_long_text_is_read_in_pieces_and_loses_nothing() -> None:
    text = "".join(f"Line {n} of Anna Bell.\n" for n in range(9000))
    told: list[float] = []
    done = clean_file("long.md", text.encode(), clean, told.append)
    assert done.data.decode() == text.replace("Anna Bell", "[PERSON]") and done.summary.findings["PERSON"] == 9000
    assert told == sorted(told) and told[-1] == 1.0 and len(told) > 5


def test_json_stays_json_with_its_layout_and_keys_are_context() -> None:
    text = '{ "who":"Anna Bell",\n "accountNo": 44556677, "n": 44556677.5, "esc": "a\\"b\\u0041nna Bell",\n '
    text += '"list": ["07700900123", 1, null], "Anna Bell": 1}'
    done = clean_file("a.json", text.encode(), clean)
    assert json.loads(done.data) == {"who": "[PERSON]", "accountNo": "[BANK_ACCOUNT]", "n": 44556677.5, "esc": 'a"b[PERSON]',
                                     "list": ["[PHONE_NUMBER]", 1, None], "[PERSON]": 1}  # fmt: skip
    assert done.data.decode().startswith('{ "who":"[PERSON]",\n ')
    lines = clean_file("a.jsonl", b'{"a": "Anna Bell"}\n{"a": 2}\n', clean)
    assert [json.loads(line) for line in lines.data.splitlines()] == [{"a": "[PERSON]"}, {"a": 2}]


@pytest.mark.parametrize("text", ["{", "[" * 100_000, "Anna Bell"])
def test_broken_json_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="no JSON"):
        clean_file("a.json", text.encode(), clean)


CSV = 'name,account_no,amount,note\r\n"Anna Bell",44556677,44556677,"said ""hi"", Anna Bell\nleft"\r\nBo, 1,=SUM(A1),"x"\r\n'


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_a_table_changes_only_in_the_cells_that_hold_something(delimiter: str, encoding: str) -> None:
    text = CSV.replace(",", delimiter)
    done = clean_file("t.csv", text.encode(encoding), clean)
    want = text.replace('"Anna Bell"', '"[PERSON]"').replace("Anna Bell", "[PERSON]").replace("44556677", "[BANK_ACCOUNT]", 1)
    assert done.data == want.encode(encoding)
    rows = list(csv.reader(io.StringIO(done.data.decode(encoding), newline=""), delimiter=delimiter))
    assert len(rows) == 3 and rows[1][2] == "44556677" and rows[2][2] == "=SUM(A1)"
    person, account = {"PERSON": 1}, {"BANK_ACCOUNT": 1}
    columns = [(c.name, c.cells, c.found, dict(c.types)) for c in done.summary.columns]
    assert columns == [("name", 2, 1, person), ("account_no", 2, 1, account), ("amount", 2, 0, {}), ("note", 2, 1, person)]
    assert done.summary.findings == {"PERSON": 2, "BANK_ACCOUNT": 1}


def test_a_table_without_a_head_is_cleaned_from_its_first_row() -> None:
    done = clean_file("t.csv", b"Anna Bell,anna@mail.test\nBo,x\n", clean)
    assert done.data == b"[PERSON],[EMAIL_ADDRESS]\nBo,x\n" and [c.name for c in done.summary.columns] == ["column 1", "column 2"]


def test_a_person_among_the_heads_is_cleaned_and_the_others_stay_context() -> None:
    done = clean_file("t.tsv", b"account\tdate\tAnna Bell\n44556677\t1\tyes\n", clean)
    assert done.data == b"account\tdate\t[PERSON]\n[BANK_ACCOUNT]\t1\tyes\n"
    assert [c.name for c in done.summary.columns] == ["account", "date", "[PERSON]"]


def test_a_replacement_with_the_delimiter_is_quoted() -> None:
    done = clean_file("t.csv", b"who,n\nAnna Bell,1\n", lambda text: (text.replace("Anna Bell", 'B, "A"'), clean(text)[1]))
    assert list(csv.reader(io.StringIO(done.data.decode()))) == [["who", "n"], ['B, "A"', "1"]]


def test_fifty_thousand_rows_with_few_values_ask_the_guardrail_few_times() -> None:
    asked, told = 0, list[float]()

    def counting(text: str) -> tuple[str, Sequence[Finding]]:
        nonlocal asked
        asked += 1
        return clean(text)

    rows = "".join(f"Anna Bell,{n % 7},44556677,town {n % 50}\n" for n in range(50_000))
    done = clean_file("big.csv", f"name,n,account,town\n{rows}".encode(), counting, told.append)
    assert asked < 100 and done.data.count(b"\n") == 50_001 and b"Anna" not in done.data and b"44556677" not in done.data
    assert done.summary.findings == {"PERSON": 50_000, "BANK_ACCOUNT": 50_000} and 50 < len(told) <= 101


@examples(max_examples=300, deadline=None)
@given(st.text('a",;\t\r\n| é', max_size=40), st.sampled_from(["", ",", ";", "\t"]))
def test_a_table_without_findings_stays_byte_for_byte(text: str, delimiter: str) -> None:
    assert clean_table(text, Cleaner(lambda t: (t, [])), delimiter) == text


@examples(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.text('ab",; \n') | st.just("Anna Bell"), min_size=2, max_size=4), min_size=1, max_size=6))
def test_every_cell_is_where_it_was(rows: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    done = clean_table(out.getvalue(), Cleaner(clean), ",")
    assert list(csv.reader(io.StringIO(done, newline=""))) == [[c.replace("Anna Bell", "[PERSON]") for c in row] for row in rows]


@pytest.mark.parametrize(("head", "label"), [("date_of_birth", "date of birth"), ("dateOfBirth", "date Of Birth"), (" E-mail:", "E mail")])
def test_a_head_is_read_as_words(head: str, label: str) -> None:
    assert labelled(head) == label


def test_a_finding_that_runs_over_the_head_takes_the_cell_with_it() -> None:
    def across(text: str) -> tuple[str, Sequence[Finding]]:
        return ("[PERSON]", [Finding(0, len(text), "PERSON", 1, "t")]) if ": " in text else (text, [])

    assert Cleaner(across).text("Jones", "Ann") == "[PERSON]"


def saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def holds(data: bytes, secrets: Sequence[str] = SECRET) -> list[str]:
    """Which secrets are anywhere in an Office file, in the text of any part."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {row: re.sub(rb"</?(?:\w+:)?(?:r|t|rPr|si)(?:\s[^>]*)?/?>", b"", archive.read(row)) for row in archive.namelist()}
    return [f"{secret} in {row}" for secret in secrets for row, part in parts.items() if secret.encode() in part]


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "People"
    sheet.append(["Customers of May"])
    sheet.append(["name", "account", "born", "sum", "note"])
    sheet.append(["Anna Bell", 44556677, datetime(1987, 5, 14), 44556677, '=IF(A3="Anna Bell","x",D3*2)'])
    sheet.append(["Bo", None, None, 12.5, "=D3+D4"])
    sheet["A3"].comment = Comment("Call Anna Bell", "Anna Bell")
    sheet["A3"].hyperlink = "mailto:anna@mail.test"
    sheet["A4"].font = openpyxl.styles.Font(bold=True)
    sheet["E3"].number_format = "0.00"
    sheet["F3"] = CellRichText("for ", TextBlock(InlineFont(b=True), "Anna"), " Bell")
    sheet["F4"] = CellRichText("for ", TextBlock(InlineFont(b=True), "nobody"))
    sheet.oddHeader.left.text = "Anna Bell"
    sheet.add_data_validation(DataValidation(type="list", formula1='"Anna Bell,Bo"'))
    sheet.auto_filter.ref = "A2:E4"
    sheet.auto_filter.add_filter_column(0, ["Anna Bell"])
    other = book.create_sheet("Second")
    for row in (["who", "Anna Bell"], ["Anna Bell", 1]):
        other.append(row)
    other.add_table(Table(displayName="T", ref="A1:B2"))
    chart = BarChart()
    chart.title = "Sums of Anna Bell"
    chart.add_data(Reference(sheet, min_col=4, min_row=2, max_row=4), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=3, max_row=4))
    chart.series[0].cat.numRef.numCache = None
    chart.series[0].tx.strRef.strCache = StrData(ptCount=1, pt=[StrVal(idx=0, v="Anna Bell")])
    sheet.add_chart(chart, "H2")
    book.properties.creator = book.properties.lastModifiedBy = "Anna Bell"
    book.properties.title = "About Anna Bell"
    return saved(book)


def test_a_workbook_holds_no_value_anywhere_and_keeps_the_rest() -> None:
    before = workbook()
    assert len({row.split(" in ")[1] for row in holds(before)}) >= 7  # so the check sees into all these parts
    done = clean_file("book.xlsx", before, clean)
    assert not holds(done.data)
    book = openpyxl.load_workbook(io.BytesIO(done.data), rich_text=True)
    assert book.sheetnames == ["People", "Second"]
    sheet = book["People"]
    assert [c.value for c in sheet[2]][:5] == ["name", "account", "born", "sum", "note"] and sheet["A1"].value == "Customers of May"
    assert [c.value for c in sheet[3]][:5] == ["[PERSON]", "[BANK_ACCOUNT]", "[DATE]", 44556677, '=IF(A3="[PERSON]","x",D3*2)']
    assert [c.value for c in sheet[4]][:5] == ["Bo", None, None, 12.5, "=D3+D4"]
    assert sheet["A4"].font.b and sheet["E3"].number_format == "0.00" and sheet["F3"].value == "for [PERSON]"
    assert isinstance(sheet["F4"].value, CellRichText)
    assert sheet["A3"].comment.text == "Call [PERSON]" and sheet["A3"].hyperlink.target == "mailto:[EMAIL_ADDRESS]"
    assert [c.name for c in book["Second"].tables["T"].tableColumns] == ["who", "[PERSON]"] and len(sheet._charts) == 1
    columns = {(c.sheet, c.name): (c.cells, c.found) for c in done.summary.columns}
    assert columns["People", "account"] == (1, 1) and columns["People", "sum"] == (2, 0) and columns["People", "name"] == (2, 1)


def test_a_number_that_becomes_a_number_stays_one_and_text_is_no_formula() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["account", "text"], [44556677, "Anna Bell"]):
        sheet.append(row)

    def other(text: str) -> tuple[str, Sequence[Finding]]:
        return text.replace("44556677", "11223344").replace("Anna Bell", "=1+1"), clean(text)[1]

    cells = openpyxl.load_workbook(io.BytesIO(clean_file("b.xlsx", saved(book), other).data)).active
    assert cells is not None and cells["A2"].value == 11223344 and cells["B2"].data_type == "s"


def test_a_cell_far_away_does_not_fill_the_memory() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.cell(1_000_000, 10_000, "Anna Bell")
    done = clean_file("far.xlsx", saved(book), clean)
    assert not holds(done.data) and len(done.data) < 20_000


def document() -> bytes:
    file = docx.Document()
    paragraph = file.add_paragraph("Dear ")
    paragraph.add_run("Anna ").bold = True
    paragraph.add_run("Bell").italic = True
    paragraph.add_run(", welcome ").underline = True
    red = paragraph.add_run("to us")
    red.font.color.rgb = RGBColor(255, 0, 0)
    paragraph.paragraph_format.tab_stops.add_tab_stop(100000)
    paragraph.add_run("\tyours\nfaithfully")
    table = file.add_table(2, 3)
    for row, texts in enumerate((["name", "account", "sum"], ["Anna Bell", "44556677", "44556677"])):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    form = file.add_table(1, 2)
    form.cell(0, 0).text, form.cell(0, 1).text = "Account no:", "44556677"
    section = file.sections[0]
    section.header.paragraphs[0].text = "For Anna Bell"
    section.footer.paragraphs[0].text = "anna@mail.test, page 1"
    file.add_comment(paragraph.runs, "Ask Anna Bell", author="Anna Bell", initials="AB")
    file.part.relate_to("mailto:anna@mail.test", docx.opc.constants.RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG", pnginfo=marked())
    picture.seek(0)
    file.add_picture(picture)
    file.inline_shapes[0]._inline.docPr.set("descr", "Photo of Anna Bell")
    from docx.oxml import parse_xml

    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    paragraph._p.append(parse_xml(f'<w:del {space} w:id="9" w:author="Anna Bell"><w:r><w:delText>Anna Bell</w:delText></w:r></w:del>'))
    paragraph._p.append(parse_xml(f'<w:r {space}><w:instrText> HYPERLINK "mailto:anna@mail.test" </w:instrText></w:r>'))
    file.core_properties.author = file.core_properties.last_modified_by = "Anna Bell"
    file.core_properties.title = "Letter to Anna Bell"
    return saved(file)


def marked() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "Anna Bell")
    info.add_itxt("XML:com.adobe.xmp", "<x>Anna Bell</x>")
    return info


def test_a_document_holds_no_value_anywhere_and_keeps_the_rest() -> None:
    before = document()
    assert len({row.split(" in ")[1] for row in holds(before)}) >= 6
    asked: list[str] = []
    done = clean_file("letter.docx", before, lambda text: (asked.append(text), clean(text))[1])
    assert not holds(done.data) and "Dear Anna Bell, welcome to us\tyours\nfaithfully" in asked  # as one text
    file = docx.Document(io.BytesIO(done.data))
    paragraph = file.paragraphs[0]
    assert paragraph.text == "Dear [PERSON], welcome to us\tyours\nfaithfully"
    runs = {run.text: run for run in paragraph.runs}
    assert runs["[PERSON]"].bold and runs[", welcome "].underline and runs["to us"].font.color.rgb == RGBColor(255, 0, 0)
    assert len(paragraph.paragraph_format.tab_stops) == 1
    assert [c.text for c in file.tables[0].rows[0].cells] == ["name", "account", "sum"]
    assert [c.text for c in file.tables[0].rows[1].cells] == ["[PERSON]", "[BANK_ACCOUNT]", "44556677"]
    assert file.tables[1].cell(0, 1).text == "[BANK_ACCOUNT]"
    assert file.sections[0].header.paragraphs[0].text == "For [PERSON]"
    assert file.sections[0].footer.paragraphs[0].text == "[EMAIL_ADDRESS], page 1"
    about = file.core_properties
    assert (about.author, about.last_modified_by, about.title) == ("", "", "Letter to [PERSON]") and len(file.inline_shapes) == 1
    comment = next(iter(file.comments))
    assert (comment.text, comment.author) == ("Ask [PERSON]", "Author")


def test_a_file_inside_a_document_is_cleaned_or_emptied() -> None:
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    file = docx.Document()
    for name, kind, data in (("a.xlsx", "spreadsheetml.sheet", workbook()), ("b.bin", "oleObject", b"Anna Bell")):
        content = f"application/vnd.openxmlformats-officedocument.{kind}"
        part = Part(PackURI(f"/word/embeddings/{name}"), content, data, file.part.package)
        file.part.relate_to(part, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/package")
    done = clean_file("outer.docx", saved(file), clean)
    assert not holds(done.data) and "b.bin" in done.summary.note and done.summary.findings["PERSON"] > 3
    with zipfile.ZipFile(io.BytesIO(done.data)) as archive:
        assert not holds(archive.read("word/embeddings/a.xlsx"))


@examples(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(["Anna Bell", "07700900123", " ", "a", "b", ", "]), max_size=8).map("".join))
def test_edits_give_what_the_guardrail_gave(text: str) -> None:
    for operators in (Operators("redact"), Operators(), Operators("surrogate", seed=1)):
        found = clean(text)[1]
        out = operators.apply(text, found)
        made, at = "", 0
        for start, end, new in edits(text, out, found):
            made, at = made + text[at:start] + new, end
        assert made + text[at:] == out


def pdf(text: str, password: str = "") -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out)
    for line in (text, "Second page"):
        canvas.drawString(50, 700, line)
        canvas.showPage()
    canvas.save()
    if not password:
        return out.getvalue()
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(out.getvalue()))
    writer.encrypt(password, algorithm="AES-256")
    return saved_pdf(writer)


def saved_pdf(writer: pypdf.PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_a_pdf_comes_back_as_its_text_and_says_so() -> None:
    done = clean_file("letter.pdf", pdf("Dear Anna Bell"), clean)
    assert done.name == "letter.txt" and done.mime == "text/plain" and "text of the PDF" in done.summary.note
    assert done.data.decode() == "Dear [PERSON]\n\nSecond page"


def test_a_pdf_with_a_password_or_without_text_is_refused() -> None:
    with pytest.raises(InvalidInput, match="encrypted"):
        clean_file("a.pdf", pdf("Anna Bell", "secret"), clean)
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    with pytest.raises(InvalidInput, match="no text"):
        clean_file("a.pdf", saved_pdf(writer), clean)


def exif() -> Image.Exif:
    data = Image.Exif()
    data[0x013B] = "Anna Bell"  # artist
    data[0x0112] = 6  # turned by 90 degrees
    return data


def test_a_png_keeps_every_pixel_and_nothing_else() -> None:
    picture = Image.effect_noise((30, 20), 80).convert("P")
    out = io.BytesIO()
    picture.save(out, "PNG", pnginfo=marked(), exif=b"Exif\0\0Anna Bell", transparency=3)
    done = clean_file("p.png", out.getvalue() + b"Anna Bell", clean)
    with Image.open(io.BytesIO(done.data)) as after:
        assert after.tobytes() == picture.tobytes() and after.info == {"transparency": 3}
    assert b"Anna" in out.getvalue() and b"Anna" not in done.data and b"xmp" not in done.data and done.mime == "image/png"


def test_a_jpeg_loses_its_metadata_and_stands_upright() -> None:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "red").save(out, "JPEG", exif=exif(), comment=b"Anna Bell", xmp=b"<x>Anna Bell</x>")
    done = clean_file("p.jpeg", out.getvalue() + b"Anna Bell", clean)
    with Image.open(io.BytesIO(done.data)) as after:
        assert after.size == (20, 30) and not after.getexif() and "comment" not in after.info
    assert out.getvalue().count(b"Anna") == 3 and b"Anna" not in done.data and "was not read" in done.summary.note


def test_a_file_named_after_a_person_gets_another_name() -> None:
    done = clean_file("C:\\up/2024_Anna_Bell.txt", b"x", clean)
    assert done.name == "2024_PERSON.txt" and clean_file("../../etc/my notes.txt", b"x", clean).name == "my notes.txt"


def bomb(names: Sequence[str] = ("word/document.xml",)) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            with archive.open(name, "w") as part:
                for _ in range(210):
                    part.write(b" " * 2**20)
    return out.getvalue()


def entities() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(out, "w") as new:
        for row in old.namelist():
            data = old.read(row)
            new.writestr(row, b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + data if row.endswith("sheet1.xml") else data)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.exe", b"MZ", "no kind.*\\.xlsx"), ("noend", b"x", "no kind"), ("a.txt", b"", "empty"), ("a.txt", bytes(range(256)), "no text"),
        ("a.txt", b"\x00\x01\x02" * 50, "no text"), ("a.txt", b"a" * (20 * 2**20 + 1), "20 MB"),
        ("a.xlsx", b"PK\x03\x04 broken", "can't be read"),
        ("a.xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 600, "encrypted"), ("a.docx", workbook(), "not a Word document"),
        ("a.docx", bomb(), "unpacks to 210 MB"), ("a.xlsx", entities(), "document type"), ("a.pdf", b"%PDF-1.4 broken", "PDF"),
        ("a.png", b"\x89PNG\r\n\x1a\nbroken", "picture"), ("a.jpg", b"GIF89a", "picture"), ("a.docx", document()[:-300], "can't be read"),
        ("a.docx", document()[:2000] + b"x" * 50 + document()[2050:], "broken|can't be read"),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)  # fmt: skip
def test_what_can_not_be_cleaned_is_refused_in_clear_words(name: str, data: bytes, words: str) -> None:
    with pytest.raises(InvalidInput, match=f"(?s){words}") as error:
        clean_file(name, data, clean)
    assert not isinstance(error.value.__cause__, AttributeError | TypeError)


def test_an_error_of_the_guardrail_is_no_broken_file() -> None:
    def fails(text: str) -> tuple[str, Sequence[Finding]]:
        raise RuntimeError("scanner")

    for name, data in (("a.xlsx", workbook()), ("a.docx", document()), ("a.csv", CSV.encode())):
        with pytest.raises(RuntimeError):
            clean_file(name, data, fails)


def test_nothing_is_written_to_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done: Cleaned = clean_file("letter.docx", document(), clean)
    assert done.summary.findings["PERSON"] >= 5 and not list(tmp_path.iterdir())
