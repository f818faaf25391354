"""The product's matrix against the one agreed for all packs, written out here a second time, row by row."""

import pytest

from rostrum.areas.people.rules import MATRIX, Permission, Reach, Role

# In the words and the order of the agreed table. Y yes, o own only, d own department, s as a routed step,
# 2 needs a second person, r read. The last column is the public, who hold no role and sign in nowhere.
AGREED = """
                                                        EMP POS CON DH COO PAO REC MOD HR IT ELE AH AUD PUB
request account or project                             | o | o | - | d | Y | Y | - | - | - | - | o | Y | - | -
approve account or project                             | - | - | - | s | s | s | - | - | - | s | - | s | - | -
TOS / privacy review ; decide on conflict              | - | o | - | d | Y | Y | - | - | - | r | - | - | r | -
deposit credential                                     | - | o | o | o | Y | - | - | - | - | - | o | - | - | -
disclose credential (logged, reason)                   | - | - | - | - | 2 | - | - | - | - | - | - | - | - | -
issue grant                                            | - | - | - | s | s | s | - | - | - | - | - | s | - | -
review or end grant                                    | - | - | - | d | Y | Y | - | - | - | - | - | Y | r | -
draft                                                  | - | d | d | d | d | d | - | - | - | - | Y | d | - | -
clear a warning                                        | - | - | - | d | - | Y | - | - | - | - | - | - | - | -
clear a block (false positive)                         | - | - | - | - | - | 2 | 2 | - | - | - | - | - | - | -
approve content (not own)                              | - | - | - | d | - | Y | - | - | - | - | - | Y | - | -
approve for other party                                | - | - | - | s | - | s | - | - | - | - | s | - | - | s
publish                                                | - | d | d | d | - | Y | - | - | - | - | Y | - | - | -
reply on locked thread / release lock                  | - | - | - | s | - | Y | - | - | - | - | - | Y | - | -
remove comment with ground                             | - | - | - | - | Y | - | - | Y | - | - | - | - | - | -
block or unblock user                                  | - | - | - | - | 2 | - | - | 2 | - | - | - | - | - | -
manual capture ; forward from personal page            | o | o | o | o | Y | Y | Y | Y | - | - | o | o | - | -
classify ; assign schedule ; secondary copy            | - | - | - | d | - | - | Y | - | - | - | - | - | r | -
hold ; dispose                                         | - | - | - | - | - | - | 2 | - | - | - | - | s | r | -
file request ; follow own request                      | o | o | o | o | o | o | o | o | o | o | o | o | o | o
process request ; exempt ; release                     | - | - | - | - | - | - | Y | - | - | - | - | - | r | -
answer search-own-accounts task                        | o | o | o | o | o | o | o | o | o | o | o | o | - | -
acknowledge policy ; see own guidance                  | o | o | o | o | o | o | o | o | o | o | o | o | o | -
private self-check (nothing kept)                      | o | o | o | o | o | o | o | o | o | o | o | o | o | -
chase acknowledgements                                 | - | - | - | d | - | - | - | - | Y | - | - | - | r | -
report violation                                       | Y | Y | Y | Y | Y | Y | Y | Y | Y | Y | Y | Y | Y | -
handle case ; protected-speech review                  | - | - | - | s | - | - | - | - | Y | - | - | s | - | -
decide discipline                                      | - | - | - | - | - | - | - | - | Y | - | - | Y | - | -
whistleblower disclosure (s: receive as supervisor)    | o | o | o | s | o | o | o | o | o | o | - | s | o | -
issue directive                                        | - | - | - | - | - | - | - | - | - | Y | - | - | r | -
page check ; app check                                 | - | d | - | d | Y | Y | - | - | - | Y | - | - | r | -
edit / activate pack (policy owner + AH)               | - | - | - | - | 2 | 2 | - | - | 2 | - | - | 2 | r | -
read audit log ; run audit                             | - | - | - | d | r | r | r | - | - | - | - | r | Y | -
see public policy page, page notices, released records | Y | Y | Y | Y | Y | Y | Y | Y | Y | Y | Y | Y | Y | Y
"""
PERMISSIONS = {
    "request account or project": [Permission.REQUEST_CHANNEL],
    "approve account or project": [Permission.APPROVE_CHANNEL],
    "TOS / privacy review ; decide on conflict": [Permission.REVIEW_TERMS],
    "deposit credential": [Permission.DEPOSIT_CREDENTIAL],
    "disclose credential (logged, reason)": [Permission.DISCLOSE_CREDENTIAL],
    "issue grant": [Permission.ISSUE_GRANT],
    "review or end grant": [Permission.END_GRANT],
    "draft": [Permission.DRAFT],
    "clear a warning": [Permission.CLEAR_WARNING],
    "clear a block (false positive)": [Permission.CLEAR_BLOCK],
    "approve content (not own)": [Permission.APPROVE_CONTENT],
    "approve for other party": [Permission.APPROVE_FOR_OTHER_PARTY],
    "publish": [Permission.PUBLISH],
    "reply on locked thread / release lock": [Permission.REPLY_ON_LOCKED_THREAD],
    "remove comment with ground": [Permission.REMOVE_COMMENT],
    "block or unblock user": [Permission.BLOCK_USER],
    "manual capture ; forward from personal page": [Permission.CAPTURE_BY_HAND],
    "classify ; assign schedule ; secondary copy": [Permission.CLASSIFY_RECORD],
    "hold ; dispose": [Permission.PLACE_HOLD, Permission.RELEASE_HOLD, Permission.DISPOSE],
    "file request ; follow own request": [Permission.FILE_REQUEST],
    "process request ; exempt ; release": [Permission.PROCESS_REQUEST],
    "answer search-own-accounts task": [Permission.ANSWER_OWN_SEARCH],
    "acknowledge policy ; see own guidance": [Permission.ACKNOWLEDGE_POLICY],
    "private self-check (nothing kept)": [Permission.CHECK_PRIVATELY],
    "chase acknowledgements": [Permission.CHASE_ACKNOWLEDGEMENTS],
    "report violation": [Permission.REPORT_VIOLATION],
    "handle case ; protected-speech review": [Permission.HANDLE_CASE],
    "decide discipline": [Permission.DECIDE_DISCIPLINE],
    "whistleblower disclosure (s: receive as supervisor)": [Permission.DISCLOSE_WRONGDOING],
    "issue directive": [Permission.ISSUE_DIRECTIVE],
    "page check ; app check": [Permission.CHECK_PAGE],
    "edit / activate pack (policy owner + AH)": [Permission.ACTIVATE_PACK],
    "read audit log ; run audit": [Permission.READ_LEDGER],
    "see public policy page, page notices, released records": [Permission.SEE_POLICY],
}
# Placing a hold is urgent and takes nothing away: one person does it. Releasing it and disposing need two.
DECIDED_OTHERWISE = {(Permission.PLACE_HOLD, Role.RECORDS_CUSTODIAN): Reach.ANY}
COLUMNS = dict(
    zip(
        ["EMP", "POS", "CON", "DH", "COO", "PAO", "REC", "MOD", "HR", "IT", "ELE", "AH", "AUD"],
        (
            Role.EMPLOYEE,
            Role.POSTER,
            Role.CONTRACTOR,
            Role.DEPARTMENT_HEAD,
            Role.COORDINATOR,
            Role.PUBLIC_AFFAIRS,
            Role.RECORDS_CUSTODIAN,
            Role.MODERATOR,
            Role.HR,
            Role.IT_DIRECTOR,
            Role.ELECTED_OFFICIAL,
            Role.AGENCY_HEAD,
            Role.AUDITOR,
        ),
        strict=True,
    )
)


