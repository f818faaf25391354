"""What the pages of governance share: files in and out."""

from django.http import Http404, HttpRequest, HttpResponse

from rostrum.areas.governance import files
from rostrum.areas.governance.files import GivenFile
from rostrum.connectors.blobs import NoSuchBlob
from rostrum.kernel.decisions import InvalidInput


def given_file(request: HttpRequest, name: str) -> GivenFile | None:
    """The file that was sent in this field, or None."""
    sent = request.FILES.get(name)
    if sent is None or isinstance(sent, list):
        return None
    if sent.size and sent.size > files.LARGEST_BYTES:
        raise InvalidInput(name, f"this file is larger than {files.LARGEST_BYTES // 1_000_000} MB")
    return GivenFile(sent.read(), str(sent.name or ""))


def download(digest: str, name: str, media_type: str = "application/pdf") -> HttpResponse:
    """A kept file, to be saved. Raises Http404 where it is no longer kept."""
    try:
        content = files.blobs().read(digest) if digest else None
    except NoSuchBlob:
        content = None
    if content is None:
        raise Http404("This file is not kept here.")
    answer = HttpResponse(content, content_type=media_type)
    ending = files.ENDINGS.get(media_type, "bin")
    answer["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
