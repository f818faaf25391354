"""What the channels area records. No secret, no keyed hash of one, and no password's length is ever in an event."""

from rostrum.areas.channels.events.access import (
    AdministratorFindingAnswered,
    AdministratorsListed,
    ApplicationApproved,
    ApplicationProposed,
    ApplicationsChecked,
    ApplicationWithdrawn,
    SettingsChecked,
)
from rostrum.areas.channels.events.connection import ConnectionLost, ConnectionRestored
from rostrum.areas.channels.events.custody import CredentialDeposited
from rostrum.areas.channels.events.life import (
    ChannelApproved,
    ChannelClosed,
    ChannelDeclined,
    ChannelDescribed,
    ChannelOpened,
    ChannelPaused,
    ChannelRequested,
    ChannelResumed,
    ChannelStepTaken,
    ChannelUseDecided,
    ChannelWentLive,
)
from rostrum.areas.channels.events.page import PageAttested, PageCheckLapsed, PageRead
from rostrum.areas.channels.events.questions import PartRecorded, QuestionAnswered, QuestionAsked
from rostrum.areas.channels.events.registry import ChannelFound, LookAlikeExplained

__all__ = [
    "AdministratorFindingAnswered",
    "AdministratorsListed",
    "ApplicationApproved",
    "ApplicationProposed",
    "ApplicationWithdrawn",
    "ApplicationsChecked",
    "ChannelApproved",
    "ChannelClosed",
    "ChannelDeclined",
    "ChannelDescribed",
    "ChannelFound",
    "ChannelOpened",
    "ChannelPaused",
    "ChannelRequested",
    "ChannelResumed",
    "ChannelStepTaken",
    "ChannelUseDecided",
    "ChannelWentLive",
    "ConnectionLost",
    "ConnectionRestored",
    "CredentialDeposited",
    "LookAlikeExplained",
    "PageAttested",
    "PageCheckLapsed",
    "PageRead",
    "PartRecorded",
    "QuestionAnswered",
    "QuestionAsked",
    "SettingsChecked",
]
