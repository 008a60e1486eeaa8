"""How large the picture is to become, what it shows, and what that costs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSize
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.engine.estimate.cost_model import Curve
from app.panels.fill.cost_label import PriceTag
from app.ui.widgets import answers, configure, labelled
from lazydiff_core.contract import Tokens

FACTORS = (2, 4)


@dataclass(frozen=True)
class Upscale:
    """factor: how many times as wide and high. prompt: what the picture shows, if that is said."""

    factor: int
    prompt: str = ""


@dataclass(frozen=True)
class UpscaleCost:
    """tokens, steps: of each of the tiles. curve: None = not timed yet."""

    tokens: Tokens
    steps: int
    tiles: int
    curve: Curve | None


class UpscaleDialog(QDialog):
    """2x or 4x, with a price that follows."""

    def __init__(
        self,
        now: QSize,
        cost_of: Callable[[QSize], UpscaleCost | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Upscale"))
        self._now, self._cost_of = now, cost_of
        self.factors = QButtonGroup(self)
        row = QHBoxLayout()
        for factor in FACTORS:
            text = self.tr("{}x").format(factor)
            size = self._size(factor)
            button = configure(
                QPushButton(text),
                style="choice",
                name=text,
                tip=self.tr("{} x {} pixels").format(size.width(), size.height()),
            )
            button.setCheckable(True)
            button.setAutoDefault(False)
            self.factors.addButton(button, factor)
            row.addWidget(button)
        self.prompt = configure(
            QLineEdit(),
            name=self.tr("What it shows"),
            tip=self.tr("A few words help the model to draw the details; it may stay empty"),
        )
        self._words, self.price = QLabel(), PriceTag()
        self._words.setWordWrap(True)
        note = configure(
            QLabel(
                self.tr(
                    "Edits become part of the picture, until that is undone. The details are an "
                    "edit of their own: hide, fade or undo it."
                )
            ),
            style="dim",
        )
        note.setWordWrap(True)
        accept = configure(
            QPushButton(self.tr("Upscale")),
            tip=self.tr("Scale the picture, then have its details drawn anew"),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(14)
        column.addLayout(row)
        column.addLayout(labelled({self.tr("What it shows"): self.prompt}))
        for widget in (self._words, self.price, note):
            column.addWidget(widget)
        column.addWidget(answers(self, accept, self.tr("Change nothing")))
        self.setMinimumWidth(400)
        self.factors.button(FACTORS[0]).setChecked(True)
        self.factors.idToggled.connect(self._show)
        self._show()

    def chosen(self) -> Upscale:
        return Upscale(self.factors.checkedId(), " ".join(self.prompt.text().split()))

    def _size(self, factor: int) -> QSize:
        return QSize(self._now.width() * factor, self._now.height() * factor)

    def _show(self) -> None:
        size = self._size(self.factors.checkedId())
        cost = self._cost_of(size)
        text = self.tr("{} x {} pixels").format(size.width(), size.height())
        if cost is None:
            self.price.clear_price()
        else:
            text = self.tr("{}, drawn in {} tiles").format(text, cost.tiles)
            self.price.show_price(
                cost.tokens,
                cost.curve,
                steps=cost.steps,
                variants=1,
                ready=False,
                times=cost.tiles,
            )
        self._words.setText(text)
