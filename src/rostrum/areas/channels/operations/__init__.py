"""Everything that changes a channel: asked for, approved, opened, its log-in deposited, live, paused, closed."""

from rostrum.areas.channels.operations.connection import CONNECTION_DUTY, note_connection
from rostrum.areas.channels.operations.custody import DEPOSIT_DUTY, deposit_credential
from rostrum.areas.channels.operations.life import (
    DESCRIBED,
    approve_channel,
    close_channel,
    decide_use,
    decline_channel,
    describe_channel,
    go_live,
    open_channel,
    pause_channel,
    request_channel,
    resume_channel,
)
from rostrum.areas.channels.operations.page import (
    PAGE_DUTY,
    RESTORE_DUTY,
    ask_page_check,
    check_page,
    note_page_lapse,
    record_page_reading,
)
from rostrum.areas.channels.operations.registry import REGULARISE_DUTY, register_found

__all__ = [
    "CONNECTION_DUTY",
    "DEPOSIT_DUTY",
    "DESCRIBED",
    "PAGE_DUTY",
    "REGULARISE_DUTY",
    "RESTORE_DUTY",
    "approve_channel",
    "ask_page_check",
    "check_page",
    "close_channel",
    "decide_use",
    "decline_channel",
    "deposit_credential",
    "describe_channel",
    "go_live",
    "note_connection",
    "note_page_lapse",
    "open_channel",
    "pause_channel",
    "record_page_reading",
    "register_found",
    "request_channel",
    "resume_channel",
]
