"""Writes exports as the platforms write them: small ones to take apart in tests, and ones of any size for benchmarks.

Members are a dict of name → bytes, so that a test can change, break or drop one before it is packed.
"""

import gzip
import io
import json
import random
import tarfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

Json = dict[str, Any]

OWNER_ID = "2244994945"
OWNER = "CityOfSample"
OWNER_NAME = "City of Sample"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)
_START = datetime(2023, 1, 1, 12, 0, tzinfo=UTC)
_SNOWFLAKE_EPOCH_MS = 1288834974657


# ---- X --------------------------------------------------------------------------------------------------------------


def x_id(number: int) -> str:
    """The id of the numbered post: it carries the post's time, one post a minute."""
    milliseconds = int((_START + timedelta(minutes=number)).timestamp() * 1000) - _SNOWFLAKE_EPOCH_MS
    return str((milliseconds << 22) + number % 4096)


def x_date(number: int) -> str:
    """The time of the numbered post, as X writes it."""
    return (_START + timedelta(minutes=number)).strftime("%a %b %d %H:%M:%S +0000 %Y")


def tweet(number: int = 1, text: str | None = None, **fields: Any) -> Json:
    """One element of tweets.js; `fields` override or add."""
    native_id = x_id(number)
    post: Json = {
        "edit_info": {
            "initial": {
                "editTweetIds": [native_id],
                "editableUntil": "2023-01-01T13:00:00.000Z",
                "editsRemaining": "5",
                "isEditEligible": True,
            }
        },
        "retweeted": False,
        "source": '<a href="https://mobile.twitter.com" rel="nofollow">Twitter Web App</a>',
        "entities": {"hashtags": [], "symbols": [], "user_mentions": [], "urls": []},
        "display_text_range": ["0", "40"],
        "favorite_count": "3",
        "id_str": native_id,
        "truncated": False,
        "retweet_count": "1",
        "id": native_id,
        "created_at": x_date(number),
        "favorited": False,
        "full_text": text if text is not None else f"Notice {number}: the bridge on Main Street is open again",
        "lang": "en",
    }
    post.update(fields)
    return {"tweet": post}


def photo(number: int, name: str) -> Json:
    """An entry of extended_entities.media for a picture stored as ``<id of the numbered post>-<name>``."""
    return {
        "url": f"https://t.co/pic{number}",
        "expanded_url": f"https://twitter.com/{OWNER}/status/{x_id(number)}/photo/1",
        "display_url": f"pic.twitter.com/pic{number}",
        "media_url": f"http://pbs.twimg.com/media/{name}",
        "media_url_https": f"https://pbs.twimg.com/media/{name}",
        "id_str": "1",
        "type": "photo",
    }


def film(number: int, *variants: tuple[int, str]) -> Json:
    """An entry of extended_entities.media for a video with (bitrate, name) variants."""
    return {
        **photo(number, "poster.jpg"),
        "type": "video",
        "video_info": {
            "variants": [
                {"content_type": "application/x-mpegURL", "url": "https://video.twimg.com/pl/list.m3u8"},
                *(
                    {
                        "bitrate": str(rate),
                        "content_type": "video/mp4",
                        "url": f"https://video.twimg.com/vid/{name}?tag=12",
                    }
                    for rate, name in variants
                ),
            ]
        },
    }


def message(number: int, text: str = "Hello", *, sender: str = "99", recipient: str = OWNER_ID, **fields: Any) -> Json:
    """One entry of a conversation."""
    entry: Json = {
        "recipientId": recipient,
        "reactions": [],
        "urls": [],
        "text": text,
        "mediaUrls": [],
        "senderId": sender,
        "id": x_id(number),
        "createdAt": (_START + timedelta(minutes=number)).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "editHistory": [],
    }
    entry.update(fields)
    return {"messageCreate": entry}


def conversation(conversation_id: str, *messages: Json) -> Json:
    """One element of direct-messages.js."""
    return {"dmConversation": {"conversationId": conversation_id, "messages": list(messages)}}


def ytd(name: str, elements: Sequence[Any], part: int = 0) -> bytes:
    """A data file: the assignment, then the list, indented as X indents."""
    body = json.dumps(list(elements), indent=2, separators=(",", " : "), ensure_ascii=False)
    return f"window.YTD.{name}.part{part} = {body}".encode()


