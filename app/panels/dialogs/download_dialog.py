"""Downloading a model: what it would take, then how far it is. Painting goes on meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Event, Thread
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.engine.model_choice import ModelChoice
from app.panels.dialogs.licence_texts import sale_text
from app.ui.widgets import configure
from lazydiff_core.errors import Cancelled, LazyDiffError
from lazydiff_core.model_store import RegisteredModel
from lazydiff_core.model_store.catalogue import Offered, catalogue
from lazydiff_core.model_store.download import download, room_left
from lazydiff_core.model_store.hub_offer import HubOffer, look_up
from lazydiff_core.model_store.hub_requests import megabytes

_LINES = 11  # of the list that are seen at once
_PARTS = 1000  # of a bar: a size in bytes is more than it can count to


# Kept for good: the last reference must not go on a thread that Qt's objects do not belong to.
_transfers: list[QObject] = []


class Transfer(QObject):
    """What another thread has to say."""

    offered = Signal(object)  # HubOffer
    moved = Signal(object, object)  # bytes that are here, bytes of all
    arrived = Signal(object)  # RegisteredModel
    stopped = Signal()
    failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.given_up = Event()
        _transfers.append(self)

    def run(self, work: Callable[[], Any], told: Any) -> None:
        """Do some work on a thread of its own; what comes of it is told by a signal."""

        def body() -> None:
            try:
                found = work()
            except Cancelled:
                self._say(self.stopped)
            except LazyDiffError as error:
                self._say(self.failed, str(error))
            else:
                self._say(told, found)

        Thread(target=body, name="download", daemon=True).start()

    def _say(self, signal: Any, *words: Any) -> None:
        if not self.given_up.is_set() or signal is self.stopped:
            signal.emit(*words)


class DownloadDialog(QDialog):
    """Asks for a name on the hub; nothing is transferred before the artist has seen the offer.

    ask, fetch: how to look a name up and how to download; tests have a hub of their own.
    """

    def __init__(
        self,
        choice: ModelChoice,
        parent: QWidget | None = None,
        ask: Callable[[str], HubOffer] = look_up,
        fetch: Callable[..., RegisteredModel] = download,
    ) -> None:
        super().__init__(parent)
        self._choice, self._ask, self._fetch = choice, ask, fetch
        self._transfer: Transfer | None = None
        self._offer: HubOffer | None = None
        self._done: RegisteredModel | None = None
        self.setWindowTitle(self.tr("Download a model"))
        self.name = configure(
            QLineEdit(),
            name=self.tr("Name on the hub"),
            tip=self.tr("As on the Hugging Face Hub: owner/name."),
        )
        self.name.setPlaceholderText(self.tr("owner/name"))
        self.name.textEdited.connect(lambda: self._begin_anew())
        self.offered = configure(
            QListWidget(),
            name=self.tr("Models worth having"),
            tip=self.tr("Click one to look it up; it is downloaded when you say so."),
        )
        for model in catalogue():
            if not model.is_bundled:
                self.offered.addItem(self._offered_item(model))
        self.offered.setWordWrap(True)
        self.offered.setSpacing(2)
        self.offered.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.offered.setFixedHeight(_LINES * self.fontMetrics().lineSpacing())
        self.offered.itemClicked.connect(self._pick)
        self.offered.itemActivated.connect(self._pick)
        self.note = configure(QLabel(), name=self.tr("What it takes"))
        self.note.setWordWrap(True)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.note.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.note.setMinimumHeight(6 * self.fontMetrics().lineSpacing())
        self.bar = configure(QProgressBar(), name=self.tr("Progress"))
        self.bar.setTextVisible(False)
        kept = self.bar.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(kept)
        self.act = configure(QPushButton(), style="primary", name=self.tr("Continue"))
        self.act.setDefault(True)
        self.act.clicked.connect(self._go_on)
        self.leave = configure(QPushButton(), name=self.tr("Stop or close"))
        self.leave.setAutoDefault(False)
        self.leave.clicked.connect(self._leave)
        self._lay_out()
        self._begin_anew()

    def stop(self) -> None:
        """Take back what is under way; what has arrived is kept for the next try."""
        if self._transfer is not None:
            self._transfer.given_up.set()
            self._transfer = None

    def reject(self) -> None:
        """Escape, its cross and closing it all end here."""
        self.stop()
        self._begin_anew()
        super().reject()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        label = QLabel(self.tr("Model"))
        label.setBuddy(self.name)
        row.addWidget(label)
        row.addWidget(self.name, 1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.leave)
        buttons.addWidget(self.act)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(10)
        for part in (self.offered, row, self.note, self.bar, buttons):
            if isinstance(part, QWidget):
                column.addWidget(part)
            else:
                column.addLayout(part)
        self.setMinimumWidth(560)

    def _offered_item(self, model: Offered) -> QListWidgetItem:
        qualities = {
            "simple": self.tr("simple"),
            "good": self.tr("good"),
            "very good": self.tr("very good"),
            "best": self.tr("best"),
        }
        lines = (
            f"{model.title}: {qualities[model.quality]}",
            self.tr("{:g} GB, for cards from {:g} GB on. {}").format(
                model.gb, model.least_gb, sale_text(model.licence)
            ),
        )
        item = QListWidgetItem("\n".join(lines))
        item.setData(Qt.ItemDataRole.UserRole, model.id)
        item.setToolTip(model.id)
        return item

    def _pick(self, item: QListWidgetItem) -> None:
        if self.name.isEnabled():
            self.name.setText(item.data(Qt.ItemDataRole.UserRole))
            self._begin_anew()
            self._go_on()

    # --- steps -----------------------------------------------------------------------------------

    def _go_on(self) -> None:
        if self._done is not None:
            name = self._done.name
            self.close()
            self._choice.use(name)
        elif self._offer is not None:
            self._download(self._offer)
        elif self.name.text().strip():
            self._look_up(self.name.text().strip())

    def _begin_anew(self) -> None:
        self._offer = self._done = None
        self.bar.hide()
        self._say(
            self.tr("Only data (safetensors) is downloaded, never code, and checked on "
"arrival. Only the name is sent."),
            self.tr("Look it up"),
        )  # fmt: skip

    def _look_up(self, name: str) -> None:
        transfer = self._begin(self.tr("Asking the hub about {}…").format(name))
        transfer.offered.connect(self._on_offered)
        transfer.run(partial(self._ask, name), transfer.offered)

    def _download(self, offer: HubOffer) -> None:
        transfer = self._begin(self.note.text())
        transfer.moved.connect(self._on_moved)
        transfer.arrived.connect(self._on_arrived)
        work = partial(
            self._fetch,
            *(offer, self._choice.registry, ""),
            transfer.moved.emit,
            transfer.given_up.is_set,
        )
        transfer.run(work, transfer.arrived)

    def _begin(self, text: str) -> Transfer:
        self._transfer = transfer = Transfer()
        transfer.failed.connect(self._on_failed)
        self.bar.setRange(0, 0)
        self.bar.show()
        self._say(text, self.act.text(), running=True)
        return transfer

    def _on_offered(self, offer: HubOffer) -> None:
        self._transfer, self._offer = None, offer
        self.bar.hide()
        registry = self._choice.registry
        lines = (
            self.tr("{} in {} files").format(megabytes(offer.bytes), len(offer.files)),
            self.tr("License: {}").format(offer.licence or self.tr("not stated")),
            sale_text(offer.licence),
            self.tr("To: {}").format(registry.downloads / offer.folder_name),
            self.tr("Free there: {}").format(megabytes(room_left(registry))),
        )
        self._say("\n".join(lines), self.tr("Download"))

    def _on_moved(self, here: int, total: int) -> None:
        self.bar.setRange(0, _PARTS)
        self.bar.setValue(round(_PARTS * here / max(total, 1)))
        self.act.setText(f"{100 * here // max(total, 1)} %")
        self.bar.setToolTip(self.tr("{} of {}").format(megabytes(here), megabytes(total)))

    def _on_arrived(self, model: RegisteredModel) -> None:
        self._transfer, self._done = None, model
        self.bar.hide()
        self._choice.changed.emit()
        self._say(self.tr("{} is downloaded.").format(model.name), self.tr("Use it"))

    def _on_failed(self, sentence: str) -> None:
        self._transfer = None
        self.bar.hide()
        self._say(sentence, self.tr("Try again"))

    def _leave(self) -> None:
        if self._transfer is None:
            self.close()
        else:
            self.stop()
            self.bar.hide()
            self._say(
                self.tr("Stopped. What was downloaded is kept; the next try continues from there."),
                self.tr("Continue"),
            )

    def _say(self, text: str, act: str, *, running: bool = False) -> None:
        self.note.setText(text)
        self.act.setText(act)
        self.act.setToolTip(act)
        self.act.setEnabled(not running)
        self.name.setEnabled(not running)
        self.leave.setText(self.tr("Stop") if running else self.tr("Close"))
        self.leave.setToolTip(self.leave.text())
