/* SPDX-License-Identifier: Apache-2.0
 *
 * The public interface as a program that embeds the library uses it: newsvane.h alone, articles from memory.
 */
#include "newsvane.h"

#include "check_main.h"
#include "faulty_alloc.h"
#include "scratch.h"

#include <ctype.h>
#include <math.h>
#include <pthread.h>

/* ---- Articles from memory: three kinds of sentence ---- */

enum { N_LABEL = 3, N_ARTICLE = 60 };
static const char *const labels[N_LABEL] = {"garden", "sea", "train"};
static const char *const words[N_LABEL][6] = {
	{"rose", "spade", "seed", "hedge", "apple", "bee"},
	{"wave", "sail", "anchor", "tide", "gull", "reef"},
	{"rail", "signal", "platform", "engine", "ticket", "tunnel"},
};

typedef struct feed {
	int given, n;
	bool labelled;
	char id[16], text[256];
	nv_str label;
	nv_field field;
} feed;

static void make_text(int number, char *text, size_t size)
{
	int label = number % N_LABEL;
	unsigned x = (unsigned)number * 2654435761u;
	size_t len = (size_t)snprintf(text, size, "Today we saw");
	for (int i = 0; i < 8; i++, x = x * 1664525u + 1013904223u)
		len += (size_t)snprintf(text + len, size - len, " the %s", words[label][(x >> 16) % 6]);
}

static int next_of_feed(void *user, nv_article *article, nv_error *err)
{
	feed *f = user;
	(void)err;
	if (f->given == f->n)
		return 0;
	const char *label = labels[f->given % N_LABEL];
	snprintf(f->id, sizeof f->id, "a%d", f->given);
	make_text(f->given++, f->text, sizeof f->text);
	f->label = (nv_str){label, strlen(label)};
	f->field = (nv_field){{"kind", 4}, NV_FIELD_STRING, &f->label, 1};
	*article = (nv_article){.id = {f->id, strlen(f->id)}, .text = {f->text, strlen(f->text)}};
	if (f->labelled) {
		article->field = &f->field;
		article->n_field = 1;
	}
	return 1;
}

static const char schema_json[] = "{\"tasks\": [{\"name\": \"kind\", \"kind\": \"multiclass\", \"field\": \"kind\"}]}";

static nv_schema *make_schema(void)
{
	nv_schema *schema = NULL;
	ck_assert_int_eq(nv_schema_parse(&schema, (nv_str){schema_json, strlen(schema_json)}, "schema", NULL), NV_OK);
	return schema;
}

static nv_options *make_options(const char *name, const char *value)
{
	nv_options *options = nv_options_new();
	ck_assert_ptr_nonnull(options);
	ck_assert_int_eq(nv_options_set(options, "threads", "2", NULL), NV_OK);
	if (name)
		ck_assert_int_eq(nv_options_set(options, name, value, NULL), NV_OK);
	return options;
}

static int train(nv_model **model, int n, const nv_progress *progress, nv_error *err)
{
	feed f = {.n = n, .labelled = true};
	nv_schema *schema = make_schema();
	nv_options *options = make_options(NULL, NULL);
	int code = nv_train(model, schema, options, (nv_articles){next_of_feed, &f}, progress, NULL, err);
	nv_options_free(options);
	nv_schema_free(schema);
	return code;
}

static nv_model *trained(void)
{
	nv_model *model = NULL;
	nv_error err = {0};
	ck_assert_msg(train(&model, N_ARTICLE, NULL, &err) == NV_OK, "%s", err.message);
	return model;
}

/* Bytes for sinks, aligned as nv_model_from_buffer wants them. */
typedef struct bytes {
	char *ptr;
	size_t len, cap;
} bytes;

static int add_bytes(void *user, const char *from, size_t len)
{
	bytes *b = user;
	if (b->len + len > b->cap) {
		size_t cap = ((b->len + len) * 2 + 63) / 64 * 64;
		char *grown = aligned_alloc(64, cap);
		if (!grown)
			return 1;
		if (b->len > 0)
			memcpy(grown, b->ptr, b->len);
		free(b->ptr);
		b->ptr = grown;
		b->cap = cap;
	}
	memcpy(b->ptr + b->len, from, len);
	b->len += len;
	return 0;
}

