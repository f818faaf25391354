"""What should be looked at about a channel before it is approved: shown to whoever asks for it and whoever decides."""

from rostrum.areas.channels import pack
from rostrum.areas.channels.models import Channel
from rostrum.areas.channels.rules import ChannelState
from rostrum.areas.channels.rules.warnings import near_miss_warnings, nearly_the_same, page_type_warnings
from rostrum.areas.governance import queries as governance
from rostrum.kernel.decisions import Reason


def warnings_about(channel: Channel) -> tuple[Reason, ...]:
    """Every warning about a channel, each with its clause: a profile instead of a page, a handle close to another."""
    definitions = pack.bindings("channel.page-type") if governance.activation() else ()
    others = (
        Channel.objects.filter(platform=channel.platform_id)
        .exclude(pk=channel.pk)
        .exclude(state=ChannelState.DECLINED)
        .exclude(handle="")
        .order_by("name")
        .values_list("handle", "name")
    )
    near = nearly_the_same(channel.handle, others.iterator()) if channel.handle else ()
    return (
        *page_type_warnings(channel.platform_id, channel.kind, definitions),
        *near_miss_warnings(near, pack.clause_of("channel.prior-authorization")),
    )
