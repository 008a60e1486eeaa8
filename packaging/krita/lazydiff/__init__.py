"""LazyDiff in Krita: a docker that fills the selection by a prompt."""

from krita import DockWidgetFactory, DockWidgetFactoryBase, Krita

from lazydiff.docker import LazyDiffDocker

Krita.instance().addDockWidgetFactory(
    DockWidgetFactory("lazydiff", DockWidgetFactoryBase.DockRight, LazyDiffDocker)
)
