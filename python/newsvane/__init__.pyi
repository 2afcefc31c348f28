# SPDX-License-Identifier: Apache-2.0
from ._model import Article as Article
from ._model import Error as Error
from ._model import Model as Model
from ._model import Note as Note
from ._model import Prediction as Prediction
from ._model import Result as Result
from ._model import load as load
from ._model import train as train
from .estimator import NewsvaneClassifier as NewsvaneClassifier

__version__: str
