#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Compares every figure of nv_metrics with scikit-learn's, to 1e-9, over random cases.

usage: metrics.py DRIVER [CASES]     DRIVER: the built tests/tools/metrics_driver; CASES: default 1000
Cases have ties in p, labels that no article has, labels that are never chosen, empty classes, single articles. What
scikit-learn does not define (Brier for several classes, calibration error, undefined values) is computed from SPEC.md's formulas.
Status 0: all agree; 1: some differ (each is printed); 77: skipped, python3-sklearn is missing.
"""
import json
import math
import subprocess
import sys
import warnings

try:
    import numpy as np
    from scipy.stats import spearmanr
    from sklearn import metrics as sk
except ImportError:
    print('skipped: python3-sklearn is not installed')
    sys.exit(77)

warnings.filterwarnings('ignore')
EPS = 1e-15


def make_case(rng):
    kind = ['multiclass', 'multilabel', 'stance'][rng.integers(3)]
    n = int(rng.choice([1, 2, 3, 5, 10, 40, 120]))
    labels = ['favor', 'none', 'against'] if kind == 'stance' else ['l%d' % i for i in range(int(rng.integers(1 if kind == 'multilabel' else 2, 7)))]
    k = len(labels)
    p = rng.random((n, k)) ** rng.choice([0.5, 1, 3])
    if rng.random() < 0.5:
        p = np.round(p, 1)  # ties, zeros and ones
    if kind == 'multilabel':
        gold = (rng.random((n, k)) < rng.random(k) * rng.choice([0, 1], k, p=[0.2, 0.8])).astype(int)
        chosen = (p > rng.choice([0.3, 0.5, 0.9])).astype(int)
    else:
        p = (p + 1e-3 * (p.sum(1, keepdims=True) == 0)) / (p + 1e-3 * (p.sum(1, keepdims=True) == 0)).sum(1, keepdims=True)
        live = rng.permutation(k)[:int(rng.integers(1, k + 1))]  # labels that occur
        gold = np.eye(k, dtype=int)[rng.choice(live, n)]
        chosen = np.eye(k, dtype=int)[p.argmax(1)]
        chosen[rng.random(n) < 0.03] = 0  # no answer
    return {'kind': kind, 'labels': labels, 'gold': gold.tolist(), 'p': p.tolist(), 'chosen': chosen.tolist()}


def ratio(a, b):
    return a / b if b else None


def mean(values):
    values = [v for v in values if v is not None]
    return sum(values) / len(values) if values else None


def calibration_error(p, hit, bins=10):
    """Equal mass: a bin ends at the first change of p at or behind its share of the articles."""
    order = np.argsort(p, kind='stable')
    p, hit, n = p[order], hit[order], len(p)
    start, error = 0, 0.0
    while start < n:
        b = next(b for b in range(1, bins + 1) if b * n // bins > start)
        end = b * n // bins
        while end < n and p[end] == p[end - 1]:
            end += 1
        error += abs(p[start:end].sum() - hit[start:end].sum())
        start = end
    return error / n


def label_figures(g, c, q):
    tp, fp, fn = int((g & c).sum()), int((c & ~g & 1).sum()), int((g & ~c & 1).sum())
    two = 0 < g.sum() < len(g)
    return {
        'support': int(g.sum()), 'tp': tp, 'fp': fp, 'fn': fn, 'tn': len(g) - tp - fp - fn,
        'precision': sk.precision_score(g, c) if c.sum() else None,
        'recall': sk.recall_score(g, c) if g.sum() else None,
        'f1': sk.f1_score(g, c) if g.sum() + c.sum() else None,
        'average_precision': sk.average_precision_score(g, q) if two else None,
        'roc_auc': sk.roc_auc_score(g, q) if two else None,
    }


def losses(case, g, c, p):
    k = len(case['labels'])
    if case['kind'] == 'multilabel':
        return {
            'log_loss': np.mean([sk.log_loss(g[:, l], p[:, l], labels=[0, 1], eps=EPS) for l in range(k)]),
            'brier': np.mean([sk.brier_score_loss(g[:, l], p[:, l], pos_label=1) for l in range(k)]),
            'ece': np.mean([calibration_error(p[:, l], g[:, l]) for l in range(k)]),
        }
    top = np.where(c.any(1), c.argmax(1), p.argmax(1))
    rows = np.arange(len(g))
    return {
        'log_loss': sk.log_loss(g.argmax(1), p, labels=list(range(k)), eps=EPS),
        'brier': ((p - g) ** 2).sum(1).mean(),
        'ece': calibration_error(p[rows, top], g[rows, top]),
    }


def stance_figures(g, p, f1):
    score, value = p[:, 0] - p[:, 2], g[:, 0] - g[:, 2]
    on = value != 0
    both = on.any() and len(set(value[on])) == 2
    r = spearmanr(score, value)[0] if len(g) > 1 and len(set(value)) > 1 and len(set(score)) > 1 else float('nan')
    return {
        'macro.f1_favor_against': mean([f1['favor'], f1['against']]),
        'score_auc': sk.roc_auc_score(value[on] > 0, score[on]) if both else None,
        'score_correlation': None if math.isnan(r) else r,
    }


def confusion(case, g, c):
    if case['kind'] == 'multilabel':
        return [sk.confusion_matrix(g[:, l], c[:, l], labels=[0, 1]).tolist() for l in range(g.shape[1])]
    k = len(case['labels'])
    chosen = np.where(c.any(1), c.argmax(1), k)
    size = k + int((chosen == k).any())
    return sk.confusion_matrix(g.argmax(1), chosen, labels=list(range(size))).tolist()


def reference(case):
    g, c, p = (np.array(case[name]) for name in ('gold', 'chosen', 'p'))
    out = {'labels': {l: label_figures(g[:, i], c[:, i], p[:, i]) for i, l in enumerate(case['labels'])}}
    each = out['labels'].values()
    for name in ('precision', 'recall', 'f1', 'average_precision'):
        out['macro.' + name] = mean([f[name] for f in each])
    flat_g, flat_c = g.ravel(), c.ravel()
    out['micro.precision'] = sk.precision_score(flat_g, flat_c) if flat_c.any() else None
    out['micro.recall'] = sk.recall_score(flat_g, flat_c) if flat_g.any() else None
    out['micro.f1'] = sk.f1_score(flat_g, flat_c) if flat_g.any() or flat_c.any() else None
    out['accuracy'] = sk.accuracy_score(g, c) if case['kind'] == 'multilabel' and g.shape[1] > 1 else float((g == c).all(1).mean())
    out.update(losses(case, g, c, p))
    if case['kind'] == 'stance':
        out.update(stance_figures(g, p, {l: f['f1'] for l, f in out['labels'].items()}))
    out['confusion'] = confusion(case, g, c)
    return out


def differs(ours, theirs):
    if isinstance(ours, dict):
        ours = ours['value']
    if ours is None or theirs is None:
        return ours is not theirs
    return abs(ours - theirs) > 1e-9 * max(1, abs(theirs))


def compare(number, case, ours, theirs):
    wrong = []
    for label, figures in theirs.pop('labels').items():
        wrong += [(label + '.' + name, ours['labels'][label][name], x) for name, x in figures.items() if differs(ours['labels'][label][name], x)]
    if ours['confusion']['counts'] != theirs['confusion']:
        wrong.append(('confusion', ours['confusion']['counts'], theirs['confusion']))
    del theirs['confusion']
    for name, x in theirs.items():
        value = ours
        for part in name.split('.'):
            value = value[part]
        if differs(value, x):
            wrong.append((name, value, x))
    for name, a, b in wrong:
        print('case %d (%s, %d articles): %s is %s, should be %s' % (number, case['kind'], len(case['gold']), name, a, b))
    return len(wrong)


def main():
    driver, n = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    rng = np.random.default_rng(1)
    cases = [make_case(rng) for _ in range(n)]
    run = subprocess.run([driver], input=''.join(json.dumps(c) + '\n' for c in cases), capture_output=True, text=True)
    if run.returncode:
        sys.exit('%s ended with status %d: %s' % (driver, run.returncode, run.stderr))
    decoder, text, at, wrong = json.JSONDecoder(), run.stdout, 0, 0
    for number, case in enumerate(cases):
        ours, at = decoder.raw_decode(text, at)
        at += 1
        wrong += compare(number, case, ours, reference(case))
    print('%d cases, %d figures differ' % (n, wrong))
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main())
