"""A small panel that opens below a button and closes on a click elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QToolButton, QWidget

from app.ui.icons import set_icon
from app.ui.widgets import configure


class Popup(QFrame):
    """Closes on Escape or a click elsewhere; Tab moves through its controls."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        configure(self, style="popup")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)

    def open_below(self, button: QWidget) -> None:
        """Show the popup below a button, or above it if there is no room, within the screen."""
        self.adjustSize()
        self.move(self._corner(button))
        self.show()
        self.move(self._corner(button))  # its size includes the border only once shown
        self.setFocus(Qt.FocusReason.PopupFocusReason)
        self.focusNextChild()

    def _corner(self, button: QWidget) -> QPoint:
        room = button.screen().availableGeometry()
        corner = button.mapToGlobal(QPoint(0, button.height() + 4))
        if corner.y() + self.height() > room.bottom():
            above = button.mapToGlobal(QPoint(0, -4)).y()
            corner.setY(min(above, room.bottom()) - self.height())
        corner.setX(max(min(corner.x(), room.right() + 1 - self.width()), room.left()))
        return corner


def popup_button(icon: str, text: str, tip: str, popup: Popup) -> QToolButton:
    """A button with icon and text that opens a popup."""
    button = configure(QToolButton(), style="opener", name=text, tip=tip)
    button.setText(f"{text} ▾")
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setIconSize(QSize(20, 20))
    set_icon(button, icon)
    button.clicked.connect(lambda: popup.open_below(button))
    return button
