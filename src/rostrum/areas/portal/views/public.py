"""What answers to anybody's programs have in common: they may be cached, asked for by other sites, and are limited."""

import hashlib

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

_SECONDS = 300


def cached(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Let anybody keep the answer for some minutes, any site ask for it, and who has it already be told so."""
    etag = quote_etag(hashlib.sha256(answer.content).hexdigest()[:32])
    answer["ETag"] = etag
    result: HttpResponse = get_conditional_response(request, etag=etag, response=answer) or answer
    result["Cache-Control"] = f"public, max-age={_SECONDS}"
    return shared(result)


def shared(answer: HttpResponse) -> HttpResponse:
    """Let any site's page read the answer: it holds nothing that is not public."""
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def problem(status: int, code: str, message: str) -> HttpResponse:
    """An error as every interface here tells it."""
    answer = JsonResponse({"error": {"code": code, "message": message}}, status=status)
    answer["Cache-Control"] = "no-store"
    return shared(answer)
