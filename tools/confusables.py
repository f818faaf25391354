"""Writes the table of letters that look alike (src/rostrum/kernel/lookalikes/confusables.txt).

The data are Unicode's confusables.txt (Unicode Technical Standard 39) as the package `confusable-homoglyphs` carries
them: each character beside all that it may be taken for. Unicode's file gives every character one prototype, so what
belongs together forms a star, and its middle is the prototype. Run by hand when a newer package is out:

    pip download --no-deps confusable-homoglyphs==3.3.1 && unzip confusable_homoglyphs-*.whl
    python tools/confusables.py confusable_homoglyphs/confusables.json
"""

import json
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "src/rostrum/kernel/lookalikes/confusables.txt"
HEAD = """# Letters that look alike: a character, and the characters it is taken for (code points, hexadecimal).
# Made by tools/confusables.py from Unicode's confusables.txt (UTS #39, Unicode 15.1) as carried by
# confusable-homoglyphs 3.3.1. Licences: LICENSE.txt beside this file. Do not edit.
"""
# Unicode writes these around right-to-left examples; they are no part of them.
MARKS = "\u200e\u200f"


def stars(alike: dict[str, set[str]]) -> dict[str, str]:
    """Each single character with its prototype."""
    prototypes: dict[str, str] = {}
    for letter, others in alike.items():
        if len(letter) != 1 or len(others) != 1:
            continue
        (other,) = others
        if len(alike.get(other, ())) > 1 or len(other) > 1 or other < letter:
            prototypes[letter] = other
    return prototypes


def main() -> None:
    """Read the package's table named on the command line; write ours."""
    table = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    alike: dict[str, set[str]] = {}
    for letter, others in table.items():
        alike.setdefault(letter.strip(MARKS), set()).update(one["c"].strip(MARKS) for one in others)
    rows = [
        f"{ord(letter):04X} {' '.join(f'{ord(one):04X}' for one in prototype)}"
        for letter, prototype in sorted(stars(alike).items())
    ]
    TARGET.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    print(f"{len(rows)} characters")


if __name__ == "__main__":
    main()