def _agreed() -> dict[str, dict[str, str]]:
    head, *lines = AGREED.strip("\n").splitlines()
    columns = head.split()
    rows = {}
    for line in lines:
        title, *cells = (part.strip() for part in line.split("|"))
        rows[title] = dict(zip(columns, cells, strict=True))
    return rows


@pytest.mark.parametrize("title", PERMISSIONS)
def test_a_row_of_the_agreed_table_is_the_products_row(title: str) -> None:
    cells = _agreed()[title]
    for permission in PERMISSIONS[title]:
        expected = {COLUMNS[column]: Reach(cell) for column, cell in cells.items() if column != "PUB" and cell != "-"}
        expected |= {role: reach for (one, role), reach in DECIDED_OTHERWISE.items() if one is permission}
        assert MATRIX[permission] == expected, permission


def test_every_row_of_the_table_is_accounted_for_and_what_is_the_products_own_stands_apart() -> None:
    assert list(PERMISSIONS) == list(_agreed())
    agreed = {permission for permissions in PERMISSIONS.values() for permission in permissions}
    assert set(MATRIX) == set(Permission)
    # The enumeration has the table's permissions first; what pages need beyond it follows, seeing the policy too.
    ours = list(Permission)[list(Permission).index(Permission.READ_LEDGER) + 1 :]
    assert agreed & set(ours) == {Permission.SEE_POLICY}
    assert agreed | set(ours) == set(Permission)
