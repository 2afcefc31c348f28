/* SPDX-License-Identifier: Apache-2.0 */
#include "python/binding.h"

#include <string.h>

PyObject *nv_py_error;

static const char *code_name(nv_code code)
{
	switch (code) {
	case NV_OK:
		break;
	case NV_E_USAGE:
		return "usage";
	case NV_E_RECORD:
		return "record";
	case NV_E_INPUT:
		return "input";
	case NV_E_SCHEMA:
		return "schema";
	case NV_E_MODEL:
		return "model";
	case NV_E_MEMORY:
		return "memory";
	case NV_E_IO:
		return "io";
	case NV_E_CANCELLED:
		return "cancelled";
	}
	return "unknown";
}

/* Sets the attribute and takes the value's reference. */
static int set(PyObject *object, const char *name, PyObject *value)
{
	int code = value ? PyObject_SetAttrString(object, name, value) : -1;
	Py_XDECREF(value);
	return code;
}

static PyObject *number_or_none(uint64_t n)
{
	return n ? PyLong_FromUnsignedLongLong(n) : Py_NewRef(Py_None);
}

PyObject *nv_py_raise(const nv_error *err)
{
	char text[NV_ERROR_TEXT + NV_ERROR_PATH + 32];
	if (err->code == NV_E_MEMORY)
		return PyErr_NoMemory();
	nv_error_format(err, text, sizeof text);
	PyObject *message = PyUnicode_DecodeUTF8(text, (Py_ssize_t)strlen(text), "replace");
	PyObject *error = message ? PyObject_CallFunctionObjArgs(nv_py_error, message, NULL) : NULL;
	if (error && set(error, "code", PyUnicode_FromString(code_name(err->code))) == 0 &&
	    set(error, "path", *err->path ? PyUnicode_DecodeFSDefault(err->path) : Py_NewRef(Py_None)) == 0 &&
	    set(error, "line", number_or_none(err->line)) == 0 && set(error, "byte", number_or_none(err->byte)) == 0)
		PyErr_SetObject(nv_py_error, error);
	Py_XDECREF(error);
	Py_XDECREF(message);
	return NULL;
}

static PyObject *option_row(const nv_option_info *info)
{
	return Py_BuildValue(
		"(szsss(NNNN))", info->name, info->value, info->initial, info->help, info->group,
		PyBool_FromLong(info->commands & NV_COMMAND_TRAIN), PyBool_FromLong(info->commands & NV_COMMAND_CLASSIFY),
		PyBool_FromLong(info->commands & NV_COMMAND_EVAL), PyBool_FromLong(info->commands & NV_COMMAND_CROSSVAL));
}

static PyObject *options(PyObject *module, PyObject *unused)
{
	(void)module;
	(void)unused;
	nv_option_info info;
	PyObject *list = PyList_New(0);
	for (size_t i = 0; list && nv_option_describe(i, &info); i++) {
		PyObject *row = option_row(&info);
		if (!row || PyList_Append(list, row) < 0)
			Py_CLEAR(list);
		Py_XDECREF(row);
	}
	return list;
}

static PyMethodDef functions[] = {
	{"options", options, METH_NOARGS,
     "The library's table of options: (name, value, default, help, group, (train, classify, eval, crossval)) each."},
	{NULL, NULL, 0, NULL},
};

static int add_error(PyObject *module)
{
	PyObject *none = Py_BuildValue("{sssOsOsO}", "code", "unknown", "path", Py_None, "line", Py_None, "byte", Py_None);
	if (!none)
		return -1;
	nv_py_error = PyErr_NewExceptionWithDoc(
		"newsvane.Error",
		"What the library says of a failure.\n\ncode is one of usage, record, input, schema, model, "
		"io and cancelled; path, line and byte\n(1-based) say where, and are None where that is not known.",
		PyExc_ValueError, none);
	Py_DECREF(none);
	return PyModule_AddObjectRef(module, "Error", nv_py_error);
}

static int add_model(PyObject *module)
{
	PyObject *type = PyType_FromModuleAndSpec(module, &nv_py_model_spec, NULL);
	int code = type ? PyModule_AddObjectRef(module, "Model", type) : -1;
	Py_XDECREF(type);
	return code;
}

static int fill_module(PyObject *module)
{
	if (add_error(module) < 0 || add_model(module) < 0)
		return -1;
	return PyModule_AddStringConstant(module, "version", nv_version());
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)fill_module}, {0, NULL}};

static PyModuleDef definition = {
	PyModuleDef_HEAD_INIT, "newsvane._newsvane", "newsvane.h for Python.", 0, functions, slots, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__newsvane(void);

PyMODINIT_FUNC PyInit__newsvane(void)
{
	return PyModuleDef_Init(&definition);
}
