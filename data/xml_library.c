/* SPDX-License-Identifier: Apache-2.0
 *
 * NV_XML2_SONAME is the name by which the library that newsvane is built with is known to the linker ("libxml2.so.2"): the same name is
 * the same ABI, and it is looked for where the linker would look.
 */
#include "data/xml_library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

typedef struct function {
	const char *name;
	size_t offset; /* in nv_xml_library */
} function;

static const function functions[] = {
#define NV_XML_ROW(name) {#name, offsetof(nv_xml_library, name)},
	NV_XML_FUNCTIONS(NV_XML_ROW)
#undef NV_XML_ROW
};

static const char *reason(void)
{
	const char *text = dlerror();
	return text ? text : "no reason given";
}

int nv_xml_library_open(nv_xml_library *library, const char *name, nv_error *err)
{
	void *handle = dlopen(name, RTLD_NOW | RTLD_LOCAL);
	if (!handle)
		return nv_fail(err, NV_E_INPUT, "web pages and feeds need libxml2: install it (%s)", reason());
	for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
		void *address = dlsym(handle, functions[i].name);
		if (!address)
			return nv_fail(err, NV_E_INPUT, "web pages and feeds need another libxml2 than the one installed (%s)",
			               reason());
		/* C has no conversion from an object's address to a function's; POSIX says that they look the same. */
		memcpy((char *)library + functions[i].offset, &address, sizeof address);
	}
	return NV_OK;
}

/* ---- The one of the process ---- */

static nv_xml_library opened;
static nv_error fault; /* why there is none */

/* The parser's tables are made before several threads may want them. */
static void open_once(void)
{
	if (nv_xml_library_open(&opened, NV_XML2_SONAME, &fault) == NV_OK)
		opened.xmlInitParser();
}

const nv_xml_library *nv_xml_library_get(nv_error *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, open_once);
	if (fault.code == NV_OK)
		return &opened;
	nv_fail(err, fault.code, "%s", fault.message);
	return NULL;
}
