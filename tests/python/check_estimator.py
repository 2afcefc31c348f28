# SPDX-License-Identifier: Apache-2.0
"""NewsvaneClassifier in scikit-learn's hands. Run by run_python.sh."""

import json
import os
import pickle
import unittest
import warnings

try:
    import numpy as np
    from sklearn.base import clone
    from sklearn.model_selection import GridSearchCV, cross_val_score
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import FunctionTransformer
    from sklearn.utils.estimator_checks import check_estimator
    from sklearn.utils.validation import check_array, check_is_fitted
except ImportError:
    print("left out: no scikit-learn here")
    raise SystemExit(0)

import newsvane
from newsvane import NewsvaneClassifier, _newsvane

warnings.simplefilter("ignore", newsvane.Note)
FIXTURES = os.environ["FIXTURES"]


def articles(name, field):
    with open(f"{FIXTURES}/{name}.jsonl", encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    return [{"title": r.get("title"), "text": r.get("text")} for r in records], [r[field] for r in records]


# Checks of scikit-learn that are left out, and why.
LEFT_OUT = {
    "check_class_weight_classifiers": "class_weight is the library's option, none or balanced, and takes no dict of weights",
    "check_classifiers_multilabel_output_format_decision_function": "there is no decision_function: margins of different labels are not "
    "on one scale; predict_proba is",
    "check_classifier_data_not_an_array": "wants pandas, which is not a package that the tests ask for",
    "check_estimators_data_not_an_array": "wants pandas",
}


class NumbersAsTexts(NewsvaneClassifier):
    """Takes matrices of numbers, as check_estimator gives them, and shows each row to the classifier as a text: a word for each column
    and tenth of the column's range in training, and a word for the tenth beside it that is nearer."""

    def _texts(self, X):
        span = np.where(self.high_ > self.low_, self.high_ - self.low_, 1)
        at = np.clip((X - self.low_) / span, 0, 1) * 10
        texts = []
        for row in at:
            words = [f"c{c}t{int(x)} c{c}n{round(x)}" for c, x in enumerate(row)]
            texts.append(" ".join(words))
        return texts

    def fit(self, X, y):
        X, y = self._validate_data(X, y, multi_output=True)
        self.low_, self.high_ = X.min(axis=0), X.max(axis=0)
        return super().fit(self._texts(X), y)

    def _predicted(self, X):
        check_is_fitted(self)
        X = self._validate_data(X, reset=False)
        return super()._predicted(self._texts(X))

    def _more_tags(self):
        return {
            "X_types": ["2darray"],
            "multilabel": True,
            "_xfail_checks": {"check_class_weight_classifiers": LEFT_OUT["check_class_weight_classifiers"]},
        }


class Core(unittest.TestCase):
    def test_parameters_are_the_table(self):
        params = NewsvaneClassifier().get_params()
        for name, value, initial, _, group, commands in _newsvane.options():
            if commands[0] and group != "Input":
                text = newsvane._model.option_text(params.pop(name.replace("-", "_")))
                self.assertEqual(text, initial or ("no" if value is None else ""), name)
        self.assertEqual(params, {})

    def test_fit_and_predict(self):
        X, y = articles("desk", "desk")
        model = NewsvaneClassifier().fit(X, y)
        self.assertEqual(list(model.classes_), sorted(set(y)))
        self.assertEqual(model.predict_proba(X).shape, (len(X), len(model.classes_)))
        self.assertTrue(np.allclose(model.predict_proba(X).sum(axis=1), 1))
        self.assertGreater(model.score(X, y), 0.9)
        texts = [f"{x['title']}\n{x['text']}" for x in X]
        self.assertGreater(NewsvaneClassifier().fit(texts, np.array(y)).score(texts, y), 0.9)

    def test_numbers_as_classes(self):
        X, y = articles("desk", "desk")
        numbers = np.unique(y, return_inverse=True)[1] * 7 - 3
        model = NewsvaneClassifier().fit(X, numbers)
        self.assertEqual(model.predict(X).dtype, numbers.dtype)
        self.assertGreater(model.score(X, numbers), 0.9)

    def test_indicator_matrix(self):
        X, topics = articles("topics", "topics")
        names = sorted({t for some in topics for t in some})
        Y = np.array([[name in some for name in names] for some in topics]).astype(int)
        model = NewsvaneClassifier().fit(X, Y)
        self.assertEqual(model.predict(X).shape, Y.shape)
        self.assertTrue(set(np.unique(model.predict(X))) <= {0, 1})
        self.assertGreater((model.predict(X) == Y).mean(), 0.8)

    def test_in_sklearns_tools(self):
        X, y = articles("desk", "desk")
        texts = [x["text"] for x in X]
        lower = FunctionTransformer(lambda texts: [text.lower() for text in texts])
        pipeline = Pipeline([("lower", lower), ("newsvane", NewsvaneClassifier(algorithm="nb"))])
        self.assertGreater(cross_val_score(pipeline, texts, y, cv=3).mean(), 0.5)
        search = GridSearchCV(NewsvaneClassifier(algorithm="nb"), {"alpha": [0.1, 1.0], "ngrams": ["1-1", "1-2"]}, cv=2)
        self.assertIn(search.fit(texts, y).best_params_["alpha"], (0.1, 1.0))
        copy = clone(NewsvaneClassifier(algorithm="svm", c=0.5))
        self.assertEqual((copy.algorithm, copy.c), ("svm", 0.5))
        fitted = NewsvaneClassifier().fit(texts, y)
        again = pickle.loads(pickle.dumps(fitted))
        self.assertTrue(np.array_equal(fitted.predict_proba(texts), again.predict_proba(texts)))

    def test_check_estimator(self):
        ran, skipped = 0, set()
        for estimator, check in check_estimator(NumbersAsTexts(), generate_only=True):
            try:
                check(estimator)
                ran += 1
            except unittest.SkipTest:
                skipped.add(check.func.__name__)
        print(f"check_estimator: {ran} checks passed, left out: {', '.join(sorted(skipped))}")
        self.assertGreater(ran, 40)
        self.assertLessEqual(skipped, set(LEFT_OUT), "checks left out without a reason")


class Errors(unittest.TestCase):
    def test_wrong_arguments(self):
        X, y = articles("desk", "desk")
        for call in (
            lambda: NewsvaneClassifier(no_such=1),
            lambda: NewsvaneClassifier().set_params(no_such=1),
            lambda: NewsvaneClassifier(algorithm="magic").fit(X, y),
            lambda: NewsvaneClassifier().fit(X, y[:-1]),
            lambda: NewsvaneClassifier().fit("a text", ["a"]),
            lambda: NewsvaneClassifier().fit([1, 2], ["a", "b"]),
            lambda: NewsvaneClassifier().fit(X, np.linspace(0, 1, len(X))),
            lambda: NewsvaneClassifier().predict(X),
        ):
            with self.assertRaises((ValueError, TypeError)):
                call()


if __name__ == "__main__":
    unittest.main()
