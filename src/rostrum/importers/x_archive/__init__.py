"""Archives that X (Twitter) hands out, layouts of 2023 to 2026 and older: every post, repost, reply and message."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime

from rostrum.importers.dates import read_instant
from rostrum.importers.export import Export, place_of
from rostrum.importers.index import Held, Index, Meeting
from rostrum.importers.reading import Container, Limits, Member
from rostrum.importers.splitting import Element, read_value
from rostrum.importers.x_archive.layout import (
    MEDIA_FOLDERS,
    DataFile,
    Owner,
    announced_files,
    data_files,
    handle_changes,
    has_wrapper,
    looks_like_x,
    name_parts,
    owner_of_account,
    owner_of_manifest,
    read_whole,
    require_one_owner,
)
from rostrum.importers.x_archive.messages import item_of_message
from rostrum.importers.x_archive.notes import Notes
from rostrum.importers.x_archive.posts import Post, item_of_post, mime_of, read_post, stored_name
from rostrum.kernel.decisions import InvalidInput
from rostrum.kernel.items import Fault, Item, MediaFile

__all__ = ["XArchive", "has_wrapper", "looks_like_x"]

_LIST = re.compile(rb"\[")
_MESSAGES = re.compile(rb'"messages"\s*:\s*\[')
_CONVERSATION = re.compile(rb'"conversationId"\s*:\s*"([^"\\]*)"')
_POSTS = ("tweets", "community-tweet", "deleted-tweets")
_CONVERSATIONS = ("direct-messages", "direct-messages-group")
_HEADERS = {"tweet-headers": "tweets", "deleted-tweet-headers": "deleted-tweets"}
_READ = (*_POSTS, *_CONVERSATIONS, *_HEADERS, "note-tweet", "message-event", "manifest")
_COUNTED = (*_POSTS, *_HEADERS, "note-tweet", "message-event")
_FOR_THE_OWNER = ("account", "screen-name-change")
_ALL_MEDIA_FOLDERS = frozenset(folder for known in MEDIA_FOLDERS.values() for folder in known)


class XArchive(Export):
    """One archive of one owner, in one zip or several.

    Raises `InvalidInput` where no file holds a list of posts or messages, or the files are of different owners.
    """

    kind = "x"
    platform = "x"

    def __init__(self, containers: list[Container], limits: Limits) -> None:
        super().__init__(containers, limits)
        self._files: list[DataFile] = []
        for container in containers:
            self._files += data_files(container, self.place(container, ""))
        if not self._of(*_READ):
            raise InvalidInput(
                containers[0].name,
                "holds none of an X archive's lists, such as data/tweets.js: it is none, or not all of its parts",
            )
        # What X stored for a post lies under a name made from its id, in a folder by kind of post.
        self._media: dict[str, Member] = {}
        for container in containers:
            for member in container.members:
                parts = name_parts(member.name)
                if len(parts) > 1 and parts[-2] in _ALL_MEDIA_FOLDERS:
                    self._media.setdefault(f"{parts[-2]}/{parts[-1]}", member)
        owners = [(container.name, owner) for container in containers if (owner := self._owner_of(container))]
        require_one_owner(owners)
        self._owner = owners[0][1] if owners else Owner("", "", "")
        self._counts: Counter[str] = Counter()

    def _owner_of(self, container: Container) -> Owner | None:
        for kind, owner_of in (("manifest", owner_of_manifest), ("account", owner_of_account)):
            for data in self._of(kind):
                try:
                    owner = owner_of(read_whole(data)) if data.container is container else None
                except ValueError:
                    continue  # told when it is read
                if owner:
                    return owner
        return None

    @property
    def owner(self) -> Owner:
        """Whose archive it is, by manifest.js or account.js; empty where neither says."""
        return self._owner

    def _of(self, *types: str) -> list[DataFile]:
        return [data for kind in types for data in self._files if data.type == kind]

    def _read(self, index: Index) -> Iterator[Item | Fault]:
        self._counts.clear()
        yield from self._read_owner()
        notes = Notes(index)
        for data in self._of("note-tweet"):
            yield from self._each(data, notes.add)
        for data in self._of(*_POSTS):
            yield from self._posts(data, index, notes)
        yield from self._edited(index, notes)
        for note in notes.unmatched():
            self.missing.append(f"{note.where}: the post of this long text is not in the export; kept as its own post")
            yield notes.item_of_unmatched(note, self._owner)
        for data in self._of(*_CONVERSATIONS):
            yield from self._messages(data, index)
        yield from self._check_headers(index)
        for data in self._of("message-event"):
            yield from self._each(data, lambda _element, _where: None)
            if count := self._counts[data.where]:
                self.missing.append(f"{data.where}: {count} events of encrypted chats exist and cannot be read")
        self._check_manifests()
        self._list_ignored()

    def _each(self, data: DataFile, act: Callable[[Element, str], None]) -> Iterator[Fault]:
        """Call `act` with each element and its place; a `ValueError` becomes a Fault."""
        for found in self.walk(data.where, data.member, _LIST):
            if isinstance(found, Fault):
                yield found
                continue
            self._counts[data.where] += 1
            where = place_of(data.where, found[1])
            try:
                act(found[1], where)
            except ValueError as error:
                yield Fault(where, str(error))

    def _read_owner(self) -> Iterator[Fault]:
        changes: list[tuple[datetime, str]] = []
        for data in self._of("account", "manifest", "screen-name-change"):
            if data.member.damage:
                continue
            try:
                value = read_whole(data)
                if data.type == "screen-name-change":
                    changes += handle_changes(value)
            except ValueError as error:
                yield Fault(data.where, str(error))
        owner = self._owner
        self._owner = Owner(owner.native_id, owner.handle, owner.name, tuple(sorted(set(changes))))

    def _posts(self, data: DataFile, index: Index, notes: Notes) -> Iterator[Item | Fault]:
        # Twice in one list is a mistake in it; twice in two exports of different days is not.
        place = f"{data.container.name}:{data.type}"
        for found in self.walk(data.where, data.member, _LIST):
            if isinstance(found, Fault):
                yield found
                continue
            element = found[1]
            self._counts[data.where] += 1
            try:
                post = read_post(element.value)
            except ValueError as error:
                yield Fault(place_of(data.where, element), str(error))
                continue
            meeting, before = index.meet(post.native_id, element.raw, place)
            if meeting is not Meeting.NEW:
                if before == place:
                    yield Fault(
                        place_of(data.where, element),
                        f"post {post.native_id} occurs twice in this export: "
                        + ("the same again, left out" if meeting is Meeting.SAME else "different, kept as a version"),
                    )
                if meeting is Meeting.SAME:
                    continue
            if len(post.versions) > 1:
                # Newest first in the file; they are handed out oldest first.
                held = Held(post.native_id, place_of(data.where, element), data.type, element.raw)
                index.hold(post.versions[0], int(post.native_id), held)
                continue
            yield self._item(post, element.raw, data.type, notes)

    def _item(self, post: Post, raw: bytes, source: str, notes: Notes) -> Item:
        text, enclosed = notes.text_of(post)

        def find(native_id: str, addresses: list[str]) -> MediaFile:
            return self._find_media(source, native_id, addresses)

        item = item_of_post(post, raw, self._owner, find, long_text=text, source=source)
        return notes.enclose(item, enclosed) if enclosed else item

    def _edited(self, index: Index, notes: Notes) -> Iterator[Item]:
        """The versions of each edited post, the first one first; says which versions the export lacks."""
        told: set[str] = set()
        for held in index.held():
            post = read_post(read_value(held.raw)[0])
            for version in post.versions:
                # A version is named by its neighbours: one message is enough.
                if not index.knows(version) and version not in told:
                    told.add(version)
                    self.missing.append(
                        f"{held.where}: version {version} of post {post.versions[0]} is not in the export"
                    )
            yield self._item(post, held.raw, held.flag, notes)

    def _find_media(self, source: str, native_id: str, addresses: list[str]) -> MediaFile:
        names = [stored_name(native_id, address) for address in addresses if address]
        for name in names:
            for folder in MEDIA_FOLDERS[source]:
                member = self._media.get(f"{folder}/{name}")
                if member is None:
                    continue
                member.used = True
                if member.damage:
                    return MediaFile(name, mime_of(name), url=addresses[0], missing=member.damage)
                return MediaFile(name, mime_of(name), url=addresses[0], open=member.open)
        if not names:
            return MediaFile(native_id, "application/octet-stream", missing="the export does not say where it was")
        self.missing.append(f"{MEDIA_FOLDERS[source][0]}/{names[0]}: named by {native_id}, not in the export")
        return MediaFile(names[0], mime_of(names[0]), url=addresses[0], missing="not in the export")

    def _messages(self, data: DataFile, index: Index) -> Iterator[Item | Fault]:
        place = f"{data.container.name}:{data.type}"
        lead, conversation = b"", ""

        def find(native_id: str, addresses: list[str]) -> MediaFile:
            return self._find_media(data.type, native_id, addresses)

        for found in self.walk(data.where, data.member, _MESSAGES, repeat=True, closing=b"]"):
            if isinstance(found, Fault):
                yield found
                continue
            if found[0] is not lead:
                lead = found[0]
                named = _CONVERSATION.findall(lead)
                conversation = named[-1].decode("utf-8", "replace") if named else ""
            element = found[1]
            where = place_of(data.where, element)
            try:
                item = item_of_message(element.value, element.raw, conversation, self._owner, find)
            except ValueError as error:
                yield Fault(where, str(error))
                continue
            meeting, before = index.meet(f"{conversation}/{item.native_id}", element.raw, place)
            if meeting is not Meeting.NEW and before == place:
                yield Fault(where, f"message {item.native_id} occurs twice in this export")
            if meeting is not Meeting.SAME:
                yield item

    def _check_headers(self, index: Index) -> Iterator[Fault]:
        """The lists of ids beside the posts are a second count: every id in them must have been met."""
        for data in self._of(*_HEADERS):

            def check(element: Element, _where: str, data: DataFile = data) -> None:
                header = element.value.get("tweet", element.value) if isinstance(element.value, dict) else {}
                native_id = str(header.get("tweet_id", "")) if isinstance(header, dict) else ""
                if not native_id.isdigit():
                    raise ValueError("is not a post's header: no tweet_id")
                if not index.knows(native_id):
                    told = [f"written {header['created_at']}"] if header.get("created_at") else []
                    if header.get("deleted_at"):
                        told.append(f"deleted {read_instant(header['deleted_at']).isoformat()}")
                    self.missing.append(
                        f"{data.where}: post {native_id} ({', '.join(told)}) is not in {_HEADERS[data.type]}"
                    )

            yield from self._each(data, check)

    def _check_manifests(self) -> None:
        """Every list the archive's own manifest announces must be there, with as many entries."""
        with_manifest = {id(manifest.container) for manifest in self._of("manifest")}
        present: dict[str, list[DataFile]] = {}
        for data in self._files:
            present.setdefault(data.path, []).append(data)
        told: set[str] = set()
        for manifest in self._of("manifest"):
            try:
                value = read_whole(manifest)
            except ValueError:
                continue  # told above
            info = value.get("archiveInfo") if isinstance(value, dict) else None
            if isinstance(info, dict) and info.get("isPartialArchive") is True:
                self.missing.append(f"{manifest.where}: the platform marked this archive as partial")
            for announced in announced_files(value):
                # Each part of a set may announce what another part holds.
                if announced.count and announced.path not in present and announced.path not in told:
                    told.add(announced.path)
                    self.missing.append(
                        f"{announced.path}: announced with {announced.count} entries, not in the export"
                    )
                for data in present.get(announced.path, ()):
                    if data.container is not manifest.container and id(data.container) in with_manifest:
                        continue
                    read = self._counts[data.where]
                    if data.type in _COUNTED and read != announced.count:
                        self.missing.append(
                            f"{data.where}: announced with {announced.count} entries, {read} could be read"
                        )

    def _list_ignored(self) -> None:
        for data in self._files:
            if data.type in _FOR_THE_OWNER:
                self.ignored.append(f"{data.where}: read for the handle only")
            elif data.type not in _READ:
                self.ignored.append(f"{data.where}: account data, not imported")
        read = {id(data.member) for data in self._files}
        rest: Counter[tuple[str, bool]] = Counter()
        for container in self.containers:
            for member in container.members:
                if id(member) not in read and not member.used:
                    parts = name_parts(member.name)
                    folder = "/".join(parts[:-1]) or member.name
                    rest[self.place(container, folder), len(parts) > 1 and parts[-2] in _ALL_MEDIA_FOLDERS] += 1
        for (folder, is_media), count in sorted(rest.items()):
            why = "media that no post or message names" if is_media else "not part of the record"
            self.ignored.append(f"{folder}: {count} file{'s' if count > 1 else ''}, {why}")
