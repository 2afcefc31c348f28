# SPDX-License-Identifier: Apache-2.0
"""Models, and what they say of articles."""

import json
import math
import numbers
import os
import warnings
from dataclasses import dataclass
from itertools import islice

from . import _newsvane
from ._newsvane import Error

__version__ = _newsvane.version

BATCH = 1024  # articles that are classified at a time


class Note(UserWarning):
    """What a person should know of a training but what does not stop it."""


@dataclass(frozen=True)
class Prediction:
    """What a model says of one article for one task."""

    labels: tuple  # the labels given: one, or any number where the task is multilabel
    p: dict  # calibrated probability of every label
    margin: dict  # uncalibrated score of every label
    score: float | None  # stance: P(favor) - P(against), in [-1, 1]; None for other tasks

    @property
    def label(self):
        """The one label; None where there is none. Of several the first in the schema's order."""
        return self.labels[0] if self.labels else None


@dataclass(frozen=True)
class Result:
    """What a model says of one article."""

    id: str | None
    coverage: float | None  # share of the words that the model knows; None when hashing or without words
    predictions: dict  # task name -> Prediction; a task that the schema's `where` excludes is not there


def option_text(value):
    """An option's value as the library reads it: True is yes, numbers are written out."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, numbers.Integral):
        return str(int(value))
    if isinstance(value, numbers.Real):
        return repr(float(value))
    return str(value)


def _option_pairs(options):
    return [(name.replace("_", "-"), option_text(value)) for name, value in options.items() if value is not None]


def _schema_text(schema):
    if schema is None or isinstance(schema, dict):
        return schema and json.dumps(schema)
    with open(schema, encoding="utf-8") as file:
        return file.read()


def _id(article):
    value = article.get("id") if isinstance(article, dict) else None
    return None if value is None else str(value)


def _threads(threads):
    return threads or len(os.sched_getaffinity(0))


def _batches(articles, size):
    if isinstance(articles, (str, dict)):
        raise TypeError("articles are an iterable of str or dict, not one of them")
    articles = iter(articles)
    while batch := list(islice(articles, size)):
        yield batch


class Model(_newsvane.Model):
    """A trained model. Any number of threads may use it; it can be pickled."""

    @property
    def tasks(self):
        """Task name -> (kind, labels), in the schema's order."""
        return {name: (kind, labels) for name, kind, labels in self._tasks}

    def inspect(self, top=0):
        """What the model is, as `newsvane inspect --json` says it, with the `top` strongest terms of each label."""
        return json.loads(self._inspect(top))

    def classify(self, articles, *, threads=0, batch=BATCH):
        """A Result for each article, in order. Articles are taken from the iterable a batch at a time and classified on `threads`
        threads (0: one a core) with the interpreter's lock released."""
        for part in _batches(articles, batch):
            yield from self._results(part, self._classify(part, _threads(threads)))

    def classify_arrays(self, articles, *, threads=0, batch=BATCH):
        """Task name -> array of probabilities [article][label], of all articles. Rows of articles that a task excludes are NaN. Needs
        NumPy."""
        import numpy as np

        return {name: p for name, (p, _) in self._arrays(np, articles, threads, batch).items()}

    def _arrays(self, np, articles, threads=0, batch=BATCH):
        """Task name -> (p, chosen), arrays [article][label]."""
        tasks = self._tasks
        width, p, chosen = sum(len(labels) for _, _, labels in tasks), [], []
        for part in _batches(articles, batch):
            raw = self._classify(part, _threads(threads))
            applies = np.frombuffer(raw[3], np.uint8).reshape(len(part), len(tasks)).astype(bool)
            here = np.repeat(applies, [len(labels) for _, _, labels in tasks], axis=1)
            p.append(np.where(here, np.frombuffer(raw[0]).reshape(len(part), width), np.nan))
            chosen.append(here & np.frombuffer(raw[2], np.uint8).reshape(len(part), width).astype(bool))
        p = np.concatenate(p) if p else np.empty((0, width))
        chosen = np.concatenate(chosen) if chosen else np.empty((0, width), bool)
        arrays, at = {}, 0
        for name, _, labels in tasks:
            arrays[name] = p[:, at : at + len(labels)], chosen[:, at : at + len(labels)]
            at += len(labels)
        return arrays

    def _results(self, articles, raw):
        p, margin = memoryview(raw[0]).cast("d"), memoryview(raw[1]).cast("d")
        chosen, applies, coverage = raw[2], raw[3], memoryview(raw[4]).cast("d")
        at = row = 0
        for i, article in enumerate(articles):
            predictions = {}
            for name, kind, labels in self._tasks:
                if applies[row]:
                    predictions[name] = _prediction(kind, labels, p, margin, chosen, at)
                at += len(labels)
                row += 1
            yield Result(_id(article), None if math.isnan(coverage[i]) else coverage[i], predictions)

    def __reduce__(self):
        return type(self).from_bytes, (self.to_bytes(),)


def _prediction(kind, labels, p, margin, chosen, at):
    ps = {label: p[at + i] for i, label in enumerate(labels)}
    return Prediction(
        labels=tuple(label for i, label in enumerate(labels) if chosen[at + i]),
        p=ps,
        margin={label: margin[at + i] for i, label in enumerate(labels)},
        score=ps["favor"] - ps["against"] if kind == "stance" else None,
    )


def load(path):
    """The model of a file that `newsvane train` or Model.save wrote."""
    return Model.open(path)


def train(articles, schema=None, **options):
    """Fits every task of a schema on labelled articles: dicts with text, title and the schema's fields.

    schema is the path of a schema file, a dict of the same form, or None for the built-in one. Options are those of `newsvane train` with
    underscores: algorithm="svm", min_df=3, ngrams="1-2". Notes come as warnings of the class Note.
    """
    return Model.train(articles, _schema_text(schema), _option_pairs(options), _warn)


def _warn(text):
    warnings.warn(text, Note, stacklevel=3)
