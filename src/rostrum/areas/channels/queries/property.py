"""Who owns what is said on a channel for the body, as the clauses in force have it."""

from dataclasses import dataclass

from rostrum.areas.channels import pack
from rostrum.areas.channels.models import Channel
from rostrum.areas.governance import queries as governance

# In the order in which they are named.
_KINDS = ("copyright", "property")
STAMP_TITLES = {"copyright": "Copyright", "property": "Property", "copyright property": "Copyright and property"}


@dataclass(frozen=True, slots=True)
class Stamp:
    """The owner of what staff make on a channel. `kind` is a code of `STAMP_TITLES`."""

    holder: str
    kind: str
    clauses: tuple[str, ...]


def stamp_of(channel: Channel) -> Stamp | None:
    """The stamp for what is said on the channel for the body; None where no clause in force asks for one."""
    if governance.activation() is None:
        return None
    bound = pack.bindings("custody.property-stamp")
    kinds = {str(params.get("kind", "")) for _, params in bound} & set(_KINDS)
    if not kinds:
        return None
    holder = channel.copyright_holder if kinds == {"copyright"} else channel.owner
    return Stamp(holder, " ".join(kind for kind in _KINDS if kind in kinds), tuple(clause for clause, _ in bound))


# Sites of the body's own, where it alone posts; what others say there are comments.
_OWN_SITES = ("blog", "feed", "podcast")


def speaks_alone(channel: Channel) -> bool:
    """Whether every post on the channel is the body's, whatever name stands under it."""
    return channel.platform_id in _OWN_SITES


def is_made_by_channel(channel: Channel, *, author_id: str, author_handle: str) -> bool:
    """Whether the author of something is the channel itself: by its id on the platform, or, without one, its handle.

    Where it has neither, what a person kept as the channel's own names the channel's id here.
    """
    if author_id and author_id == channel.public_id:
        return True
    if channel.native_id:
        return author_id == channel.native_id
    handle = channel.handle.strip().lstrip("@").casefold()
    return bool(handle) and author_handle.strip().lstrip("@").casefold() == handle
