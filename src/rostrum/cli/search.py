"""`rostrum search`: every match, oldest first, counted."""

import argparse
import json
import sys
from datetime import date
from typing import TYPE_CHECKING

from rostrum.kernel.decisions import InvalidInput

if TYPE_CHECKING:
    from rostrum.areas.archive.queries import Hit

HELP = "every match, oldest first, counted"
_QUERY_HELP = (
    'the query: words (all of them), "a phrase", OR, -not, (parentheses), begin*, #hashtag, @mention; '
    "empty for everything"
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("query", metavar="QUERY", help=_QUERY_HELP)
    parser.add_argument("--channel", metavar="SLUG", action="append", default=[], help="only this channel (repeatable)")
    parser.add_argument(
        "--author", metavar="WHO", action="append", default=[], help="only this author: id, handle, name"
    )
    parser.add_argument(
        "--kind", metavar="KIND", action="append", default=[], help="post, comment, share, message, profile"
    )
    parser.add_argument("--state", metavar="STATE", action="append", default=[], help="present, hidden, deleted")
    parser.add_argument("--from", dest="from_on", metavar="DAY", help="published on this day or later (YYYY-MM-DD)")
    parser.add_argument("--to", dest="to_on", metavar="DAY", help="published on this day or earlier (YYYY-MM-DD)")
    parser.add_argument("--count", action="store_true", help="only how many there are")
    parser.add_argument("--json", action="store_true", help="one JSON object per line")


def run(arguments: argparse.Namespace) -> int:
    """Search the whole archive, restricted Items included: who runs commands has the data folder itself."""
    from rostrum.cli.main import start_in_data_folder

    start_in_data_folder()
    from rostrum.areas.archive import queries

    from_, to = queries.span_of_days(_day("--from", arguments.from_on), _day("--to", arguments.to_on))
    answer = queries.search_for(
        queries.SearchQuery(
            text=arguments.query,
            channels=tuple(arguments.channel),
            authors=tuple(arguments.author),
            kinds=tuple(arguments.kind),
            from_=from_,
            to=to,
            states=tuple(arguments.state),
            include_restricted=True,
        )
    )
    if arguments.count:
        count = answer.count()
        print(json.dumps({"count": count}) if arguments.json else count)
        return 0
    found = 0
    for found, hit in enumerate(answer, start=1):  # noqa: B007 - told below
        print(_json_line(hit) if arguments.json else _line(hit))
    if not arguments.json:
        print(f"{found} found" if found != 1 else "1 found", file=sys.stderr)
    return 0


def _day(option: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(option, f"{text!r} is not a day such as 2026-11-02.") from None


def _json_line(hit: "Hit") -> str:
    from rostrum.areas.archive.content import instant

    item, last = hit.item, hit.versions[-1]
    return json.dumps(
        {
            "id": item.public_id,
            "platform": item.platform,
            "channel": item.channel.slug,
            "kind": item.kind,
            "author": last.author_handle or item.author_id,
            "published_at": instant(item.published_at) or None,
            "text": last.text,
            "state": item.state,
            "versions": item.version_count,
            "matched": [version.number for version in hit.versions],
            "native_id": item.native_id,
            "url": item.url,
            "access": item.access,
        },
        ensure_ascii=False,
    )


def _line(hit: "Hit") -> str:
    item, last = hit.item, hit.versions[-1]
    when = f"{item.published_at:%Y-%m-%d %H:%M} UTC" if item.published_at else "undated             "
    who = last.author_handle or item.author_id or "?"
    state = "" if item.state == "present" else f" [{item.state}]"
    text = " ".join(last.text.split())
    return f"{when}  {item.public_id}  {item.channel.slug}  {item.kind} by {who}{state}: {text}"
