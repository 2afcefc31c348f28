/* SPDX-License-Identifier: Apache-2.0
 *
 * Batches. Nothing is copied: articles are turned into views with the interpreter's lock held, classified on threads with the lock
 * released, and the numbers lie in bytes objects that NumPy or memoryview read as they are.
 */
#include "python/binding.h"

#include <pthread.h>
#include <string.h>

enum { THREADS_MAX = 1024 };

/* A batch and where its numbers go: arrays of n rows. */
typedef struct batch {
	const nv_model *model;
	const nv_schema *schema;
	const nv_py_article *article; /* [n] */
	size_t n, n_task, n_score;
	double *p, *margin, *coverage; /* [n][n_score], [n][n_score], [n] */
	uint8_t *chosen, *applies;     /* [n][n_score], [n][n_task] */
} batch;

typedef struct worker {
	const batch *batch;
	size_t from, to; /* articles */
	nv_error err;
	int code;
	bool started;
	pthread_t thread;
} worker;

static void keep_result(const batch *b, size_t i, const nv_result *result)
{
	size_t at = i * b->n_score;
	b->coverage[i] = nv_result_coverage(result);
	for (size_t t = 0; t < b->n_task; t++) {
		b->applies[i * b->n_task + t] = nv_result_applies(result, t);
		for (size_t l = 0; l < nv_schema_label_count(b->schema, t); l++, at++) {
			b->p[at] = nv_result_p(result, t, l);
			b->margin[at] = nv_result_margin(result, t, l);
			b->chosen[at] = nv_result_chosen(result, t, l);
		}
	}
}

/* Without the interpreter's lock. */
static void *classify_share(void *user)
{
	worker *w = user;
	nv_scratch *scratch = NULL;
	nv_result *result = NULL;
	w->code = nv_scratch_new(&scratch, w->batch->model, &w->err);
	if (w->code == NV_OK)
		w->code = nv_result_new(&result, w->batch->model, &w->err);
	for (size_t i = w->from; w->code == NV_OK && i < w->to; i++) {
		w->code = nv_classify(w->batch->model, &w->batch->article[i].article, scratch, result, &w->err);
		if (w->code == NV_OK)
			keep_result(w->batch, i, result);
	}
	nv_result_free(result);
	nv_scratch_free(scratch);
	return NULL;
}

/* Equal shares of the batch, a thread each; the caller's is the first. A share whose thread can't be started is done here. */
static void classify_shares(const batch *b, worker *workers, size_t n_worker)
{
	for (size_t i = 0; i < n_worker; i++) {
		worker *w = &workers[i];
		*w = (worker){.batch = b, .from = b->n * i / n_worker, .to = b->n * (i + 1) / n_worker};
		w->started = i > 0 && pthread_create(&w->thread, NULL, classify_share, w) == 0;
	}
	for (size_t i = 0; i < n_worker; i++)
		if (!workers[i].started)
			classify_share(&workers[i]);
	for (size_t i = 0; i < n_worker; i++)
		if (workers[i].started)
			pthread_join(workers[i].thread, NULL);
}

static int run_batch(const batch *b, size_t n_worker)
{
	worker *workers = PyMem_Calloc(n_worker, sizeof *workers);
	if (!workers) {
		PyErr_NoMemory();
		return -1;
	}
	Py_BEGIN_ALLOW_THREADS classify_shares(b, workers, n_worker);
	Py_END_ALLOW_THREADS int code = 0;
	for (size_t i = 0; code == 0 && i < n_worker; i++) {
		if (workers[i].code != NV_OK) {
			nv_py_raise(&workers[i].err);
			code = -1;
		}
	}
	PyMem_Free(workers);
	return code;
}

/* A bytes object of that size, and where to write it. */
static PyObject *room(size_t bytes, void *to)
{
	PyObject *object = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)bytes);
	char *start = object ? PyBytes_AsString(object) : NULL;
	memcpy(to, &start, sizeof start);
	return object;
}

static PyObject *classify_batch(batch *b, size_t n_worker)
{
	for (size_t t = 0; t < b->n_task; t++)
		b->n_score += nv_schema_label_count(b->schema, t);
	PyObject *p = room(b->n * b->n_score * sizeof(double), &b->p),
			 *margin = room(b->n * b->n_score * sizeof(double), &b->margin);
	PyObject *chosen = room(b->n * b->n_score, &b->chosen), *applies = room(b->n * b->n_task, &b->applies);
	PyObject *coverage = room(b->n * sizeof(double), &b->coverage);
	PyObject *result = NULL;
	if (p && margin && chosen && applies && coverage && run_batch(b, n_worker) == 0)
		result = PyTuple_Pack(5, p, margin, chosen, applies, coverage);
	Py_XDECREF(p);
	Py_XDECREF(margin);
	Py_XDECREF(chosen);
	Py_XDECREF(applies);
	Py_XDECREF(coverage);
	return result;
}

static int fill_articles(nv_py_article *article, PyObject *list, size_t n)
{
	int code = 0;
	for (size_t i = 0; code == 0 && i < n; i++) {
		PyObject *item = PyList_GetItem(list, (Py_ssize_t)i); /* borrowed */
		code = item ? nv_py_article_fill(&article[i], item) : -1;
	}
	return code;
}

PyObject *nv_py_classify(PyObject *self, PyObject *args)
{
	PyObject *list;
	Py_ssize_t threads;
	if (!PyArg_ParseTuple(args, "O!n", &PyList_Type, &list, &threads))
		return NULL;
	size_t n = (size_t)PyList_Size(list), n_worker = threads < 1             ? 1
	                                                 : threads > THREADS_MAX ? THREADS_MAX
	                                                                         : (size_t)threads;
	nv_py_article *article = PyMem_Calloc(n + 1, sizeof *article);
	if (!article)
		return PyErr_NoMemory();
	const nv_schema *schema = nv_model_schema(nv_py_model(self));
	batch b = {.model = nv_py_model(self),
	           .schema = schema,
	           .article = article,
	           .n = n,
	           .n_task = nv_schema_task_count(schema)};
	PyObject *result = NULL;
	if (fill_articles(article, list, n) == 0)
		result = classify_batch(&b, n_worker < n ? n_worker : n ? n : 1);
	for (size_t i = 0; i < n; i++)
		nv_py_article_clear(&article[i]);
	PyMem_Free(article);
	return result;
}
