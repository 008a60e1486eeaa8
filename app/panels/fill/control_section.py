"""What fills follow: a control network, how strongly it counts, and a picture or the sketch."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSignalBlocker, QSize, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.dial import Dial
from app.ui.icons import set_icon
from app.ui.widgets import configure
from lazydiff_core.contract import EngineInfo
from lazydiff_core.control_files import (
    MAX_CONTROL_STRENGTH,
    USUAL_CONTROL_STRENGTH,
    Control,
    read_control,
)

SUFFIX = ".safetensors"
_MOST_LETTERS = 16  # of a name: the dock is narrow, the tooltip has the path
_SLIDER = 1.0  # the field goes further
_SKETCH, _PICTURE = range(2)  # rows of the list of what is followed


class ControlSection(QWidget):
    """To be seen only where the loaded model follows control pictures."""

    changed = Signal()
    network_wanted = Signal()
    picture_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._takes, self._before = False, _SKETCH
        self.network: Path | None = None
        self.picture: Path | None = None
        self.setAcceptDrops(True)
        self.choose_button = configure(
            QToolButton(),
            style="quiet",
            name=self.tr("Choose a control network…"),
            tip=self.tr(
                "A file made for Z-Image, such as Z-Image-Turbo-Fun-Controlnet-Union-2.1-lite "
                "(2 GB, apache-2.0: you may sell what you paint). Dropping it here does as well."
            ),
        )
        self.choose_button.setText(self.tr("Choose…"))
        self.check = configure(
            QCheckBox(),
            name=self.tr("Use the control network"),
            tip=self.tr("Whether fills follow it."),
        )
        self.strength = Dial(
            self.tr("Strength of the control network"),
            0,
            MAX_CONTROL_STRENGTH,
            step=0.05,
            decimals=2,
            slider_high=_SLIDER,
        )
        self.strength.setToolTip(self.tr("How closely the fill keeps to the picture."))
        self.strength.set_value(USUAL_CONTROL_STRENGTH)
        self.remove = configure(QToolButton(), style="quiet", name=self.tr("Use no network"))
        self.remove.setToolTip(self.tr("Take it off the list; the file stays."))
        self.remove.setIconSize(QSize(14, 14))
        set_icon(self.remove, "discard")
        self.followed = configure(
            QComboBox(),
            name=self.tr("What the fill follows"),
            tip=self.tr(
                "The sketch's lines, whatever their colors, or a picture of edges, depths or "
                "poses that shows the whole canvas."
            ),
        )
        self._lay_out()
        self._connect()
        self._follow()

    @property
    def setting(self) -> str:
        """What a fill is asked for with; nothing where the loaded model follows none."""
        if not self._takes or self.network is None or not self.check.isChecked():
            return ""
        return str(Control(self.network, self.strength.value, self._shown_picture))

    @property
    def _shown_picture(self) -> Path | None:
        return self.picture if self.followed.currentIndex() == _PICTURE else None

    def use_model(self, info: EngineInfo) -> None:
        """Follow a model that has just been loaded; what was chosen waits for the next that can."""
        self._takes = info.controls
        self._follow()

    def use(self, setting: str) -> None:
        """Take over what an edit was made with."""
        control = read_control(setting)
        if control is not None:
            self.network, self.picture = control.path, control.picture or self.picture
            self.strength.set_value(control.strength)
            self._list_followed(_SKETCH if control.picture is None else _PICTURE)
        self.check.setChecked(control is not None)
        self._on_change()

    def use_network(self, path: Path) -> None:
        """Follow by this network from now on."""
        self.network = path
        self.check.setChecked(True)
        self._on_change()

    def use_picture(self, path: Path) -> None:
        """Follow this picture from now on."""
        self.picture = path
        self._list_followed(_PICTURE)
        self._on_change()

    # --- dropping --------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        if self._takes and _file_in(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        path = _file_in(event)
        if path is not None:
            (self.use_network if path.suffix == SUFFIX else self.use_picture)(path)
            event.acceptProposedAction()

    # --- inside ----------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.choose_button.clicked.connect(self.network_wanted)
        self.remove.clicked.connect(self._forget)
        self.check.toggled.connect(self.changed)
        self.strength.changed.connect(self.changed)
        self.followed.activated.connect(self._on_followed)

    def _on_followed(self, row: int) -> None:
        if row == self.followed.count() - 1:
            self._list_followed(self._before)
            self.picture_wanted.emit()
            return
        self._before = row
        self.changed.emit()

    def _forget(self) -> None:
        self.network = None
        self._on_change()

    def _on_change(self) -> None:
        self._follow()
        self.changed.emit()

    def _list_followed(self, row: int) -> None:
        """The sketch, the picture that was chosen, and the way to another one."""
        names = [self.tr("The sketch's lines")]
        names += [self.picture.name] if self.picture is not None else []
        with QSignalBlocker(self.followed):
            self.followed.clear()
            self.followed.addItems([*names, self.tr("A picture…")])
            self.followed.setCurrentIndex(row)
        self._before = row

    def _follow(self) -> None:
        self.setVisible(self._takes)
        self._row.setVisible(self.network is not None)
        self.followed.setVisible(self.network is not None)
        if self.network is not None:
            name = self.network.name.removesuffix(SUFFIX)
            fits = len(name) <= _MOST_LETTERS
            self.check.setText(name if fits else f"{name[: _MOST_LETTERS - 1]}…")
            self.check.setToolTip(str(self.network))

    def _lay_out(self) -> None:
        title = configure(QLabel(self.tr("Control")), style="heading")
        head = QHBoxLayout()
        head.addWidget(title, 1)
        head.addWidget(self.choose_button)
        self._row = QWidget()
        line = QHBoxLayout(self._row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(self.check, 1)
        line.addWidget(self.strength, 1)
        line.addWidget(self.remove)
        self._list_followed(_SKETCH)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 6, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._row)
        column.addWidget(self.followed)


def _file_in(event: QDragEnterEvent | QDropEvent) -> Path | None:
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return next((path for path in paths if path.is_file()), None)
