"""The list of models and devices, opened from the status line."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.engine.model_choice import ModelChoice
from app.panels.dialogs.licence_texts import card_text
from app.panels.gallery.gallery import Gallery
from app.ui.icons import set_icon
from app.ui.popup import Popup
from app.ui.widgets import configure
from lazydiff_core.model_store.model_card import read_card
from lazydiff_core.model_store.registry import BUNDLED, bundled_models
from lazydiff_core.remote import Connection

_NAME = Qt.ItemDataRole.UserRole
_MAX_ROWS = 8
_SALE_LINES = 4
_OTHER, _REMOTE = "another machine", "its model"  # no device and no model has such a name


class ModelsPopup(Popup):
    """A click on a model, or Enter, loads it; the one in use is marked."""

    folder_wanted = Signal()
    file_wanted = Signal()
    offline_wanted = Signal(bool)
    removal_wanted = Signal(str)
    server_wanted = Signal()

    def __init__(self, choice: ModelChoice, button: QToolButton, parent: QWidget) -> None:
        super().__init__(parent)
        self._choice, self._button = choice, button
        self._gallery: Gallery | None = None
        self._is_offline = False
        self.list = configure(
            QListWidget(),
            style="models",
            name=self.tr("Models"),
            tip=self.tr("Click a model to use it."),
        )
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemClicked.connect(self._use)
        self.list.itemActivated.connect(self._use)
        self.list.currentItemChanged.connect(self._show_removable)
        self.list.currentItemChanged.connect(self._show_sale)
        self.device = configure(
            QComboBox(),
            name=self.tr("Device"),
            tip=self.tr("What the model runs on. The list is that of this computer."),
        )
        self.device.activated.connect(self._use_device)
        self.remove = configure(
            QToolButton(),
            name=self.tr("Forget this model"),
            tip=self.tr("Forget this model; one that was downloaded is deleted."),
        )
        self.remove.setIconSize(QSize(18, 18))
        set_icon(self.remove, "discard")
        self.remove.clicked.connect(self._remove)
        self.sale = configure(QLabel(), style="dim", name=self.tr("License"))
        self.sale.setWordWrap(True)
        # It keeps its room and takes what is spare: a row that moves while it is pressed is missed.
        self.sale.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.sale.setMinimumHeight(_SALE_LINES * self.fontMetrics().lineSpacing())
        self._lay_out()
        choice.changed.connect(self._fill)
        button.clicked.connect(self.open)
        self._fill()

    def open(self) -> None:
        """Show it at its button."""
        self._fill()
        self.open_below(self._button)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(
            _button(
                self.tr("Choose a folder…"),
                self.tr("A model's folder on this computer; it stays where it is."),
                partial(self._leave_for, self.folder_wanted.emit),
            )
        )
        buttons.addWidget(
            _button(
                self.tr("More models…"),
                self.tr("Public models: which fit this machine, their sizes and licenses."),
                partial(self._leave_for, self.open_gallery),
            )
        )
        buttons.addStretch(1)
        buttons.addWidget(self.remove)
        device = QHBoxLayout()
        label = QLabel(self.tr("Device"))
        label.setBuddy(self.device)
        device.addWidget(label)
        device.addWidget(self.device, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(9)
        column.addWidget(configure(QLabel(self.tr("Model")), style="heading"))
        column.addWidget(self.list)
        column.addWidget(self.sale, 1)
        column.addLayout(buttons)
        column.addLayout(device)
        self.setFixedWidth(360)

    def _fill(self) -> None:
        now = self._choice.wanted or self._choice.now
        listed = self._choice.listed()
        rows = [(BUNDLED, self.tr("Bundled model"), "", True)]
        rows += [(m.name, m.name, str(m.path), m.is_there) for m in listed]
        if now.is_remote:
            title = self.tr("The model of {}").format(Connection.of(now.device).host)
            rows.insert(0, (_REMOTE, title, "", True))
        elif now.model not in [name for name, *_ in rows]:  # a folder or hub id from outside
            rows.append((now.model, now.model, now.model, True))
        used = _REMOTE if now.is_remote else now.model
        self.list.clear()
        for name, title, tip, there in rows:
            item = QListWidgetItem(title if there else self.tr("{} (missing)").format(title))
            item.setData(_NAME, name)
            item.setToolTip(tip)
            if not there:
                item.setForeground(self.palette().placeholderText())
            if name == used:
                bold = QFont(self.font())
                bold.setBold(True)
                item.setFont(bold)
                item.setText(f"✓ {item.text()}")
            self.list.addItem(item)
            if name == used:
                self.list.setCurrentItem(item)
        height = self.list.sizeHintForRow(0) + 2
        self.list.setFixedHeight(min(len(rows), _MAX_ROWS) * height + 10)
        self.device.clear()
        self.device.addItem(self.tr("Automatic"), "")
        for device in self._choice.devices:
            self.device.addItem(device, device)
        self.device.insertSeparator(self.device.count())
        for url in self._choice.servers:
            self.device.addItem(Connection.of(url).host, url)
        self.device.addItem(self.tr("Another machine…"), _OTHER)
        if now.is_remote and self.device.findData(now.device) < 0:
            self.device.insertItem(
                self.device.count() - 1, Connection.of(now.device).host, now.device
            )
        self.device.setCurrentIndex(max(self.device.findData(now.device), 0))
        self._show_removable()

    def _show_removable(self) -> None:
        item = self.list.currentItem()
        name = None if item is None else item.data(_NAME)
        known = any(model.name == name for model in self._choice.listed())
        self.remove.setEnabled(known and name != self._choice.now.model)

    def _show_sale(self) -> None:
        """The licence of the model that is marked; nothing of one on another machine."""
        item = self.list.currentItem()
        folder = None if item is None else self._folder(item.data(_NAME))
        self.sale.setText("" if folder is None else card_text(read_card(folder)))

    def _folder(self, name: str) -> Path | None:
        if name == BUNDLED:
            return bundled_models()[0]
        return next((m.path for m in self._choice.listed() if m.name == name and m.is_there), None)

    def _use(self, item: QListWidgetItem) -> None:
        self.close()
        if item.data(_NAME) != _REMOTE:
            self._choice.use(item.data(_NAME))

    def _use_device(self) -> None:
        device = self.device.currentData()
        if device == _OTHER:
            self._leave_for(self.server_wanted.emit)
            return
        self.close()
        self._choice.use_device(device)

    def _remove(self) -> None:
        name = self.list.currentItem().data(_NAME)
        self._leave_for(partial(self.removal_wanted.emit, name))

    def _leave_for(self, act: Callable[[], None]) -> None:
        """Close first: what comes next may ask something."""
        self.close()
        act()

    def open_gallery(self) -> None:
        """Show the public models."""
        if self._gallery is None:
            self._gallery = Gallery(self._choice, self.parentWidget())
            self._gallery.folder_wanted.connect(self.folder_wanted)
            self._gallery.file_wanted.connect(self.file_wanted)
            self._gallery.account.offline_wanted.connect(self.offline_wanted)
            self._gallery.show_offline(self._is_offline)
        self._gallery.show()
        self._gallery.raise_()
        self._gallery.activateWindow()

    def show_offline(self, offline: bool) -> None:
        """Whether nothing may be asked of a hub."""
        self._is_offline = offline
        if self._gallery is not None:
            self._gallery.show_offline(offline)

    def end(self) -> None:
        """The window closes: a download goes on the next time."""
        if self._gallery is not None:
            self._gallery.stop()


def _button(text: str, tip: str, act: Callable[[], None]) -> QPushButton:
    button = configure(QPushButton(text), name=text, tip=tip)
    button.clicked.connect(lambda: act())
    return button
