"""Krita's pictures as the server reads them, and its answers as Krita's layers."""

import base64

from lazydiff.qt import QBuffer, QByteArray, QImage, QIODevice

_ANY_IS_ALL = bytes([0]) + bytes([255]) * 255
SRGB = "sRGB-elle-V2-srgbtrc.icc"


def png_text(image):
    """Base64 of a PNG file."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG", 80)  # 80: little compression, for speed
    return base64.b64encode(bytes(data)).decode("ascii")


def image_of(text):
    """The picture in base64 of a PNG file."""
    return QImage.fromData(base64.b64decode(text), "PNG")


def visible(document):
    """What the document shows, opaque or with alpha."""
    shown = document.projection(0, 0, document.width(), document.height())
    straight = shown.convertToFormat(QImage.Format.Format_ARGB32)
    return straight


def selected(document):
    """(cover, hole): the selection's greys, and white wherever it selects at all; None without."""
    selection = document.selection()
    if selection is None or selection.width() == 0:
        return None
    width, height = document.width(), document.height()
    greys = bytes(selection.pixelData(0, 0, width, height))
    if not any(greys):
        return None
    return grey_image(greys, width, height), grey_image(greys.translate(_ANY_IS_ALL), width, height)


def grey_image(greys, width, height):
    """An 8-bit grey picture of its bytes, row by row."""
    return QImage(greys, width, height, width, QImage.Format.Format_Grayscale8).copy()


def layer_bytes(patch, hole, box):
    """The bytes of a layer, BGRA: the patch where the hole is, clear elsewhere.

    patch: the box's pixels. hole: of the whole document. box: {"left", "top", "right", "bottom"}.
    """
    left, top = box["left"], box["top"]
    width, height = box["right"] - left, box["bottom"] - top
    alpha = hole.copy(left, top, width, height)
    layer = patch.convertToFormat(QImage.Format.Format_ARGB32)
    if not patch.hasAlphaChannel():
        layer.setAlphaChannel(alpha)
        return _bytes_of(layer)
    data, inside = bytearray(_bytes_of(layer)), _rows(alpha, width, height)
    data[3::4] = bytes(a if i else 0 for a, i in zip(data[3::4], inside))
    return bytes(data)


def _bytes_of(image):
    """The bytes of a 32-bit picture; its rows have no padding."""
    bits = image.constBits()
    bits.setsize(image.width() * image.height() * 4)
    return bytes(bits)


def _rows(grey, width, height):
    """The bytes of a grey picture without the padding of its rows."""
    bits, step = grey.constBits(), grey.bytesPerLine()
    bits.setsize(step * height)
    data = bytes(bits)
    return b"".join(data[row * step : row * step + width] for row in range(height))


def add_layer(document, name):
    """A new paint layer in 8-bit sRGB, not in the document yet."""
    layer = document.createNode(name, "paintlayer")
    if (document.colorModel(), document.colorDepth()) != ("RGBA", "U8"):
        layer.setColorSpace("RGBA", "U8", SRGB)
    return layer
