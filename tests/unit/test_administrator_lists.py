"""Lists of administrators as people have them: read tolerantly, nothing invented, nothing lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostrum.areas.channels.rules.admin_lists import MAX_BYTES, MAX_ROWS, Administrator, folded, read_administrators
from rostrum.areas.channels.rules.roster import Disagreement, Known, Matched, match, reconcile

DANA = Administrator(0, "Dana Head", "", "dana@x.gov", "Admin")


def read(text: str | bytes) -> list[tuple[str, str, str, str]]:
    told = read_administrators(text if isinstance(text, bytes) else text.encode())
    return [(one.name, one.login, one.email, one.role) for one in told.rows]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Name,E-mail,Role\nDana Head,dana@x.gov,Admin\n", [("Dana Head", "", "dana@x.gov", "Admin")]),
        ("name;email;role\r\nDana Head;dana@x.gov;Admin\r\n", [("Dana Head", "", "dana@x.gov", "Admin")]),
        ("Person\tUser name\tPermission\nDana\tdhead\tEditor", [("Dana", "dhead", "", "Editor")]),
        (
            "Dana Head,dana@x.gov,Admin\nRaj,raj@x.gov,Editor",
            [("Dana Head", "", "dana@x.gov", "Admin"), ("Raj", "", "raj@x.gov", "Editor")],
        ),
        (
            "Dana Head (Admin)\n- Raj Mehta <raj@x.gov> - Editor",
            [("Dana Head", "", "", "Admin"), ("Raj Mehta", "", "raj@x.gov", "Editor")],
        ),
        ("Head, Dana\nMehta, Raj", [("Head, Dana", "", "", ""), ("Mehta, Raj", "", "", "")]),
        ("@dana\nRaj - Moderator", [("", "@dana", "", ""), ("Raj", "", "", "Moderator")]),
        ("\ufeffName,Login\nZoë,zoe".encode("utf-8"), [("Zoë", "zoe", "", "")]),
        ("Name,Login\nZoë,zoe".encode("utf-16"), [("Zoë", "zoe", "", "")]),
        ("Name,Login\nZoë,zoe".encode("cp1252"), [("Zoë", "zoe", "", "")]),
        ("login,role\ndana@x.gov,admin", [("", "dana@x.gov", "dana@x.gov", "admin")]),
        ('Name,Email\n"Head, Dana",dana@x.gov', [("Head, Dana", "", "dana@x.gov", "")]),
    ],
)  # fmt: skip
def test_a_list_is_read_however_it_comes(text: str | bytes, rows: list[tuple[str, str, str, str]]) -> None:
    assert read(text) == rows


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"PK\x03\x04\x00\x00", "no text"),
        (b"x" * (MAX_BYTES + 1), "MB"),
        (b"a\n" * (MAX_ROWS + 1), "lines"),
        (b"Name,Email\n", "nobody"),
    ],
)
def test_what_is_no_list_is_said(data: bytes, words: str) -> None:
    told = read_administrators(data)
    assert told.rows == ()
    assert words in told.faults[0].why


def test_one_bad_line_leaves_the_others_unharmed() -> None:
    told = read_administrators(b'Name,Email\nDana,dana@x.gov\n,,\n"Raj,raj@x.gov\nDana Two,dana@x.gov\n' + b"x" * 3000)
    assert told.rows[0].email == "dana@x.gov"
    assert {fault.where for fault in told.faults} == {"line 3", "line 5", "line 6"}


@given(st.binary(max_size=400))
def test_any_bytes_are_rows_or_named_faults(data: bytes) -> None:
    told = read_administrators(data)
    assert told.rows or told.faults
    assert all(one.key for one in told.rows)


def test_names_are_folded() -> None:
    assert folded("Lindqvist, Rosa") == folded("  ROSA  Lindqvist ") == "rosa lindqvist"
    assert folded("Zoë") == "zoe"


def known(person: str, *, present: bool = True, right: bool = True, holds: bool = True) -> Known:
    return Known(person, person.title(), present, right, holds)


def test_an_administrator_is_known_by_log_in_then_mail_then_a_name_of_one_person() -> None:
    dana, other = known("dana"), known("other")
    nobody: dict[str, Known] = {}
    assert match(DANA, by_login={"dana@x.gov": other}, by_email={"dana@x.gov": dana}, by_name={}) == other
    assert match(DANA, by_login=nobody, by_email={"dana@x.gov": dana}, by_name={}) == dana
    assert match(DANA, by_login=nobody, by_email={}, by_name={"dana head": (dana,)}) == dana
    assert match(DANA, by_login=nobody, by_email={}, by_name={"dana head": (dana, other)}) is None


ROW = Administrator(1, "A", "a", "", "")


@pytest.mark.parametrize(
    ("people", "most", "kinds"),
    [
        ([known("a"), known("b")], 5, []),
        ([None, known("a"), known("b")], 5, [Disagreement.UNKNOWN]),
        ([known("x", present=False), known("a"), known("b")], 5, [Disagreement.DEPARTED]),
        ([known("x", right=False, holds=False), known("a"), known("b")], 5, [Disagreement.NO_RIGHT]),
        ([known("a"), known("b"), known("c")], 2, [Disagreement.TOO_MANY]),
        ([known("a"), known("b"), known("c")], 0, []),
        ([known("a")], 5, [Disagreement.TOO_FEW]),
        ([known("a"), known("a")], 5, [Disagreement.TOO_FEW]),
        ([known("a"), known("b", holds=False)], 5, [Disagreement.TOO_FEW]),
        ([], 5, [Disagreement.TOO_FEW]),
    ],
)
def test_what_does_not_agree_with_the_roster(people: list[Known | None], most: int, kinds: list[Disagreement]) -> None:
    matched = tuple(Matched(ROW, one) for one in people)
    assert [one.kind for one in reconcile(matched, most=most)] == kinds
