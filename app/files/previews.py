"""Small pictures of pictures, drawn anew: nothing of the sender's file is shown but its pixels.

Source: security.md, "uploads"; Pillow's limits against pictures that unfold beyond all measure.
"""

import io
from pathlib import Path
from typing import TYPE_CHECKING

from app.files.kinds import IMAGES

if TYPE_CHECKING:
    from PIL import Image

WIDTH, HEIGHT = 640, 480
MAX_PIXELS = 40_000_000
"""About a telephone's largest photograph; unfolded it takes 160 MB for a moment."""

CONTENT_TYPE = "image/webp"
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")


def draw(path: Path, kind: str) -> bytes | None:
    """A WebP picture of at most 640 × 480 of the file at ``path``.

    None for what is no picture, is broken, or has more than forty million pixels. Where and
    with what it was taken is not carried over.
    """
    if kind not in IMAGES:
        return None
    from PIL import Image, ImageOps  # few requests bring a picture

    try:
        with Image.open(path, formats=_FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                return None
            picture.draft("RGB", (WIDTH * 2, HEIGHT * 2))
            picture.thumbnail((WIDTH * 2, HEIGHT * 2))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((WIDTH, HEIGHT))
            return _encoded(upright)
    except Exception:  # a stranger's bytes break a decoder in more ways than it documents
        return None


def _encoded(picture: "Image.Image") -> bytes:
    from PIL import Image

    has_alpha = "A" in picture.getbands() or "transparency" in picture.info
    plain = picture.convert("RGBA" if has_alpha else "RGB")
    bare = Image.frombytes(plain.mode, plain.size, plain.tobytes())
    out = io.BytesIO()
    bare.save(out, format="WEBP", quality=80)
    return out.getvalue()