static bool holds(const bytes *b, const char *text)
{
	return memmem(b->ptr, b->len, text, strlen(text)) != NULL;
}

/* ---- Core ---- */

START_TEST(options_can_be_enumerated)
{
	nv_option_info info, other;
	nv_options *options = nv_options_new();
	size_t n = nv_option_count();
	ck_assert_uint_gt(n, 20);
	for (size_t i = 0; i < n; i++) {
		ck_assert(nv_option_describe(i, &info));
		ck_assert_uint_gt(strlen(info.name), 0);
		ck_assert_uint_gt(strlen(info.help), 1);
		ck_assert(!isupper((unsigned char)info.help[0]) || isupper((unsigned char)info.help[1])); /* one style */
		ck_assert_int_ne(info.help[strlen(info.help) - 1], '.');
		ck_assert_uint_gt(strlen(info.group), 0);
		ck_assert_uint_gt(info.commands, 0);
		ck_assert_str_eq(nv_options_get(options, info.name), info.initial);
		for (size_t k = 0; k < i; k++) {
			nv_option_describe(k, &other);
			ck_assert_str_ne(other.name, info.name);
		}
	}
	ck_assert(!nv_option_describe(n, &info));
	nv_options_free(options);
}
END_TEST

START_TEST(options_are_set_copied_and_checked)
{
	nv_options *options = make_options("ngrams", "1-3");
	nv_options *copy = nv_options_copy(options);
	nv_error err = {0};
	ck_assert_int_eq(nv_options_set(options, "ngrams", "1", NULL), NV_OK);
	ck_assert_str_eq(nv_options_get(copy, "ngrams"), "1-3");
	ck_assert_ptr_null(nv_options_get(copy, "nonesuch"));
	ck_assert_int_eq(nv_options_set(copy, "nonesuch", "1", &err), NV_E_USAGE);
	ck_assert_int_eq(err.code, NV_E_USAGE);
	ck_assert_int_eq(nv_options_set(copy, "ngrams", "3-1", NULL), NV_E_USAGE);
	ck_assert_str_eq(nv_options_get(copy, "ngrams"), "1-3");
	nv_options_free(copy);
	nv_options_free(options);
}
END_TEST

static size_t chosen(const nv_result *result)
{
	size_t label = 0;
	while (label < N_LABEL && !nv_result_chosen(result, 0, label))
		label++;
	return label;
}

static void classify_feed(const nv_model *model, nv_scratch *scratch_memory, nv_result *result, int n, double *p)
{
	feed f = {.n = n};
	nv_article article;
	for (int i = 0; next_of_feed(&f, &article, NULL) == 1; i++) {
		ck_assert_int_eq(nv_classify(model, &article, scratch_memory, result, NULL), NV_OK);
		ck_assert_uint_eq(chosen(result), (size_t)i % N_LABEL);
		double sum = 0;
		for (size_t l = 0; l < N_LABEL; l++)
			sum += p[i * N_LABEL + (int)l] = nv_result_p(result, 0, l);
		ck_assert_double_eq_tol(sum, 1, 1e-9);
		ck_assert(nv_result_applies(result, 0));
		ck_assert(isnan(nv_result_score(result, 0)));
	}
}

static void check_same_answers(const nv_model *a, const nv_model *b)
{
	double p[2][N_ARTICLE * N_LABEL];
	const nv_model *model[] = {a, b};
	for (int i = 0; i < 2; i++) {
		nv_scratch *memory = NULL;
		nv_result *result = NULL;
		ck_assert_int_eq(nv_scratch_new(&memory, model[i], NULL), NV_OK);
		ck_assert_int_eq(nv_result_new(&result, model[i], NULL), NV_OK);
		classify_feed(model[i], memory, result, N_ARTICLE, p[i]);
		nv_result_free(result);
		nv_scratch_free(memory);
	}
	ck_assert_mem_eq(p[0], p[1], sizeof p[0]);
}

