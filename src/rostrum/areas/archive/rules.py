"""What counts as a new version, as gone, and as a gap. Facts in, answers out; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from rostrum.kernel.decisions import Decision, Reason
from rostrum.kernel.items import Kind, Seen

# Two absences in a row, because one may be the platform's own trouble (design §7).
ABSENCES_THAT_MEAN_GONE = 2
# A gap's duty falls due this long after it was noticed (design §7).
GAP_DUTY_DUE = timedelta(minutes=15)

# Figures that move by themselves say nothing about what was said; they are kept in raw, and make no version.
_VOLATILE = ("count", "counts", "likes", "shares", "reposts", "replies", "views", "followers", "following", "posts")


class State(StrEnum):
    """How the Item stands on its platform, as last seen."""

    PRESENT = "present"
    HIDDEN = "hidden"
    DELETED = "deleted"


class Tool(StrEnum):
    """With whose tool something was posted (WAU-def-03)."""

    BODY = "body"  # published from here
    PLATFORM = "platform"  # the site's own: by whoever, also by staff


class Content(StrEnum):
    """What a post is, as Wausau's policy counts it (WAU-def-04)."""

    TEXT = "text"
    ARTICLE = "article"
    PICTURE = "picture"
    VIDEO = "video"
    OTHER = "other"


class Whose(StrEnum):
    """Whose advertising or link it is, where it is not the body's (WAU-def-02b)."""

    OWNER = "owner"
    VENDOR = "vendor"
    PARTNER = "partner"


# In `extra`: how many of a version's media, the last ones, show how it stood and are not its own.
PROOFS = "proofs"

# Longer than what platforms call a post, and in paragraphs: somebody wrote an article.
_ARTICLE_CHARACTERS = 1_000


def own_mimes(mimes: Sequence[str], extra: Mapping[str, str]) -> Sequence[str]:
    """The media types of a version's own media, without the pictures and copies that only show how it stood."""
    return mimes[: len(mimes) - int(extra.get(PROOFS, 0))]


def content_of(text: str, mimes: Iterable[str]) -> Content:
    """What a version is, by its text and the media types of what came with it; every version is one of the five."""
    kinds = {mime.partition("/")[0].casefold() for mime in mimes}
    if "video" in kinds:
        return Content.VIDEO
    if "image" in kinds:
        return Content.PICTURE
    if kinds:
        return Content.OTHER
    if len(text) >= _ARTICLE_CHARACTERS and "\n\n" in text.strip():
        return Content.ARTICLE
    return Content.TEXT if text.strip() else Content.OTHER


class Cause(StrEnum):
    """Why a stretch of a channel could not be seen."""

    LOST_TOKEN = "lost_token"  # noqa: S105 - a cause, not a secret
    RATE_LIMITED = "rate_limited"
    PLATFORM_ERROR = "platform_error"
    NOT_CONFIGURED = "not_configured"
    STREAM_LOST = "stream_lost"
    FAULTS = "faults"


@dataclass(frozen=True, slots=True)
class ShownMedium:
    """One medium as a version shows it; `sha256` is empty when its bytes are missing."""

    sha256: str
    alt: str


@dataclass(frozen=True, slots=True)
class Shown:
    """What a version shows, as far as it makes a version."""

    kind: str
    text: str
    visibility: str
    route: str
    version_key: str = ""
    edited_at: datetime | None = None
    author_handle: str = ""
    author_name: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    media: tuple[ShownMedium, ...] = ()


def is_new_version(latest: Shown, now_shown: Shown) -> bool:
    """Whether what is shown now differs from the latest version in what it says.

    Counters differ at every look and make no version. What only one route tells (a version key, further fields) is
    compared only where both tell it. Media whose bytes are missing now, but were there before, have not changed.
    """
    if latest.version_key and now_shown.version_key:
        # The platform's own word: the same key is always the same version, another key another (a record's hash).
        return latest.version_key != now_shown.version_key
    if latest.text != now_shown.text or _media_differ(latest.media, now_shown.media):
        return True
    if latest.edited_at and now_shown.edited_at and latest.edited_at != now_shown.edited_at:
        return True
    if latest.kind == Kind.PROFILE and (latest.author_name, latest.author_handle) != (
        now_shown.author_name,
        now_shown.author_handle,
    ):
        return True
    if latest.route != now_shown.route:
        return False
    return latest.visibility != now_shown.visibility or _lasting(latest.extra) != _lasting(now_shown.extra)


