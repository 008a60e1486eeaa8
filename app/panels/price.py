"""What the fill will cost, said beside the button that asks for it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from app.panels.progress import seconds
from app.prices import Curve
from app.widgets import dressed
from lazydiff_core.contract import Tokens


class PriceTag(QLabel):
    """Tokens at once, seconds as soon as they are known; its place is kept while it is empty."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        dressed(self, style="price", name=self.tr("What the fill will cost"))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.clear_price()

    def clear_price(self) -> None:
        """Nothing is to be filled."""
        self.setText("")
        self.setToolTip(self.tr("What a fill of the mask will cost is shown here."))

    def show_price(
        self, tokens: Tokens, curve: Curve | None, *, steps: int, variants: int, ready: bool
    ) -> None:
        """ready: the context is at hand, the encoder need not run."""
        line = [self.tr("{} tokens").format(tokens.hole)]
        told = [
            self.tr("{} of {} tokens are computed at each of {} steps.").format(
                tokens.hole, tokens.canvas, steps
            )
        ]
        if curve is None:
            told.append(self.tr("Seconds are shown once this machine has been timed."))
        else:
            one = curve.price(tokens.hole, 1, steps, context_ready=ready)
            line.append(self.tr("~{}").format(seconds(one.seconds)))
            price = curve.price(tokens.hole, variants, steps, context_ready=ready)
            if price.memory:
                line.append(megabytes(price.memory))
                told.append(
                    self.tr("About {} of memory beside the model.").format(megabytes(price.memory))
                )
            if variants > 1:
                line.append(self.tr("{} variants {}").format(variants, seconds(price.seconds)))
            told.append(self.tr("Timed on this machine; every fill refines it."))
        self.setText(" · ".join(line))
        self.setToolTip("\n".join(told))


def megabytes(count: int) -> str:
    """Bytes as people say them."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{max(round(count / 1e6), 1)} MB"