START_TEST(a_model_goes_to_a_buffer_and_to_a_file_and_back)
{
	scratch s;
	bytes out = {NULL, 0, 0};
	nv_model *model = trained(), *from_buffer = NULL, *from_file = NULL;
	nv_sink sink = {add_bytes, &out};
	scratch_open(&s);
	const char *path = scratch_path(&s, "model");
	ck_assert_int_eq(nv_model_write(model, &sink, NULL), NV_OK);
	ck_assert_int_eq(nv_model_from_buffer(&from_buffer, out.ptr, out.len, NULL), NV_OK);
	ck_assert_int_eq(nv_model_save(model, path, NULL), NV_OK);
	ck_assert_int_eq(nv_model_open(&from_file, path, NULL), NV_OK);
	ck_assert_int_eq(nv_model_verify(from_buffer, NULL), NV_OK);
	ck_assert_uint_eq(nv_schema_task_count(nv_model_schema(from_file)), 1);
	ck_assert_str_eq(nv_schema_task_name(nv_model_schema(from_file), 0), "kind");
	ck_assert_int_eq(nv_schema_task_kind(nv_model_schema(from_file), 0), NV_MULTICLASS);
	ck_assert_uint_eq(nv_schema_label_count(nv_model_schema(from_file), 0), N_LABEL);
	ck_assert_str_eq(nv_schema_label(nv_model_schema(from_file), 0, 2), "train");
	check_same_answers(model, from_buffer);
	check_same_answers(model, from_file);
	nv_model_free(from_file);
	nv_model_free(from_buffer);
	nv_model_free(model);
	free(out.ptr);
	scratch_close(&s);
}
END_TEST

START_TEST(scratch_and_result_are_reused_without_allocating)
{
	nv_model *model = trained();
	nv_scratch *memory = NULL;
	nv_result *result = NULL;
	double p[N_ARTICLE * N_LABEL];
	ck_assert_int_eq(nv_scratch_new(&memory, model, NULL), NV_OK);
	ck_assert_int_eq(nv_result_new(&result, model, NULL), NV_OK);
	classify_feed(model, memory, result, N_ARTICLE, p);
	faulty_on(0); /* every allocation fails from here on */
	classify_feed(model, memory, result, N_ARTICLE, p);
	faulty_off();
	nv_result_free(result);
	nv_scratch_free(memory);
	nv_model_free(model);
}
END_TEST

static void *classify_on_a_thread(void *user)
{
	const nv_model *model = user;
	nv_scratch *memory = NULL;
	nv_result *result = NULL;
	feed f = {.n = 300};
	nv_article article;
	size_t wrong = 1;
	if (nv_scratch_new(&memory, model, NULL) == NV_OK && nv_result_new(&result, model, NULL) == NV_OK)
		wrong = 0;
	for (size_t i = 0; memory && result && next_of_feed(&f, &article, NULL) == 1; i++)
		wrong += nv_classify(model, &article, memory, result, NULL) != NV_OK || chosen(result) != i % N_LABEL;
	nv_result_free(result);
	nv_scratch_free(memory);
	return (void *)wrong;
}

START_TEST(a_model_is_shared_by_threads)
{
	bytes out = {NULL, 0, 0};
	nv_model *made = trained(), *model = NULL;
	nv_sink sink = {add_bytes, &out};
	ck_assert_int_eq(nv_model_write(made, &sink, NULL), NV_OK);
	nv_model_free(made);
	/* From a buffer, so that the threads verify blocks at the same time. */
	ck_assert_int_eq(nv_model_from_buffer(&model, out.ptr, out.len, NULL), NV_OK);
	pthread_t thread[64];
	for (int i = 0; i < 64; i++)
		ck_assert_int_eq(pthread_create(&thread[i], NULL, classify_on_a_thread, model), 0);
	for (int i = 0; i < 64; i++) {
		void *wrong;
		ck_assert_int_eq(pthread_join(thread[i], &wrong), 0);
		ck_assert_ptr_null(wrong);
	}
	nv_model_free(model);
	free(out.ptr);
}
END_TEST