def stands_again(latest: Shown, key: str, *, seen: Seen, edited_at: datetime | None) -> bool:
    """Whether a version that is known, but is not the latest, was gone back to: then it is the latest once more.

    Only an edit says so, and only one later than the latest version: old pages may be read again.
    """
    if seen is not Seen.EDITED or latest.version_key == key:
        return False
    return edited_at is None or latest.edited_at is None or edited_at > latest.edited_at


def _media_differ(latest: tuple[ShownMedium, ...], shown: tuple[ShownMedium, ...]) -> bool:
    if len(latest) != len(shown):
        return True
    return any(
        (old.alt, old.sha256) != (new.alt, new.sha256)
        for old, new in zip(latest, shown, strict=True)
        if new.sha256 or old.alt != new.alt
    )


def _lasting(extra: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in extra.items() if key.lower().replace(".", "_").split("_")[-1] not in _VOLATILE}


@dataclass(frozen=True, slots=True)
class Standing:
    """How an Item stands: its state, and the looks in a row that did not find it.

    Deleted without absences was announced: it does not come back by an old page being read again.
    """

    state: State
    absences: int = 0


def standing_after(standing: Standing, seen: Seen, *, announced: bool) -> Standing:
    """How the Item stands after a look. An announced deletion counts at once, an absence when it is the second."""
    match seen:
        case Seen.PRESENT | Seen.EDITED:
            return Standing(State.PRESENT)
        case Seen.HIDDEN:
            return Standing(State.HIDDEN)
        case Seen.GONE:
            if announced:
                return Standing(State.DELETED)
            absences = standing.absences + 1
            return Standing(State.DELETED if absences >= ABSENCES_THAT_MEAN_GONE else standing.state, absences)


def decide_gap(*, from_at: datetime | None, to_at: datetime | None, now: datetime) -> Decision:
    """Whether a gap may be opened over this window."""
    if from_at and to_at and to_at < from_at:
        return Decision((Reason("window-backwards", "The gap ends before it begins."),))
    if from_at and from_at > now:
        return Decision((Reason("window-ahead", "The gap begins in the future."),))
    return Decision()


def decide_gap_closing(*, is_open: bool, because: str) -> Decision:
    """Whether a gap may be closed: once, and with what explains or filled it."""
    against = []
    if not is_open:
        against.append(Reason("not-open", "This gap is closed already."))
    if not because.strip():
        against.append(Reason("no-reason", "Say what filled or explains the gap."))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class ElsewhereFacts:
    """What keeping a post that stands on somebody else's site needs.

    `own_channel` names the body's own channel on which it stands ("" for none); `clause` is behind the refusals.
    """

    may_capture: Decision
    is_official: bool
    own_channel: str
    text: str
    place: str
    files: int
    posted_at: datetime
    now: datetime
    clause: str = ""


def decide_elsewhere(facts: ElsewhereFacts) -> Decision:
    """Whether a post made elsewhere may be kept: for the body, not on its own channel, with a file that shows it."""
    against = list(facts.may_capture.against)
    clause = facts.clause or None
    if not facts.is_official:
        words = (
            "Only what was posted for the body, in the course of duties, is kept; what somebody says privately is not."
        )
        against.append(Reason("not-official", words, clause))
    if facts.own_channel:
        words = f"That stands on {facts.own_channel}, one of the body's own channels: it is captured there."
        against.append(Reason("own-channel", words))
    if not facts.text.strip():
        against.append(Reason("no-text", "Copy what the post says, word for word.", clause))
    if not facts.place.strip():
        against.append(Reason("no-place", "Name the site or page on which it stands.", clause))
    if not facts.files:
        words = "Add a picture or a saved copy of the post, so that others can see what you saw."
        against.append(Reason("no-evidence", words, clause))
    if facts.posted_at > facts.now:
        against.append(Reason("not-yet", "It cannot have been posted in the future: look at the date and time."))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class ByHandFacts:
    """What keeping by hand something that stands on a channel of the body needs.

    `connector` names what captures the channel by itself ("" for nothing); `is_elsewhere` holds where the address is
    on another platform than the channel.
    """

    may_capture: Decision
    is_open: bool
    connector: str
    is_elsewhere: bool
    platform: str
    text: str
    author: str
    is_comment: bool
    answers: str
    own_files: int
    proofs: int
    posted_at: datetime
    now: datetime
    clause: str = ""


