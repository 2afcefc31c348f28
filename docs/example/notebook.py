# SPDX-License-Identifier: Apache-2.0
#
# notebook.py CORPUS: a session with newsvane in Python, cell by cell (editors show "# %%" as cells): look at the articles,
# cross-validate, train, draw, classify. Writes topics.model and, where matplotlib is installed, scores.png into the current folder.

# %% Labelled articles: one JSON object a line. Every fifth is enough for a look.
import json
import sys

import numpy as np
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.metrics import classification_report, f1_score

import newsvane

with open(sys.argv[1], encoding="utf-8") as file:
    articles = [json.loads(line) for line in file][::5]
topics = ["ai_industry", "us_china_policy", "finance"]
labelled = [article for article in articles if "topics" in article]
texts = [{"title": article.get("title", ""), "text": article["text"]} for article in labelled]
gold = np.array([[topic in article["topics"] for topic in topics] for article in labelled]).astype(int)
print(f"{len(labelled)} articles, of each topic:", dict(zip(topics, gold.sum(axis=0).tolist())))

# %% Cross-validation by scikit-learn. Each article is predicted by a model that has not seen it.
folds = KFold(4, shuffle=True, random_state=1)
predicted = cross_val_predict(newsvane.NewsvaneClassifier(), texts, gold, cv=folds)
print(classification_report(gold, predicted, target_names=topics, zero_division=0))
print(f"macro-F1 by 4 folds: {f1_score(gold, predicted, average='macro'):.2f}")

# %% How the default compares with plain naive Bayes on the same folds.
plain = cross_val_predict(newsvane.NewsvaneClassifier(algorithm="nb", subwords="off"), texts, gold, cv=folds)
print(f"naive Bayes alone: {f1_score(gold, plain, average='macro'):.2f}")

# %% A model of all tasks of the built-in schema, topics and stances, from the records as they are.
model = newsvane.train(articles)
model.save("topics.model")
for task, (kind, labels) in model.tasks.items():
    print(f"{task} ({kind}): {', '.join(labels)}")

# %% Classify: any iterable of texts or records.
fresh = [
    {"id": "chips", "title": "Export rules tightened", "text": "Washington added more Chinese chip makers to its export blacklist."},
    {"id": "bank", "text": "The bank raised its forecast as interest income and trading revenue beat estimates."},
]
for result in newsvane.load("topics.model").classify(fresh):
    print(f"{result.id}: {', '.join(result.predictions['topics'].labels) or 'no topic'}; known words {result.coverage:.0%}")

# %% The probabilities as an array, and a picture of them.
p = model.classify_arrays(texts)["topics"]
try:
    import matplotlib.pyplot as plt
except ImportError:
    print("no picture: matplotlib is not installed")
else:
    figure, axes = plt.subplots(1, len(topics), figsize=(10, 3), sharey=True)
    for column, topic in enumerate(topics):
        axes[column].hist([p[gold[:, column] == 0, column], p[gold[:, column] == 1, column]], bins=20, label=["others", topic])
        axes[column].set(title=topic, xlabel="probability")
    axes[0].set_ylabel("articles")
    figure.tight_layout()
    figure.savefig("scores.png", dpi=100)
    print("scores.png: probabilities of articles with and without each topic")
