"""Telling which platform's export somebody gave, by the names inside it and by its content."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from rostrum.importers.export import Export
from rostrum.importers.feed import FeedExport, looks_like_feed
from rostrum.importers.mastodon import MastodonExport, looks_like_mastodon
from rostrum.importers.reading import Container, Limits, open_container
from rostrum.importers.x_archive import XArchive, looks_like_x
from rostrum.kernel.decisions import InvalidInput

# kind, what people call it, how it is told, what reads it
_KINDS: tuple[tuple[str, str, Callable[[Container], bool], type[Export]], ...] = (
    ("x", "X (Twitter) archive, zip", looks_like_x, XArchive),
    ("mastodon", "Mastodon export, tar.gz or zip", looks_like_mastodon, MastodonExport),
    ("feed", "RSS or Atom feed, WordPress export, xml", looks_like_feed, FeedExport),
)
KINDS: tuple[str, ...] = tuple(kind for kind, *_ in _KINDS)


def detect(paths: Sequence[str | Path], kind: str | None = None, *, limits: Limits | None = None) -> Export:
    """Open the files of one export (a set of zips is one export) and tell what it is.

    `kind` overrides the telling: one of `KINDS`. Raises `InvalidInput` naming the file when one cannot be read, is not
    an export of a known kind, or does not belong with the others. Nothing is imported before `Export.read`.
    """
    limits = limits or Limits()
    if not paths:
        raise InvalidInput("files", "no file was given")
    if kind is not None and kind not in KINDS:
        raise InvalidInput("--kind", f"{kind!r} is not a kind of export; known are {', '.join(KINDS)}")
    with ExitStack() as files:
        containers = []
        for path in dict.fromkeys(Path(path) for path in paths):
            container = open_container(path, limits)
            files.callback(container.close)
            containers.append(container)
        reader = _reader_of(containers, kind)
        export = reader(containers, limits)
        # From here on the export closes them.
        files.pop_all()
    return export


def _reader_of(containers: list[Container], kind: str | None) -> type[Export]:
    if kind is not None:
        return next(reader for name, _, _, reader in _KINDS if name == kind)
    found: dict[str, type[Export]] = {}
    first: dict[str, str] = {}
    for container in containers:
        fitting = [(name, reader) for name, _, fits, reader in _KINDS if fits(container)]
        if not fitting:
            # actor.json or a file of media given along with the rest says little by itself.
            continue
        found.setdefault(*fitting[0])
        first.setdefault(fitting[0][0], container.name)
    if len(found) > 1:
        told = " and ".join(f"{name} ({first[name]})" for name in found)
        raise InvalidInput("files", f"exports of different kinds were given together: {told}; import them one by one")
    if not found:
        raise InvalidInput(
            containers[0].name,
            f"is not an export of a known kind. Found: {_contents(containers)}. "
            f"Supported: {'; '.join(f'{title} (--kind {name})' for name, title, _, _ in _KINDS)}.",
        )
    return next(iter(found.values()))


def _contents(containers: list[Container]) -> str:
    names = [member.name for container in containers for member in container.members]
    shown = ", ".join(names[:5])
    return f"{shown} and {len(names) - 5} more" if len(names) > 5 else shown
