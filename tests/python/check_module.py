# SPDX-License-Identifier: Apache-2.0
"""The package newsvane against the program and against itself. Run by run_python.sh, which sets NEWSVANE, FIXTURES and DATA."""

import copy
import json
import os
import pickle
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import warnings

import newsvane
from newsvane import _newsvane

FIXTURES, DATA, PROGRAM = os.environ["FIXTURES"], os.environ["DATA"], os.environ["NEWSVANE"]


def records(name):
    with open(os.path.join(FIXTURES, f"{name}.jsonl"), encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def trained(name, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", newsvane.Note)
        return newsvane.train(records(name), f"{FIXTURES}/{name}.json", **options)


class Core(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "a.model")

    def program(self, *args):
        done = subprocess.run([PROGRAM, *args], capture_output=True, text=True, check=True)
        return done.stdout

    def test_same_model_bytes_as_the_program(self):
        for name in ("desk", "topics", "stance"):
            self.program("train", "--schema", f"{FIXTURES}/{name}.json", "--model", self.path, f"{FIXTURES}/{name}.jsonl")
            with open(self.path, "rb") as file:
                self.assertEqual(file.read(), trained(name).to_bytes(), name)

    def test_same_predictions_as_the_program(self):
        for name in ("desk", "topics", "stance"):
            model = trained(name)
            model.save(self.path)
            lines = self.program("classify", "--model", self.path, f"{FIXTURES}/{name}.jsonl").splitlines()
            results = list(newsvane.load(self.path).classify(records(name)))
            self.assertEqual(len(lines), len(results))
            for line, result in zip(map(json.loads, lines), results):
                self.assertEqual(line["id"], result.id)
                self.assertAlmostEqual(line["coverage"], result.coverage, places=5)
                self.assertEqual(set(line["predictions"]), set(result.predictions))
                for task, said in line["predictions"].items():
                    mine = result.predictions[task]
                    self.assertEqual(said.get("labels", [said.get("label")]), list(mine.labels))
                    for label, p in said["p"].items():
                        self.assertAlmostEqual(p, mine.p[label], places=5)
                    if "score" in said:
                        self.assertAlmostEqual(said["score"], mine.score, places=5)

    def test_same_for_any_batch_and_threads(self):
        model, articles = trained("desk"), records("desk")
        whole = list(model.classify(articles, threads=1))
        for batch, threads in ((1, 1), (7, 3), (1000, 2), (1000, 100)):
            self.assertEqual(whole, list(model.classify(articles, batch=batch, threads=threads)))

    def test_texts_and_generators(self):
        model = trained("desk")
        text = "The striker scored twice and the keeper saved a penalty."
        (result,) = model.classify(iter([text]))
        self.assertEqual(result.predictions["desk"].label, "sport")
        self.assertIsNone(result.id)
        self.assertEqual(list(model.classify([])), [])
        # Nothing is read ahead of the batch that is needed.
        endless = (text for _ in iter(int, 1))
        self.assertEqual(next(model.classify(endless, batch=2)).predictions, result.predictions)

    def test_pickle_and_copy(self):
        model = trained("topics")
        for other in (pickle.loads(pickle.dumps(model)), copy.deepcopy(model)):
            self.assertEqual(list(model.classify(records("topics"))), list(other.classify(records("topics"))))

    def test_tasks_and_inspect(self):
        model = trained("stance")
        kinds = {kind for kind, _ in model.tasks.values()}
        self.assertEqual(kinds, {"stance"})
        for _, labels in model.tasks.values():
            self.assertEqual(labels, ("favor", "none", "against"))
        self.assertIn("training", json.dumps(model.inspect(top=3)))

    def test_default_schema_and_options(self):
        articles = records(f"{DATA}/examples/examples")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", newsvane.Note)
            model = newsvane.train(articles, algorithm="nb", alpha=0.5, min_df=1, ngrams="1-1")
        said = model.inspect()["metadata"]["options"]
        self.assertEqual((said["algorithm"], said["alpha"], said["min-df"], said["ngrams"]), ("nb", "0.5", "1", "1"))
        self.assertIn("topics", model.tasks)

    def test_lock_is_released(self):
        model = trained("desk")
        articles = ["word " * 2000] * 3000
        turns, done = 0, threading.Event()

        def work():
            model._classify(articles, 1)
            done.set()

        started = time.process_time()
        thread = threading.Thread(target=work)
        thread.start()
        while not done.is_set():
            turns += 1
            time.sleep(0.001)
        thread.join()
        self.assertGreater(turns, 3, f"{time.process_time() - started} s of work")


class Limits(unittest.TestCase):
    def test_odd_texts(self):
        model = trained("desk")
        odd = ["", "\x00", "a\x00b", "lone \ud800 surrogate", "日本語", "x" * 1000000, {"title": "only a title"}, {"text": None}]
        results = list(model.classify(odd))
        self.assertEqual(len(results), len(odd))
        for result in results:
            self.assertAlmostEqual(sum(result.predictions["desk"].p.values()), 1, places=9)

    def test_fields_of_records(self):
        model = trained("desk")
        for record in ({"id": 12, "text": "a"}, {"text": "a", "tags": ["x", "y"], "deep": {"er": {"n": 1.5, "list": [1, "a"]}}}):
            (result,) = model.classify([record])
            self.assertEqual(result.id, "12" if "id" in record else None)

    def test_deep_record_is_an_error(self):
        deep = record = {}
        for _ in range(100000):
            deep["a"] = {}
            deep = deep["a"]
        with self.assertRaises(RecursionError):
            list(trained("desk").classify([record]))
        while record:  # taken apart by hand: its own release would be as deep
            record = record.pop("a")

    def test_arrays(self):
        try:
            import numpy as np
        except ImportError:
            self.skipTest("no NumPy here")
        model = trained("desk")
        arrays = model.classify_arrays(records("desk"), batch=5)
        results = list(model.classify(records("desk")))
        labels = model.tasks["desk"][1]
        expected = [[r.predictions["desk"].p[label] for label in labels] for r in results]
        self.assertTrue(np.array_equal(arrays["desk"], expected))
        self.assertEqual(model.classify_arrays([])["desk"].shape, (0, len(labels)))

    def test_where_leaves_tasks_out(self):
        schema = {
            "tasks": [
                {"name": "a", "kind": "stance", "field": "stance", "where": {"target": "a"}},
                {"name": "b", "kind": "stance", "field": "stance", "where": {"target": "b"}},
            ]
        }
        articles = [
            {"text": f"{word} thing number {i}", "target": target, "stance": stance}
            for target in "ab"
            for word, stance in (("good", "favor"), ("bad", "against"), ("plain", "none"))
            for i in range(6)
        ]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", newsvane.Note)
            model = newsvane.train(articles, schema)
        # An article that lacks the field gets every task.
        one, every = model.classify([articles[0], "good thing"])
        self.assertEqual((list(one.predictions), list(every.predictions)), (["a"], ["a", "b"]))


class Errors(unittest.TestCase):
    def fails(self, code, call, *args, **named):
        with self.assertRaises(newsvane.Error) as caught:
            call(*args, **named)
        self.assertEqual(caught.exception.code, code)
        return caught.exception

    def test_place_and_code(self):
        error = self.fails("model", newsvane.load, f"{FIXTURES}/desk.json")
        self.assertEqual(error.path, f"{FIXTURES}/desk.json")
        self.assertIn("desk.json", str(error))
        self.fails("model", newsvane.Model.from_bytes, b"no model")
        self.fails("model", newsvane.Model.from_bytes, trained("desk").to_bytes()[:-100])
        self.fails("usage", newsvane.train, [], no_such_option=1)
        error = self.fails("usage", newsvane.train, [], algorithm="magic")
        self.assertIn("--algorithm", str(error))
        self.assertIsNone(error.path)
        self.fails("schema", newsvane.train, [], {"tasks": []})
        self.fails("input", newsvane.train, [])
        self.fails("io", trained("desk").save, "/no/such/folder/a.model")

    def test_wrong_articles(self):
        model = trained("desk")
        for articles in ("a text", {"text": "a"}, [1], [{1: "a"}], [{"text": 1}], [{"id": 1.5}], 7):
            with self.assertRaises(TypeError):
                list(model.classify(articles))
        with self.assertRaises(TypeError):
            _newsvane.Model()

    def test_errors_of_the_iterable_pass_through(self):
        def breaking():
            yield from records("desk")[:5]
            raise LookupError("the source broke")

        with self.assertRaisesRegex(LookupError, "the source broke"):
            newsvane.train(breaking(), f"{FIXTURES}/desk.json")
        with self.assertRaisesRegex(LookupError, "the source broke"):
            list(trained("desk").classify(breaking()))
        with self.assertRaises(TypeError):
            newsvane.train([3], f"{FIXTURES}/desk.json")

    def test_notes_are_warnings(self):
        articles = records("desk")
        with self.assertWarns(newsvane.Note):
            newsvane.train(articles + articles, f"{FIXTURES}/desk.json")
        with warnings.catch_warnings():
            warnings.simplefilter("error", newsvane.Note)
            with self.assertRaises(newsvane.Note):
                newsvane.train(articles + articles, f"{FIXTURES}/desk.json")

    def test_nothing_is_leaked(self):
        model = trained("desk")
        text, record = "a text of its own" * 3, {"text": "another", "tags": ["of its own"]}
        before = sys.getrefcount(text), sys.getrefcount(record), sys.getrefcount(record["tags"])
        for _ in range(20):
            list(model.classify([text, record]))
            with self.assertRaises(TypeError):
                list(model.classify([text, record, 1]))
        after = sys.getrefcount(text), sys.getrefcount(record), sys.getrefcount(record["tags"])
        self.assertEqual(before, after)


if __name__ == "__main__":
    unittest.main()
