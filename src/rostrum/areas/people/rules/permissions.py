"""Who may do what: roles, permissions, and the matrix that joins them. Pure.

The matrix is the one agreed for all packs; a pack says which of its own offices hold which role. A cell says how far
a role's permission reaches, and every question about access is answered from it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from rostrum.kernel.decisions import Decision, Reason


class Role(StrEnum):
    """What a person is for the body. The values are the words the packs use for actors."""

    EMPLOYEE = "employee"
    POSTER = "authorized_poster"
    CONTRACTOR = "contractor_agent"
    DEPARTMENT_HEAD = "department_head"
    COORDINATOR = "social_media_coordinator"
    PUBLIC_AFFAIRS = "public_affairs_office"
    RECORDS_CUSTODIAN = "records_custodian"
    MODERATOR = "moderator"
    HR = "hr"
    IT_DIRECTOR = "it_director"
    ELECTED_OFFICIAL = "elected_official"
    AGENCY_HEAD = "agency_head"
    AUDITOR = "auditor"


ROLE_TITLES: Mapping[Role, str] = {
    Role.EMPLOYEE: "Employee",
    Role.POSTER: "Authorized poster",
    Role.CONTRACTOR: "Sponsored contractor",
    Role.DEPARTMENT_HEAD: "Department head",
    Role.COORDINATOR: "Social media coordinator",
    Role.PUBLIC_AFFAIRS: "Public affairs",
    Role.RECORDS_CUSTODIAN: "Records custodian",
    Role.MODERATOR: "Moderator",
    Role.HR: "Human resources",
    Role.IT_DIRECTOR: "IT director",
    Role.ELECTED_OFFICIAL: "Elected official",
    Role.AGENCY_HEAD: "Agency head",
    Role.AUDITOR: "Auditor",
}


class Permission(StrEnum):
    """One thing that roles may or may not do; the rows of the matrix."""

    REQUEST_CHANNEL = "request-channel"
    APPROVE_CHANNEL = "approve-channel"
    REVIEW_TERMS = "review-terms"
    DEPOSIT_CREDENTIAL = "deposit-credential"
    DISCLOSE_CREDENTIAL = "disclose-credential"
    ISSUE_GRANT = "issue-grant"
    END_GRANT = "end-grant"
    DRAFT = "draft"
    CLEAR_WARNING = "clear-warning"
    CLEAR_BLOCK = "clear-block"
    APPROVE_CONTENT = "approve-content"
    APPROVE_FOR_OTHER_PARTY = "approve-for-other-party"
    PUBLISH = "publish"
    REPLY_ON_LOCKED_THREAD = "reply-on-locked-thread"
    REMOVE_COMMENT = "remove-comment"
    BLOCK_USER = "block-user"
    CAPTURE_BY_HAND = "capture-by-hand"
    CLASSIFY_RECORD = "classify-record"
    PLACE_HOLD = "place-hold"
    RELEASE_HOLD = "release-hold"
    DISPOSE = "dispose"
    FILE_REQUEST = "file-request"
    PROCESS_REQUEST = "process-request"
    ANSWER_OWN_SEARCH = "answer-own-search"
    ACKNOWLEDGE_POLICY = "acknowledge-policy"
    CHECK_PRIVATELY = "check-privately"
    CHASE_ACKNOWLEDGEMENTS = "chase-acknowledgements"
    REPORT_VIOLATION = "report-violation"
    HANDLE_CASE = "handle-case"
    DECIDE_DISCIPLINE = "decide-discipline"
    DISCLOSE_WRONGDOING = "disclose-wrongdoing"
    ISSUE_DIRECTIVE = "issue-directive"
    CHECK_PAGE = "check-page"
    ACTIVATE_PACK = "activate-pack"
    READ_LEDGER = "read-ledger"
    # What the pages of this product need beyond the matrix of the packs.
    KEEP_POLICIES = "keep-policies"
    KEEP_TRAINING = "keep-training"
    KEEP_BLOCKED_SITES = "keep-blocked-sites"
    REQUEST_PERSONA = "request-persona"
    SIGN_PERSONA = "sign-persona"
    REVIEW_ACTIVITY = "review-activity"
    SEE_CHANNELS = "see-channels"
    MANAGE_CHANNEL = "manage-channel"
    BREAK_GLASS = "break-glass"
    SEE_CONVERSATION = "see-conversation"
    SEE_ARCHIVE = "see-archive"
    REQUEST_RIGHT = "request-right"
    DENY_POSTING = "deny-posting"
    AUTHORIZE_DISCLOSURE = "authorize-disclosure"
    SEE_SEPARATIONS = "see-separations"
    SEE_PEOPLE = "see-people"
    MANAGE_PEOPLE = "manage-people"
    END_SESSIONS = "end-sessions"
    CONFIRM_COMPUTER = "confirm-computer"
    RESET_FACTORS = "reset-factors"
    SEE_DUTIES = "see-duties"
    HAND_OVER_DUTY = "hand-over-duty"
    SEE_POLICY = "see-policy"
    SEE_ASSURANCE = "see-assurance"
    RUN_SERVICE = "run-service"


class Reach(StrEnum):
    """How far a permission reaches for a role; the cells of the matrix."""

    ANY = "Y"
    OWN = "o"
    DEPARTMENT = "d"
    STEP = "s"  # as one step of a routed decision
    SECOND = "2"  # needs a second person
    READ = "r"


class Right(StrEnum):
    """What a person may do on one channel by a dated grant."""

    SPEAK = "speak"
    APPROVE = "approve"
    MODERATE = "moderate"
    CREDENTIAL = "credential"


RIGHT_TITLES: Mapping[Right, str] = {
    Right.SPEAK: "Speak for the channel",
    Right.APPROVE: "Approve its posts",
    Right.MODERATE: "Moderate its comments",
    Right.CREDENTIAL: "Hold its credential",
}

_COLUMNS = (
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
)
# A table, because it is read and discussed as one. Placing a hold needs one person; releasing and disposing need two.
_TABLE = """
                         EMP POS CON DH COO PAO REC MOD HR IT ELE AH AUD
