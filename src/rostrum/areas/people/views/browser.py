"""What sign-in keeps in the browser's session between two pages, and the site the browser is on."""

import ipaddress
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.module_loading import import_string

from rostrum.areas.people.models import User
from rostrum.areas.people.passkeys import Site
from rostrum.areas.people.sealing import seal_for, unseal_for
from rostrum.connectors.keystore import Sealed

_PASSKEY, _SEALED = "passkey_asked", "sealed"
_PASSKEY_LASTS = timedelta(minutes=5)


def origin_of(request: HttpRequest) -> str:
    """The origin of this site's pages, as the browser sees it."""
    scheme = "https" if settings.BEHIND_TLS or request.is_secure() else "http"
    return f"{scheme}://{request.get_host()}"


def name_of_body() -> str:
    """The body's name."""
    find: Callable[[], str] = import_string(settings.NAME_OF_THE_BODY)
    return find()


def site_of(request: HttpRequest) -> Site | None:
    """The site that a passkey made here is for; None where browsers make none: at an address without a name."""
    host = request.get_host().rpartition(":")[0] if ":" in request.get_host() else request.get_host()
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return Site(host.lower(), frozenset({origin_of(request)}), name_of_body())
    return None


def safe_next(request: HttpRequest, wanted: str = "") -> str:
    """The page the person was going to, if it is one of ours; else Today."""
    wanted = wanted or request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else reverse("today")


def ask_passkey(request: HttpRequest, purpose: str, state: dict[str, Any], now: datetime) -> None:
    """Keep what a passkey was asked for, until it answers."""
    request.session[_PASSKEY] = {"purpose": purpose, "state": state, "at": int(now.timestamp())}


def asked_passkey(request: HttpRequest, purpose: str, now: datetime) -> dict[str, Any] | None:
    """What a passkey was asked for in this browser, once; None when it was something else, or too long ago."""
    kept = request.session.pop(_PASSKEY, None)
    if not isinstance(kept, dict) or kept["purpose"] != purpose:
        return None
    state: dict[str, Any] = kept["state"]
    return state if now.timestamp() - kept["at"] <= _PASSKEY_LASTS.total_seconds() else None


def keep_sealed(request: HttpRequest, what: str, value: Any, person: User) -> None:
    """Keep a secret for the pages to come, sealed: sessions lie in the database."""
    sealed = seal_for(json.dumps(value).encode(), what=f"session {what}", person=person.public_id)
    request.session[f"{_SEALED} {what}"] = [sealed.key_id, sealed.data.hex()]


def kept_sealed(request: HttpRequest, what: str, person: User) -> Any:
    """What was kept, or None."""
    kept = request.session.get(f"{_SEALED} {what}")
    if not isinstance(kept, list):
        return None
    sealed = Sealed(kept[0], bytes.fromhex(kept[1]))
    opened = unseal_for(sealed, what=f"session {what}", person=person.public_id)
    return None if opened is None else json.loads(opened)


def forget_sealed(request: HttpRequest, what: str) -> None:
    """Forget what was kept."""
    request.session.pop(f"{_SEALED} {what}", None)
