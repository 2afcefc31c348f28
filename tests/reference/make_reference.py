#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the numbers that tests/unit/check_reference.c holds newsvane's against: expected.json, from the three data sets beside it.

usage: /usr/bin/python3 tests/reference/make_reference.py      (Debian: python3-sklearn)

Each data set is pre-tokenised text (words joined by blanks) of our own writing, one for each kind of task. scikit-learn gives tf-idf
weights, naive Bayes and isotonic regression. Its linear solvers stop early, so that the linear models are solved here: by Newton's
method to a gradient of 1e-12, with l1 by coordinate descent until no coordinate moves by more than 1e-13; scikit-learn's solutions
must then agree to the precision that it has. With l1 alone the weights of terms that stand in the same articles can't be told apart: then
margins and the sum of absolute weights are compared, which are unique.

The intercept is penalised like the weight of a feature of value 1 (liblinear's way), but with an l1 share it is free (saga's way).
Values of rows are rounded to single precision, as newsvane's matrix holds them.
"""
import json
import os
import warnings

import numpy as np
from scipy.optimize import minimize
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import BernoulliNB, ComplementNB, MultinomialNB
from sklearn.svm import LinearSVC

HERE = os.path.dirname(os.path.abspath(__file__))
STANCES = ['favor', 'none', 'against']
C, C_SPARSE, L1_RATIO, ALPHA = 10.0, 20.0, 0.4, 0.3


def rows(name):
    with open(os.path.join(HERE, name + '.jsonl'), encoding='utf-8') as f:
        return [json.loads(line) for line in f]


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def newton(X, y, c, hinge):
    """min 1/2 |w|^2 + sum c_i loss(y_i (x_i w)), y in -1, +1; X holds the intercept's column."""
    w = np.zeros(X.shape[1])

    def value(w):
        m = y * (X @ w)
        return .5 * w @ w + (c * (np.maximum(0, 1 - m) ** 2 if hinge else np.logaddexp(0, -m))).sum()

    for _ in range(200):
        m = y * (X @ w)
        if hinge:
            slope, curve = -2 * c * y * np.maximum(0, 1 - m), 2 * c * (m < 1)
        else:
            s = sigmoid(-m)
            slope, curve = -c * y * s, c * s * (1 - s)
        g = w + X.T @ slope
        if np.abs(g).max() < 1e-12:
            return w
        step = np.linalg.solve(np.eye(len(w)) + X.T @ (curve[:, None] * X), -g)
        t = 1.0
        while value(w + t * step) > value(w) + 1e-4 * t * (g @ step) + 1e-13:
            t /= 2
        w = w + t * step
    raise SystemExit('newton: no convergence, %g' % np.abs(g).max())


def sparse(X, y, c, l1, l2):
    """min l1 |w|_1 + l2/2 |w|^2 + c sum ln(1 + e^(-y (x w + b))), b free; by coordinate descent with Newton steps."""
    n, d = X.shape
    w, b = np.zeros(d), 0.0
    m = np.zeros(n)
    for sweep in range(200000):
        most = 0.0
        for j in range(d + 1):
            x = X[:, j] if j < d else np.ones(n)
            s = sigmoid(-y * m)
            g, h = c * (-y * s) @ x, max(c * (s * (1 - s)) @ (x * x), 1e-12)
            old = w[j] if j < d else b
            if j == d:
                new = old - g / h
            else:
                u = (h * old - g) / (h + l2)
                new = np.sign(u) * max(abs(u) - l1 / (h + l2), 0)
            step = new - old

            def value(t):
                z = old + t * step
                pen = l1 * abs(z) + l2 / 2 * z * z if j < d else 0
                return pen + c * np.logaddexp(0, -y * (m + t * step * x)).sum()
            t = 1.0
            while step != 0 and t > 1e-12 and value(t) > value(0) + 1e-15 * abs(value(0)):
                t /= 2
            m = m + t * step * x
            if j < d:
                w[j] = old + t * step
            else:
                b = old + t * step
            most = max(most, abs(t * step))
        if most < 1e-13:
            break
    # the optimality conditions, beside the small steps
    g = X.T @ (c * (-y * sigmoid(-y * (X @ w + b)))) + l2 * w
    assert np.abs((c * y * sigmoid(-y * (X @ w + b))).sum()) < 1e-9
    assert np.all(np.abs(g[w == 0]) <= l1 + 1e-9) and np.all(np.abs(g[w != 0] + l1 * np.sign(w[w != 0])) < 1e-8)
    return w, b


