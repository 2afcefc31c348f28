# SPDX-License-Identifier: Apache-2.0
"""newsvane for Python: train, load and run classifiers of news articles by topic and stance.

    import newsvane

    model = newsvane.train(articles, algorithm="svm")       # dicts with text, title, label fields
    model.save("tech.model")
    model = newsvane.load("tech.model")
    for result in model.classify(texts):                    # str or dict each
        print(result.predictions["topics"].labels)

An article is a str, which is its text, or a dict with the keys of a record: id, title, text, date, source and label fields. A dict in a
dict gives fields with a dot in their names, as JSON records do. newsvane.NewsvaneClassifier is an estimator for scikit-learn.
"""

from ._model import Error, Model, Note, Prediction, Result, __version__, load, train

__all__ = ["Error", "Model", "NewsvaneClassifier", "Note", "Prediction", "Result", "load", "train"]


def __getattr__(name):
    # scikit-learn takes a second to import: only those who use the estimator wait for it.
    if name == "NewsvaneClassifier":
        from .estimator import NewsvaneClassifier

        return NewsvaneClassifier
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
