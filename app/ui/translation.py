"""Translation: the available languages, and how the source marks translatable strings.

In a QObject: `self.tr("…")`. In a function: `translate("Context", "…")`. In a table that is shown
elsewhere: `QT_TRANSLATE_NOOP("Context", "…")`. Qt's tools find these three by name.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from app.ui.marking import QT_TRANSLATE_NOOP
from lazydiff_core.storage.resources import resource

__all__ = ["LANGUAGES", "QT_TRANSLATE_NOOP", "install", "language", "translate"]
LANGUAGES = ("system", "en", "de")
_SOURCE = "en"


def translate(context: str, text: str) -> str:
    """The text in the artist's language."""
    return QCoreApplication.translate(context, text)


def language(choice: str) -> str:
    """The language for a key of LANGUAGES; any other key follows the system."""
    if choice in LANGUAGES[1:]:
        return choice
    wanted = (name.split("-")[0] for name in QLocale.system().uiLanguages())
    return next((name for name in wanted if name in LANGUAGES[1:]), _SOURCE)


def reading_language(choice: str) -> str:
    """Code of the language that prompts are read in where a word means two things, "" for English:
    the one chosen for the program, else the system's, whether or not the program speaks it."""
    wanted = [choice] if choice in LANGUAGES[1:] else QLocale.system().uiLanguages()
    code = next(iter(wanted), _SOURCE).split("-")[0]
    return "" if code == _SOURCE else code


def install(application: QCoreApplication, choice: str) -> None:
    """Translate the program, including Qt's dialogs and key names.

    Raises FileNotFoundError if the program's translation file is missing.
    """
    chosen = language(choice)
    if choice in LANGUAGES[1:]:
        QLocale.setDefault(QLocale(chosen))
    if chosen == _SOURCE:
        return
    qt = QTranslator(application)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if qt.load(f"qtbase_{chosen}", folder):  # a stripped Qt may lack it; its buttons stay English
        application.installTranslator(qt)
    own = QTranslator(application)
    words = resource(f"translations/lazydiff_{chosen}.qm")
    if not own.load(str(words)):
        raise FileNotFoundError(words)
    application.installTranslator(own)