def decide_by_hand(facts: ByHandFacts) -> Decision:
    """Whether it may be kept: on an open channel that nothing captures by itself, with its words and what shows it."""
    against = list(facts.may_capture.against)
    clause = facts.clause or None
    if not facts.is_open:
        against.append(Reason("not-open", "Only what stands on an open channel is kept by hand."))
    if facts.connector:
        words = f"{facts.connector} captures this channel by itself; kept by hand it would stand in the archive twice."
        against.append(Reason("captured-already", words, clause))
    if facts.is_elsewhere:
        words = f"This address is not on {facts.platform}. Keep it as a post made elsewhere, or choose its channel."
        against.append(Reason("other-platform", words))
    if not facts.text.strip() and not facts.own_files:
        against.append(Reason("nothing-said", "Copy what it says, word for word, or add its picture, video or sound."))
    if not facts.author.strip():
        against.append(Reason("no-author", "Say who wrote it, as it stands there.", clause))
    if facts.is_comment and not facts.answers.strip():
        against.append(Reason("answers-nothing", "Give the address of what the comment answers."))
    if not facts.proofs:
        words = "Add a picture or a saved copy of the page, so that others can see what you saw."
        against.append(Reason("no-evidence", words, clause))
    if facts.posted_at > facts.now:
        against.append(Reason("not-yet", "It cannot have been posted in the future: look at the date and time."))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class AdvertisingFacts:
    """What setting an Item apart as the site's advertising needs. `clause` is what lets it be so ("" for none)."""

    may_capture: bool
    is_own: bool
    is_message: bool
    is_apart: bool
    reason: str
    clause: str


def decide_advertising(facts: AdvertisingFacts) -> Decision:
    """Whether an Item may be set apart: only others' posts and comments, by a policy that leaves advertising out."""
    against: list[Reason] = []
    clause = facts.clause or None
    if not facts.clause:
        against.append(Reason("no-clause", "No clause in force leaves the site's own advertising out of control."))
    if not facts.may_capture:
        against.append(Reason("out-of-reach", "This is for those who may capture the channel by hand."))
    if facts.is_own:
        words = "What the body says on its channel is its content, paid for or not."
        against.append(Reason("own-post", words, clause))
    if facts.is_message:
        against.append(Reason("message", "A direct message is no advertising of the site.", clause))
    if facts.is_apart:
        against.append(Reason("apart-already", "It is set apart already."))
    if not facts.reason.strip():
        against.append(Reason("no-reason", "Say by what one sees that the site placed it (a label, its place)."))
    return Decision(tuple(against))


def decide_advertising_back(*, may_capture: bool, is_apart: bool) -> Decision:
    """Whether setting apart may be taken back."""
    against: list[Reason] = []
    if not may_capture:
        against.append(Reason("out-of-reach", "This is for those who may capture the channel by hand."))
    if not is_apart:
        against.append(Reason("not-apart", "It is not set apart."))
    return Decision(tuple(against))


def decide_substance_question(*, has_text: bool, is_open: bool, why: str) -> Decision:
    """Whether it may be asked if a version concerns the body's business: it has words, and nobody asks already."""
    against: list[Reason] = []
    if not has_text:
        against.append(Reason("no-text", "It has no words, so its substance cannot be told from them."))
    if is_open:
        against.append(Reason("asked-already", "This is asked already, and waits for its answer."))
    if not why.strip():
        against.append(Reason("no-reason", "Say what the answer is needed for."))
    return Decision(tuple(against))


@dataclass(frozen=True, slots=True)
class SubstanceFacts:
    """What answering needs: whether this person asked or wrote it, who then knows more than the words."""

    may_classify: bool
    has_asked: bool
    has_written: bool
    is_open: bool
    reason: str
    clause: str


def decide_substance(facts: SubstanceFacts) -> Decision:
    """Whether this person may answer, on the words alone, if something concerns the body's business (WAU-def-05)."""
    against: list[Reason] = []
    clause = facts.clause or None
    if not facts.may_classify:
        against.append(Reason("not-yours", "Records custodians answer what a record is about.", clause))
    if facts.has_asked:
        words = "You asked, and saw who posted it and where. Somebody else answers, by the words alone."
        against.append(Reason("own-question", words, clause))
    if facts.has_written:
        against.append(Reason("own-words", "Nobody answers this about their own words.", clause))
    if not facts.is_open:
        against.append(Reason("answered", "This is answered already. Ask again if the words have changed."))
    if not facts.reason.strip():
        against.append(Reason("no-reason", "Say what in the words decides it.", clause))
    return Decision(tuple(against))
