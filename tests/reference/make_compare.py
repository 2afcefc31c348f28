#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the numbers that tests/unit/check_compare.c holds comparisons of two models against: compare.json, cases and what must come out.

usage: /usr/bin/python3 tests/reference/make_compare.py      (Debian: python3-sklearn)

Figures of each model are scikit-learn's, McNemar's p is scipy's binomtest (two-sided; at 1/2 the same as twice the smaller tail, at most 1),
Holm's adjustment and the kinds of articles are computed here from their definitions.
"""
import json
import os
import warnings

import numpy as np
from scipy.stats import binomtest
from sklearn import metrics as sk

HERE = os.path.dirname(os.path.abspath(__file__))
warnings.filterwarnings('ignore')


def number(x):
    return None if x is None or np.isnan(x) else float(x)


def answers(rng, kind, gold, skill):
    """p and chosen of a model that leans to the gold labels by skill; rounded, so that there are ties."""
    n, k = gold.shape
    z = rng.normal(size=(n, k)) + skill * gold
    if kind == 'multilabel':
        p = np.round(1 / (1 + np.exp(-(z - skill / 2))), 2)
        return p, (p >= .5).astype(int)
    e = np.exp(z)
    p = np.round(e / e.sum(1, keepdims=True), 3)
    return p, np.eye(k, dtype=int)[p.argmax(1)]


def f1(gold, chosen):
    tp, wrong = int((gold & chosen).sum()), int((gold ^ chosen).sum())
    return 2 * tp / (2 * tp + wrong) if tp + wrong else None


def mean(values):
    values = [v for v in values if v is not None]
    return sum(values) / len(values) if values else None


def of_label(gold, chosen, p):
    both = 0 < gold.sum() < len(gold)
    return {'precision': number(sk.precision_score(gold, chosen) if chosen.sum() else None),
            'recall': number(sk.recall_score(gold, chosen) if gold.sum() else None),
            'f1': f1(gold, chosen),
            'average_precision': number(sk.average_precision_score(gold, p) if both else None),
            'roc_auc': number(sk.roc_auc_score(gold, p) if both else None)}


def of_model(kind, gold, chosen, p):
    k = gold.shape[1]
    labels = [of_label(gold[:, l], chosen[:, l], p[:, l]) for l in range(k)]
    q = np.clip(p, 1e-15, 1 - 1e-15)
    if kind == 'multilabel':
        loss = -(gold * np.log(q) + (1 - gold) * np.log(1 - q)).mean()
    else:
        loss = -np.log((q * gold).sum(1)).mean()
    out = {'labels': labels, 'accuracy': float((gold == chosen).all(1).mean()), 'micro_f1': f1(gold, chosen),
           'macro_f1': mean([l['f1'] for l in labels]), 'macro_average_precision': mean([l['average_precision'] for l in labels]),
           'log_loss': float(loss)}
    if kind == 'stance':
        out['f1_favor_against'] = mean([labels[0]['f1'], labels[2]['f1']])
    return out


def mcnemar(right_a, right_b):
    a, b = int((right_a & ~right_b).sum()), int((~right_a & right_b).sum())
    return {'only_a': a, 'only_b': b, 'p': float(binomtest(a, a + b).pvalue) if a + b else 1.0}


def holm(p):
    adjusted, largest = [0.0] * len(p), 0.0
    for rank, i in enumerate(sorted(range(len(p)), key=lambda i: (p[i], i))):
        largest = max(largest, (len(p) - rank) * p[i])
        adjusted[i] = min(1.0, largest)
    return adjusted


def partings(gold, a, b):
    right_a, right_b = (gold == a).all(1), (gold == b).all(1)
    alike = (a == b).all(1)
    wrong = ~right_a & ~right_b
    return [int(x.sum()) for x in (right_a & right_b, right_a & ~right_b, ~right_a & right_b, wrong & alike, wrong & ~alike)]


def case(rng, kind, n):
    k = 3 if kind == 'stance' else int(rng.integers(1 if kind == 'multilabel' else 2, 5))
    if kind == 'multilabel':
        gold = (rng.random((n, k)) < rng.choice([.05, .3, .6], k)).astype(int)
    else:
        gold = np.eye(k, dtype=int)[rng.integers(0, k, n)]
    model = [answers(rng, kind, gold, skill) for skill in rng.choice([.3, 1., 2.], 2)]
    (p_a, a), (p_b, b) = model
    labels = [mcnemar(gold[:, l] == a[:, l], gold[:, l] == b[:, l]) for l in range(k)]
    return {'kind': kind, 'gold': gold.tolist(),
            'a': {'p': p_a.tolist(), 'chosen': a.tolist(), 'expected': of_model(kind, gold, a, p_a)},
            'b': {'p': p_b.tolist(), 'chosen': b.tolist(), 'expected': of_model(kind, gold, b, p_b)},
            'mcnemar': mcnemar((gold == a).all(1), (gold == b).all(1)), 'label_mcnemar': labels,
            'holm': holm([t['p'] for t in labels]), 'partings': partings(gold, a, b)}


def main():
    rng = np.random.default_rng(20)
    cases = [case(rng, kind, n) for kind in ('multiclass', 'multilabel', 'stance') for n in (1, 2, 7, 20, 45)]
    with open(os.path.join(HERE, 'compare.json'), 'w', encoding='utf-8') as f:
        f.write('[\n' + ',\n'.join(json.dumps(c, separators=(',', ':')) for c in cases) + '\n]\n')


main()
