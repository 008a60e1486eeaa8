"""What only some families can do; a family has each of these classes that it inherits from.

Legend of shapes as in family.py.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from functools import cached_property
from typing import ClassVar, Protocol

from torch import Tensor

from lazydiff_core.backends.cached_dit.family import Attend, DitShape, Family, Pass, Text
from lazydiff_core.backends.loras import LoraRack
from lazydiff_core.backends.protocols import ControlInput
from lazydiff_core.lora_files import Lora


class LoraFamily(Family):
    """Takes LoRAs."""

    def check_takes_loras(self) -> None:
        """Raises InputError where the model, as it was loaded, takes none."""

    @cached_property
    def lora_rack(self) -> LoraRack:
        """What loads LoRAs into the model; raises as `check_takes_loras`."""
        self.check_takes_loras()
        return self._make_lora_rack()

    @abstractmethod
    def _make_lora_rack(self) -> LoraRack: ...

    def use_loras(self, loras: tuple[Lora, ...]) -> bool:
        """Let these LoRAs count and no others; whether the model is another one than before.

        Raises ModelError for a file that does not fit, and as `check_takes_loras`.
        """
        return bool(loras or "lora_rack" in vars(self)) and self.lora_rack.use(loras)


class PaddedFamily(Family):
    """Sees the padding of prompts, which takes part as words do.

    padding: the longest padding of a prompt, in tokens.
    """

    padding: ClassVar[int]

    @abstractmethod
    def words(self, text: Text) -> int:
        """The number of tokens in front of the padding that all of these texts end with."""

    @abstractmethod
    def distinct(self, text: Text) -> tuple[tuple[str, ...], Text, list[int]]:
        """The prompts of a batch, each once: themselves, encoded, and which one each sample has."""

    @abstractmethod
    def with_padding_shown(self, text: Text) -> tuple[Text, int]:
        """The text, whose padding `attend` gets, too, in front of the image tokens; its length."""

    @abstractmethod
    def without_padding(self, text: Text, count: int) -> Text:
        """The first `count` tokens of the text, all of its words among them, at their places."""


class ReferenceFamily(Family):
    """Is shown pictures besides the canvas, to which prompts may refer.

    references: how many at most.
    token_bytes: of activations that a token adds to a pass, at its widest place.
    causal_references: trained with references that attend to each other alone, at timestep 0.
    """

    references: ClassVar[int]
    token_bytes: int
    causal_references: bool

    @abstractmethod
    def predict_references(self, x_BNP: Tensor, place_N: Tensor, attend: Attend) -> None:
        """A pass over tokens of references alone, at timestep 0 and without text, for its keys."""


class SteeredPass(Pass, Protocol):
    """A family's passes under a control network; `conditions` come with the tokens.

    shape: of the family, with the network's self-attention layers besides.
    """

    shape: DitShape

    def conditions(
        self, encode: Callable[[Tensor], Tensor], picture: Tensor, image: Tensor, mask: Tensor
    ) -> Tensor:
        """(1,N,C) what each token is told, in row-major order.

        encode: images (1,3,S,S) in [-1,1] -> tokens (1,N,P). picture, image: such images, of the
        control picture and of the canvas. mask: (1,1,S,S), 1 = hole.
        """
        ...


class ControlFamily(Family):
    """Follows a picture of lines, depths or poses, by a control network beside its own layers.

    One network is loaded at a time, since each takes gigabytes.
    """

    @property
    @abstractmethod
    def takes_control(self) -> bool:
        """Whether the model, as it was loaded, takes one."""

    @abstractmethod
    def has_control(self, control: ControlInput) -> bool:
        """Whether the network is loaded."""

    @abstractmethod
    def load_control(self, control: ControlInput) -> None:
        """Load a network in place of another.

        Raises ModelError for a file that does not fit, and OutOfMemoryError.
        """

    @abstractmethod
    def steered(self, control: ControlInput) -> SteeredPass:
        """The passes under a network, which is loaded again if another one has taken its place."""