def close(what, ours, theirs, tolerance):
    gap = np.abs(np.asarray(ours) - np.asarray(theirs)).max() / max(np.abs(ours).max(), 1e-12)
    assert gap < tolerance, (what, gap)


def linear(X, gold, hinge, c, weight=None):
    """Weights [label][term], intercepts, and probabilities (log loss) or margins (hinge), one label against the rest."""
    Z = np.hstack([X, np.ones((len(X), 1))])
    W = []
    for column in gold.T:
        y = np.where(column > 0, 1.0, -1.0)
        side = np.ones(len(y)) if weight is None else np.where(column > 0, len(y) / (2 * column.sum()), len(y) / (2 * (1 - column).sum()))
        w = newton(Z, y, c * side, hinge)
        balance = None if weight is None else 'balanced'
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            if hinge:
                s = LinearSVC(C=c, dual=False, tol=1e-12, max_iter=100000, class_weight=balance).fit(X, y)
            else:
                s = LogisticRegression(C=c, solver='liblinear', tol=1e-12, max_iter=100000, class_weight=balance).fit(X, y)
        close('linear', w, np.append(s.coef_[0], s.intercept_), 1e-4)
        W.append(w)
    W = np.array(W)
    margin = Z @ W.T
    return {'weight': W[:, :-1], 'intercept': W[:, -1], 'margin': margin, 'p': sigmoid(margin)}


def linear_sparse(X, column, l1_ratio):
    y = np.where(column > 0, 1.0, -1.0)
    w, b = sparse(X, y, C_SPARSE, l1_ratio, 1 - l1_ratio)
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        s = LogisticRegression(C=C_SPARSE, penalty='elasticnet', l1_ratio=l1_ratio, solver='saga', tol=1e-12, max_iter=300000).fit(X, y)
    close('sparse', X @ w + b, s.decision_function(X), 1e-4)
    if l1_ratio < 1:
        close('sparse', np.append(w, b), np.append(s.coef_[0], s.intercept_), 1e-4)
    return {'weight': w, 'intercept': b, 'norm': np.abs(w).sum(), 'p': sigmoid(X @ w + b)}


def naive_bayes(counts, y, n_class):
    """Class log-probabilities, normalised, of every row."""
    out = {}
    for name, model in (('multinomial', MultinomialNB(alpha=ALPHA)), ('bernoulli', BernoulliNB(alpha=ALPHA)), ('complement', ComplementNB(alpha=ALPHA))):
        model.fit(counts, y)
        assert len(model.classes_) == n_class
        out[name] = model.predict_log_proba(counts)
    # weights divided by their sums: scikit-learn's scores times the mean sum, which newsvane keeps as the scale
    scale = np.abs(model.feature_log_prob_.sum(1)).mean()
    z = scale * ComplementNB(alpha=ALPHA, norm=True).fit(counts, y)._joint_log_likelihood(counts)
    top = z.max(1, keepdims=True)
    out['complement_normalized'] = z - top - np.log(np.exp(z - top).sum(1, keepdims=True))
    return out


def platt(margin, gold):
    n1, n0 = gold.sum(), (1 - gold).sum()
    t = np.where(gold > 0, (n1 + 1) / (n1 + 2), 1 / (n0 + 2))
    X = np.stack([margin, np.ones(len(margin))], 1)
    w = np.zeros(2)
    for _ in range(100):
        p = sigmoid(X @ w)
        g = X.T @ (p - t)
        w = w - np.linalg.solve(X.T @ ((p * (1 - p))[:, None] * X), g)
    assert np.abs(g).max() < 1e-12
    return w


