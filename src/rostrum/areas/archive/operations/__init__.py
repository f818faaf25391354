"""Everything that changes the archive: storing what was seen, noting how Items stand, opening and closing gaps."""

from rostrum.areas.archive.operations.by_hand import keep_by_hand
from rostrum.areas.archive.operations.checking import read_back
from rostrum.areas.archive.operations.elsewhere import EvidenceFile, keep_post_made_elsewhere
from rostrum.areas.archive.operations.gaps import close_gap, open_gap
from rostrum.areas.archive.operations.judging import (
    ask_about_substance,
    decide_on_substance,
    set_advertising_apart,
    take_advertising_back,
)
from rostrum.areas.archive.operations.looking import (
    mark_hidden,
    mark_shown,
    note_posted_from_here,
    record_absences,
    record_sighting,
)
from rostrum.areas.archive.operations.storing import BatchReport, SourceInfo, store_batch, store_page

__all__ = [
    "BatchReport",
    "EvidenceFile",
    "SourceInfo",
    "ask_about_substance",
    "close_gap",
    "decide_on_substance",
    "keep_by_hand",
    "keep_post_made_elsewhere",
    "mark_hidden",
    "mark_shown",
    "note_posted_from_here",
    "open_gap",
    "read_back",
    "record_absences",
    "record_sighting",
    "set_advertising_apart",
    "store_batch",
    "store_page",
    "take_advertising_back",
]
