/* SPDX-License-Identifier: Apache-2.0
 *
 * A dict's str values lie in Python's objects, whose UTF-8 form the interpreter keeps; the views point there and `keep` holds the
 * objects, so that another thread may change the dict while the lock is released. Fields are counted first and filled then, so that the
 * arrays need not move.
 */
#include "python/binding.h"

#include <string.h>

typedef struct filling {
	nv_py_article *to;
	bool counting;
	size_t n_field, n_value;
} filling;

void nv_py_article_clear(nv_py_article *article)
{
	PyMem_Free(article->field);
	PyMem_Free(article->value);
	Py_CLEAR(article->keep);
	memset(article, 0, sizeof *article);
}

/* Lone surrogates become ill-formed UTF-8, which the library reads as U+FFFD. */
static int view(nv_py_article *to, PyObject *text, nv_str *out)
{
	Py_ssize_t len;
	const char *ptr = PyUnicode_AsUTF8AndSize(text, &len);
	int code = 0;
	if (ptr) {
		code = PyList_Append(to->keep, text);
	} else {
		char *start = NULL;
		PyErr_Clear();
		PyObject *bytes = PyUnicode_AsEncodedString(text, "utf-8", "surrogatepass");
		code = bytes ? PyBytes_AsStringAndSize(bytes, &start, &len) : -1;
		if (code == 0)
			code = PyList_Append(to->keep, bytes);
		Py_XDECREF(bytes); /* `keep` has it */
		ptr = start;
	}
	if (code == 0)
		*out = (nv_str){ptr, (size_t)len};
	return code;
}

/* The view of any object's str(). */
static int view_as_text(nv_py_article *to, PyObject *object, nv_str *out)
{
	PyObject *text = PyObject_Str(object);
	int code = text ? view(to, text, out) : -1;
	Py_XDECREF(text);
	return code;
}

/* ---- The five basic fields ---- */

static nv_str *basic_field(nv_article *article, const char *key)
{
	if (strcmp(key, "id") == 0)
		return &article->id;
	if (strcmp(key, "title") == 0)
		return &article->title;
	if (strcmp(key, "text") == 0)
		return &article->text;
	if (strcmp(key, "date") == 0)
		return &article->date;
	return strcmp(key, "source") == 0 ? &article->source : NULL;
}

static int fill_basic(nv_py_article *to, const char *key, PyObject *value, nv_str *out)
{
	if (PyUnicode_Check(value))
		return view(to, value, out);
	if (out == &to->article.id && PyLong_Check(value) && !PyBool_Check(value))
		return view_as_text(to, value, out);
	PyErr_Format(PyExc_TypeError, "an article's %s is a str, not %R", key, (PyObject *)Py_TYPE(value));
	return -1;
}

/* ---- Other fields ---- */

static bool is_list_of_texts(PyObject *value)
{
	if (!PyList_Check(value) && !PyTuple_Check(value))
		return false;
	Py_ssize_t n = PySequence_Size(value);
	bool texts = true;
	for (Py_ssize_t i = 0; texts && i < n; i++) {
		PyObject *item = PySequence_GetItem(value, i);
		texts = item && PyUnicode_Check(item);
		Py_XDECREF(item);
	}
	return texts;
}

static int fill_values(filling *f, nv_field *field, PyObject *value)
{
	nv_str *start = &f->to->value[f->n_value];
	field->value = start;
	if (PyUnicode_Check(value)) {
		field->kind = NV_FIELD_STRING;
		field->n_value = 1;
		return view(f->to, value, start);
	}
	if (!is_list_of_texts(value)) {
		field->kind = NV_FIELD_OTHER;
		field->n_value = 1;
		return view_as_text(f->to, value, start);
	}
	field->kind = NV_FIELD_LIST;
	field->n_value = (size_t)PySequence_Size(value);
	for (size_t i = 0; i < field->n_value; i++) {
		PyObject *item = PySequence_GetItem(value, (Py_ssize_t)i);
		int code = item ? view(f->to, item, &start[i]) : -1;
		Py_XDECREF(item);
		if (code < 0)
			return code;
	}
	return 0;
}

static int add_field(filling *f, PyObject *name, PyObject *value)
{
	size_t n_value = is_list_of_texts(value) ? (size_t)PySequence_Size(value) : 1;
	if (!f->counting) {
		nv_field *field = &f->to->field[f->n_field];
		*field = (nv_field){.kind = NV_FIELD_MISSING};
		if (view(f->to, name, &field->name) < 0 || fill_values(f, field, value) < 0)
			return -1;
	}
	f->n_field++;
	f->n_value += n_value;
	return 0;
}

static int add_record(filling *f, PyObject *prefix, PyObject *record);

/* One item of a record; a dict in it gives fields with a dot: {"stance": {"ai_progress": …}} is "stance.ai_progress". */
static int add_item(filling *f, PyObject *prefix, PyObject *key, PyObject *value)
{
	const char *text = PyUnicode_Check(key) ? PyUnicode_AsUTF8AndSize(key, NULL) : NULL;
	if (!text) {
		if (!PyErr_Occurred())
			PyErr_SetString(PyExc_TypeError, "the keys of an article are of type str");
		return -1;
	}
	if (value == Py_None)
		return 0;
	nv_str *basic = prefix ? NULL : basic_field(&f->to->article, text);
	if (basic)
		return f->counting ? fill_basic(f->to, text, value, basic) : 0;
	PyObject *name = prefix ? PyUnicode_FromFormat("%U.%U", prefix, key) : Py_NewRef(key);
	if (!name)
		return -1;
	int code = PyDict_Check(value) ? add_record(f, name, value) : add_field(f, name, value);
	Py_DECREF(name);
	return code;
}

static int add_record(filling *f, PyObject *prefix, PyObject *record)
{
	PyObject *key, *value;
	Py_ssize_t at = 0;
	if (Py_EnterRecursiveCall(" in an article"))
		return -1;
	int code = 0;
	while (code == 0 && PyDict_Next(record, &at, &key, &value))
		code = add_item(f, prefix, key, value);
	Py_LeaveRecursiveCall();
	return code;
}

static int fill_from_dict(nv_py_article *to, PyObject *record)
{
	filling f = {.to = to, .counting = true};
	if (add_record(&f, NULL, record) < 0)
		return -1;
	if (f.n_field == 0)
		return 0;
	to->field = PyMem_Calloc(f.n_field, sizeof *to->field);
	to->value = PyMem_Calloc(f.n_value + 1, sizeof *to->value);
	if (!to->field || !to->value) {
		PyErr_NoMemory();
		return -1;
	}
	f = (filling){.to = to};
	if (add_record(&f, NULL, record) < 0)
		return -1;
	to->article.field = to->field;
	to->article.n_field = f.n_field;
	return 0;
}

int nv_py_article_fill(nv_py_article *to, PyObject *from)
{
	nv_py_article_clear(to);
	to->keep = PyList_New(0);
	if (!to->keep)
		return -1;
	if (PyUnicode_Check(from))
		return view(to, from, &to->article.text);
	if (PyDict_Check(from))
		return fill_from_dict(to, from);
	PyErr_Format(PyExc_TypeError, "an article is a str or a dict, not %R", (PyObject *)Py_TYPE(from));
	return -1;
}