def several(margin, gold, link):
    """softmax(link(b - a m)) with a ridge of 10 on the b's distance from their mean and one of .01 on the scaled slope."""
    spread2 = ((margin - margin.mean(1, keepdims=True)) ** 2).mean()

    def loss(x):
        z = link(x[1:] - x[0] * margin)
        top = z.max(1, keepdims=True)
        lse = top[:, 0] + np.log(np.exp(z - top).sum(1))
        return (lse - (z * gold).sum(1)).sum() + 5 * ((x[1:] - x[1:].mean()) ** 2).sum() + .005 * spread2 * x[0] ** 2
    x = np.concatenate([[2.0], np.zeros(margin.shape[1])])
    for _ in range(5):
        x = minimize(loss, x, method='Nelder-Mead', options={'xatol': 1e-10, 'fatol': 1e-14, 'maxiter': 100000, 'maxfev': 100000}).x
    return x


def features(texts):
    vec = TfidfVectorizer(token_pattern=r'\S+', ngram_range=(1, 2), sublinear_tf=True, lowercase=False)
    tfidf = vec.fit_transform(texts).toarray()
    terms = list(vec.get_feature_names_out())
    count = CountVectorizer(token_pattern=r'\S+', ngram_range=(1, 2), lowercase=False, vocabulary=terms)
    return terms, tfidf, count.transform(texts).toarray()


def gold_of(R, name):
    if name == 'multilabel':
        labels = sorted({l for r in R for l in r['label']})
        return labels, np.array([[float(l in r['label']) for l in labels] for r in R])
    labels = STANCES if name == 'stance' else sorted({r['label'] for r in R})
    return labels, np.array([[float(l == r['label']) for l in labels] for r in R])


def data_set(name):
    R = rows(name)
    labels, gold = gold_of(R, name)
    terms, tfidf, counts = features([r['text'] for r in R])
    X = tfidf.astype(np.float32).astype(float)
    out = {'labels': labels, 'gold': gold, 'terms': terms, 'tfidf': tfidf,
           'logreg': linear(X, gold, False, C), 'svm': linear(X, gold, True, 1.0)}
    if name == 'stance':
        out['logreg_balanced'] = linear(X, gold, False, C, 'balanced')
    if name == 'multilabel':
        out['naive_bayes'] = naive_bayes(counts, gold[:, 0], 2)
    else:
        out['naive_bayes'] = naive_bayes(counts, gold.argmax(1), len(labels))
    if name == 'multiclass':
        out['l1'] = linear_sparse(X, gold[:, 0], 1.0)
        out['elasticnet'] = linear_sparse(X, gold[:, 0], L1_RATIO)
    return out


def calibration():
    rng = np.random.RandomState(7)
    margin = rng.randn(60, 3).round(3)
    gold = np.eye(3)[(margin + 1.2 * rng.randn(60, 3)).argmax(1)]
    margin[5] = margin[6]
    a, b = platt(margin[:, 0], gold[:, 0])
    loglog = several(margin, gold, lambda x: -np.exp(x))
    platt_several = several(margin, gold, lambda x: -x) * [1, -1, -1, -1]
    platt_several[1:] -= platt_several[1:].mean()  # a common shift means nothing
    tied = (margin[:, 1] * 2).round() / 2
    iso, iso_tied = (IsotonicRegression(out_of_bounds='clip').fit(m, gold[:, 1]) for m in (margin[:, 1], tied))
    at = np.linspace(-3, 3, 41)
    return {'margin': margin, 'gold': gold, 'platt': [a, b], 'loglog': loglog, 'platt_several': platt_several, 'tied': tied,
            'at': at, 'isotonic': iso.predict(at), 'isotonic_tied': iso_tied.predict(at)}


def plain(x):
    if isinstance(x, dict):
        return {k: plain(v) for k, v in x.items()}
    if isinstance(x, (list, tuple)):
        return [plain(v) for v in x]
    if isinstance(x, np.ndarray):
        return [plain(v) for v in x]
    if isinstance(x, str):
        return x
    x = float('%.14g' % float(x))
    return int(x) if x == int(x) and abs(x) < 1e6 else x


if __name__ == '__main__':
    expected = {'c': C, 'c_sparse': C_SPARSE, 'l1_ratio': L1_RATIO, 'alpha': ALPHA, 'calibration': calibration()}
    for kind in ('multiclass', 'multilabel', 'stance'):
        expected[kind] = data_set(kind)
    with open(os.path.join(HERE, 'expected.json'), 'w', encoding='utf-8') as f:
        json.dump(plain(expected), f, separators=(',', ':'))
        f.write('\n')
