"""The docker: prompt, variants, strength, price, preview; each fill becomes a layer."""

import random

from krita import DockWidget, Krita

from lazydiff import pictures
from lazydiff.client import Client
from lazydiff.local_server import LocalServer
from lazydiff.qt import (
    QByteArray,
    QFormLayout,
    QHBoxLayout,
    QIcon,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPixmap,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QSize,
    QSlider,
    QSpinBox,
    Qt,
    QTimer,
    QVBoxLayout,
    QWidget,
)

_SETTINGS = "lazydiff"
_THUMBNAIL, _PREVIEW = 96, 220
_PRICE_MS, _MAX_SEED = 700, 2**31


class LazyDiffDocker(DockWidget):
    def __init__(self):
        super().__init__()
        self.setWindowTitle("LazyDiff")
        self.client = Client(self)
        self.server = LocalServer(self)
        self._document = self._hole = self._box = self._layer = None
        self._name = self._priced = ""
        self._build()
        self.client.progressed.connect(self._on_progress)
        self.client.finished.connect(self._on_finished)
        self.client.failed.connect(self._on_failed)
        self.client.stopped.connect(lambda: self._settle("Stopped."))
        self.server.ready.connect(self._on_server)
        self.server.failed.connect(self._say)
        self._timer = QTimer(self)
        self._timer.setInterval(_PRICE_MS)
        self._timer.timeout.connect(self._ask_price)
        self._timer.start()

    def canvasChanged(self, _canvas):
        """Called by Krita when another picture comes to the front."""
        self._priced = ""

    def _build(self):
        read = Krita.instance().readSetting
        self.prompt = QPlainTextEdit()
        self.prompt.setPlaceholderText("What should be in the selection? Empty: the surroundings")
        self.prompt.setMaximumHeight(70)
        self.variants = QSpinBox()
        self.variants.setRange(1, 8)
        self.strength = QSlider(Qt.Orientation.Horizontal)
        self.strength.setRange(5, 100)
        self.strength.setValue(100)
        self.strength.setToolTip("Below 100, the fill starts from what is there")
        self.generate = QPushButton("Generate")
        self.generate.clicked.connect(self._on_generate)
        self.price = QLabel()
        self.progress = QProgressBar()
        self.progress.hide()
        self.preview = QLabel()
        self.preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.preview.hide()
        self.results = QListWidget()
        self.results.setViewMode(QListWidget.ViewMode.IconMode)
        self.results.setIconSize(QSize(_THUMBNAIL, _THUMBNAIL))
        self.results.setToolTip("Click a variant to see it on the layer")
        self.results.currentRowChanged.connect(self._show)
        self.status = QLabel()
        self.status.setWordWrap(True)
        self.address = QLineEdit(read(_SETTINGS, "address", "http://127.0.0.1:7860"))
        self.token = QLineEdit(read(_SETTINGS, "token", ""))
        self.token.setEchoMode(QLineEdit.EchoMode.Password)
        self.program = QLineEdit(read(_SETTINGS, "program", "lazydiff"))
        self.start = QPushButton("Start LazyDiff here")
        self.start.clicked.connect(self._on_start)
        form = QFormLayout()
        form.addRow("Variants", self.variants)
        form.addRow("Strength", self.strength)
        row = QHBoxLayout()
        row.addWidget(self.generate)
        row.addWidget(self.price)
        server = QFormLayout()
        server.addRow("Server", self.address)
        server.addRow("Token", self.token)
        server.addRow("Program", self.program)
        server.addRow(self.start)
        column = QVBoxLayout()
        column.addWidget(self.prompt)
        column.addLayout(form)
        column.addLayout(row)
        for widget in (self.progress, self.preview, self.status, self.results):
            column.addWidget(widget)
        column.addLayout(server)
        inside = QWidget()
        inside.setLayout(column)
        self.setWidget(inside)

    # --- asking ----------------------------------------------------------------------------------

    def _on_generate(self):
        if self.client.is_running:
            self.client.cancel()
            return
        document = Krita.instance().activeDocument()
        chosen = None if document is None else pictures.selected(document)
        if chosen is None:
            self._say("Select what is to be painted.")
            return
        cover, hole = chosen
        canvas = pictures.png_text(pictures.visible(document))
        strength = self.strength.value() / 100
        prompt = self.prompt.toPlainText().strip()
        settings = {
            "prompt": prompt,
            "variants": self.variants.value(),
            "seed": random.randrange(_MAX_SEED),
            "strength": strength,
        }
        body = {
            "image": canvas,
            "mask": pictures.png_text(hole),
            "cover": pictures.png_text(cover),
            "sketch": canvas if strength < 1 else None,
            "settings": settings,
        }
        self._document, self._hole = document, hole
        self._name = prompt or "surroundings"
        self._connect()
        self.generate.setText("Cancel")
        self.progress.setRange(0, 0)
        self.progress.show()
        self._say("")
        self.client.fill(body)

    def _connect(self):
        self.client.address = self.address.text().strip()
        self.client.token = self.token.text().strip()
        write = Krita.instance().writeSetting
        write(_SETTINGS, "address", self.client.address)
        write(_SETTINGS, "token", self.client.token)

    def _on_progress(self, told):
        if told["steps"]:
            self.progress.setRange(0, told["steps"])
            self.progress.setValue(told["step"])
        if told["preview"]:
            self.preview.setPixmap(_scaled(pictures.image_of(told["preview"]), _PREVIEW))
            self.preview.show()

    def _on_finished(self, told):
        self._settle("{:.1f} s, seed {}".format(told["seconds"]["total"], told["seeds"][0]))
        self._box, self._layer = told["box"], None
        self.results.blockSignals(True)
        self.results.clear()
        for patch, seed in zip(told["patches"], told["seeds"]):
            image = pictures.image_of(patch)
            item = QListWidgetItem(QIcon(_scaled(image, _THUMBNAIL)), "")
            item.setToolTip(f"seed {seed}")
            item.setData(Qt.ItemDataRole.UserRole, image)
            self.results.addItem(item)
        self.results.blockSignals(False)
        self.results.setCurrentRow(-1)
        self.results.setCurrentRow(0)

    def _on_failed(self, sentence):
        self._settle(sentence)

    def _settle(self, sentence):
        self.generate.setText("Generate")
        self.progress.hide()
        self.preview.hide()
        self._say(sentence)

    def _say(self, sentence):
        self.status.setText(sentence)

    # --- the layer -------------------------------------------------------------------------------

    def _show(self, row):
        """Put a variant on the layer of its fill; a layer that was undone is added anew."""
        if row < 0 or self._document not in Krita.instance().documents():
            return
        patch = self.results.item(row).data(Qt.ItemDataRole.UserRole)
        data = QByteArray(pictures.layer_bytes(patch, self._hole, self._box))
        box = self._box
        place = (box["left"], box["top"], box["right"] - box["left"], box["bottom"] - box["top"])
        if self._layer is not None and self._layer.parentNode() is not None:
            self._layer.setPixelData(data, *place)
        else:
            self._layer = pictures.add_layer(self._document, "LazyDiff: " + self._name)
            self._layer.setPixelData(data, *place)
            self._document.rootNode().addChildNode(self._layer, None)
        self._document.refreshProjection()

    # --- price and server ------------------------------------------------------------------------

    def _ask_price(self):
        """Ask what the selection costs, once for each selection."""
        document = Krita.instance().activeDocument()
        selection = None if document is None else document.selection()
        if selection is None or self.client.is_running or not self.isVisible():
            self.price.setText("")
            return
        place = (selection.x(), selection.y(), selection.width(), selection.height())
        key = f"{place} {self.variants.value()}"
        if key == self._priced:
            return
        chosen = pictures.selected(document)
        if chosen is None:
            return
        self._priced = key
        self._connect()
        body = {"mask": pictures.png_text(chosen[1]), "variants": self.variants.value()}
        self.client.ask("/v1/engine/price", body, self._on_price)

    def _on_price(self, told, sentence):
        self.price.setText("" if told is None else "about {:.1f} s".format(told["seconds"]))
        self.price.setToolTip(sentence or "{} tokens".format(told["tokens"]))

    def _on_start(self):
        if not self.server.is_running:
            Krita.instance().writeSetting(_SETTINGS, "program", self.program.text())
            self._say("LazyDiff is being started.")
            self.server.start(self.program.text().strip())

    def _on_server(self, address, token):
        self.address.setText(address)
        self.token.setText(token)
        self._priced = ""
        self._say("LazyDiff is ready.")


def _scaled(image, side):
    return QPixmap.fromImage(image).scaled(
        side,
        side,
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
