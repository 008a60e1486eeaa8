"""Every error this project raises on purpose.

LazyDiffError                 base class; the message is a sentence for the artist
├── InputError                the request cannot be served as given      (exit code 2)
│   ├── ImageError            an image or mask cannot be read or used
│   ├── EmptyMaskError        the mask is empty, so there is nothing to generate
│   ├── ProjectError          a project or journal is damaged or of another kind
│   └── TargetError           a result cannot be written to the requested place
├── ModelError                a model is missing, damaged or of another kind (exit code 2)
├── TrainingError             a training run cannot continue, or its data is unusable (exit code 2)
├── OutOfMemoryError          the device has no room for the request     (exit code 2)
├── DeviceLostError           the device stopped working; a new engine is needed (exit code 2)
└── Cancelled                 the artist asked to stop; not a fault

Each message says what happened and what to do, in one sentence.
"""


class LazyDiffError(Exception):
    """Base of all errors raised on purpose."""


class InputError(LazyDiffError):
    """The request cannot be served as given."""


class ImageError(InputError):
    """An image or mask cannot be read or used."""


class EmptyMaskError(InputError):
    """The mask has no hole."""


class ProjectError(InputError):
    """A project or journal is damaged, too large or of another kind."""


class TargetError(InputError):
    """A result cannot be written to the requested place."""


class ModelError(LazyDiffError):
    """A model is missing, damaged or of another kind than expected."""


class TrainingError(LazyDiffError):
    """A training run cannot continue, or its data is unusable."""


class OutOfMemoryError(LazyDiffError):
    """The device has no room for the request."""


class DeviceLostError(LazyDiffError):
    """The device stopped working; this engine cannot use it again."""


class Cancelled(LazyDiffError):
    """The artist asked to stop."""
