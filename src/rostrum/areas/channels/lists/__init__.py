"""Lists of channels that others kept: what each row says, and what would become of it. Bytes in, rows out; pure."""

from rostrum.areas.channels.lists.reading import (
    Find,
    Known,
    KnownChannel,
    Outcome,
    ReadRow,
    RowKind,
    Units,
    read_list,
)

__all__ = ["Find", "Known", "KnownChannel", "Outcome", "ReadRow", "RowKind", "Units", "read_list"]
