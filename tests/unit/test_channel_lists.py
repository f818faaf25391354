"""What would become of each row of a list: added, already here, or for a person; nothing invented, nothing lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostrum.areas.channels.lists import Find, Known, KnownChannel, Outcome, ReadRow, RowKind, Units, read_list
from rostrum.areas.channels.naming import platform_called, platforms_called
from rostrum.importers.tables import read_table
from rostrum.kernel.decisions import InvalidInput
from tests.dirty_lists import UNITS, big_list_with_one_bad_row, dirty_list

NAMED = Units({name: f"unt-{number}" for number, name in enumerate(UNITS)})
POLICE = NAMED.called("Police Department")


def read(text: str | bytes, *known: KnownChannel, default_unit: str = "") -> list[ReadRow]:
    data = text if isinstance(text, bytes) else text.encode()
    return list(read_list(read_table(data), units=NAMED, known=Known(known), default_unit=default_unit))


def finds(text: str | bytes, *known: KnownChannel, default_unit: str = "") -> list[Find]:
    return [find for row in read(text, *known, default_unit=default_unit) for find in row.finds]


def one(text: str, *known: KnownChannel, default_unit: str = "") -> Find:
    (find,) = finds(text, *known, default_unit=default_unit)
    return find


def codes(find: Find) -> list[str]:
    return [why.code for why in find.why]


@pytest.mark.parametrize(
    ("text", "platform"),
    [
        ("FB", "facebook"), ("Face Book", "facebook"), ("facebook page", "facebook"),
        ("Facebook (official)", "facebook"),
        ("Meta/Facebook", "facebook"), ("Facbook", "facebook"), ("www.facebook.com", "facebook"), ("f.b.", "facebook"),
        ("Twitter", "x"), ("X/Twitter", "x"), ("X (formerly Twitter)", "x"), ("X, formerly known as Twitter", "x"),
        ("twiter", "x"), ("X", "x"), ("Twitter account", "x"),
        ("IG", "instagram"), ("Insta", "instagram"), ("Instragram", "instagram"),
        ("You Tube", "youtube"), ("YouTube Channel", "youtube"), ("Linked In", "linkedin"), ("Next Door", "nextdoor"),
        ("Tik Tok", "tiktok"), ("Blue Sky", "bluesky"), ("Página de Facebook", "facebook"),
    ],
)  # fmt: skip
def test_a_platform_is_known_by_its_many_spellings(text: str, platform: str) -> None:
    assert platform_called(text) == platform


@pytest.mark.parametrize("text", ["", "Police", "social media", "Facebook and Instagram", "Myspace", "page"])
def test_no_platform_is_guessed(text: str) -> None:
    assert platform_called(text) is None


def test_several_platforms_in_one_cell_are_all_named() -> None:
    assert platforms_called("FB & IG, Twitter") == ("facebook", "instagram", "x")


@pytest.mark.parametrize(
    "text",
    [
        "Department,Site,Link\nPolice Department,Facebook,https://www.facebook.com/WausauPolice\n",
        "Link,Department,Site\nhttps://m.facebook.com/wausaupolice?x=1,Police,FB\n",
        "Site;Handle;Dept.\nFace Book;@WausauPolice;POLICE DEPARTMENT\n",
        "Dept\tFacebook\tTwitter\nPolice\twausaupolice\tn/a\n",
        "Police Department,Facebook,facebook.com/wausaupolice\nFire Department,Facebook,\n",
        "Departamento,Red social,Enlace\nPolice,Facebook,facebook.com/wausaupolice\n",
        "Dienststelle,Netzwerk,Benutzername,Abteilung\nx,Facebook,wausaupolice,Police\n",
        'Department,Page\nPolice,"=HYPERLINK(""https://facebook.com/wausaupolice"",""Our page"")"\n',
        'Department,Page\nPolice,"<a href=""https://facebook.com/wausaupolice"">Our page</a>"\n',
        "Department,Accounts\nPolice,Facebook: WausauPolice\n",
        "Department,Platform,URL,Handle\nPolice,Facebook,facebook.com/wausaupolice,@WausauPolice\n",
        "City of Wausau social media,,\n,,\nDepartment,Site,Link\nPolice,Facebook,facebook.com/wausaupolice\n",
        "sep=,\nDepartment,Site,Link\nPolice,Facebook,facebook.com/wausaupolice\n",
        "'Police,'Facebook,'facebook.com/wausaupolice\n",
    ],
)
def test_a_row_is_read_whatever_its_shape(text: str) -> None:
    find = one(text)

    assert (find.platform, find.key, find.unit, find.outcome) == ("facebook", "@wausaupolice", POLICE, Outcome.ADD)


HEAD = "Department,Site,Link,Handle,Name,Status\n"


def test_a_url_filed_under_the_wrong_platform_is_the_platforms_own_and_said_so() -> None:
    find = one(f"{HEAD}Police,Twitter,https://www.facebook.com/WausauPolice,,,\n")

    assert (find.platform, find.outcome, codes(find)) == ("facebook", Outcome.ADD, ["filed-wrong"])
    assert find.why[0].text == "Listed under X (Twitter); the address is one of Facebook."


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("Police,,,@wausaupolice,,", "no-platform"),
        ("Police,Facebook and X,,@wausaupolice,,", "two-platforms"),
        ("Police,Facebook,https://bit.ly/3x,,,", "short-link"),
        ("Police,,https://bit.ly/3x,,,", "short-link"),
        ("Police,Facebook,https://www.facebook.com/wausaupolice/posts/1,,,", "post"),
        ("Police,YouTube,https://www.youtube.com/watch?v=abc,,,", "names-nothing"),
        ("Police,Facebook,https://www.wausau.gov/police,,,", "not-an-address"),
        (",Facebook,facebook.com/wausaupolice,,,", "no-unit"),
        ("Dept. of Mysteries,Facebook,facebook.com/wausaupolice,,,", "unknown-unit"),
        ("Police,Facebook,facebook.com/wausaupolice,,,Inactive", "said-to-be-closed"),
        ("Police,Mastodon,,@wausaupolice,,", "no-server"),
        ("Police,Facebook,facebook.com/wausaupolice,,=1+B2(),", "unreadable"),
        ("Police,X,,@wausau_fire,,", "looks-alike"),
        ("Police,X,,@closedone,,", "closed-here"),
    ],
)
def test_what_the_row_does_not_settle_waits_for_a_person_with_the_reason(row: str, code: str) -> None:
    known = (
        KnownChannel("chn-1", "Fire", "x", "@wausaufire"),
        KnownChannel("chn-2", "Old", "x", "@closedone", is_closed=True),
    )
    find = one(f"{HEAD}{row}\n", *known)

    assert find.outcome is Outcome.DECIDE
    assert code in codes(find)


def test_a_channel_here_already_is_recognised_in_any_spelling() -> None:
    known = KnownChannel("chn-1", "Wausau Police", "facebook", "@wausaupolice")
    find = one(f"{HEAD}Nobody,FB,http://m.facebook.com/Wausau.Police/,,,\n", known)

    assert (find.outcome, [why.text for why in find.why]) == (
        Outcome.HERE,
        ["Already in the registry: Wausau Police."],
    )


def test_the_same_channel_twice_is_taken_once() -> None:
    first, second = finds(f"{HEAD}Police,FB,facebook.com/wausaupolice,,,\nPolice,Facebook,,@WausauPolice,,\n")

    assert (first.outcome, second.outcome) == (Outcome.ADD, Outcome.REPEATED)
    assert second.why[0].text == "The same channel stands in row 2."


def test_two_rows_that_look_alike_are_not_both_taken() -> None:
    _, second = finds(f"{HEAD}Police,X,,@wausaupolice,,\nPolice,X,,@wausau_police,,\n")

    assert (second.outcome, codes(second)) == (Outcome.DECIDE, ["looks-alike"])


def test_several_addresses_in_one_cell_are_several_channels() -> None:
    found = finds('Department,Links\nPolice,"https://facebook.com/wpd, https://x.com/wpd\nwww.instagram.com/wpd"\n')

    assert [(one.platform, one.key) for one in found] == [("facebook", "@wpd"), ("x", "@wpd"), ("instagram", "@wpd")]


def test_a_list_with_one_column_per_platform_is_read_across() -> None:
    found = finds("Department,Facebook,X/Twitter,Instagram URL\nPolice,wpd,@wpd,https://instagram.com/wpd\n")

    assert [(one.platform, one.key, one.unit) for one in found] == [
        ("facebook", "@wpd", POLICE),
        ("x", "@wpd", POLICE),
        ("instagram", "@wpd", POLICE),
    ]


def test_no_name_is_invented() -> None:
    assert one(f"{HEAD}Police,FB,facebook.com/wpd,,Wausau PD,\n").name == "Wausau PD"
    assert one(f"{HEAD}Police,FB,facebook.com/wpd,,,\n").name == "wpd"
    channel = "https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv"
    assert one(f"{HEAD}Police,YT,{channel},,,\n").name == "Police on YouTube"


def test_an_email_address_is_no_channel() -> None:
    (_, row) = read("Department,Contact,Site\nPolice,chief@wausau.gov,Facebook\n")

    assert (row.kind, [why.code for why in row.why]) == (RowKind.UNCLEAR, ["unclear"])


def test_a_default_department_keeps_what_names_none() -> None:
    assert one("facebook.com/wpd\n", default_unit=POLICE).outcome is Outcome.ADD


def test_a_department_is_known_by_the_words_that_tell_it_apart() -> None:
    assert NAMED.called("Dept. of Police") == POLICE
    assert NAMED.called("MAYOR") == NAMED.called("Mayor's Office") != ""
    assert NAMED.called("Parks & Recreation") == NAMED.called("Parks and Recreation")
    assert NAMED.called("Office") == NAMED.called("") == NAMED.called("Parks") == ""


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_of_two_thousand_dirty_rows_every_one_is_accounted_for(encoding: str) -> None:
    dirty = dirty_list(2_000, encoding=encoding)
    rows = read(dirty.data)
    text = dirty.data.decode(encoding).replace("\r\n", "\n")

    assert "\n".join(row.text for row in rows) + "\n" == text
    assert len(rows) == dirty.rows + 2
    assert all(row.finds or row.kind is not RowKind.CHANNELS for row in rows)
    assert all(row.why for row in rows if row.kind is RowKind.UNCLEAR)
    found = [find for row in rows for find in row.finds]
    assert all(find.why for find in found if find.outcome is not Outcome.ADD)
    assert all(find.key and find.unit and find.platform for find in found if find.outcome is Outcome.ADD)
    taken = [(find.platform, find.key) for find in found if find.outcome is Outcome.ADD]
    assert len(taken) == len(set(taken)) > 1_300


def test_one_bad_row_in_ten_megabytes_is_named_and_costs_nothing_else() -> None:
    data, bad = big_list_with_one_bad_row()
    rows = read(data)
    troubled = [row for row in rows if row.why or any(find.outcome is not Outcome.ADD for find in row.finds)]

    assert [row.number for row in troubled] == [bad]
    assert [codes(find) for find in troubled[0].finds] == [["unreadable"]]
    assert len(rows) == data.count(b"\n")


_CELL = st.one_of(
    st.sampled_from(
        [
            *("Facebook", "FB", "X/Twitter", "Police", "", "n/a", "Department", "Link", "=1+1", "#REF!", "1.2E+14"),
            *("facebook.com/a", "https://x.com/b?x=1", "@c", "bit.ly/d", "mailto:a@b.gov", '=HYPERLINK("x.com/e","f")'),
        ]
    ),
    st.text(max_size=30),
)


@given(st.lists(st.lists(_CELL, max_size=7), min_size=1, max_size=12), st.sampled_from([",", ";", "\t"]))
def test_whatever_stands_in_a_list_every_row_is_accounted_for(table: list[list[str]], delimiter: str) -> None:
    text = "\n".join(delimiter.join(cells) for cells in table)
    try:
        rows = read(text.encode("utf-8", "replace"))
    except InvalidInput:
        return
    lines = text.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[-1] == "":
        lines.pop()

    assert "\n".join(row.text for row in rows) == "\n".join(lines)
    for row in rows:
        assert bool(row.finds) == (row.kind is RowKind.CHANNELS)
        assert row.why or row.kind is not RowKind.UNCLEAR
        for find in row.finds:
            assert find.outcome is Outcome.ADD or find.why
            if find.outcome is Outcome.ADD:
                assert find.platform
                assert find.key
                assert find.unit
                assert find.name
