"""XMP packets: what is added to them, without touching the rest.

Source: ISO 16684-1 (XMP); IPTC Photo Metadata Standard 2023.2, "Digital Source Type".
"""

from __future__ import annotations

import re
from xml.parsers import expat
from xml.sax.saxutils import escape, unescape

_IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
_OURS = "http://lazydiff.org/xmp/1.0/"
_TIFF = "http://ns.adobe.com/tiff/1.0/"
SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
COMPOSITE = SOURCE_TYPES + "compositeWithTrainedAlgorithmicMedia"
GENERATED = SOURCE_TYPES + "trainedAlgorithmicMedia"
_EMPTY = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
    '</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end="w"?>'
)
_END = re.compile(r"</([\w.-]+):RDF\s*>")


def is_readable(packet: bytes) -> bool:
    """Whether a packet is XML without a document type of its own, and has room for more."""
    text = _text(packet)
    if text is None or not _END.search(text):
        return False
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(text.strip("\ufeff\0 \r\n\t").encode(), True)
    except (expat.ExpatError, ValueError):
        return False
    return True


def marked(packet: bytes) -> bytes:
    """The packet, saying that parts of the picture were generated.

    A picture that was generated as a whole stays one.
    """
    if source_type(packet) == GENERATED:
        return packet
    return _with_property(packet, _IPTC, "Iptc4xmpExt", "DigitalSourceType", COMPOSITE)


def source_type(packet: bytes) -> str:
    """Its DigitalSourceType; "" if it has none."""
    return _property(packet, "DigitalSourceType")


def with_recipes(packet: bytes, recipes: str) -> bytes:
    """The packet with LazyDiff's note on the fills in place of an earlier one."""
    return _with_property(packet, _OURS, "lazydiff", "Recipes", recipes)


def recipes_in(packet: bytes) -> str:
    return _property(packet, "Recipes", "lazydiff")


def without_recipes(packet: bytes) -> bytes:
    """The packet without LazyDiff's note; empty if it says nothing else."""
    text = _text(packet)
    if text is None or not _property(packet, "Recipes", "lazydiff"):
        return packet
    text = _without(text, "Recipes", "lazydiff")
    return b"" if text == _EMPTY else text.encode()


def upright(packet: bytes) -> bytes:
    """The packet with a normal orientation, where it gives one."""
    text = _text(packet)
    if text is None or "Orientation" not in text:
        return packet
    text = re.sub(r'(\btiff:Orientation\s*=\s*["\'])[2-8](["\'])', r"\g<1>1\2", text)
    text = re.sub(r"(<tiff:Orientation>\s*)[2-8](\s*</tiff:Orientation>)", r"\g<1>1\2", text)
    return text.encode()


def _refuse(*_declared: object) -> None:
    raise ValueError("a document type of its own")


def _text(packet: bytes) -> str | None:
    try:
        return packet.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _forms(name: str, prefix: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """How a simple property may be written: as an element, and as an attribute."""
    element = rf"<({prefix}:{name})(?:\s[^<>]*)?>([^<]*)</\1\s*>"
    return re.compile(element), re.compile(rf"\s{prefix}:{name}\s*=\s*(\"([^\"]*)\"|'([^']*)')")


def _property(packet: bytes, name: str, prefix: str = r"[\w.-]+") -> str:
    text = _text(packet) or ""
    element, attribute = _forms(name, prefix)
    if found := element.search(text):
        return unescape(found[2].strip())
    if found := attribute.search(text):
        return unescape(found[2] or found[3] or "", {"&quot;": '"', "&apos;": "'"})
    return ""


def _described(rdf: str, namespace: str, prefix: str, name: str, value: str) -> str:
    return (
        f'<{rdf}:Description {rdf}:about="" xmlns:{prefix}="{namespace}">'
        f"<{prefix}:{name}>{value}</{prefix}:{name}></{rdf}:Description>\n"
    )


def _without(text: str, name: str, prefix: str = r"[\w.-]+") -> str:
    ours = _described(r"([\w.-]+)", '[^"]*', prefix, name, "[^<]*")
    text = re.sub(ours, "", text)
    element, attribute = _forms(name, prefix)
    return attribute.sub("", element.sub("", text))


def _with_property(packet: bytes, namespace: str, prefix: str, name: str, value: str) -> bytes:
    """The packet, or a new one if it cannot be read, with a property in place of an earlier one."""
    text = (_text(packet) or _EMPTY) if is_readable(packet) else _EMPTY
    text = _without(text, name, prefix)
    place = _END.search(text)
    assert place is not None  # as checked, or of our own packet
    added = _described(place[1], namespace, prefix, name, escape(value))
    return (text[: place.start()] + added + text[place.start() :]).encode()
