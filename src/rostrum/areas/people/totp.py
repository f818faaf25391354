"""Codes of an authenticator app (RFC 6238): six digits, thirty seconds. The clock is passed in."""

import base64
import hmac
import io
import secrets
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from rostrum.kernel.one_time_codes import Seed, code_at

PERIOD_SECONDS = 30
_SEED_BYTES = 20
# One step either way: telephones' clocks are a little off, and people take a moment to type.
_STEPS_ASIDE = 1


def new_seed() -> bytes:
    """A fresh seed, as long as its hash (RFC 4226, section 4)."""
    return secrets.token_bytes(_SEED_BYTES)


def typed_key(seed: bytes) -> str:
    """The seed as a person types it: base32 in groups of four."""
    text = base64.b32encode(seed).decode().rstrip("=")
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))


def code_now(seed: bytes, now: datetime) -> str:
    """The code that an app shows at this instant."""
    return code_at(Seed(seed), now).digits


def step_of_code(seed: bytes, code: str, *, after_step: int, now: datetime) -> int | None:
    """The time step this code belongs to, near now and later than `after_step`; None when there is none."""
    typed = "".join(code.split())
    here = int(now.timestamp()) // PERIOD_SECONDS
    found = None
    # All are compared, so that the time taken tells nothing.
    for step in range(here - _STEPS_ASIDE, here + _STEPS_ASIDE + 1):
        right = code_now(seed, datetime.fromtimestamp(step * PERIOD_SECONDS, UTC))
        if hmac.compare_digest(right.encode(), typed.encode()) and step > after_step:
            found = step
    return found


def address_for_app(seed: bytes, *, person: str, body: str) -> str:
    """The address a QR code holds; apps know its form."""
    # A colon separates the two in the label, so neither may hold one.
    body = body.replace(":", " ")
    query = {
        "secret": base64.b32encode(seed).decode().rstrip("="),
        "issuer": body,
        "algorithm": "SHA1",
        "digits": "6",
        "period": str(PERIOD_SECONDS),
    }
    return f"otpauth://totp/{quote(body)}:{quote(person)}?{urlencode(query, quote_via=quote)}"


def qr_code(address: str) -> bytes:
    """The address as an SVG picture of its own, without styles or scripts."""
    import segno

    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", scale=6, border=4, svgclass=None, lineclass=None, light="#fff", title="QR code"
    )
    return out.getvalue()
