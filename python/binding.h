/* SPDX-License-Identifier: Apache-2.0
 *
 * binding.h: the extension module newsvane._newsvane, newsvane.h for Python and nothing more: no method of the library is written again
 * here. It keeps to the limited API of Python 3.11, so that one build serves 3.11 and every later version.
 *   module.c     the module, its exception, the table of options
 *   articles.c   str and dict as nv_article
 *   model.c      the type Model: opening, training, saving
 *   classify.c   batches of articles on threads
 * Functions that return a PyObject * or an int below 0 have set Python's error when they fail. All need the interpreter's lock, unless
 * their comment says otherwise; training and classifying release it while the library works.
 */
#ifndef NV_PYTHON_BINDING_H
#define NV_PYTHON_BINDING_H

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#include "newsvane.h"

/* module.c */
extern PyObject *nv_py_error; /* newsvane.Error */
/* Raises newsvane.Error with code, path, line and byte, or MemoryError; returns NULL. */
PyObject *nv_py_raise(const nv_error *err);

/* articles.c: an article as views into Python objects that it keeps alive. Zero-initialise, fill, clear; may be filled again. */
typedef struct nv_py_article {
	nv_article article;
	nv_field *field;
	nv_str *value;
	PyObject *keep; /* list of what the views point into */
} nv_py_article;
/* From a str (the text) or a dict (a record); 0, or -1. */
int nv_py_article_fill(nv_py_article *to, PyObject *from);
void nv_py_article_clear(nv_py_article *article);

/* model.c */
extern PyType_Spec nv_py_model_spec;
nv_model *nv_py_model(PyObject *self); /* the Model's */

/* classify.c: Model._classify(list, threads), a tuple of five bytes objects: p and margin (double, [n][labels of all tasks]), chosen
 * (0 or 1, the same), applies (0 or 1, [n][task]) and coverage (double, [n]; NaN where there is none). */
PyObject *nv_py_classify(PyObject *self, PyObject *args);

#endif
