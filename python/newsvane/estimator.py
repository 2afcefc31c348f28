# SPDX-License-Identifier: Apache-2.0
"""An estimator for scikit-learn, over newsvane.train and Model."""

import inspect

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_consistent_length, check_is_fitted, column_or_1d

from . import _newsvane
from ._model import train

TASK = "label"  # name and field of the one task


def _value(initial, is_flag):
    """The default of an option's row as a Python value."""
    if is_flag:
        return initial == "yes"
    for kind in (int, float):
        try:
            return kind(initial)
        except ValueError:
            pass
    return initial


def _parameters():
    """Every option of training in the library's table, but those that say how files are read."""
    return {
        name.replace("-", "_"): _value(initial or "", value is None)
        for name, value, initial, _, group, commands in _newsvane.options()
        if commands[0] and group != "Input"
    }


def _with_parameters(cls):
    """Gives __init__ the signature that scikit-learn reads an estimator's parameters from."""
    parameters = [inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)]
    for name, default in _parameters().items():
        parameters.append(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default))
    cls.__init__.__signature__ = inspect.Signature(parameters)
    return cls


def _articles(X):
    if isinstance(X, (str, dict)):
        raise ValueError("X is an iterable of texts (str) or records (dict), not one of them")
    articles = list(X)
    for article in articles:
        if not isinstance(article, (str, dict)):
            raise ValueError(f"X holds texts (str) or records (dict), not {type(article).__name__}")
    return articles


def _labelled(article, label):
    record = article if isinstance(article, dict) else {"text": article}
    return {**record, TASK: label}


@_with_parameters
class NewsvaneClassifier(ClassifierMixin, BaseEstimator):
    """Classifies texts (str) or records (dict with text and title).

    Its parameters are the options of `newsvane train`, with underscores for dashes and the same defaults. y is one class a text, or an
    indicator matrix [text][label] for any number of labels.

    After fit: classes_ (the classes, or the columns' numbers), model_ (a newsvane.Model, to save, inspect or use directly).
    """

    def __init__(self, **parameters):
        defaults = _parameters()
        for name in parameters:
            if name not in defaults:
                raise TypeError(f"NewsvaneClassifier has no parameter {name!r}")
        for name, default in defaults.items():
            setattr(self, name, parameters.get(name, default))

    def fit(self, X, y):
        articles = _articles(X)
        if y is None:
            raise ValueError("NewsvaneClassifier requires y to be passed, but the target y is None")
        check_consistent_length(articles, y)
        check_classification_targets(y)
        if type_of_target(y) == "multilabel-indicator":
            kind, gold = "multilabel", self._columns(np.asarray(y.todense() if hasattr(y, "todense") else y))
        else:
            kind, gold = "multiclass", self._classes(column_or_1d(y, warn=True))
        schema = {"tasks": [{"name": TASK, "kind": kind, "field": TASK, "labels": self._names}]}
        self.model_ = train(map(_labelled, articles, gold), schema, **self.get_params(deep=False))
        return self

    def _classes(self, y):
        self.classes_, index = np.unique(y, return_inverse=True)
        self._names = [str(name) for name in self.classes_]
        if len(set(self._names)) < len(self._names):
            raise ValueError("two classes of y have the same name")
        return [self._names[i] for i in index]

    def _columns(self, y):
        self.classes_ = np.arange(y.shape[1])
        self._names = [str(name) for name in self.classes_]
        return [[self._names[i] for i in np.flatnonzero(row)] for row in y]

    def _predicted(self, X):
        check_is_fitted(self)
        return self.model_._arrays(np, _articles(X), self.threads)[TASK]

    def predict_proba(self, X):
        """Calibrated probabilities [text][class]."""
        return self._predicted(X)[0]

    def predict(self, X):
        """The class of each text; for an indicator y, an indicator matrix."""
        chosen = self._predicted(X)[1]
        if self.model_.tasks[TASK][0] == "multilabel":
            return chosen.astype(int)
        return self.classes_[chosen.argmax(axis=1)]

    def _more_tags(self):
        return {"X_types": ["string"], "multilabel": True}
