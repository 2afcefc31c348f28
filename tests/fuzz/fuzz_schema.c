/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_schema.c: any bytes as a label schema. One that is taken is written as JSON, and read and written again: the same JSON.
 */
#include "fuzz.h"

#include "data/schema.h"

static void write_json(const nv_schema *schema, nv_buf *out)
{
	nv_json_writer w;
	nv_json_begin(&w, out, 0);
	nv_schema_to_json(schema, &w);
	FUZZ_MUST(!out->failed);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	nv_schema *schema = NULL, *again = NULL, *copy = NULL;
	nv_buf first = NV_BUF_INIT, second = NV_BUF_INIT, third = NV_BUF_INIT;
	nv_error err = {0};
	int code = nv_schema_parse(&schema, (nv_str){(const char *)bytes, len}, "fuzz", &err);
	if (code != NV_OK) {
		FUZZ_MUST(err.code == code && err.message[0]);
		return 0;
	}
	FUZZ_MUST(nv_schema_task_count(schema) > 0);
	write_json(schema, &first);
	FUZZ_MUST(nv_schema_parse(&again, (nv_str){first.ptr, first.len}, "again", NULL) == NV_OK);
	write_json(again, &second);
	FUZZ_MUST(nv_str_eq((nv_str){first.ptr, first.len}, (nv_str){second.ptr, second.len}));
	FUZZ_MUST(nv_schema_copy(&copy, schema, NULL) == NV_OK);
	write_json(copy, &third);
	FUZZ_MUST(nv_str_eq((nv_str){first.ptr, first.len}, (nv_str){third.ptr, third.len}));
	nv_buf_release(&first);
	nv_buf_release(&second);
	nv_buf_release(&third);
	nv_schema_free(copy);
	nv_schema_free(again);
	nv_schema_free(schema);
	return 0;
}