START_TEST(evaluation_and_crossval_take_articles_from_memory)
{
	nv_model *model = trained();
	nv_schema *schema = make_schema();
	nv_options *options = make_options("folds", "3");
	nv_report *report[2] = {NULL, NULL};
	feed f = {.n = N_ARTICLE, .labelled = true}, g = f;
	ck_assert_int_eq(nv_evaluate(&report[0], model, (nv_articles){next_of_feed, &f}, options, NULL, NULL, NULL), NV_OK);
	ck_assert_int_eq(nv_crossval(&report[1], schema, options, (nv_articles){next_of_feed, &g}, NULL, NULL, NULL), NV_OK);
	for (int i = 0; i < 2; i++) {
		bytes json = {NULL, 0, 0}, text = {NULL, 0, 0}, html = {NULL, 0, 0}, lines = {NULL, 0, 0};
		ck_assert_int_eq(nv_report_json(report[i], &(nv_sink){add_bytes, &json}, NULL), NV_OK);
		ck_assert_int_eq(nv_report_text(report[i], 100, &(nv_sink){add_bytes, &text}, NULL), NV_OK);
		ck_assert_int_eq(nv_report_html(report[i], &(nv_sink){add_bytes, &html}, NULL), NV_OK);
		ck_assert_int_eq(nv_report_predictions(report[i], &(nv_sink){add_bytes, &lines}, NULL), NV_OK);
		ck_assert(holds(&json, "\"schema_version\"") && holds(&json, "\"garden\""));
		ck_assert(holds(&text, "garden") && holds(&html, "garden") && holds(&lines, "\"a59\""));
		free(json.ptr);
		free(text.ptr);
		free(html.ptr);
		free(lines.ptr);
		nv_report_free(report[i]);
	}
	nv_options_free(options);
	nv_schema_free(schema);
	nv_model_free(model);
}
END_TEST

START_TEST(two_models_and_two_sets_of_options_are_compared)
{
	nv_model *model = trained();
	nv_schema *schema = make_schema();
	nv_options *options = make_options("folds", "3"), *other = make_options("algorithm", "nb");
	nv_report *report[2] = {NULL, NULL};
	nv_error err = {0};
	feed f = {.n = N_ARTICLE, .labelled = true}, g = f;
	ck_assert_int_eq(
		nv_compare_models(&report[0], model, model, (nv_articles){next_of_feed, &f}, options, NULL, NULL, NULL), NV_OK);
	ck_assert_int_eq(
		nv_compare_options(&report[1], schema, options, other, (nv_articles){next_of_feed, &g}, NULL, NULL, NULL), NV_OK);
	for (int i = 0; i < 2; i++) {
		bytes json = {NULL, 0, 0};
		ck_assert_int_eq(nv_report_json(report[i], &(nv_sink){add_bytes, &json}, NULL), NV_OK);
		ck_assert(holds(&json, "\"compare\": {") && holds(&json, "\"conclusions\""));
		ck_assert(holds(&json, "\"b\": \"nb\"") == (i == 1));
		free(json.ptr);
		nv_report_free(report[i]);
	}
	ck_assert_int_eq(nv_options_set(other, "penalty", "l1", NULL), NV_OK);
	ck_assert_int_eq(
		nv_compare_options(&report[0], schema, options, other, (nv_articles){next_of_feed, &g}, NULL, NULL, &err),
		NV_E_USAGE);
	ck_assert_ptr_nonnull(strstr(err.message, "the options to compare with: --penalty l1"));
	nv_options_free(other);
	nv_options_free(options);
	nv_schema_free(schema);
	nv_model_free(model);
}
END_TEST

START_TEST(metrics_need_no_model)
{
	static const uint8_t gold[] = {1, 0, 1, 0, 0, 1, 0, 1};
	static const uint8_t answer[] = {1, 0, 0, 1, 0, 1, 0, 1};
	static const double p[] = {0.9, 0.1, 0.4, 0.6, 0.2, 0.8, 0.3, 0.7};
	static const char *const names[] = {"yes", "no"};
	nv_options *options = nv_options_new();
	bytes json = {NULL, 0, 0};
	nv_sink sink = {add_bytes, &json};
	nv_error err = {0};
	ck_assert_int_eq(nv_metrics(NV_MULTICLASS, 4, 2, names, gold, p, answer, options, &sink, NULL), NV_OK);
	ck_assert(holds(&json, "\"accuracy\"") && holds(&json, "0.75"));
	ck_assert_int_eq(nv_metrics(NV_MULTICLASS, 4, 2, names, gold, (const double[8]){2}, answer, options, &sink, &err),
	                 NV_E_USAGE);
	nv_options_free(options);
	free(json.ptr);
}
END_TEST

typedef struct note_list {
	int n;
	char last[400];
} note_list;

static void keep_note(void *user, const char *text)
{
	note_list *list = user;
	list->n++;
	snprintf(list->last, sizeof list->last, "%s", text);
}

