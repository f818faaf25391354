"""Pages of the channels area: the list, the request, one channel and the acts on it."""

from rostrum.areas.channels.views.custody import deposit_credential
from rostrum.areas.channels.views.life import (
    EVENT_WORDS,
    approve_channel,
    channel,
    channels,
    close_channel,
    decide_channel_use,
    decline_channel,
    describe_channel,
    go_live,
    open_channel,
    pause_channel,
    request_channel,
)
from rostrum.areas.channels.views.page import channel_page, page_picture, read_page

__all__ = [
    "EVENT_WORDS",
    "approve_channel",
    "channel",
    "channel_page",
    "channels",
    "close_channel",
    "decide_channel_use",
    "decline_channel",
    "deposit_credential",
    "describe_channel",
    "go_live",
    "open_channel",
    "page_picture",
    "pause_channel",
    "read_page",
    "request_channel",
]
