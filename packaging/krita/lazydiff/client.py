"""The engine of `lazydiff serve`, asked without waiting."""

import json

from lazydiff.qt import (
    QNetworkAccessManager,
    QNetworkReply,
    QNetworkRequest,
    QObject,
    QUrl,
    Signal,
)


class Client(QObject):
    """One fill at a time. A fill ends with exactly one of `finished`, `failed` and `stopped`."""

    progressed = Signal(dict)
    finished = Signal(dict)
    failed = Signal(str)
    stopped = Signal()

    def __init__(self, parent=None):
        super().__init__(parent)
        self._network = QNetworkAccessManager(self)
        self._fill = None
        self._buffer = b""
        self._event = ""
        self._outcome = None
        self.address, self.token = "", ""

    @property
    def is_running(self):
        return self._fill is not None

    def ask(self, path, body, answered):
        """GET, or POST where there is a body; `answered` gets (document, sentence): one is None."""
        reply = self._send(path, body)
        reply.finished.connect(lambda: self._answer(reply, answered))

    def fill(self, body):
        """Ask for a fill; `body` is the JSON of POST /v1/engine/run."""
        self._buffer, self._event, self._outcome = b"", "", None
        self._fill = self._send("/v1/engine/run", body)
        self._fill.readyRead.connect(self._on_data)
        self._fill.finished.connect(self._on_end)

    def cancel(self):
        """Close the connection, which stops the work there."""
        if self._fill is not None:
            self._fill.abort()

    def _send(self, path, body):
        request = QNetworkRequest(QUrl(self.address.rstrip("/") + path))
        if self.token:
            request.setRawHeader(b"Authorization", b"Bearer " + self.token.encode())
        if body is None:
            return self._network.get(request)
        request.setHeader(QNetworkRequest.KnownHeaders.ContentTypeHeader, "application/json")
        return self._network.post(request, json.dumps(body).encode())

    def _answer(self, reply, answered):
        data = bytes(reply.readAll())
        if reply.error() == QNetworkReply.NetworkError.NoError:
            answered(json.loads(data), None)
        else:
            answered(None, _sentence(data, reply))
        reply.deleteLater()

    def _on_data(self):
        self._buffer += bytes(self._fill.readAll())
        *lines, self._buffer = self._buffer.split(b"\n")
        for line in lines:
            field, _, value = line.partition(b": ")
            if field == b"event":
                self._event = value.decode()
            elif field == b"data":
                self._tell(self._event, value)

    def _tell(self, event, data):
        if event == "progress":
            self.progressed.emit(json.loads(data))
        else:
            self._outcome = event, json.loads(data)

    def _on_end(self):
        reply, self._fill = self._fill, None
        error = reply.error()
        if self._outcome is not None and self._outcome[0] == "result":
            self.finished.emit(self._outcome[1])
        elif self._outcome is not None:
            self.failed.emit(self._outcome[1]["message"])
        elif error == QNetworkReply.NetworkError.OperationCanceledError:
            self.stopped.emit()
        else:
            self.failed.emit(_sentence(self._buffer + bytes(reply.readAll()), reply))
        reply.deleteLater()


def _sentence(data, reply):
    """What a refusal says, or why there was no answer."""
    try:
        return json.loads(data)["error"]["message"]
    except (ValueError, LookupError, TypeError):
        return "LazyDiff does not answer: {}.".format(reply.errorString().rstrip("."))
