"""Qt as Krita has it: PyQt5 in Krita 5, PyQt6 in Krita 6."""

try:
    from PyQt6.QtCore import (
        QBuffer,
        QByteArray,
        QIODevice,
        QObject,
        QProcess,
        QSize,
        Qt,
        QTimer,
        QUrl,
        pyqtSignal,
    )
    from PyQt6.QtGui import QIcon, QImage, QPixmap
    from PyQt6.QtNetwork import QNetworkAccessManager, QNetworkReply, QNetworkRequest
    from PyQt6.QtWidgets import (
        QCheckBox,
        QFormLayout,
        QHBoxLayout,
        QLabel,
        QLineEdit,
        QListWidget,
        QListWidgetItem,
        QPlainTextEdit,
        QProgressBar,
        QPushButton,
        QSlider,
        QSpinBox,
        QVBoxLayout,
        QWidget,
    )
except ImportError:
    from PyQt5.QtCore import (
        QBuffer,
        QByteArray,
        QIODevice,
        QObject,
        QProcess,
        QSize,
        Qt,
        QTimer,
        QUrl,
        pyqtSignal,
    )
    from PyQt5.QtGui import QIcon, QImage, QPixmap
    from PyQt5.QtNetwork import QNetworkAccessManager, QNetworkReply, QNetworkRequest
    from PyQt5.QtWidgets import (
        QCheckBox,
        QFormLayout,
        QHBoxLayout,
        QLabel,
        QLineEdit,
        QListWidget,
        QListWidgetItem,
        QPlainTextEdit,
        QProgressBar,
        QPushButton,
        QSlider,
        QSpinBox,
        QVBoxLayout,
        QWidget,
    )

__all__ = [
    "QBuffer",
    "QByteArray",
    "QCheckBox",
    "QFormLayout",
    "QHBoxLayout",
    "QIODevice",
    "QIcon",
    "QImage",
    "QLabel",
    "QLineEdit",
    "QListWidget",
    "QListWidgetItem",
    "QNetworkAccessManager",
    "QNetworkReply",
    "QNetworkRequest",
    "QObject",
    "QPixmap",
    "QPlainTextEdit",
    "QProcess",
    "QProgressBar",
    "QPushButton",
    "QSize",
    "QSlider",
    "QSpinBox",
    "QTimer",
    "QUrl",
    "QVBoxLayout",
    "QWidget",
    "Qt",
    "pyqtSignal",
]