@dataclass
class XArchive:
    """An archive to be packed: what it holds; `members` writes it out with a manifest that counts right."""

    tweets: list[Json] = field(default_factory=lambda: [tweet(1), tweet(2)])
    deleted: list[Json] = field(default_factory=list)
    notes: list[Json] = field(default_factory=list)
    community: list[Json] = field(default_factory=list)
    messages: list[Json] = field(default_factory=list)
    group_messages: list[Json] = field(default_factory=list)
    encrypted: int = 0
    handle_changes: list[tuple[str, str, str]] = field(default_factory=list)  # at, from, to
    media: dict[str, bytes] = field(default_factory=dict)
    owner_id: str = OWNER_ID
    partial: bool = False
    announced: dict[str, int] = field(default_factory=dict)  # counts the manifest gives instead of the right ones

    def lists(self) -> dict[str, tuple[str, list[Any]]]:
        """Data file → (name in the assignment, elements)."""

        def headers(posts: list[Json]) -> list[Json]:
            found = []
            for one in posts:
                post = one["tweet"]
                header = {"tweet_id": post["id_str"], "user_id": self.owner_id, "created_at": post["created_at"]}
                if "deleted_at" in post:
                    header["deleted_at"] = post["deleted_at"]
                found.append({"tweet": header})
            return found

        return {
            "tweets": ("tweets", self.tweets),
            "tweet-headers": ("tweet_headers", headers(self.tweets)),
            "deleted-tweets": ("deleted_tweets", self.deleted),
            "deleted-tweet-headers": ("deleted_tweet_headers", headers(self.deleted)),
            "note-tweet": ("note_tweet", self.notes),
            "community-tweet": ("community_tweet", self.community),
            "direct-messages": ("direct_messages", self.messages),
            "direct-messages-group": ("direct_messages_group", self.group_messages),
            "message-event": ("message_event", [{"messageEvent": {"encrypted": "AAAA"}}] * self.encrypted),
            "screen-name-change": (
                "screen_name_change",
                [
                    {
                        "screenNameChange": {
                            "accountId": self.owner_id,
                            "screenNameChange": {"changedAt": at, "changedFrom": before, "changedTo": after},
                        }
                    }
                    for at, before, after in self.handle_changes
                ],
            ),
            "like": ("like", [{"like": {"tweetId": "1"}}]),
            "ip-audit": ("ip_audit", [{"ipAudit": {"loginIp": "192.0.2.7"}}]),
        }

    def members(self) -> dict[str, bytes]:
        """All members by name."""
        lists = self.lists()
        manifest = {
            "userInfo": {"accountId": self.owner_id, "userName": OWNER, "displayName": OWNER_NAME},
            "archiveInfo": {
                "sizeBytes": "12345",
                "generationDate": "2026-03-01T00:00:00.000Z",
                "isPartialArchive": self.partial,
                "maxPartSizeBytes": "53687091200",
            },
            "dataTypes": {
                **{
                    name: {
                        "files": [
                            {
                                "fileName": f"data/{file}.js",
                                "globalName": f"YTD.{name}.part0",
                                "count": str(self.announced.get(file, len(elements))),
                            }
                        ]
                    }
                    for file, (name, elements) in lists.items()
                },
                "moment": {"files": [{"fileName": "data/moment.js", "globalName": "YTD.moment.part0", "count": "0"}]},
            },
        }
        account = {
            "account": {
                "email": "it@example.org",
                "username": OWNER,
                "accountId": self.owner_id,
                "accountDisplayName": OWNER_NAME,
            }
        }
        return {
            "Your archive.html": b"<!doctype html>",
            "assets/js/runtime.js": b"void 0",
            "data/manifest.js": b"window.__THAR_CONFIG = " + json.dumps(manifest, indent=2).encode(),
            "data/account.js": ytd("account", [account]),
            **{f"data/{file}.js": ytd(name, elements) for file, (name, elements) in lists.items()},
            **self.media,
        }

    def write(self, path: Path) -> Path:
        """Pack it as one zip."""
        return write_zip(path, self.members())


