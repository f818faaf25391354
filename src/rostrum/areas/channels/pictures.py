"""Pictures of a page that people hand in: PNG or JPEG, whole, and of a size that can be kept and shown."""

import io
import warnings

from PIL import Image, UnidentifiedImageError

from rostrum.kernel.decisions import InvalidInput

MAX_BYTES = 8 * 1024 * 1024
MAX_PIXELS = 60_000_000
_MIMES = {"PNG": "image/png", "JPEG": "image/jpeg"}


def read_picture(data: bytes, *, where: str = "picture") -> str:
    """The media type of a picture. Raises `InvalidInput`: no PNG or JPEG, damaged, too many bytes or pixels."""
    if len(data) > MAX_BYTES:
        raise InvalidInput(
            where, f"the picture has {len(data) / 1024 / 1024:.1f} MB; at most {MAX_BYTES >> 20} are kept"
        )
    try:
        with warnings.catch_warnings():
            # A picture that unpacks to very many pixels is refused here, not warned about.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=tuple(_MIMES)) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise InvalidInput(where, f"the picture has more than {MAX_PIXELS // 1_000_000} million pixels")
                kind = str(picture.format)
                picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as fault:
        raise InvalidInput(where, f"the picture has more than {MAX_PIXELS // 1_000_000} million pixels") from fault
    except UnidentifiedImageError as fault:
        raise InvalidInput(where, "this is neither a PNG nor a JPEG picture") from fault
    except (OSError, ValueError, SyntaxError) as fault:
        raise InvalidInput(where, "the picture is damaged: take it again") from fault
    return _MIMES[kind]
