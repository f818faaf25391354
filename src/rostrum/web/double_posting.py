"""A form sent twice acts once. The second sending gets the first one's answer.

Every form carries `{% request_token %}` beside `{% csrf_token %}`. The token is written down before the view runs; a
view that did its act answers with a redirect, which is kept. Any other answer (the form again with its errors, a
refusal, a fault) gives the token back, because nothing was done.

1. The same token and content again: the stored redirect, and a message that nothing was done twice.
2. The same token while the first is still under way: wait for it; after a while say so.
3. The same token with other content (the page was gone back to and changed): refused, with the way out.
"""

import hashlib
import hmac
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from rostrum.areas.people.models import PostedForm
from rostrum.kernel.decisions import Reason
from rostrum.web.errors import refused

FIELD = "request_token"
KEPT_FOR = timedelta(days=7)
WAIT_SECONDS = 8.0
_POLL_SECONDS = 0.05
# What differs between two sendings of the same form without anybody having changed it.
_NOT_CONTENT = {"csrfmiddlewaretoken", FIELD}

_CHANGED = Reason(
    "form-changed",
    "This form was already sent once, with other content. Open the page again and send the changed one from there.",
)
_UNDER_WAY = Reason(
    "form-under-way",
    "This form was already sent and its result is not known yet. Look whether it was done before sending it again.",
)


def _digest(*parts: str) -> str:
    message = b"".join(len(part.encode()).to_bytes(8, "big") + part.encode() for part in parts)
    return hmac.new(settings.SECRET_KEY.encode(), message, hashlib.sha256).hexdigest()


def _content(request: HttpRequest) -> str:
    fields = sorted((name, values) for name, values in request.POST.lists() if name not in _NOT_CONTENT)
    parts = [f"{name}={value}" for name, values in fields for value in values]
    files = [f"{name}:{upload.name}:{upload.size}" for name, uploads in request.FILES.lists() for upload in uploads]
    return _digest(*parts, *sorted(files))


class OncePerFormMiddleware:
    """Lets each hidden token act once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Run the view; then keep its redirect, or give the token back."""
        try:
            response = self.get_response(request)
        except BaseException:
            self._finish(request, "")
            raise
        is_redirect = isinstance(response, HttpResponseRedirect)
        self._finish(request, response["Location"] if is_redirect else "")
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Write the token down, or answer as the first sending was answered."""
        del args, kwargs
        token = request.POST.get(FIELD, "") if request.method == "POST" else ""
        if not token:
            return None
        person = getattr(request.user, "public_id", "")
        # Bound to the person and the page: a token seen elsewhere gives nobody another's answer.
        key = _digest(token, person, request.path)
        # Of secrets not even a digest is kept; such a form is known by its token alone.
        content = "" if getattr(view, "takes_secrets", False) else _content(request)
        try:
            with transaction.atomic():
                posted = PostedForm.objects.create(token=key, content=content, at=timezone.now())
        except IntegrityError:
            return self._answer_again(request, view, key, content)
        request.posted_form = posted  # type: ignore[attr-defined]
        return None

    def _answer_again(
        self, request: HttpRequest, view: Callable[..., Any], key: str, content: str
    ) -> HttpResponse | None:
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            first = PostedForm.objects.filter(token=key).first()
            if first is None:
                # The first sending did nothing (it was refused or failed) and gave the token back.
                return self.process_view(request, view, (), {})
            if first.content != content:
                return refused(request, (_CHANGED,))
            if first.location:
                messages.info(request, "This form had already been sent. Nothing was done twice.")
                return HttpResponseRedirect(first.location)
            if time.monotonic() > deadline:
                return refused(request, (_UNDER_WAY,))
            time.sleep(_POLL_SECONDS)

    @staticmethod
    def _finish(request: HttpRequest, location: str) -> None:
        posted: PostedForm | None = getattr(request, "posted_form", None)
        if posted is None:
            return
        if location:
            posted.location = location
            posted.save(update_fields=["location"])
        else:
            posted.delete()