def note(number: int, text: str, *, with_id: bool = True, new_shape: bool = False) -> Json:
    """One element of note-tweet.js for the numbered post, in either of its two shapes."""
    entry: Json = {
        "noteTweetId": str(7_000_000 + number),
        "createdAt": (_START + timedelta(minutes=number)).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
    }
    content = {"text": text, "urls": [], "mentions": [], "hashtags": []}
    entry |= {"noteTweetResults": {"text": text, "entitySet": content}} if new_shape else {"core": content}
    if with_id:
        entry["tweetId"] = x_id(number)
    return {"noteTweet": entry}


# ---- Mastodon -------------------------------------------------------------------------------------------------------

HOST = "https://social.example"
ACTOR = f"{HOST}/users/city"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
FOLLOWERS = f"{ACTOR}/followers"


def note_id(number: int) -> str:
    """The id of the numbered note."""
    return f"{ACTOR}/statuses/{109000000000000000 + number}"


def activity(number: int = 1, content: str = "<p>The library opens at nine</p>", **fields: Any) -> Json:
    """A Create activity with its note; `fields` override or add to the note."""
    published = (_START + timedelta(minutes=number)).strftime("%Y-%m-%dT%H:%M:%SZ")
    thing: Json = {
        "id": note_id(number),
        "type": "Note",
        "summary": None,
        "inReplyTo": None,
        "published": published,
        "url": f"{HOST}/@city/{109000000000000000 + number}",
        "attributedTo": ACTOR,
        "to": [PUBLIC],
        "cc": [FOLLOWERS],
        "sensitive": False,
        "atomUri": note_id(number),
        "inReplyToAtomUri": None,
        "conversation": f"tag:social.example,2023-01-01:objectId={number}:objectType=Conversation",
        "content": content,
        "contentMap": {"en": content},
        "attachment": [],
        "tag": [],
        "replies": {
            "id": f"{note_id(number)}/replies",
            "type": "Collection",
            "first": {"type": "CollectionPage", "items": []},
        },
    }
    thing.update(fields)
    return {
        "id": f"{note_id(number)}/activity",
        "type": "Create",
        "actor": ACTOR,
        "published": published,
        "to": thing["to"],
        "cc": thing["cc"],
        "object": thing,
    }