request-channel           o   o   -  d   Y   Y   -   -  -  -   o   Y   -
approve-channel           -   -   -  s   s   s   -   -  -  s   -   s   -
review-terms              -   o   -  d   Y   Y   -   -  -  r   -   -   r
deposit-credential        -   o   o  o   Y   -   -   -  -  -   o   -   -
disclose-credential       -   -   -  -   2   -   -   -  -  -   -   -   -
issue-grant               -   -   -  s   s   s   -   -  -  -   -   s   -
end-grant                 -   -   -  d   Y   Y   -   -  -  -   -   Y   r
draft                     -   d   d  d   d   d   -   -  -  -   Y   d   -
clear-warning             -   -   -  d   -   Y   -   -  -  -   -   -   -
clear-block               -   -   -  -   -   2   2   -  -  -   -   -   -
approve-content           -   -   -  d   -   Y   -   -  -  -   -   Y   -
approve-for-other-party   -   -   -  s   -   s   -   -  -  -   s   -   -
publish                   -   d   d  d   -   Y   -   -  -  -   Y   -   -
reply-on-locked-thread    -   -   -  s   -   Y   -   -  -  -   -   Y   -
remove-comment            -   -   -  -   Y   -   -   Y  -  -   -   -   -
block-user                -   -   -  -   2   -   -   2  -  -   -   -   -
capture-by-hand           o   o   o  o   Y   Y   Y   Y  -  -   o   o   -
classify-record           -   -   -  d   -   -   Y   -  -  -   -   -   r
place-hold                -   -   -  -   -   -   Y   -  -  -   -   s   r
release-hold              -   -   -  -   -   -   2   -  -  -   -   s   r
dispose                   -   -   -  -   -   -   2   -  -  -   -   s   r
file-request              o   o   o  o   o   o   o   o  o  o   o   o   o
process-request           -   -   -  -   -   -   Y   -  -  -   -   -   r
answer-own-search         o   o   o  o   o   o   o   o  o  o   o   o   -
acknowledge-policy        o   o   o  o   o   o   o   o  o  o   o   o   o
check-privately           o   o   o  o   o   o   o   o  o  o   o   o   o
chase-acknowledgements    -   -   -  d   -   -   -   -  Y  -   -   -   r
report-violation          Y   Y   Y  Y   Y   Y   Y   Y  Y  Y   Y   Y   Y
handle-case               -   -   -  s   -   -   -   -  Y  -   -   s   -
decide-discipline         -   -   -  -   -   -   -   -  Y  -   -   Y   -
disclose-wrongdoing       o   o   o  s   o   o   o   o  o  o   -   s   o
issue-directive           -   -   -  -   -   -   -   -  -  Y   -   -   r
check-page                -   d   -  d   Y   Y   -   -  -  Y   -   -   r
activate-pack             -   -   -  -   2   2   -   -  2  -   -   2   r
read-ledger               -   -   -  d   r   r   r   -  -  -   -   r   Y
keep-policies             -   -   -  -   Y   Y   -   -  Y  Y   -   Y   r
keep-training             -   -   -  -   -   -   -   -  Y  Y   -   -   r
keep-blocked-sites        -   -   -  -   -   -   -   -  -  Y   -   -   r
request-persona           -   -   -  d   Y   Y   -   -  -  -   -   Y   r
sign-persona              -   -   -  -   -   -   -   -  -  -   -   s   r
review-activity           -   -   -  d   Y   Y   -   -  -  Y   -   Y   Y
manage-channel            -   -   -  d   Y   Y   -   -  -  -   -   Y   -
break-glass               -   d   -  d   -   Y   -   -  -  -   -   -   -
see-channels              Y   Y   Y  Y   Y   Y   Y   Y  Y  Y   Y   Y   Y
see-conversation          -   Y   Y  Y   Y   Y   Y   Y  -  -   Y   Y   Y
see-archive               -   -   -  Y   Y   Y   Y   Y  -  -   -   Y   Y
request-right             o   o   -  d   Y   Y   -   -  -  -   o   Y   -
deny-posting              -   -   -  -   Y   Y   -   -  -  -   -   Y   r
authorize-disclosure      -   -   -  d   -   -   -   -  -  -   -   Y   r
see-separations           -   -   -  d   Y   Y   -   -  Y  Y   -   Y   r
see-people                -   -   -  Y   Y   Y   -   -  Y  Y   -   Y   Y
manage-people             -   -   -  -   Y   -   -   -  Y  -   -   -   -
end-sessions              -   -   -  -   Y   -   -   -  Y  Y   -   -   -
confirm-computer          -   -   -  -   -   -   -   -  -  Y   -   -   r
reset-factors             -   -   -  -   2   -   -   -  2  2   -   -   -
see-duties                o   o   o  d   Y   Y   o   o  o  o   o   Y   Y
hand-over-duty            o   o   o  d   Y   o   o   o  o  o   o   Y   -
see-policy                Y   Y   Y  Y   Y   Y   Y   Y  Y  Y   Y   Y   Y
see-assurance             -   -   -  Y   Y   Y   Y   Y  Y  Y   -   Y   Y
run-service               -   -   -  -   -   -   -   -  -  Y   -   -   -
"""


def _matrix(table: str) -> dict[Permission, dict[Role, Reach]]:
    rows = [line.split() for line in table.strip().splitlines()[1:]]
    return {
        Permission(name): {role: Reach(cell) for role, cell in zip(_COLUMNS, cells, strict=True) if cell != "-"}
        for name, *cells in rows
    }


MATRIX: Mapping[Permission, Mapping[Role, Reach]] = _matrix(_TABLE)

# What somebody on the denied list may not do, whatever their roles.
POSTING = frozenset({Permission.DRAFT, Permission.PUBLISH, Permission.REPLY_ON_LOCKED_THREAD})
# Speaking on a channel needs a grant on that channel, unless the permission covers everything.
REQUIRED_RIGHT: Mapping[Permission, Right] = {Permission.DRAFT: Right.SPEAK, Permission.PUBLISH: Right.SPEAK}
# A grant on the channel is enough by itself, whatever the unit.
SUFFICIENT_RIGHT: Mapping[Permission, Right] = {
    Permission.APPROVE_CONTENT: Right.APPROVE,
    Permission.REMOVE_COMMENT: Right.MODERATE,
    Permission.DEPOSIT_CREDENTIAL: Right.CREDENTIAL,
}


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role in force; `unit` is a unit's public id, or "" for the whole body."""

    role: Role
    unit: str = ""


