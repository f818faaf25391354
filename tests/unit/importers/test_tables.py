"""Tables as people keep them: letters, separators, quotation marks, and files that are no tables at all."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostrum.importers.tables import LARGEST_BYTES, read_table
from rostrum.kernel.decisions import InvalidInput

TEXT = "Department,Site\r\nCafé,“FB”\r\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "UTF-8"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "UTF-8"),
        (TEXT.encode("cp1252"), "Windows-1252"),
        (TEXT.encode("utf-16"), "UTF-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "UTF-16"),
        (TEXT.encode("utf-16-le"), "UTF-16"),
        (TEXT.encode("utf-16-be"), "UTF-16"),
    ],
)
def test_the_letters_are_told_from_the_bytes(data: bytes, encoding: str) -> None:
    table = read_table(data)

    assert table.encoding == encoding
    assert [row.cells for row in table.rows] == [("Department", "Site"), ("Café", "“FB”")]


def test_a_file_put_together_from_two_keeps_the_letters_of_both() -> None:
    table = read_table("Café,a\n".encode() + "Müller,b\n".encode("cp1252"))

    assert [row.cells[0] for row in table.rows] == ["Café", "Müller"]
    assert table.encoding == "UTF-8 and Windows-1252"


def test_bytes_that_mean_nothing_in_windows_1252_are_kept() -> None:
    assert read_table(b"caf\xe9\x81,x\n").rows[0].text == "caf\xe9\x81,x"


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b,c\nd,e,f\n", ","),
        ("a;b;c\nd, and more;e;f\n", ";"),
        ("a\tb\tc\nd, x\te; y\tf\n", "\t"),
        ("a|b|c\nd|e|f", "|"),
        ("sep=;\na;b\n", ";"),
        ("https://a.example\nhttps://b.example\n", ","),
        ('"x,y,z";b\n"p,q";c\n', ";"),
    ],
)
def test_the_separator_is_the_one_that_cuts_the_rows_alike(text: str, delimiter: str) -> None:
    assert read_table(text.encode()).delimiter == delimiter


def test_a_quoted_line_break_belongs_to_its_cell() -> None:
    rows = read_table(b'a,"two\nlines",c\nd,e,f\n').rows

    assert [(row.number, row.cells) for row in rows] == [(1, ("a", "two\nlines", "c")), (3, ("d", "e", "f"))]


def test_quotation_marks_inside_are_doubled() -> None:
    assert read_table(b'a,"the ""old"" page",c\n').rows[0].cells == ("a", 'the "old" page', "c")


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_ends_a_line(line_end: str) -> None:
    assert len(read_table(f"a,b{line_end}c,d{line_end}".encode()).rows) == 2


@pytest.mark.parametrize("behind", ['x,"y",z\n', "p,q,r\n" * 200, ""])
def test_a_quotation_mark_that_nobody_closes_costs_its_own_row_only(behind: str) -> None:
    rows = read_table(f'a,b,c\nd,"open,f\n{behind}'.encode()).rows

    assert rows[1].trouble == "a quotation mark is opened here and not closed"
    assert rows[1].text == 'd,"open,f'
    assert rows[1].cells == ("d", "open", "f")
    assert len(rows) == 2 + behind.count("\n")
    assert not any(row.trouble for row in rows[2:])


def _workbook(*members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in members:
            archive.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "named", "remedy"),
    [
        (_workbook("[Content_Types].xml", "xl/workbook.xml"), "Excel workbook (.xlsx)", "save the sheet"),
        (_workbook("list.csv"), "zip archive", "unpack it"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Excel workbook (.xls)", "save it as CSV"),
        (b"%PDF-1.7 ...", "a PDF", "spreadsheet"),
        (b"<html><table><tr><td>x</td></tr></table>", "a web page", "save it as CSV"),
        (b"\x1f\x8b\x08" + b"x" * 20, "gzip", "unpack it"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "a picture", "type the list"),
        (bytes(range(256)) * 20, "not text", "CSV UTF-8"),
        (b"", "is empty", "empty"),
        (b" \r\n \n", "is empty", "empty"),
        (b"a" * (LARGEST_BYTES + 1), "the most is", "split"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_by_name_with_what_to_do(data: bytes, named: str, remedy: str) -> None:
    with pytest.raises(InvalidInput) as problem:
        read_table(data)
    assert named in problem.value.why
    assert remedy in problem.value.why


def _as_lines(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


@given(st.text(st.sampled_from('abé@/."",;\t\n\r 𝐱'), min_size=1, max_size=400).filter(str.strip))
def test_every_line_stands_in_exactly_one_row_as_it_was_written(text: str) -> None:
    rows = read_table(text.encode()).rows
    lines = _as_lines(text)

    assert "\n".join(row.text for row in rows) == "\n".join(lines)
    number = 1
    for row in rows:
        assert row.number == number
        number += row.text.count("\n") + 1
    assert number == len(lines) + 1


@given(st.binary(max_size=3000))
def test_any_bytes_are_a_table_or_named(data: bytes) -> None:
    try:
        table = read_table(data)
    except InvalidInput:
        return
    assert table.rows
