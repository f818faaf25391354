"""The pack's notices as pages show them: headings off, paragraphs joined, the places filled in. Pure."""

import re
from collections.abc import Mapping

_PLACE = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")


def filled(text: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """The paragraphs of a notice with `{{name}}` replaced; what has no value is shown as a blank to fill in."""
    paragraphs = [block for block in text.strip().split("\n\n") if not block.lstrip().startswith("#")]
    return tuple(
        _PLACE.sub(lambda place: values.get(place[1]) or "(not stated)", " ".join(block.split()))
        for block in paragraphs
        if block.strip()
    )
