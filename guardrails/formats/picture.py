"""PNG and JPEG without what is written beside the picture: EXIF with its place and its small preview, XMP, IPTC, comments, text.

What the picture shows stays: nobody reads it here. A PNG keeps every pixel; a JPEG is written again with its own tables, and turned
upright first where EXIF asked for that.
"""

from __future__ import annotations

import io
from typing import Any

from errors import InvalidInput
from guardrails.formats.limits import reading, unpacked

_MIME = {"PNG": "image/png", "JPEG": "image/jpeg", "MPO": "image/jpeg"}
_SHOWN = ("transparency", "icc_profile", "gamma", "dpi", "duration", "loop", "disposal", "blend", "background", "default_image")
_ORIENTATION = 0x0112


def clean_picture(data: bytes, name: str) -> tuple[bytes, str]:
    """The picture and its MIME type. Raises InvalidInput for what is no PNG or JPEG, or too large."""
    from PIL import Image, ImageOps

    out = io.BytesIO()
    with reading(name, "a PNG or JPEG picture"), Image.open(io.BytesIO(data), formats=list(_MIME)) as image:
        unpacked(image.width * image.height * len(image.getbands()) * getattr(image, "n_frames", 1), name)
        kind, frames = image.format or "", getattr(image, "n_frames", 1)
        turned = _turned(image)
        image.load()
        upright = ImageOps.exif_transpose(image) if turned else image
        shown: dict[Any, Any] = {key: value for key, value in image.info.items() if key in _SHOWN}
        upright.info = shown
        extra = {key: shown[key] for key in ("icc_profile", "dpi") if key in shown}
        if kind == "PNG":
            upright.save(out, "PNG", save_all=frames > 1, exif=b"", **extra)
        else:
            keep = kind == "JPEG" and not turned
            upright.save(out, "JPEG", quality="keep" if keep else 95, exif=b"", xmp=b"", comment=b"", **extra)
    if not out.getvalue():
        raise InvalidInput(f"{name} can't be written again. Save it anew as PNG or JPEG.")
    return out.getvalue(), _MIME[kind]


def _turned(image: Any) -> bool:
    try:
        return bool(image.getexif().get(_ORIENTATION, 1) != 1)
    except Exception:  # EXIF that can't be read asks for nothing, and goes like the rest
        return False
