"""`lazydiff serve`, asked from a thread; and a PNG file's two ends. Knows nothing of GIMP."""

import base64
import http.client
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import threading
import urllib.parse
import zlib

_SAID = re.compile(r"Serving at (\S+)")
_TOKEN = re.compile(r"Token: (\S+)")
_COLOUR_TYPES = {1: 0, 3: 2, 4: 6}


class ServerError(Exception):
    """One sentence for the artist."""


class StoppedError(Exception):
    """The artist has cancelled."""


class Server:
    """One fill at a time."""

    def __init__(self, address, token):
        self._address, self._token = address.strip().rstrip("/"), token.strip()
        self._line = None
        self._stopped = False

    def fill(self, body, progressed):
        """The result of POST /v1/engine/run; `progressed` hears each step.

        Raises ServerError and StoppedError.
        """
        headers = {"Content-Type": "application/json", "Authorization": "Bearer " + self._token}
        connection = None
        try:
            url = urllib.parse.urlsplit(self._address)
            secure = url.scheme == "https"
            kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
            connection = kind(url.netloc, timeout=600)
            connection.connect()
            self._line = connection.sock
            connection.request("POST", url.path + "/v1/engine/run", json.dumps(body), headers)
            with connection.getresponse() as answer:
                if answer.status != http.client.OK:
                    raise ServerError(_sentence(answer.read(), answer.reason))
                return _outcome(answer, progressed)
        except (OSError, http.client.HTTPException, ValueError) as error:
            if self._stopped:
                raise StoppedError from error
            raise ServerError("LazyDiff does not answer: {}.".format(error)) from error
        finally:
            self._line = None
            if connection is not None:
                connection.close()

    def stop(self):
        """Close the connection, which stops the work there; from any thread."""
        self._stopped = True
        line = self._line
        if line is not None:
            line.shutdown(socket.SHUT_RDWR)


def start(program):
    """Start a server here: (process, address, token) once it answers. Raises ServerError."""
    found = shutil.which(os.path.expanduser(program))
    if found is None:
        raise ServerError("There is no program {}: install LazyDiff first.".format(program))
    process = subprocess.Popen([found, "serve", "--port", "0"], stderr=subprocess.PIPE, text=True)
    last, address = "", None
    for line in process.stderr:
        last = line.strip() or last
        address = address or _SAID.search(line)
        token = _TOKEN.search(line)
        if address and token:
            # A pipe that nobody reads would stop the server once it is full.
            threading.Thread(target=_drain, args=(process.stderr,), daemon=True).start()
            return process, address.group(1), token.group(1)
    process.stderr.close()
    code = process.wait()
    raise ServerError(last or "LazyDiff ended with code {}.".format(code))


def _drain(pipe):
    with pipe:
        pipe.read()


def png_text(data, width, height):
    """Base64 of a PNG file of 8-bit pixels, row by row; 1, 3 or 4 channels by their number."""
    step = len(data) // height
    rows = b"".join(b"\0" + data[row * step : (row + 1) * step] for row in range(height))
    colours = _COLOUR_TYPES[step // width]
    chunks = (
        (b"IHDR", struct.pack(">2I5B", width, height, 8, colours, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 1)),
        (b"IEND", b""),
    )
    file = b"\x89PNG\r\n\x1a\n"
    for name, content in chunks:
        sums = struct.pack(">I", zlib.crc32(name + content))
        file += struct.pack(">I", len(content)) + name + content + sums
    return base64.b64encode(file).decode("ascii")


def layer_pixels(pixels, channels, hole):
    """RGBA bytes of a layer: the pixels, 3 or 4 bytes each, where `hole`, a byte each, is not 0."""
    inside = hole.translate(bytes([0]) + bytes([255]) * 255)
    data = bytearray(4 * len(hole))
    for channel in range(3):
        data[channel::4] = pixels[channel::channels]
    data[3::4] = inside if channels == 3 else bytes(a & i for a, i in zip(pixels[3::4], inside))
    return bytes(data)


def _outcome(answer, progressed):
    """Read server-sent events to their end."""
    event = ""
    for line in answer:
        field, _, value = line.rstrip(b"\r\n").partition(b": ")
        if field == b"event":
            event = value.decode()
        elif field == b"data":
            told = json.loads(value)
            if event == "result":
                return told
            if event != "progress":
                raise ServerError(told["message"])
            progressed(told)
    raise OSError("the connection was closed")


def _sentence(data, reason):
    """What a refusal says."""
    try:
        return json.loads(data)["error"]["message"]
    except (ValueError, LookupError, TypeError):
        return "LazyDiff does not answer: {}.".format(reason)