@dataclass(frozen=True, slots=True)
class HeldRight:
    """A right in force on one channel, named by its public id."""

    right: Right
    channel: str


@dataclass(frozen=True, slots=True)
class AccessFacts:
    """What the question needs: who holds what now, and what it is about ("" where nothing particular is meant)."""

    person: str
    present: bool
    permission: Permission
    roles: tuple[HeldRole, ...]
    rights: tuple[HeldRight, ...] = ()
    unit: str = ""
    channel: str = ""
    owner: str = ""
    reading: bool = False
    is_denied: bool = False


def _role_reaches(facts: AccessFacts, held: HeldRole) -> bool:
    reach = MATRIX[facts.permission].get(held.role)
    if reach is None or (reach is Reach.READ and not facts.reading):
        return False
    if reach is Reach.OWN and facts.owner:
        return facts.owner == facts.person
    if reach is Reach.DEPARTMENT:
        required = REQUIRED_RIGHT.get(facts.permission)
        if required and facts.channel:
            # The grant names the channel; a channel of another unit may be granted too.
            return HeldRight(required, facts.channel) in facts.rights
        return not (facts.unit and held.unit) or facts.unit == held.unit
    return True


def _right_reaches(facts: AccessFacts) -> bool:
    right = SUFFICIENT_RIGHT.get(facts.permission)
    return right is not None and any(
        held.right is right and facts.channel in ("", held.channel) for held in facts.rights
    )