START_TEST(a_batch_of_another_kind_is_noted)
{
	scratch s;
	scratch_open(&s);
	nv_model *model = trained();
	nv_options *options = make_options(NULL, NULL);
	const char *text[] = {"{\"text\": \"Today we saw the rose\"}\n", "{\"text\": \"nothing of this kind is known\"}\n"};
	for (int i = 0; i < 2; i++) {
		const char *path = scratch_write(&s, "in.jsonl", text[i]);
		bytes out = {NULL, 0, 0};
		nv_sink sink = {add_bytes, &out};
		note_list list = {0};
		nv_notes notes = {keep_note, &list};
		nv_input *input = NULL;
		ck_assert_int_eq(nv_input_open(&input, &path, 1, options, nv_model_schema(model), NULL, NULL), NV_OK);
		ck_assert_int_eq(nv_classify_input(model, input, options, &sink, NULL, &notes, NULL), NV_OK);
		ck_assert_uint_eq(nv_input_get_stats(input).articles, 1);
		ck_assert_int_eq(list.n, i);
		ck_assert(i == 0 || strstr(list.last, "knows 0% of these articles' words"));
		nv_input_free(input);
		free(out.ptr);
	}
	nv_options_free(options);
	nv_model_free(model);
	scratch_close(&s);
}
END_TEST

/* ---- Limits ---- */

START_TEST(nothing_is_freed_without_complaint)
{
	nv_options_free(NULL);
	nv_schema_free(NULL);
	nv_input_free(NULL);
	nv_model_free(NULL);
	nv_scratch_free(NULL);
	nv_result_free(NULL);
	nv_report_free(NULL);
	ck_assert_uint_gt(strlen(nv_version()), 0);
}
END_TEST

START_TEST(articles_may_be_empty_or_ill_formed)
{
	nv_model *model = trained();
	nv_scratch *memory = NULL;
	nv_result *result = NULL;
	const nv_article articles[] = {{.text = {NULL, 0}}, {.text = {"\xFF\xFE\0rose", 7}}, {.title = {"rose", 4}}};
	ck_assert_int_eq(nv_scratch_new(&memory, model, NULL), NV_OK);
	ck_assert_int_eq(nv_result_new(&result, model, NULL), NV_OK);
	for (size_t i = 0; i < 3; i++) {
		ck_assert_int_eq(nv_classify(model, &articles[i], memory, result, NULL), NV_OK);
		ck_assert(i > 0 || isnan(nv_result_coverage(result)));
		ck_assert_uint_lt(chosen(result), N_LABEL);
	}
	nv_result_free(result);
	nv_scratch_free(memory);
	nv_model_free(model);
}
END_TEST

/* ---- Errors ---- */

static int stop_in_phase(void *user, const char *phase, uint64_t done, uint64_t total)
{
	(void)done;
	(void)total;
	return strcmp(phase, user) == 0;
}

START_TEST(work_can_be_cancelled)
{
	const char *const phases[] = {"read", "fit"};
	for (int i = 0; i < 2; i++) {
		char phase[16];
		nv_model *model = NULL;
		nv_error err = {0};
		snprintf(phase, sizeof phase, "%s", phases[i]);
		nv_progress progress = {stop_in_phase, phase};
		ck_assert_msg(train(&model, N_ARTICLE, &progress, &err) == NV_E_CANCELLED, "in phase %s", phase);
		ck_assert_int_eq(err.code, NV_E_CANCELLED);
		ck_assert_ptr_null(model);
	}
}
END_TEST

START_TEST(evaluation_can_be_cancelled)
{
	const char *const phases[] = {"classify", "bootstrap"};
	nv_model *model = trained();
	nv_options *options = make_options("draws", "10000");
	for (int i = 0; i < 2; i++) {
		char phase[16];
		feed f = {.n = 3000, .labelled = true};
		nv_report *report = NULL;
		snprintf(phase, sizeof phase, "%s", phases[i]);
		nv_progress progress = {stop_in_phase, phase};
		ck_assert_msg(nv_evaluate(&report, model, (nv_articles){next_of_feed, &f}, options, &progress, NULL, NULL) ==
		              NV_E_CANCELLED, "in phase %s", phase);
		ck_assert_ptr_null(report);
	}
	nv_options_free(options);
	nv_model_free(model);
}
END_TEST

