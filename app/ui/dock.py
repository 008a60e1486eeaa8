"""A dock with a slim title, which goes while its tab says the same."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QLayout,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.icons import set_icon
from app.ui.widgets import configure

_UNBOUNDED = (1 << 24) - 1  # QWIDGETSIZE_MAX


class Dock(QDockWidget):
    """Can be moved, tabbed, floated by a double click, collapsed to its title, and closed."""

    collapse_wanted = Signal(bool)

    def __init__(self, name: str, title: str, content: QWidget) -> None:
        super().__init__(title)
        self.setObjectName(name)
        self._title = title
        self._bar = _TitleBar(self)
        self._height = 0  # before it was collapsed
        self.is_collapsed = self._is_tabbed = False
        self._is_in_front = True
        self.setTitleBarWidget(self._bar)
        self._body = QWidget()
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSizeConstraint(QLayout.SizeConstraint.SetMaximumSize)
        self._column.addWidget(content)
        self._content = content
        policy = content.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        content.setSizePolicy(policy)
        self.setWidget(self._body)
        self.visibilityChanged.connect(self._follow)

    @property
    def height_before(self) -> int:
        """How high it was before it was collapsed; 0 if that is not known."""
        return self._height

    def set_count(self, count: int) -> None:
        """How many things are in it, said behind its title."""
        self.setWindowTitle(f"{self._title} ({count})" if count else self._title)

    def set_tabbed(self, tabbed: bool) -> None:
        """Whether a tab shows the title already."""
        self._is_tabbed = tabbed
        self._bar.set_shown(not tabbed)
        self._content.setVisible(not tabbed or self._is_in_front)

    def set_collapsed(self, collapsed: bool) -> None:
        """Leave nothing but the title, or bring the rest back."""
        if collapsed == self.is_collapsed:
            return
        if collapsed:
            self._height = self.height() if self.isVisible() else 0
        self.is_collapsed = collapsed
        self._bar.show_collapsed(collapsed)
        # The dock follows the limits of what is in it. The layout must not set them meanwhile.
        self._column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._body.setMaximumHeight(0 if collapsed else _UNBOUNDED)
        if not collapsed:
            self._column.setSizeConstraint(QLayout.SizeConstraint.SetMaximumSize)
        for layout in (self._column, self.layout()):
            if layout is not None:
                layout.activate()

    def _follow(self, in_front: bool) -> None:
        """Qt only moves what lies behind a tab out of sight: the keyboard would still go there."""
        self._is_in_front = in_front
        self._content.setVisible(not self._is_tabbed or in_front)


class _TitleBar(QWidget):
    def __init__(self, dock: Dock) -> None:
        super().__init__(dock)
        configure(self, style="title-bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        title = configure(QLabel(dock.windowTitle()), style="heading")
        title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        dock.windowTitleChanged.connect(title.setText)
        self._fold = _button("chevron-down", self.tr("Collapse"))
        self._fold.clicked.connect(lambda: dock.collapse_wanted.emit(not dock.is_collapsed))
        close = _button("close", self.tr("Close this panel; View > Panels brings it back"))
        close.clicked.connect(dock.close)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 6, 2)
        row.setSpacing(2)
        row.addWidget(title, 1)
        row.addWidget(self._fold)
        row.addWidget(close)
        self._is_shown = True

    def set_shown(self, shown: bool) -> None:
        if shown != self._is_shown:
            self._is_shown = shown
            for part in self.findChildren(QWidget):
                part.setVisible(shown)
            self.updateGeometry()

    def show_collapsed(self, collapsed: bool) -> None:
        set_icon(self._fold, "chevron-right" if collapsed else "chevron-down")
        configure(self._fold, name=self.tr("Expand") if collapsed else self.tr("Collapse"))
        self._fold.setToolTip(self._fold.accessibleName())

    def sizeHint(self) -> QSize:  # noqa: N802
        return super().sizeHint() if self._is_shown else QSize(0, 0)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return super().minimumSizeHint() if self._is_shown else QSize(0, 0)


def _button(icon: str, tip: str) -> QToolButton:
    button = configure(QToolButton(), style="quiet", name=tip, tip=tip)
    button.setIconSize(QSize(14, 14))
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    set_icon(button, icon)
    return button