def decide_access(facts: AccessFacts) -> Decision:
    """Decide whether the person may do this here and now; the reasons name what is missing."""
    if not facts.present:
        return Decision((Reason("not-present", "This person no longer works here."),))
    if facts.is_denied and facts.permission in POSTING:
        return Decision((Reason("denied", "Posting is denied to this person until the denial is lifted."),))
    if any(_role_reaches(facts, held) for held in facts.roles) or _right_reaches(facts):
        return Decision()
    holders = ", ".join(
        ROLE_TITLES[role].lower()
        for role, reach in MATRIX[facts.permission].items()
        if reach is not Reach.READ or facts.reading
    )
    if any(held.role in MATRIX[facts.permission] for held in facts.roles):
        return Decision((Reason("out-of-reach", "Your roles cover this, but not for this unit, channel or person."),))
    return Decision((Reason("no-role", f"None of your roles covers this. It is for: {holders}."),))


def reaches(permission: Permission, roles: Iterable[HeldRole]) -> frozenset[Reach]:
    """How far the permission reaches through these roles: tells whether a second person or a routed step is needed."""
    cells = MATRIX[permission]
    return frozenset(cells[held.role] for held in roles if held.role in cells)


def rights_matter(permission: Permission) -> bool:
    """Whether a right on a channel can open this permission, or is needed for it beside a role."""
    return permission in REQUIRED_RIGHT or permission in SUFFICIENT_RIGHT


def may_open(permission: Permission, roles: Iterable[HeldRole], rights: Iterable[HeldRight], *, reading: bool) -> bool:
    """Whether the permission is held anywhere at all: opens the page, whose rows are then filtered one by one."""
    facts = AccessFacts("", True, permission, tuple(roles), tuple(rights), reading=reading)
    return decide_access(facts).allowed
