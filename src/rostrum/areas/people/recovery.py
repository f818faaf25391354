"""Recovery codes: each stands in once for a lost factor. Shown when made; only keyed hashes are kept."""

import secrets

# Without letters and digits that are mistaken for each other (Crockford's base 32).
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS, _IN_GROUP = 3, 4
_MISTAKEN = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})


def new_code() -> str:
    """A fresh code of 60 random bits, such as ``7K3M-0QXD-R9ZA``."""
    groups = ["".join(secrets.choice(_ALPHABET) for _ in range(_IN_GROUP)) for _ in range(_GROUPS)]
    return "-".join(groups)


def as_made(typed: str) -> str:
    """The code as it was made, however it was typed; "" for what is no such code."""
    text = "".join(typed.split()).replace("-", "").upper().translate(_MISTAKEN)
    if len(text) != _GROUPS * _IN_GROUP or set(text) - set(_ALPHABET):
        return ""
    return "-".join(text[place : place + _IN_GROUP] for place in range(0, len(text), _IN_GROUP))
