"""Open a study: `python -m app.lab.study FOLDER RATER`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from app.system.libraries import what_is_missing
from lazydiff_core.errors import LazyDiffError
from lazydiff_core.evaluation.study import AnswerLog, load_study

BAD_START = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the study until the window closes; returns 0, or 2 if it cannot open."""
    parser = argparse.ArgumentParser(prog="lazydiff study", description="Compare pictures.")
    parser.add_argument("study", type=Path, help="folder of `lazydiff study build`")
    parser.add_argument("rater", help="whose answers these are")
    wanted = parser.parse_args(argv)
    missing = what_is_missing()
    if missing:
        print(missing, file=sys.stderr)
        return BAD_START
    try:
        study = load_study(wanted.study)
        log = AnswerLog(study, wanted.rater)
    except LazyDiffError as error:
        print(f"lazydiff: {error}", file=sys.stderr)
        return BAD_START
    # Imported after the check for the system libraries that Qt needs.
    from PySide6.QtWidgets import QApplication

    from app.lab.study.window import StudyWindow
    from app.ui import theme

    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("LazyDiff")
    application.setStyle("fusion")
    theme.apply("system")
    window = StudyWindow(study, log)
    window.show()
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
