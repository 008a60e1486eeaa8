"""GIMP's pictures as the server reads them, and its answers as GIMP's layers."""

import base64

import gi

gi.require_version("Gegl", "0.4")
gi.require_version("Gimp", "3.0")
from gi.repository import GdkPixbuf, Gegl, Gimp  # noqa: E402 (the versions are chosen first)
from server import ServerError, layer_pixels, png_text  # noqa: E402

_KINDS = {
    Gimp.ImageBaseType.RGB: Gimp.ImageType.RGBA_IMAGE,
    Gimp.ImageBaseType.GRAY: Gimp.ImageType.GRAYA_IMAGE,
}


def asked(image):
    """(canvas, cover, hole): base64 of PNGs of what is visible and selected, and the hole's bytes.

    Raises ServerError where nothing is selected or the picture has a palette.
    """
    if image.get_base_type() not in _KINDS:
        raise ServerError("Turn the picture into RGB first: Image > Mode > RGB.")
    width, height = image.get_width(), image.get_height()
    cover = _bytes_of(image.get_selection(), width, height, "Y u8")
    if Gimp.Selection.is_empty(image) or not any(cover):
        raise ServerError("Select what is to be painted.")
    shown = Gimp.Layer.new_from_visible(image, image, "visible")
    canvas = _bytes_of(shown, width, height, "R'G'B'A u8")
    shown.delete()
    return png_text(canvas, width, height), png_text(cover, width, height), cover


def add_layers(image, told, cover, name):
    """Put each variant on a layer above all others, the first one visible; one step to undo.

    told: the server's result. cover: a byte for each pixel of the picture.
    """
    box = told["box"]
    left, top = box["left"], box["top"]
    width, height = box["right"] - left, box["bottom"] - top
    columns = image.get_width()
    rows = range(top, box["bottom"])
    hole = b"".join(cover[row * columns + left : row * columns + box["right"]] for row in rows)
    image.undo_group_start()
    group = None
    if len(told["patches"]) > 1:
        group = Gimp.GroupLayer.new(image, name)
        image.insert_layer(group, None, 0)
    for place, (patch, seed) in enumerate(zip(told["patches"], told["seeds"])):
        title = name if group is None else "seed {}".format(seed)
        kind = _KINDS[image.get_base_type()]
        layer = Gimp.Layer.new(image, title, width, height, kind, 100.0, Gimp.LayerMode.NORMAL)
        image.insert_layer(layer, group, place if group is not None else 0)
        layer.set_offsets(left, top)
        pixels, channels = _unpacked(patch)
        area = Gegl.Rectangle.new(0, 0, width, height)
        buffer = layer.get_buffer()
        buffer.set(area, "R'G'B'A u8", layer_pixels(pixels, channels, hole))
        buffer.flush()
        layer.set_visible(place == 0)
        layer.update(0, 0, width, height)
    image.undo_group_end()
    Gimp.displays_flush()


def _bytes_of(drawable, width, height, kind):
    area = Gegl.Rectangle.new(0, 0, width, height)
    return bytes(drawable.get_buffer().get(area, 1.0, kind, Gegl.AbyssPolicy.NONE))


def _unpacked(patch):
    """(bytes row by row, channels) of base64 of a PNG."""
    loader = GdkPixbuf.PixbufLoader.new_with_type("png")
    loader.write(base64.b64decode(patch))
    loader.close()
    picture = loader.get_pixbuf()
    step, channels = picture.get_rowstride(), picture.get_n_channels()
    data, used = picture.get_pixels(), picture.get_width() * channels
    rows = range(picture.get_height())
    return b"".join(data[row * step : row * step + used] for row in rows), channels
