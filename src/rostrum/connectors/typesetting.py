"""Tagged PDF (PDF/UA-1) from data by Typst, in a child process, so that its memory ends with it.

Untrusted text goes in as JSON data, never as Typst source. Run as a module, this file is the child.
"""

import json
import logging
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path
from typing import Any

# What Typst's built-in fonts can show; a test sets every character of these ranges. PDF/UA-1 refuses missing glyphs.
_SHOWN = (
    (0x0A, 0x0A), (0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0x2FF), (0x370, 0x377), (0x37A, 0x37F), (0x384, 0x38A),
    (0x38C, 0x38C), (0x38E, 0x3A1), (0x3A3, 0x482), (0x48A, 0x4FF), (0x531, 0x556), (0x5D0, 0x5EA), (0x1E00, 0x1F15),
    (0x2010, 0x2027), (0x2030, 0x205E), (0x2074, 0x208E), (0x20A0, 0x20C0), (0x2100, 0x2151), (0x2153, 0x2184),
    (0x2190, 0x23FF), (0x2460, 0x262F), (0x2638, 0x268B), (0x2690, 0x269C), (0x2701, 0x2704), (0x270C, 0x2727),
)  # fmt: skip
_TIME_LIMIT_SECONDS = 600
_log = logging.getLogger(__name__)


class TypesettingFailed(RuntimeError):
    """A PDF could not be set. The message tells nothing of its text."""


def showable(text: str) -> str:
    """The text with every character the fonts cannot show spelled out by name, such as ``[party popper]``.

    The exact characters are in the JSON beside the PDF; a box or a blank would hide that something was there.
    """
    shown: list[str] = []
    for character in unicodedata.normalize("NFC", text):
        code = ord(character)
        if any(low <= code <= high for low, high in _SHOWN):
            shown.append(character)
        elif character == "\t":
            shown.append(" ")
        elif unicodedata.category(character) in ("Cf", "Cc", "Mn") and code not in (0x202E, 0x202D):
            continue  # joiners, variation selectors, controls: nothing of their own to show
        else:
            name = unicodedata.name(character, f"U+{code:04X}").lower()
            shown.append(f"[{f'U+{code:04X}' if 'ideograph' in name else name}]")
    return "".join(shown)


def showable_data(value: Any) -> Any:
    """The same structure with every string made showable."""
    if isinstance(value, str):
        return showable(value)
    if isinstance(value, list | tuple):
        return [showable_data(one) for one in value]
    if isinstance(value, dict):
        return {key: showable_data(one) for key, one in value.items()}
    return value


def typeset(template: Path, data: dict[str, Any]) -> bytes:
    """Set `data` with an area's own template (``…/typst/NAME.typ``); return the PDF. Raises `TypesettingFailed`."""
    with tempfile.TemporaryDirectory(prefix="rostrum-pdf-") as folder:
        place = Path(folder)
        (place / "main.typ").write_bytes(template.read_bytes())
        (place / "data.json").write_text(json.dumps(showable_data(data)), encoding="utf-8")
        child = subprocess.run(  # noqa: S603  (our own interpreter, our own module)
            [sys.executable, "-m", "rostrum.connectors.typesetting", folder],
            capture_output=True,
            text=True,
            timeout=_TIME_LIMIT_SECONDS,
            check=False,
        )
        if child.returncode:
            _log.error("typst: %s", child.stderr.strip()[-2000:])
            raise TypesettingFailed(f"The PDF of the {template.stem} could not be set; the log of the worker says why.")
        return (place / "out.pdf").read_bytes()


def _child(folder: str) -> None:
    import typst

    place = Path(folder)
    # The whole file is set at once: volumes are kept to 1,000 records (0.4 GB), by the caller.
    typst.compile(
        str(place / "main.typ"),
        output=str(place / "out.pdf"),
        root=folder,
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards="ua-1",
    )


if __name__ == "__main__":
    _child(sys.argv[1])
