"""The gallery of public models: which fit this machine, and how they come. Painting goes on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.engine.model_choice import ModelChoice
from app.panels.dialogs.licence_texts import sale_text
from app.panels.gallery.account import AccountLine
from app.panels.gallery.offer_list import OfferList
from app.panels.gallery.transfer import Transfer
from app.ui.sentences import in_words
from app.ui.widgets import configure
from lazydiff_core.model_store import RegisteredModel
from lazydiff_core.model_store.catalogue import Offered
from lazydiff_core.model_store.download import download, room_left
from lazydiff_core.model_store.hub_offer import HubOffer, look_up
from lazydiff_core.model_store.hub_requests import megabytes
from lazydiff_core.model_store.registry import BUNDLED

_LINES = 6  # of the note
_PARTS = 1000  # of a bar: a size in bytes is more than it can count to
_LARGER = 1.1  # so much larger than its row says may a model be that comes without another question


class Gallery(QDialog):
    """One click downloads a row, whose size and licence are seen; another name is looked up first.

    ask, fetch: how to look a name up and how to download; tests have a hub of their own.
    """

    folder_wanted = Signal()
    file_wanted = Signal()

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
        self._row: Offered | None = None  # the one that was chosen; None for a name that was typed
        self._is_offline = False
        self.setWindowTitle(self.tr("Models"))
        self.offered = OfferList()
        self.offered.picked.connect(self._pick)
        self.name = configure(
            QLineEdit(),
            name=self.tr("Name on the hub"),
            tip=self.tr("As on the Hugging Face Hub: owner/name."),
        )
        self.name.setPlaceholderText(self.tr("owner/name"))
        self.name.textEdited.connect(self._on_typed)
        self.note = configure(QLabel(), name=self.tr("What it takes"))
        self.note.setWordWrap(True)
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.note.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.note.setFixedHeight(_LINES * self.fontMetrics().lineSpacing())
        self.bar = configure(QProgressBar(), name=self.tr("Progress"))
        self.bar.setTextVisible(False)
        kept = self.bar.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(kept)
        self.account = AccountLine()
        self.account.said.connect(self.note.setText)
        self.act = configure(QPushButton(), style="primary", name=self.tr("Continue"))
        self.act.setDefault(True)
        self.act.clicked.connect(self._go_on)
        self.leave = configure(QPushButton(), name=self.tr("Stop or close"))
        self.leave.setAutoDefault(False)
        self.leave.clicked.connect(self._leave)
        self._lay_out()
        choice.changed.connect(self._on_models)
        choice.recommendations.found.connect(self.offered.show_plans)
        choice.recommendations.failed.connect(lambda text: self.note.setText(in_words(text)))
        self._on_models()
        self._begin_anew()
        self.name.setFocus()

    def stop(self) -> None:
        """Take back what is under way; what has arrived is kept for the next try."""
        if self._transfer is not None:
            self._transfer.given_up.set()
            self._transfer = None

    def show_offline(self, offline: bool) -> None:
        """Whether nothing may be asked of a hub; what is under way stops."""
        self._is_offline = offline
        self.account.show_offline(offline)
        if offline:
            self.stop()
        self._begin_anew()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        self._on_models()  # another window may have added or removed some
        self._choice.recommend()
        self.account.look()

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
        more = QMenu(self)
        more.addAction(self.tr("A folder, or a ComfyUI\u2026"), self.folder_wanted.emit)
        more.addAction(
            self.tr("A file, or ComfyUI\u2019s list of paths\u2026"), self.file_wanted.emit
        )
        add = configure(
            QPushButton(self.tr("Add")),
            name=self.tr("Add models of this computer"),
            tip=self.tr("Models on this computer; they stay where they are."),
        )
        add.setAutoDefault(False)
        add.setMenu(more)
        buttons = QHBoxLayout()
        buttons.addWidget(add)
        buttons.addStretch(1)
        buttons.addWidget(self.leave)
        buttons.addWidget(self.act)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(8)
        column.addWidget(self.offered, 1)
        column.addLayout(row)
        column.addWidget(self.note)
        column.addWidget(self.bar)
        column.addWidget(self.account)
        column.addLayout(buttons)
        self.resize(660, 560)

    def _pick(self, model: str) -> None:
        if self.name.isEnabled():
            self.name.setText(model)
            self._row = self.offered.offered(model)
            self._begin_anew()

    def _on_typed(self) -> None:
        """What is typed has shown no size and no licence yet, even if a row out of sight does."""
        self._row = None
        self._begin_anew()

    # --- steps -----------------------------------------------------------------------------------

    @property
    def _wanted(self) -> str:
        return self.name.text().strip()

    def _here(self) -> str | None:
        """The name under which what is wanted is on this computer; None where it is not."""
        if self._wanted == BUNDLED:
            return BUNDLED
        listed = (m for m in self._choice.listed() if m.is_there)
        return next((m.name for m in listed if m.source.split("@")[0] == self._wanted), None)

    def _go_on(self) -> None:
        here = self._here()
        if here is not None:
            self.close()
            self._choice.use(here)
        elif self._offer is not None:
            self._download(self._offer)
        elif self._wanted:
            self._look_up(self._wanted)

    def _begin_anew(self) -> None:
        self._offer = None
        self.bar.hide()
        if self._wanted and self._here() is not None:
            self._say(self.tr("This model is on this computer."), self.tr("Use it"))
        elif self._is_offline:
            self._say(self.tr("LazyDiff is offline: nothing is downloaded."), self.tr("Download"))
            self.act.setEnabled(False)
        else:
            text = self.tr("Only data (safetensors) is downloaded, never code, and checked on "
"arrival. Only the name is sent.")  # fmt: skip
            self._say(text, self.tr("Download") if self._row else self.tr("Look it up"))

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
        if self._row is not None and _is_as_said(offer, self._row):
            self._download(offer)

    def _on_moved(self, here: int, total: int) -> None:
        self.bar.setRange(0, _PARTS)
        self.bar.setValue(round(_PARTS * here / max(total, 1)))
        self.act.setText(f"{100 * here // max(total, 1)} %")
        self.bar.setToolTip(self.tr("{} of {}").format(megabytes(here), megabytes(total)))

    def _on_arrived(self, model: RegisteredModel) -> None:
        self._transfer = self._offer = None
        self.bar.hide()
        self._choice.changed.emit()
        self._say(self.tr("{} is downloaded.").format(model.name), self.tr("Use it"))

    def _on_failed(self, sentence: str) -> None:
        self._transfer = None
        self.bar.hide()
        self._say(in_words(sentence), self.tr("Try again"))

    def _on_models(self) -> None:
        there = (model for model in self._choice.listed() if model.is_there)
        self.offered.show_here({model.source.split("@")[0] for model in there})

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


def _is_as_said(offer: HubOffer, row: Offered) -> bool:
    """Whether a model has the size and the licence that its row shows."""
    return offer.bytes <= _LARGER * row.gb * 1e9 and offer.licence.lower() == row.licence
