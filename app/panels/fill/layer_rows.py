"""How a layer looks as a row of a list: eye, thumbnail, name, and what is the matter with it."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from PySide6.QtCore import (
    QAbstractItemModel,
    QDateTime,
    QLocale,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QPainter, QPalette
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.document.edits import Edit
from app.panels.thumbnails import edit_thumbnail
from app.ui.icons import tinted
from app.ui.translation import QT_TRANSLATE_NOOP, translate
from lazydiff_core.contract import is_removal
from lazydiff_core.control_files import USUAL_CONTROL_STRENGTH, Control, read_control
from lazydiff_core.generation_settings import GenerationSettings
from lazydiff_core.geometry.compositing import BlendMode
from lazydiff_core.lora_files import Lora, read_loras
from lazydiff_core.reference_files import read_references

EDIT = Qt.ItemDataRole.UserRole
ROW_HEIGHT = 52
_EYE, _PICTURE, _GAP = 26, 42, 8
_BADGE = 16
_BELOW_NAME = 5  # from a row's middle to where its name ends
_FAINT = 0.35
BLEND_TITLES = {
    BlendMode.NORMAL: QT_TRANSLATE_NOOP("EditRows", "Normal"),
    BlendMode.MULTIPLY: QT_TRANSLATE_NOOP("EditRows", "Multiply"),
    BlendMode.SCREEN: QT_TRANSLATE_NOOP("EditRows", "Screen"),
    BlendMode.OVERLAY: QT_TRANSLATE_NOOP("EditRows", "Overlay"),
}


class LayerRows(QStyledItemDelegate):
    """Draws the Edit that an item holds under the role EDIT, and edits its name."""

    renamed = Signal(UUID, str)

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
        palette = option.palette
        dim = palette.placeholderText().color()
        eye, colour = ("eye", palette.text().color()) if edit.visible else ("eye-closed", dim)
        painter.drawPixmap(_middle(eye_of(option.rect)), tinted(eye, colour, 2 * _BADGE))
        painter.setOpacity(1.0 if edit.visible and edit.chosen is not None else _FAINT)
        painter.drawPixmap(picture_of(option.rect), edit_thumbnail(edit))
        painter.setOpacity(1.0)
        if edit.stale and edit.can_be_stale:
            colour = palette.color(QPalette.ColorRole.BrightText)
            painter.drawPixmap(
                _middle(badge_of(option.rect)), tinted("warning", colour, 2 * _BADGE)
            )
        self._paint_words(painter, option, edit)
        painter.restore()

    def _paint_words(self, painter: QPainter, option: QStyleOptionViewItem, edit: Edit) -> None:
        palette, font, row = option.palette, QFont(option.font), words_of(option.rect, edit)
        text, dim = palette.color(QPalette.ColorRole.Text), palette.placeholderText().color()
        middle = row.center().y()
        font.setItalic(not (edit.name or edit.recipe is None or edit.recipe.settings.prompt))
        _write(painter, row, middle - 2, font, text if edit.visible else dim, title_of(edit))
        font.setItalic(False)
        font.setPointSizeF(font.pointSizeF() * 0.9)
        _write(painter, row, middle + 16, font, dim, details(edit))

    # --- the name, in a field --------------------------------------------------------------------

    def createEditor(  # noqa: N802
        self,
        parent: QWidget,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> QWidget:
        field = QLineEdit(parent)
        field.setAccessibleName(translate("EditRows", "Name of the layer"))
        return field

    def setEditorData(  # noqa: N802
        self, editor: QWidget, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        assert isinstance(editor, QLineEdit)
        edit = cast(Edit, index.data(EDIT))
        editor.setText(title_of(edit))
        editor.setPlaceholderText(title_of(edit, named=False))
        editor.selectAll()

    def setModelData(  # noqa: N802
        self,
        editor: QWidget,
        model: QAbstractItemModel,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        assert isinstance(editor, QLineEdit)
        edit, name = cast(Edit, index.data(EDIT)), editor.text().strip()
        self.renamed.emit(edit.id, "" if name == title_of(edit, named=False) else name)

    def updateEditorGeometry(  # noqa: N802
        self,
        editor: QWidget,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        row = words_of(option.rect, cast(Edit, index.data(EDIT)))
        height = min(editor.sizeHint().height(), row.height())
        top = max(row.top(), row.center().y() + _BELOW_NAME - height)  # the details stay in sight
        editor.setGeometry(row.left(), top, row.width(), height)


# --- where things are in a row -------------------------------------------------------------------


def eye_of(row: QRect) -> QRect:
    """Where a click shows and hides it: the whole height, since it is small."""
    return QRect(row.left(), row.top(), _EYE, row.height())


def picture_of(row: QRect) -> QRect:
    top = row.top() + (row.height() - _PICTURE) // 2
    return QRect(row.left() + _EYE + 2, top, _PICTURE, _PICTURE)


def badge_of(row: QRect) -> QRect:
    """Where a click runs it again, if it is stale."""
    return QRect(row.right() - _BADGE - 2 * _GAP, row.top(), _BADGE + 2 * _GAP, row.height())


def words_of(row: QRect, edit: Edit) -> QRect:
    is_marked = edit.stale and edit.can_be_stale
    right = badge_of(row).left() if is_marked else row.right() - _GAP
    left = picture_of(row).right() + _GAP + 1
    return QRect(left, row.top(), right - left, row.height())


def _middle(place: QRect) -> QRect:
    corner = place.center() - QRect(0, 0, _BADGE, _BADGE).center()
    return QRect(corner, QSize(_BADGE, _BADGE))


# --- what it says --------------------------------------------------------------------------------


def prompt_of(settings: GenerationSettings) -> str:
    """The prompt, or what the lack of one means."""
    if is_removal(settings):
        return translate("EditRows", "removal")
    return settings.prompt or translate("EditRows", "fill from the surroundings")


def title_of(edit: Edit, *, named: bool = True) -> str:
    """Its name, or what it was made from; the latter only, if not `named`."""
    if edit.name and named:
        return edit.name
    if edit.recipe is None:
        return translate("EditRows", "paint")
    return prompt_of(edit.recipe.settings)


def details(edit: Edit) -> str:
    """The second line: seed, how it is laid over what is beneath, variants, and what made it."""
    if edit.chosen is None:
        return translate("EditRows", "discarded")
    parts = []
    if edit.opacity < 1:
        parts.append(translate("EditRows", "{}%").format(round(edit.opacity * 100)))
    if edit.blend is not BlendMode.NORMAL:
        parts.append(translate("EditRows", BLEND_TITLES[edit.blend]))
    if edit.recipe is not None:
        parts.append(translate("EditRows", "seed {}").format(edit.variants[edit.chosen].seed))
    if len(edit.variants) > 1:
        parts.append(translate("EditRows", "{} variants").format(len(edit.variants)))
    if edit.recipe is not None:
        parts += _made_with(edit.recipe.settings)
    return " · ".join(parts)


def _made_with(settings: GenerationSettings) -> list[str]:
    """Instruction, reference pictures, LoRAs and control, in a word each."""
    instruction = [translate("EditRows", "instruction")] if settings.edit else []
    pictures = [path.name for path in read_references(settings.references)]
    loras, control = map(lora_text, read_loras(settings.loras)), read_control(settings.control)
    return [*instruction, *pictures, *loras, *([] if control is None else [control_text(control)])]


def control_text(control: Control) -> str:
    """What is followed, and how closely if not as usual."""
    picture = control.picture
    followed = translate("EditRows", "the sketch's lines") if picture is None else picture.name
    said = translate("EditRows", "follows {}").format(followed)
    usual = control.strength == USUAL_CONTROL_STRENGTH
    return said if usual else f"{said} {control.strength:g}"


def lora_text(lora: Lora) -> str:
    """A LoRA's name, and how strongly it counts if not as it is."""
    return lora.path.stem if lora.weight == 1 else f"{lora.path.stem} {lora.weight:g}"


def made_at(edit: Edit) -> str:
    """When it was made, as the system writes it."""
    moment = QDateTime.fromSecsSinceEpoch(int(edit.created))
    return QLocale().toString(moment, QLocale.FormatType.ShortFormat)


def summary(edit: Edit) -> str:
    """All that a row shows, in words."""
    hidden = [] if edit.visible else [translate("EditRows", "hidden")]
    is_stale = edit.stale and edit.can_be_stale
    stale = [translate("EditRows", "needs a replay")] if is_stale else []
    return ", ".join(filter(None, [title_of(edit), *hidden, details(edit), *stale]))


def _write(
    painter: QPainter, row: QRect, baseline: int, font: QFont, colour: QColor, text: str
) -> None:
    painter.setFont(font)
    painter.setPen(colour)
    elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, row.width())
    painter.drawText(row.left(), baseline, elided)
