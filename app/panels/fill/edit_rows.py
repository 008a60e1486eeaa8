"""How an edit looks as a row of a list: thumbnail, prompt, seed, and what is the matter with it."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import (
    QDateTime,
    QLocale,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QPainter, QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.document.edits import Edit
from app.panels.thumbnails import edit_thumbnail
from app.ui.icons import tinted
from app.ui.translation import translate
from lazydiff_core.contract import is_removal
from lazydiff_core.generation_settings import GenerationSettings
from lazydiff_core.lora_files import Lora, read_loras

EDIT = Qt.ItemDataRole.UserRole
ROW_HEIGHT = 52
_PICTURE, _GAP = 42, 8
_BADGE = 16


class EditRows(QStyledItemDelegate):
    """Draws the Edit that an item holds under the role EDIT."""

    def sizeHint(  # noqa: N802
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(0, ROW_HEIGHT)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        edit = cast(Edit, index.data(EDIT))
        style = option.widget.style()
        painter.save()
        style.drawPrimitive(
            QStyle.PrimitiveElement.PE_PanelItemViewItem,
            option,
            painter,
            option.widget,
        )
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        row = option.rect.adjusted(_GAP - 2, 0, -_GAP, 0)
        self._paint_picture(painter, row, edit)
        self._paint_words(painter, row.adjusted(_PICTURE + _GAP + 2, 0, 0, 0), option, edit)
        painter.restore()

    def _paint_picture(self, painter: QPainter, row: QRect, edit: Edit) -> None:
        place = QRect(row.left(), row.top() + (ROW_HEIGHT - _PICTURE) // 2, _PICTURE, _PICTURE)
        painter.setOpacity(0.35 if edit.chosen is None else 1.0)
        painter.drawPixmap(place, edit_thumbnail(edit))
        painter.setOpacity(1.0)

    def _paint_words(
        self, painter: QPainter, row: QRect, option: QStyleOptionViewItem, edit: Edit
    ) -> None:
        palette = option.palette
        font = QFont(option.font)
        text, dim = palette.color(QPalette.ColorRole.Text), palette.placeholderText().color()
        if edit.stale:
            place = QRect(row.right() - _BADGE, row.center().y() - _BADGE // 2, _BADGE, _BADGE)
            colour = palette.color(QPalette.ColorRole.BrightText)
            painter.drawPixmap(place, tinted("warning", colour, 2 * _BADGE))
            row = row.adjusted(0, 0, -_BADGE - _GAP, 0)
        middle = row.center().y()
        font.setItalic(not (edit.name or edit.recipe is None or edit.recipe.settings.prompt))
        _write(painter, row, middle - 2, font, text, title_of(edit))
        font.setItalic(False)
        font.setPointSizeF(font.pointSizeF() * 0.9)
        _write(painter, row, middle + 16, font, dim, details(edit))


def prompt_of(settings: GenerationSettings) -> str:
    """The prompt, or what the lack of one means."""
    if is_removal(settings):
        return translate("EditRows", "removal")
    return settings.prompt or translate("EditRows", "fill from the surroundings")


def title_of(edit: Edit) -> str:
    """Its name, or what it was made from."""
    if edit.name:
        return edit.name
    return (
        translate("EditRows", "paint") if edit.recipe is None else prompt_of(edit.recipe.settings)
    )


def details(edit: Edit) -> str:
    """The second line: seed, number of variants, LoRAs."""
    if edit.chosen is None:
        return translate("EditRows", "discarded")
    parts = []
    if edit.recipe is not None:
        parts.append(translate("EditRows", "seed {}").format(edit.variants[edit.chosen].seed))
    if len(edit.variants) > 1:
        parts.append(translate("EditRows", "{} variants").format(len(edit.variants)))
    if edit.recipe is not None:
        parts += [lora_text(lora) for lora in read_loras(edit.recipe.settings.loras)]
    return " · ".join(parts)


def lora_text(lora: Lora) -> str:
    """A LoRA's name, and how strongly it counts if not as it is."""
    return lora.path.stem if lora.weight == 1 else f"{lora.path.stem} {lora.weight:g}"


def made_at(edit: Edit) -> str:
    """When it was made, as the system writes it."""
    moment = QDateTime.fromSecsSinceEpoch(int(edit.created))
    return QLocale().toString(moment, QLocale.FormatType.ShortFormat)


def summary(edit: Edit) -> str:
    """All that a row shows, in words."""
    stale = [translate("EditRows", "needs a replay")] if edit.stale else []
    return ", ".join([title_of(edit), details(edit), *stale])


def _write(
    painter: QPainter, row: QRect, baseline: int, font: QFont, colour: QColor, text: str
) -> None:
    painter.setFont(font)
    painter.setPen(colour)
    elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, row.width())
    painter.drawText(row.left(), baseline, elided)
