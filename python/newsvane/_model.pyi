# SPDX-License-Identifier: Apache-2.0
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from os import PathLike
from typing import Any, Literal

Article = str | dict[str, Any]
Kind = Literal["multiclass", "multilabel", "stance"]
Path = str | bytes | PathLike[str]

__version__: str
BATCH: int

class Error(ValueError):
    code: Literal["usage", "record", "input", "schema", "model", "io", "cancelled", "unknown"]
    path: str | None
    line: int | None
    byte: int | None

class Note(UserWarning): ...

@dataclass(frozen=True)
class Prediction:
    labels: tuple[str, ...]
    p: dict[str, float]
    margin: dict[str, float]
    score: float | None
    @property
    def label(self) -> str | None: ...

@dataclass(frozen=True)
class Result:
    id: str | None
    coverage: float | None
    predictions: dict[str, Prediction]

class Model:
    @classmethod
    def open(cls, path: Path, /) -> Model: ...
    @classmethod
    def from_bytes(cls, data: bytes, /) -> Model: ...
    def to_bytes(self) -> bytes: ...
    def save(self, path: Path, /) -> None: ...
    @property
    def tasks(self) -> dict[str, tuple[Kind, tuple[str, ...]]]: ...
    def inspect(self, top: int = 0) -> dict[str, Any]: ...
    def classify(self, articles: Iterable[Article], *, threads: int = 0, batch: int = ...) -> Iterator[Result]: ...
    def classify_arrays(self, articles: Iterable[Article], *, threads: int = 0, batch: int = ...) -> dict[str, Any]: ...

def option_text(value: object) -> str: ...
def load(path: Path) -> Model: ...
def train(
    articles: Iterable[Article],
    schema: Path | Mapping[str, Any] | None = None,
    **options: str | float | bool | None,
) -> Model: ...
