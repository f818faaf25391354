"""Raw payloads: how an Item's own slice is packed, and got back byte for byte.

Small slices are deflated into the row of their version, so that disposing of one touches no other; large ones are
blobs. Slices of one platform differ little but in their values, so a fixed dictionary of what they have in common
(field names, no content) brings them to a fraction of their size. A packing's name stands in the row: a dictionary is
never changed, a better one gets a new name.
"""

import zlib

from rostrum.connectors.blobs import LocalBlobs

BLOB = "blob"
DEFLATED = "deflate-1"
# Larger slices are rare, and better off as files.
_LARGEST_IN_ROW = 64 * 1024
# An 8 KiB window: slices are smaller, and setting up the usual 32 KiB costs ten times the packing itself.
_WINDOW = -13

_BLUESKY = (
    b'{"uri":"at://did:plc:/app.bsky.feed.post/3","cid":"bafyrei","author":{"did":"did:plc:","handle":".bsky.socia'
    b'l","displayName":"","avatar":"https://cdn.bsky.app/img/avatar/plain/did:plc:","viewer":{"muted":false,"block'
    b'edBy":false},"labels":[],"createdAt":"2025-01-01T00:00:00.000Z"},"record":{"$type":"app.bsky.feed.post","cre'
    b'atedAt":"2025-01-01T00:00:00.000Z","embed":{"$type":"app.bsky.embed.images","images":[{"alt":"","aspectRatio'
    b'":{"height":1080,"width":1920},"image":{"$type":"blob","ref":{"$link":"bafkrei"},"mimeType":"image/jpeg","si'
    b'ze":}}]},"facets":[{"features":[{"$type":"app.bsky.richtext.facet#link","uri":"https://"}],"index":{"byteEnd'
    b'":,"byteStart":}},{"$type":"app.bsky.richtext.facet#mention"},{"$type":"app.bsky.richtext.facet#tag","tag":"'
    b'"}],"langs":["en"],"reply":{"parent":{"cid":"bafyrei","uri":"at://did:plc:"},"root":{"cid":"bafyrei","uri":"'
    b'at://did:plc:"}},"text":""},"embed":{"$type":"app.bsky.embed.external#view","external":{"uri":"https://","ti'
    b'tle":"","description":"","thumb":"https://cdn.bsky.app/img/feed_thumbnail/plain/did:plc:"}},"bookmarkCount":'
    b'0,"replyCount":0,"repostCount":0,"likeCount":0,"quoteCount":0,"indexedAt":"2025-01-01T00:00:00.000Z","viewer'
    b'":{"threadMuted":false,"embeddingDisabled":false}'
)
_MASTODON = (
    b'{"id":"https:///users//statuses/11/activity","type":"Create","actor":"https:///users/","published":"2024-01-'
    b'01T00:00:00Z","to":["https://www.w3.org/ns/activitystreams#Public"],"cc":["https:///users//followers"],"obje'
    b'ct":{"id":"https:///users//statuses/11","type":"Note","summary":null,"inReplyTo":null,"published":"2024-01-0'
    b'1T00:00:00Z","url":"https:///@/11","attributedTo":"https:///users/","to":["https://www.w3.org/ns/activitystr'
    b'eams#Public"],"cc":["https:///users//followers"],"sensitive":false,"atomUri":"https:///users//statuses/11","'
    b'inReplyToAtomUri":null,"conversation":"tag:,2024-01-01:objectId=:objectType=Conversation","content":"\\u003c'
    b'p\\u003e\\u003c/p\\u003e","contentMap":{"en":"\\u003cp\\u003e\\u003c/p\\u003e"},"attachment":[{"type":"Docum'
    b'ent","mediaType":"image/jpeg","url":"/media_attachments/files/11/original/.jpeg","name":null,"blurhash":"U",'
    b'"focalPoint":[0.0,0.0],"width":1920,"height":1080}],"tag":[{"type":"Hashtag","href":"https:///tags/","name":'
    b'"#"},{"type":"Mention","href":"https:///users/","name":"@"}],"replies":{"id":"https:///users//statuses/11/re'
    b'plies","type":"Collection","first":{"type":"CollectionPage","next":"https:///users//statuses/11/replies?only'
    b'_other_accounts=true\\u0026page=true","partOf":"https:///users//statuses/11/replies","items":[]}},"likes":{"'
    b'id":"https:///users//statuses/11/likes","type":"Collection","totalItems":0},"shares":{"id":"https:///users//'
    b'statuses/11/shares","type":"Collection","totalItems":0}},"signature":{"type":"RsaSignature2017","creator":"h'
    b'ttps:///users/#main-key","created":"2024-01-01T00:00:00Z","signatureValue":"=="}}'
)
_SQUARE = (
    b'{"id":"sq-","version":"","number":1,"kind":"comment","author":{"id":"","handle":"","name":""},"text":"","lan'
    b'g":"en","parent":"","root":"","created_at":"2026-01-01T00:00:00.000000Z","edited_at":null,"url":"/p/#","medi'
    b'a":[{"mime":"image/png","alt":"","url":""}]}'
)
_X = (
    b'{\n    "dmConversation" : {\n      "conversationId" : "-",\n      "messages" : [\n        {\n          "mess'
    b'ageCreate" : {\n            "recipientId" : "",\n            "reactions" : [ ],\n            "urls" : [ ],\n'
    b'            "text" : "",\n            "mediaUrls" : [ ],\n            "senderId" : "",\n            "id" : "'
    b'",\n            "createdAt" : "2023-01-01T00:00:00.000Z",\n            "editHistory" : [ ]\n          }\n   '
    b'     }{\n    "tweet" : {\n      "in_reply_to_status_id_str" : "1",\n      "in_reply_to_user_id" : "1",\n    '
    b'  "in_reply_to_status_id" : "1",\n      "in_reply_to_screen_name" : "",\n      "in_reply_to_user_id_str" : "'
    b'1",\n      "extended_entities" : {\n        "media" : [\n          {\n            "expanded_url" : "https://'
    b'twitter.com//status/1/photo/1",\n            "source_status_id" : "1",\n            "indices" : [\n         '
    b'     "0",\n              "23"\n            ],\n            "url" : "https://t.co/",\n            "media_url"'
    b' : "http://pbs.twimg.com/media/.jpg",\n            "id_str" : "1",\n            "id" : "1",\n            "me'
    b'dia_url_https" : "https://pbs.twimg.com/media/.jpg",\n            "sizes" : {\n              "large" : {\n  '
    b'              "w" : "1200",\n                "h" : "675",\n                "resize" : "fit"\n              }'
    b',\n              "thumb" : {\n                "w" : "150",\n                "h" : "150",\n                "r'
    b'esize" : "crop"\n              },\n              "small" : {\n                "w" : "680",\n              "m'
    b'edium" : {\n            },\n            "type" : "photo",\n            "display_url" : "pic.twitter.com/"\n '
    b'         }\n        ]\n      },\n      "user_mentions" : [\n          {\n            "name" : "",\n         '
    b'   "screen_name" : "",\n            "indices" : [\n              "0",\n              "10"\n            ],\n '
    b'           "id_str" : "1",\n            "id" : "1"\n          }\n        ],\n        "urls" : [\n          {'
    b'\n            "url" : "https://t.co/",\n            "expanded_url" : "https://",\n            "display_url" '
    b': "",\n            "indices" : [\n              "0",\n              "23"\n            ]\n          }\n      '
    b'  ]\n      },\n        "hashtags" : [\n          {\n            "text" : "",\n            "indices" : [\n{\n'
    b'    "tweet" : {\n      "edit_info" : {\n        "initial" : {\n          "editTweetIds" : [\n            "1"'
    b'\n          ],\n          "editableUntil" : "2023-01-01T00:00:00.000Z",\n          "editsRemaining" : "5",\n'
    b'          "isEditEligible" : true\n        }\n      },\n      "retweeted" : false,\n      "source" : "<a hre'
    b'f=\\"https://mobile.twitter.com\\" rel=\\"nofollow\\">Twitter Web App</a>",\n      "entities" : {\n        "'
    b'hashtags" : [ ],\n        "symbols" : [ ],\n        "user_mentions" : [ ],\n        "urls" : [ ]\n      },\n'
    b'      "display_text_range" : [\n        "0",\n        "140"\n      ],\n      "favorite_count" : "0",\n      '
    b'"id_str" : "1",\n      "truncated" : false,\n      "retweet_count" : "0",\n      "id" : "1",\n      "possibl'
    b'y_sensitive" : false,\n      "created_at" : "Sat Jan 01 00:00:00 +0000 2023",\n      "favorited" : false,\n '
    b'     "full_text" : "",\n      "lang" : "en"\n    }\n  }'
)
# What is most often met stands last: a deflate window looks back.
_DICTIONARY_1 = (_SQUARE + _MASTODON + _BLUESKY + _X)[-8192:]
# Reading the dictionary takes longer than packing a post: it is read once, and every post gets a copy.
_PACKER = zlib.compressobj(6, zlib.DEFLATED, _WINDOW, 6, zlib.Z_DEFAULT_STRATEGY, _DICTIONARY_1)


def pack(raw: bytes, blobs: LocalBlobs) -> tuple[str, bytes | None]:
    """How the slice is kept: the packing's name, and what goes into the row (None when it went into a blob)."""
    if len(raw) > _LARGEST_IN_ROW:
        blobs.put(raw)
        return BLOB, None
    packer = _PACKER.copy()
    return DEFLATED, packer.compress(raw) + packer.flush()


def unpack(packing: str, packed: bytes | None, digest: str, blobs: LocalBlobs) -> bytes:
    """The slice, byte for byte. Raises `NoSuchBlob`, or ValueError for a packing this release does not know."""
    if packing == BLOB:
        return blobs.read(digest)
    if packing != DEFLATED or packed is None:
        raise ValueError(f"raw payload packed as {packing!r}, which this release cannot read")
    unpacker = zlib.decompressobj(_WINDOW, zdict=_DICTIONARY_1)
    return unpacker.decompress(packed) + unpacker.flush()