def announce(number: int, shared: str = "https://other.example/users/county/statuses/5") -> Json:
    """A share of somebody else's post."""
    return {
        "id": f"{note_id(number)}/activity",
        "type": "Announce",
        "actor": ACTOR,
        "published": (_START + timedelta(minutes=number)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "to": [PUBLIC],
        "cc": [FOLLOWERS, "https://other.example/users/county"],
        "object": shared,
    }


def attachment(name: str, alt: str | None = "A heron on the river bank", mime: str = "image/png") -> Json:
    """An attachment as Mastodon writes it: a path on its own storage."""
    return {
        "type": "Document",
        "mediaType": mime,
        "url": f"/bucket/media_attachments/files/{name}",
        "name": alt,
        "width": 1,
        "height": 1,
    }


def mastodon_members(activities: Sequence[Json], media: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    """All members of an export. totalItems is wrong, as it is in real ones."""
    outbox = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": "outbox.json",
        "type": "OrderedCollection",
        "totalItems": max(0, len(activities) - 29),
        "orderedItems": list(activities),
    }
    actor = {
        "@context": ["https://www.w3.org/ns/activitystreams"],
        "id": ACTOR,
        "type": "Person",
        "preferredUsername": "city",
        "name": "City of Sample",
    }
    return {
        "actor.json": json.dumps(actor).encode(),
        "outbox.json": json.dumps(outbox, separators=(",", ":")).encode(),
        "likes.json": b'{"type":"OrderedCollection","id":"likes.json","orderedItems":[]}',
        "bookmarks.json": b'{"type":"OrderedCollection","id":"bookmarks.json","orderedItems":[]}',
        "avatar.png": PNG,
        **(media or {}),
    }


# ---- packing --------------------------------------------------------------------------------------------------------


def write_zip(path: Path, members: Mapping[str, bytes] | Iterable[tuple[str, bytes]]) -> Path:
    """Pack members as a zip; names may be such as no platform would write, and occur twice."""
    pairs = members.items() if isinstance(members, Mapping) else members
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in pairs:
            info = zipfile.ZipInfo(name, (2026, 3, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o100644 << 16
            archive.writestr(info, content)
    return path


def write_tar_gz(path: Path, members: Mapping[str, bytes]) -> Path:
    """Pack members as a tar.gz."""
    with tarfile.open(path, "w:gz", compresslevel=1) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


# ---- of any size ----------------------------------------------------------------------------------------------------


def big_x_archive(path: Path, posts: int, *, seed: int = 1, text_words: int = 25, media_every: int = 10) -> Path:
    """Write an archive of any size with flat memory: posts newest first, replies, reposts, pictures, headers, manifest.

    One in five is a reply, one in ten a repost; every `media_every`-th has a picture of about 1 kB in the archive.
    """
    chance = random.Random(seed)
    vocabulary = ["".join(chance.choices("etaoinshrdlu", k=chance.randint(3, 9))) for _ in range(4000)]
    template = json.dumps([tweet(0, "TEXT", XTRA="XTRA")], indent=2, separators=(",", " : "))[2:-2]
    template = template.replace(x_id(0), "IDENT").replace(x_date(0), "DATED")

    def one(number: int) -> str:
        text = " ".join(chance.choices(vocabulary, k=text_words))
        extra = '"possibly_sensitive" : false'
        if number % 10 == 3:
            text = f"RT @county: {text}"
        elif number % 5 == 1:
            extra = f'"in_reply_to_status_id_str" : "{x_id(number + 100000)}"'
        if number % media_every == 0:
            extra += ',\n      "extended_entities" : ' + json.dumps({"media": [photo(number, f"p{number}.png")]})
        body = template.replace("TEXT", text).replace("IDENT", x_id(number)).replace("DATED", x_date(number))
        return body.replace('"XTRA" : "XTRA"', extra)

    def header(number: int) -> str:
        entry = {"tweet": {"tweet_id": x_id(number), "user_id": OWNER_ID, "created_at": x_date(number)}}
        return "  " + json.dumps(entry, separators=(",", " : "))

    members = XArchive(tweets=[], announced={"tweets": posts, "tweet-headers": posts}).members()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in members.items():
            if name not in ("data/tweets.js", "data/tweet-headers.js"):
                archive.writestr(name, content)
        for file, name, element in (("tweets", "tweets", one), ("tweet-headers", "tweet_headers", header)):
            with archive.open(f"data/{file}.js", "w", force_zip64=True) as stream:
                stream.write(f"window.YTD.{name}.part0 = [\n".encode())
                for block in _blocks((element(number) for number in range(posts, 0, -1)), ",\n"):
                    stream.write(block)
                stream.write(b"\n]")
        for number in range(media_every, posts + 1, media_every):
            picture = PNG + chance.randbytes(1000)
            archive.writestr(f"data/tweets_media/{x_id(number)}-p{number}.png", picture, zipfile.ZIP_STORED)
    return path


def big_mastodon_export(path: Path, posts: int, *, seed: int = 1) -> Path:
    """Write a tar.gz export of any size; memory holds one copy of the outbox."""
    chance = random.Random(seed)
    vocabulary = ["".join(chance.choices("etaoinshrdlu", k=chance.randint(3, 9))) for _ in range(4000)]
    body = bytearray(
        b'{"@context":"https://www.w3.org/ns/activitystreams","id":"outbox.json","type":"OrderedCollection",'
    )
    body += b'"totalItems":%d,"orderedItems":[' % posts
    for number in range(1, posts + 1):
        one = (
            announce(number)
            if number % 5 == 0
            else activity(number, f"<p>{' '.join(chance.choices(vocabulary, k=30))}</p>")
        )
        body += (b"," if number > 1 else b"") + json.dumps(one, separators=(",", ":")).encode()
    body += b"]}"
    with gzip.open(path, "wb", compresslevel=1) as packed, tarfile.open(fileobj=packed, mode="w|") as archive:
        for name, content in ({**mastodon_members([]), "outbox.json": bytes(body)}).items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def _blocks(lines: Iterator[str], separator: str) -> Iterator[bytes]:
    """Lines joined by the separator, in blocks of a few hundred."""
    waiting: list[str] = []
    first = True
    for line in lines:
        waiting.append(line if first else separator + line)
        first = False
        if len(waiting) == 500:
            yield "".join(waiting).encode()
            waiting.clear()
    yield "".join(waiting).encode()
