/* SPDX-License-Identifier: Apache-2.0
 *
 * The type Model. A training pulls its articles from a Python iterator: the library works without the interpreter's lock, and each callback
 * takes it. An error that Python raises in a callback stops the library and is raised again at the end.
 */
#include "python/binding.h"

#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64 };

typedef struct model_object {
	PyObject_HEAD nv_model *model;
	void *bytes; /* the model's memory, when it came from bytes */
} model_object;

nv_model *nv_py_model(PyObject *self)
{
	return ((model_object *)self)->model;
}

/* A new object of the class, which takes the model (and its memory) over. */
static PyObject *wrap(PyObject *class, nv_model *model, void *bytes)
{
	PyObject *object = PyType_GenericAlloc((PyTypeObject *)class, 0);
	if (!object) {
		nv_model_free(model);
		free(bytes);
		return NULL;
	}
	((model_object *)object)->model = model;
	((model_object *)object)->bytes = bytes;
	return object;
}

static void dealloc(PyObject *self)
{
	PyTypeObject *type = Py_TYPE(self);
	nv_model_free(nv_py_model(self));
	free(((model_object *)self)->bytes);
	freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
	release(self);
	Py_DECREF(type);
}

static PyObject *refuse_new(PyTypeObject *type, PyObject *args, PyObject *named)
{
	(void)type;
	(void)args;
	(void)named;
	PyErr_SetString(PyExc_TypeError, "a Model comes from newsvane.load, newsvane.train or Model.from_bytes");
	return NULL;
}

/* ---- In and out ---- */

static PyObject *open_model(PyObject *class, PyObject *path)
{
	nv_error err = {0};
	nv_model *model = NULL;
	PyObject *bytes = NULL;
	if (!PyUnicode_FSConverter(path, &bytes))
		return NULL;
	int code;
	const char *name = PyBytes_AsString(bytes);
	Py_BEGIN_ALLOW_THREADS code = nv_model_open(&model, name, &err);
	Py_END_ALLOW_THREADS Py_DECREF(bytes);
	return code == NV_OK ? wrap(class, model, NULL) : nv_py_raise(&err);
}

static PyObject *from_bytes(PyObject *class, PyObject *bytes)
{
	nv_error err = {0};
	nv_model *model = NULL;
	char *from;
	Py_ssize_t len;
	if (PyBytes_AsStringAndSize(bytes, &from, &len) < 0)
		return NULL;
	void *copy = aligned_alloc(ALIGNMENT, ((size_t)len / ALIGNMENT + 1) * ALIGNMENT);
	if (!copy)
		return PyErr_NoMemory();
	memcpy(copy, from, (size_t)len);
	if (nv_model_from_buffer(&model, copy, (size_t)len, &err) != NV_OK) {
		free(copy);
		return nv_py_raise(&err);
	}
	return wrap(class, model, copy);
}

static PyObject *save(PyObject *self, PyObject *path)
{
	nv_error err = {0};
	PyObject *bytes = NULL;
	if (!PyUnicode_FSConverter(path, &bytes))
		return NULL;
	int code;
	const char *name = PyBytes_AsString(bytes);
	Py_BEGIN_ALLOW_THREADS code = nv_model_save(nv_py_model(self), name, &err);
	Py_END_ALLOW_THREADS Py_DECREF(bytes);
	if (code != NV_OK)
		return nv_py_raise(&err);
	Py_RETURN_NONE;
}

/* A sink into a list of bytes objects. */
static int collect(void *user, const char *bytes, size_t len)
{
	PyObject *list = user;
	PyObject *part = PyBytes_FromStringAndSize(bytes, (Py_ssize_t)len);
	int code = part ? PyList_Append(list, part) : -1;
	Py_XDECREF(part);
	return code;
}

static PyObject *joined(PyObject *parts)
{
	PyObject *empty = PyBytes_FromStringAndSize(NULL, 0);
	PyObject *all = empty ? PyObject_CallMethod(empty, "join", "O", parts) : NULL;
	Py_XDECREF(empty);
	return all;
}

