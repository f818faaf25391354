"""Which member of an X archive holds what, in the layouts of all years, and whose archive it is."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rostrum.importers.dates import read_instant
from rostrum.importers.reading import DAMAGE, Container, Member
from rostrum.importers.splitting import read_value
from rostrum.kernel.decisions import InvalidInput

# ``data/tweets.js``, ``data/tweets-part1.js``; before 2022 ``data/tweet.js``; still older ``tweet.js`` at the top.
_DATA_FILE = re.compile(r"(?P<root>(?:.*?/)??)(?P<data>data/)?(?P<type>[a-z][a-z0-9-]*?)(?:-part(?P<part>\d+))?\.js")
_SAME = {
    "tweet": "tweets",
    "deleted-tweet": "deleted-tweets",
    "note-tweets": "note-tweet",
    "community-tweets": "community-tweet",
    "direct-message": "direct-messages",
    "direct-message-group": "direct-messages-group",
}
_POSTS = ("tweets", "deleted-tweets", "community-tweet", "direct-messages", "direct-messages-group")
_WRAPPER = re.compile(rb"\s*(?:\xef\xbb\xbf)?(?:window\.(?:YTD\.[\w.]+|__THAR_CONFIG)\s*=\s*)?[\[{]")
# manifest.js and account.js are read whole; real ones are tens of kilobytes.
_WHOLE_BYTES = 16 << 20

MEDIA_FOLDERS = {
    "tweets": ("tweets_media", "tweet_media"),
    "deleted-tweets": ("deleted_tweets_media", "tweets_media"),
    "community-tweet": ("community_tweet_media", "tweets_media"),
    "direct-messages": ("direct_messages_media", "direct_message_media"),
    "direct-messages-group": ("direct_messages_group_media", "direct_messages_media", "direct_message_group_media"),
}


@dataclass(frozen=True, slots=True)
class DataFile:
    """One data file: its type in today's name, part number, and the name people see (`where`)."""

    type: str
    part: int
    member: Member
    container: Container
    path: str  # below the archive's root, as the manifest names it
    where: str


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose archive it is. `changes` are (until, handle) pairs in order of time: the handle before each change."""

    native_id: str
    handle: str
    name: str
    changes: tuple[tuple[datetime, str], ...] = ()

    def handle_at(self, at: datetime | None) -> str:
        """The handle in use at an instant."""
        if not self.changes or at is None:
            return self.handle
        place = bisect_right([until for until, _ in self.changes], at)
        return self.changes[place][1] if place < len(self.changes) else self.handle


@dataclass(frozen=True, slots=True)
class Announced:
    """One file the archive's own manifest names, with its count of elements."""

    path: str
    count: int


def looks_like_x(container: Container) -> bool:
    """Whether a file is an X archive, or a part of one, or one of its data files: by names, then by content."""
    names = [data for data in data_files(container) if data.type in (*_POSTS, "manifest")]
    if names:
        return any(has_wrapper(data.member) for data in names)
    # A part that holds media alone.
    folders = {folder for known in MEDIA_FOLDERS.values() for folder in known}
    return any(
        name_parts(member.name)[-2:-1] and name_parts(member.name)[-2] in folders for member in container.members
    )


def name_parts(name: str) -> list[str]:
    """A member's name by folders."""
    return name.replace("\\", "/").split("/")


def has_wrapper(member: Member) -> bool:
    """Whether the member begins as X writes its data files (with or without the assignment)."""
    try:
        with member.open() as stream:
            return _WRAPPER.match(stream.read(512)) is not None
    except DAMAGE:
        # By its name it is one; that it is damaged is told when it is read.
        return True


def data_files(container: Container, where: str = "") -> list[DataFile]:
    """The data files of one container, in the order of type and part."""
    found = []
    for member in container.members:
        match = _DATA_FILE.fullmatch(member.name)
        # Outside of the data folder lie the viewer's scripts; only the oldest layout has its lists there.
        if match is None or (not match["data"] and _SAME.get(match["type"], match["type"]) not in _POSTS):
            continue
        if not match["data"] and "assets" in match["root"]:
            continue
        kind = _SAME.get(match["type"], match["type"])
        path = member.name[len(match["root"]) :]
        found.append(DataFile(kind, int(match["part"] or 0), member, container, path, where + member.name))
    return sorted(found, key=lambda data: (data.type, data.part, data.path))


def read_whole(data: DataFile) -> Any:
    """The value of a small data file, behind its assignment. Raises `ValueError` with what is wrong."""
    if data.member.size_bytes > _WHOLE_BYTES:
        raise ValueError(f"is {data.member.size_bytes} bytes long; expected at most {_WHOLE_BYTES}")
    try:
        with data.member.open() as stream:
            content = stream.read()
    except DAMAGE as error:
        raise ValueError(f"could not be read: {error}") from error
    begin = re.search(rb"[\[{]", content)
    if begin is None:
        raise ValueError("is empty")
    value, wrong = read_value(content[begin.start() :].rstrip(b" \t\r\n;"), begin.start())
    if wrong:
        raise ValueError(wrong)
    return value


def announced_files(manifest: Any) -> list[Announced]:
    """The files and counts of a manifest; what does not have the known shape is left out."""
    found = []
    types = manifest.get("dataTypes") if isinstance(manifest, dict) else None
    for entry in types.values() if isinstance(types, dict) else ():
        files = entry.get("files") if isinstance(entry, dict) else None
        for one in files if isinstance(files, list) else ():
            if isinstance(one, dict) and isinstance(one.get("fileName"), str) and str(one.get("count", "")).isdigit():
                found.append(Announced(one["fileName"], int(one["count"])))
    return found


def owner_of_manifest(manifest: Any) -> Owner | None:
    """The owner that manifest.js names."""
    info = manifest.get("userInfo") if isinstance(manifest, dict) else None
    if not isinstance(info, dict) or not isinstance(info.get("accountId"), str):
        return None
    return Owner(info["accountId"], str(info.get("userName", "")), str(info.get("displayName", "")))


def owner_of_account(account: Any) -> Owner | None:
    """The owner that account.js names."""
    entry = (
        account[0].get("account") if isinstance(account, list) and account and isinstance(account[0], dict) else None
    )
    if not isinstance(entry, dict) or not isinstance(entry.get("accountId"), str):
        return None
    return Owner(entry["accountId"], str(entry.get("username", "")), str(entry.get("accountDisplayName", "")))


def handle_changes(value: Any) -> tuple[tuple[datetime, str], ...]:
    """The (until, handle before) pairs of screen-name-change.js. Raises `ValueError` for a date that is none."""
    found = []
    for entry in value if isinstance(value, list) else ():
        outer = entry.get("screenNameChange") if isinstance(entry, dict) else None
        change = outer.get("screenNameChange") if isinstance(outer, dict) else None
        if isinstance(change, dict) and change.get("changedFrom"):
            found.append((read_instant(change.get("changedAt")), str(change["changedFrom"])))
    return tuple(sorted(found))


def require_one_owner(owners: list[tuple[str, Owner]]) -> None:
    """Raise `InvalidInput` when the files given are archives of different owners."""
    first = owners[0] if owners else None
    for name, owner in owners:
        if first and owner.native_id != first[1].native_id:
            raise InvalidInput(
                name, f"is the archive of {owner.handle}, {first[0]} that of {first[1].handle}; import them one by one"
            )
