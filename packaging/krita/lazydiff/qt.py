"""Qt as Krita has it: PyQt5 in Krita 5, PyQt6 in Krita 6."""

try:
    from PyQt6 import QtCore, QtGui, QtNetwork, QtWidgets
except ImportError:
    from PyQt5 import QtCore, QtGui, QtNetwork, QtWidgets

QBuffer = QtCore.QBuffer
QByteArray = QtCore.QByteArray
QIODevice = QtCore.QIODevice
QObject = QtCore.QObject
QProcess = QtCore.QProcess
QSize = QtCore.QSize
Qt = QtCore.Qt
QTimer = QtCore.QTimer
QUrl = QtCore.QUrl
Signal = QtCore.pyqtSignal
QIcon = QtGui.QIcon
QImage = QtGui.QImage
QPixmap = QtGui.QPixmap
QNetworkAccessManager = QtNetwork.QNetworkAccessManager
QNetworkReply = QtNetwork.QNetworkReply
QNetworkRequest = QtNetwork.QNetworkRequest
QFormLayout = QtWidgets.QFormLayout
QHBoxLayout = QtWidgets.QHBoxLayout
QLabel = QtWidgets.QLabel
QLineEdit = QtWidgets.QLineEdit
QListWidget = QtWidgets.QListWidget
QListWidgetItem = QtWidgets.QListWidgetItem
QPlainTextEdit = QtWidgets.QPlainTextEdit
QProgressBar = QtWidgets.QProgressBar
QPushButton = QtWidgets.QPushButton
QSlider = QtWidgets.QSlider
QSpinBox = QtWidgets.QSpinBox
QVBoxLayout = QtWidgets.QVBoxLayout
QWidget = QtWidgets.QWidget