/* What `write` gave to the sink; Python's own error goes before the library's "writing failed". */
static PyObject *end_collecting(PyObject *parts, int code, const nv_error *err)
{
	PyObject *all = NULL;
	if (code == NV_OK)
		all = joined(parts);
	else if (!PyErr_Occurred())
		nv_py_raise(err);
	Py_DECREF(parts);
	return all;
}

static PyObject *to_bytes(PyObject *self, PyObject *unused)
{
	(void)unused;
	nv_error err = {0};
	PyObject *parts = PyList_New(0);
	if (!parts)
		return NULL;
	nv_sink sink = {collect, parts};
	return end_collecting(parts, nv_model_write(nv_py_model(self), &sink, &err), &err);
}

static PyObject *inspect(PyObject *self, PyObject *args)
{
	nv_error err = {0};
	Py_ssize_t top = 0;
	if (!PyArg_ParseTuple(args, "n", &top))
		return NULL;
	PyObject *parts = PyList_New(0);
	if (!parts)
		return NULL;
	nv_sink sink = {collect, parts};
	return end_collecting(parts, nv_model_inspect(nv_py_model(self), top > 0 ? (size_t)top : 0, true, &sink, &err),
	                      &err);
}

/* ---- Tasks ---- */

static PyObject *labels_of(const nv_schema *schema, size_t task)
{
	size_t n = nv_schema_label_count(schema, task);
	PyObject *labels = PyTuple_New((Py_ssize_t)n);
	for (size_t l = 0; labels && l < n; l++) {
		PyObject *label = PyUnicode_FromString(nv_schema_label(schema, task, l));
		if (!label || PyTuple_SetItem(labels, (Py_ssize_t)l, label) < 0)
			Py_CLEAR(labels);
	}
	return labels;
}

static PyObject *tasks(PyObject *self, void *unused)
{
	(void)unused;
	static const char *const kind[] = {
		[NV_MULTICLASS] = "multiclass", [NV_MULTILABEL] = "multilabel", [NV_STANCE] = "stance"};
	const nv_schema *schema = nv_model_schema(nv_py_model(self));
	PyObject *list = PyList_New(0);
	for (size_t t = 0; list && t < nv_schema_task_count(schema); t++) {
		PyObject *labels = labels_of(schema, t);
		PyObject *row = labels ? Py_BuildValue("(ssN)", nv_schema_task_name(schema, t),
		                                       kind[nv_schema_task_kind(schema, t)], labels)
		                       : NULL;
		if (!row || PyList_Append(list, row) < 0)
			Py_CLEAR(list);
		Py_XDECREF(row);
	}
	return list;
}

/* ---- Training ---- */

typedef struct training {
	PyObject *iterator, *note;
	nv_py_article article;
	PyObject *type, *value, *trace; /* Python's error, from a callback */
} training;

/* Keeps the error that a callback met; the library is told to stop, and the error is raised again at the end. */
static void keep_error(training *t)
{
	if (!t->type)
		PyErr_Fetch(&t->type, &t->value, &t->trace);
	else
		PyErr_Clear();
}

static int next_article(void *user, nv_article *article, nv_error *err)
{
	training *t = user;
	int got = 0;
	PyGILState_STATE state = PyGILState_Ensure();
	PyObject *item = PyIter_Next(t->iterator);
	if (item && nv_py_article_fill(&t->article, item) == 0) {
		*article = t->article.article;
		got = 1;
	}
	Py_XDECREF(item);
	if (PyErr_Occurred()) {
		keep_error(t);
		if (err)
			err->code = NV_E_CANCELLED;
		got = NV_E_CANCELLED;
	}
	PyGILState_Release(state);
	return got;
}

static void tell_note(void *user, const char *text)
{
	training *t = user;
	PyGILState_STATE state = PyGILState_Ensure();
	PyObject *result = PyObject_CallFunction(t->note, "s", text);
	if (!result)
		keep_error(t);
	Py_XDECREF(result);
	PyGILState_Release(state);
}

/* Ctrl-C stops a training. */
static int check_signals(void *user, const char *phase, uint64_t done, uint64_t total)
{
	(void)phase;
	(void)done;
	(void)total;
	training *t = user;
	PyGILState_STATE state = PyGILState_Ensure();
	if (PyErr_CheckSignals() < 0)
		keep_error(t);
	int stop = t->type != NULL;
	PyGILState_Release(state);
	return stop;
}

