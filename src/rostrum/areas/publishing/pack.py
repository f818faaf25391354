"""What the active packs and the body's own choices say that publishing needs."""

from rostrum.areas.channels import pack as channel_pack


def clause(control: str) -> str:
    """The clause of the active packs that stands behind a control; "" where none does."""
    return channel_pack.clauses().get(control, "")


def attention_hours() -> int:
    """Within how many hours a person looks at a post that failed or differs (local choice; default 4)."""
    return int(channel_pack.setting("publish.attention_hours", 4))


def language() -> str:
    """The language of the body's posts (BCP 47; local choice, default ``en``)."""
    return str(channel_pack.setting("body.language", "en"))