START_TEST(memory_may_end_anywhere)
{
	long n = 0, step = 1;
	int code;
	do {
		feed f = {.n = 12, .labelled = true};
		nv_schema *schema = NULL;
		nv_options *options = NULL;
		nv_model *model = NULL;
		nv_error err = {0};
		faulty_on(n);
		options = nv_options_new();
		code = options ? NV_OK : NV_E_MEMORY;
		if (code == NV_OK)
			code = nv_options_set(options, "threads", "1", &err);
		if (code == NV_OK)
			code = nv_schema_parse(&schema, (nv_str){schema_json, strlen(schema_json)}, "schema", &err);
		if (code == NV_OK)
			code = nv_train(&model, schema, options, (nv_articles){next_of_feed, &f}, NULL, NULL, &err);
		nv_model_free(model);
		nv_schema_free(schema);
		nv_options_free(options);
		ck_assert_msg(faulty_off() == 0, "something was not freed after failure %ld", n);
		ck_assert_msg(code == NV_OK || code == NV_E_MEMORY, "code %d after failure %ld", code, n);
		n += step;
		step = n > 200 ? 7 : 1;
	} while (code != NV_OK);
	ck_assert_int_gt(n, 50); /* the hook is what the library allocates with */
}
END_TEST

static int take_nothing(void *user, const char *from, size_t len)
{
	(void)user;
	(void)from;
	(void)len;
	return 1;
}

START_TEST(failures_have_their_codes)
{
	nv_model *model = trained(), *other = NULL;
	nv_schema *schema = NULL;
	nv_input *input = NULL;
	nv_options *options = make_options(NULL, NULL);
	nv_report *report = NULL;
	nv_sink sink = {take_nothing, NULL};
	const char *missing = "/nonexistent/articles.jsonl";
	feed f = {.n = 4}, none = {.n = 0};
	_Alignas(64) static const char junk[128] = "no model";
	ck_assert_int_eq(nv_model_open(&other, "/nonexistent/model", NULL), NV_E_INPUT);
	ck_assert_int_eq(nv_model_from_buffer(&other, junk, sizeof junk, NULL), NV_E_MODEL);
	ck_assert_int_eq(nv_model_save(model, "/nonexistent/model", NULL), NV_E_IO);
	ck_assert_int_eq(nv_model_write(model, &sink, NULL), NV_E_IO);
	ck_assert_int_eq(nv_model_inspect(model, 1, true, &sink, NULL), NV_E_IO);
	ck_assert_int_eq(nv_schema_parse(&schema, (nv_str){"{}", 2}, "s", NULL), NV_E_SCHEMA);
	ck_assert_int_eq(nv_input_open(&input, &missing, 1, options, NULL, NULL, NULL), NV_E_INPUT);
	ck_assert_int_eq(train(&other, 0, NULL, NULL), NV_E_INPUT);
	ck_assert_int_eq(nv_evaluate(&report, model, (nv_articles){next_of_feed, &f}, options, NULL, NULL, NULL), NV_E_SCHEMA);
	ck_assert_int_eq(nv_evaluate(&report, model, (nv_articles){next_of_feed, &none}, options, NULL, NULL, NULL), NV_E_INPUT);
	ck_assert_ptr_null(report);
	nv_options_free(options);
	nv_model_free(model);
}
END_TEST

static Suite *newsvane_suite(void)
{
	Suite *suite = suite_create("newsvane");
	NV_CASE(suite, "Core", options_can_be_enumerated, options_are_set_copied_and_checked,
	        a_model_goes_to_a_buffer_and_to_a_file_and_back, scratch_and_result_are_reused_without_allocating,
	        a_model_is_shared_by_threads, evaluation_and_crossval_take_articles_from_memory,
	        two_models_and_two_sets_of_options_are_compared, metrics_need_no_model,
	        a_batch_of_another_kind_is_noted);
	NV_CASE(suite, "Limits", nothing_is_freed_without_complaint, articles_may_be_empty_or_ill_formed);
	NV_CASE(suite, "Errors", work_can_be_cancelled, evaluation_can_be_cancelled, memory_may_end_anywhere,
	        failures_have_their_codes);
	return suite;
}

NV_CHECK_MAIN(newsvane_suite)