/* Options from a sequence of (name, value) pairs of text. */
static int set_options(nv_options *options, PyObject *pairs)
{
	nv_error err = {0};
	Py_ssize_t n = PySequence_Size(pairs);
	int code = n < 0 ? -1 : 0;
	for (Py_ssize_t i = 0; code == 0 && i < n; i++) {
		const char *name, *value;
		PyObject *pair = PySequence_GetItem(pairs, i);
		code = pair && PyArg_ParseTuple(pair, "ss", &name, &value) ? 0 : -1;
		if (code == 0 && nv_options_set(options, name, value, &err) != NV_OK) {
			nv_py_raise(&err);
			code = -1;
		}
		Py_XDECREF(pair);
	}
	return code;
}

static PyObject *train_with(PyObject *class, training *t, const nv_schema *schema, const nv_options *options)
{
	nv_error err = {0};
	nv_model *model = NULL;
	const nv_articles articles = {next_article, t};
	const nv_progress progress = {check_signals, t};
	const nv_notes notes = {tell_note, t};
	int code;
	Py_BEGIN_ALLOW_THREADS code = nv_train(&model, schema, options, articles, &progress, &notes, &err);
	Py_END_ALLOW_THREADS nv_py_article_clear(&t->article);
	if (t->type) {
		nv_model_free(model);
		PyErr_Restore(t->type, t->value, t->trace);
		return NULL;
	}
	return code == NV_OK ? wrap(class, model, NULL) : nv_py_raise(&err);
}

static PyObject *train(PyObject *class, PyObject *args)
{
	PyObject *articles, *pairs;
	training t = {0};
	const char *json;
	Py_ssize_t len;
	nv_error err = {0};
	if (!PyArg_ParseTuple(args, "Oz#OO", &articles, &json, &len, &pairs, &t.note))
		return NULL;
	nv_schema *schema = NULL;
	PyObject *model = NULL;
	nv_options *options = nv_options_new();
	int code =
		json ? nv_schema_parse(&schema, (nv_str){json, (size_t)len}, "schema", &err) : nv_schema_default(&schema, &err);
	if (code != NV_OK)
		nv_py_raise(&err);
	else if (!options)
		PyErr_NoMemory();
	else if (set_options(options, pairs) == 0 && (t.iterator = PyObject_GetIter(articles)) != NULL)
		model = train_with(class, &t, schema, options);
	Py_XDECREF(t.iterator);
	nv_options_free(options);
	nv_schema_free(schema);
	return model;
}

/* ---- The type ---- */

static PyMethodDef methods[] = {
	{"open", open_model, METH_O | METH_CLASS, "open(path): maps a model file."},
	{"from_bytes", from_bytes, METH_O | METH_CLASS, "from_bytes(data): a model from the bytes of a model file."},
	{"to_bytes", to_bytes, METH_NOARGS, "to_bytes(): the bytes of the model's file."},
	{"save", save, METH_O, "save(path): writes the model file, whole or not at all."},
	{"train", train, METH_VARARGS | METH_CLASS, "train(articles, schema_json, options, note)"},
	{"_inspect", inspect, METH_VARARGS, "_inspect(top): what the model is, as JSON."},
	{"_classify", nv_py_classify, METH_VARARGS,
     "_classify(articles, threads): (p, margin, chosen, applies, coverage) as bytes."},
	{NULL, NULL, 0, NULL},
};

static PyGetSetDef members[] = {
	{"_tasks", tasks, NULL, "A list of (name, kind, labels).", NULL},
	{NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot slots[] = {
	{Py_tp_new, (void *)refuse_new}, {Py_tp_dealloc, (void *)dealloc},        {Py_tp_methods, methods},
	{Py_tp_getset, members},         {Py_tp_doc, (void *)"A trained model."}, {0, NULL},
};

PyType_Spec nv_py_model_spec = {
	.name = "newsvane._newsvane.Model",
	.basicsize = sizeof(model_object),
	.flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
	.slots = slots,
};
