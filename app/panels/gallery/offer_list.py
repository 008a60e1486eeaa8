"""The rows of the gallery: each public model, and what it means for this machine."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from app.panels.dialogs.licence_texts import sale_text
from app.panels.fill.progress import seconds
from app.ui.sentences import all_in_words
from app.ui.widgets import configure
from lazydiff_core.model_store.catalogue import Offered, catalogue
from lazydiff_core.model_store.recommendation import Recommendation

_ID = Qt.ItemDataRole.UserRole
_MINUTE = 60


class OfferList(QListWidget):
    """Models worth having; what fits this machine comes first once that is known."""

    picked = Signal(str)  # the hub id, or "bundled"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        configure(
            self,
            style="models",
            name=self.tr("Models worth having"),
            tip=self.tr("Plans and seconds are estimates for this machine; see the manual."),
        )
        self._offered = {model.id: model for model in catalogue()}
        self._known: dict[str, Recommendation] = {}
        self._here: Collection[str] = ()
        self.setWordWrap(True)
        self.setSpacing(2)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.itemClicked.connect(lambda item: self.picked.emit(item.data(_ID)))
        self._fill()

    def offered(self, model: str) -> Offered | None:
        """The row of a model; None for one that is not listed."""
        return self._offered.get(model)

    def show_here(self, ids: Collection[str]) -> None:
        """Which models are on this computer."""
        self._here = ids
        self._fill()

    def show_plans(self, rows: Sequence[Recommendation]) -> None:
        """How each model is fitted into this machine; the best for it first."""
        self._known = {row.id: row for row in rows}
        self._offered = {row.id: self._offered[row.id] for row in rows if row.id in self._offered}
        self._fill()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Keys that move choose as clicks do; taking the focus alone does not."""
        before = self.currentItem()
        super().keyPressEvent(event)
        now = self.currentItem()
        if now is not None and (now is not before or event.key() == Qt.Key.Key_Space):
            self.picked.emit(now.data(_ID))

    def _fill(self) -> None:
        current = self.currentItem()
        chosen = None if current is None else current.data(_ID)
        self.clear()
        for model in self._offered.values():
            item = QListWidgetItem("\n".join(self._lines(model)))
            item.setData(_ID, model.id)
            item.setToolTip(model.id)
            row = self._known.get(model.id)
            if row is not None and not row.fits:
                item.setForeground(self.palette().placeholderText())
            self.addItem(item)
            if model.id == chosen:
                self.setCurrentItem(item)

    def _lines(self, model: Offered) -> tuple[str, str, str]:
        qualities = {
            "simple": self.tr("simple"),
            "good": self.tr("good"),
            "very good": self.tr("very good"),
            "best": self.tr("best"),
        }
        is_here = model.is_bundled or model.id in self._here
        size = self.tr("is here") if is_here else self.tr("{} GB").format(_number(model.gb))
        title = self.tr("Bundled model") if model.is_bundled else model.title
        head = self.tr("{}: quality {}, {}").format(title, qualities[model.quality], size)
        licence = f"{model.licence}: {sale_text(model.licence)}"
        if model.gated and not is_here:
            asked = self.tr("Its owner wants to be asked first.")
            licence = f"{licence} {asked}"
        return head, self._plan(model), licence

    def _plan(self, model: Offered) -> str:
        row = self._known.get(model.id)
        if row is None:
            return self.tr("For cards from {} GB on.").format(_number(model.least_gb))
        plan = all_in_words(row.plan)
        if not row.fits:
            return self.tr("✗ Does not fit. {}").format(plan)
        return self.tr("✓ Fits, about {} a fill. {}").format(self._roughly(row.seconds), plan)

    def _roughly(self, duration: float) -> str:
        """An estimated number of seconds, as people say it."""
        if duration < _MINUTE:
            return seconds(duration)
        if duration < _MINUTE**2:
            return self.tr("{} min").format(round(duration / _MINUTE))
        return self.tr("{} h").format(_number(round(duration / _MINUTE**2, 1)))


def _number(value: float) -> str:
    """A number as the artist's language writes it."""
    return QLocale().toString(float(value), "g", 4)
