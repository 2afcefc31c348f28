/* SPDX-License-Identifier: Apache-2.0 */
#include "train/train.h"

#include "base/str.h"
#include "models/model_io.h"
#include "models/score.h"
#include "tests/unit/check_main.h"
#include "tests/unit/faulty_alloc.h"
#include "train/columns.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Articles are made of a label's own words and of words that all share. */
static const char *const own[3][6] = {{"chip", "fab", "wafer", "foundry", "lithography", "silicon"},
                                      {"bank", "bond", "loan", "credit", "deposit", "lender"},
                                      {"rocket", "orbit", "launch", "satellite", "probe", "lander"}};
static const char *const common[] = {"the", "new", "report", "says", "today", "of", "plan", "week"};
static const char *const topic_names[] = {"chips", "money", "space"}, *const stances[] = {"favor", "none", "against"};

#define SCHEMA                                                                                                            \
	"{\"tasks\": [{\"name\": \"desk\", \"kind\": \"multiclass\", \"field\": \"desk\"},"                                    \
	" {\"name\": \"topics\", \"kind\": \"multilabel\", \"field\": \"topics\", \"labels\": [\"chips\", \"money\", \"space\", \"law\"]}," \
	" {\"name\": \"view\", \"kind\": \"stance\", \"field\": \"view\"}]}"

enum { ARTICLES = 60, MANY = NV_STRETCH_ROWS + 100, BLOCKS = NV_MAX_WIDTH + 5 };

typedef struct told {
	char text[2000];
} told;

static void note(void *user, const char *text)
{
	told *t = user;
	size_t used = strlen(t->text);
	snprintf(t->text + used, sizeof t->text - used, "%s\n", text);
}

static void article_text(size_t i, char *out, size_t size)
{
	size_t label = i % 3, used = 0;
	for (size_t k = 0; k < 9; k++) {
		const char *word = k % 2 ? common[(i * 5 + k * 3) % 8] : own[label][(i + k / 2) % 6];
		used += (size_t)snprintf(out + used, size - used, "%s ", word);
	}
	snprintf(out + used, size - used, "n%zu", i);
}

typedef struct labels {
	bool desk, topics, view;
} labels;

/* Gives article i with the fields asked for. */
static int give(nv_trainer *trainer, nv_prepared *prepared, size_t i, labels which, nv_error *err)
{
	char text[300], id[20], group[20];
	article_text(i, text, sizeof text);
	snprintf(id, sizeof id, "a%zu", i == 7 ? 6 : i);
	snprintf(group, sizeof group, "w%zu", i % 4);
	nv_str desk = nv_str_of(topic_names[i % 3]), view = nv_str_of(stances[i % 3]), by = nv_str_of(group);
	nv_str topics[2] = {desk, nv_str_of(topic_names[(i + 1) % 3])};
	nv_field field[4];
	size_t n = 0;
	if (which.desk)
		field[n++] = (nv_field){nv_str_of("desk"), NV_FIELD_STRING, &desk, 1};
	if (which.topics)
		field[n++] = (nv_field){nv_str_of("topics"), NV_FIELD_LIST, topics, i % 5 == 0 ? 2 : i % 7 == 0 ? 0 : 1};
	if (which.view)
		field[n++] = (nv_field){nv_str_of("view"), NV_FIELD_STRING, &view, 1};
	field[n++] = (nv_field){nv_str_of("writer"), NV_FIELD_STRING, &by, 1};
	const nv_article article = {.id = nv_str_of(id), .text = nv_str_of(text), .date = nv_str_of(i % 2 ? "2024-05-17" : "soon"),
	                            .source = nv_str_of(i % 3 ? "Wire" : "Post"), .field = field, .n_field = n};
	int code = nv_trainer_prepare(trainer, &article, prepared, err);
	return code == NV_OK ? nv_trainer_take(trainer, prepared, err) : code;
}

static nv_train_options options_of(const char *const *pairs)
{
	nv_train_options o;
	nv_error err = {0};
	nv_option_defaults(nv_train_rows, nv_n_train_rows, &o);
	for (; pairs && pairs[0]; pairs += 2)
		ck_assert_msg(nv_option_set(nv_option_find(nv_train_rows, nv_n_train_rows, pairs[0]), &o, pairs[1], &err) == NV_OK, "%s",
		              err.message);
	return o;
}

static const labels all = {true, true, true};

typedef int giver(nv_trainer *trainer, nv_prepared *prepared, size_t i, labels which, nv_error *err);

static int train_on(giver *give_article, size_t n, const char *const *pairs, labels which, const nv_progress *progress, told *t, nv_model **model,
                    nv_error *err)
{
	nv_schema *schema = NULL;
	nv_trainer *trainer = NULL;
	nv_prepared *prepared = NULL;
	const nv_notes notes = {note, t};
	const nv_train_options o = options_of(pairs);
	int code = nv_schema_parse(&schema, nv_str_of(SCHEMA), "schema", err);
	if (code == NV_OK)
		code = nv_trainer_new(&trainer, schema, &o, err);
	if (code == NV_OK)
		code = nv_prepared_new(&prepared, err);
	for (size_t i = 0; i < n && code == NV_OK; i++)
		code = give_article(trainer, prepared, i, which, err);
	if (code == NV_OK)
		code = nv_trainer_fit(trainer, progress, t ? &notes : NULL, model, err);
	nv_prepared_free(prepared);
	nv_trainer_free(trainer);
	nv_schema_free(schema);
	return code;
}

static int train(const char *const *pairs, labels which, const nv_progress *progress, told *t, nv_model **model, nv_error *err)
{
	return train_on(give, ARTICLES, pairs, which, progress, t, model, err);
}

static nv_model *trained_on(giver *give_article, size_t n, const char *const *pairs, told *t)
{
	nv_model *model = NULL;
	nv_error err = {0};
	ck_assert_msg(train_on(give_article, n, pairs, all, NULL, t, &model, &err) == NV_OK, "%s", err.message);
	return model;
}

static nv_model *trained(const char *const *pairs, told *t)
{
	return trained_on(give, ARTICLES, pairs, t);
}

/* p of task's labels for a text. */
static void classify(const nv_model *model, const char *text, size_t task, double *p)
{
	nv_scorer *scorer;
	nv_error err = {0};
	double margin[BLOCKS + 8], coverage;
	ck_assert_int_eq(nv_scorer_new(&scorer, model, &err), NV_OK);
	ck_assert_int_eq(nv_score(model, scorer, nv_str_of(""), nv_str_of(text), margin, &coverage, &err), NV_OK);
	nv_calibration_apply(&model->task[task].calibration, model->schema->task[task].kind, margin + model->task[task].first_score, p);
	nv_scorer_free(scorer);
}

static void check_learnt(const nv_model *model)
{
	static const char *const text[] = {"the wafer and chip of a foundry, silicon lithography, fab",
	                                   "a bank bond, loan and deposit: credit by a lender",
	                                   "a probe in orbit, the launch of a rocket, satellite and lander"};
	double p[4];
	for (size_t i = 0; i < 3; i++) {
		classify(model, text[i], 0, p);
		for (size_t l = 0; l < 3; l++)
			ck_assert_msg(l == i || p[i] > p[l], "%s: p[%zu] = %g, p[%zu] = %g", text[i], i, p[i], l, p[l]);
		classify(model, text[i], 2, p);
		for (size_t l = 0; l < 3; l++)
			ck_assert(l == i || p[i] > p[l]);
	}
}

START_TEST(every_algorithm_learns)
{
	static const char *const algorithm[][9] = {{NULL},
	                                           {"algorithm", "svm"},
	                                           {"algorithm", "logreg", "class-weight", "balanced"},
	                                           {"algorithm", "logreg", "penalty", "l1"},
	                                           {"algorithm", "svm", "penalty", "elasticnet"},
	                                           {"algorithm", "nblogreg"},
	                                           {"algorithm", "nb"},
	                                           {"algorithm", "nb", "nb-variant", "multinomial", "weighting", "count"},
	                                           {"algorithm", "nb", "nb-variant", "bernoulli"},
	                                           {"algorithm", "nb", "calibrate", "isotonic"},
	                                           {"calibrate", "isotonic", "threshold", "f1"},
	                                           {"calibrate", "off"},
	                                           {"hash-bits", "12"},
	                                           {"group-by", "writer", "subwords", "off"}};
	nv_model *model = trained(algorithm[_i], NULL);
	check_learnt(model);
	nv_model_free(model);
}
END_TEST

/* Where one label of several holds, naive Bayes' scores are calibrated side by side, and a note says so. */
START_TEST(naive_bayes_is_not_read_label_by_label)
{
	static const char *const pairs[] = {"algorithm", "nb", "calibrate", "isotonic", NULL};
	told t = {""};
	nv_model *model = trained(pairs, &t);
	ck_assert_int_eq(model->task[0].calibration.kind, NV_CALIBRATE_PLATT);
	ck_assert_int_eq(model->task[1].calibration.kind, NV_CALIBRATE_ISOTONIC);
	ck_assert_int_eq(model->task[2].calibration.kind, NV_CALIBRATE_PLATT);
	ck_assert(strstr(t.text, "task desk: naive Bayes' scores") && strstr(t.text, "task view: naive Bayes' scores"));
	ck_assert(!strstr(t.text, "task topics: naive Bayes' scores"));
	nv_model_free(model);
}
END_TEST

/* How far a word moves the margins of a task's labels, summed. */
static double moved(const nv_model *model, const char *word, size_t task)
{
	nv_scorer *scorer;
	nv_error err = {0};
	double with[16], without[16], coverage, sum = 0;
	ck_assert_int_eq(nv_scorer_new(&scorer, model, &err), NV_OK);
	ck_assert_int_eq(nv_score(model, scorer, nv_str_of(""), nv_str_of(word), with, &coverage, &err), NV_OK);
	ck_assert_int_eq(nv_score(model, scorer, nv_str_of(""), nv_str_of(""), without, &coverage, &err), NV_OK);
	nv_scorer_free(scorer);
	for (size_t l = 0; l < model->schema->task[task].n_label; l++) {
		double d = with[model->task[task].first_score + l] - without[model->task[task].first_score + l];
		sum += d < 0 ? -d : d;
	}
	return sum;
}

/* "slander" is in no article, but n-grams of it are, in "lander" and "lender". Every kind of task hears it by them. */
START_TEST(words_that_training_never_saw)
{
	static const char *const off[] = {"subwords", "off", NULL};
	nv_model *model = trained(NULL, NULL), *deaf = trained(off, NULL);
	for (size_t task = 0; task < 3; task++) {
		ck_assert_double_gt(moved(model, "slander", task), 1e-6);
		ck_assert(moved(deaf, "slander", task) <= 0);
	}
	nv_model_free(model);
	nv_model_free(deaf);
}
END_TEST

START_TEST(what_a_model_holds)
{
	told t = {""};
	nv_model *model = trained(NULL, &t);
	ck_assert_uint_eq(model->schema->task[1].n_label, 3); /* law has no article */
	ck_assert_uint_eq(model->n_score, 9);
	ck_assert(strstr(t.text, "task topics: no article has the label law; the model leaves it out"));
	ck_assert(strstr(t.text, "the id a6 stands for more than one article"));
	ck_assert_uint_eq(model->n_fingerprint, ARTICLES);
	for (uint64_t i = 1; i < model->n_fingerprint; i++)
		ck_assert(model->fingerprint[i - 1] <= model->fingerprint[i]);
	static const char *const wanted[] = {"\"articles\":60", "\"sources\":[[\"Wire\",40],[\"Post\",20]]",
	                                     "\"dates\":{\"first\":\"2024-05-17\",\"last\":\"2024-05-17\"}", "\"algorithm\":\"blend\"",
	                                     "\"labelled\":{\"desk\":60,\"topics\":60,\"view\":60}",
	                                     "\"classes\":{\"desk\":{\"chips\":20,\"money\":20,\"space\":20}", "\"data_checksum\":\""};
	char metadata[4000];
	snprintf(metadata, sizeof metadata, "%.*s", (int)model->metadata.len, model->metadata.ptr);
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		ck_assert_msg(strstr(metadata, wanted[i]), "%s lacks %s", metadata, wanted[i]);
	nv_model_free(model);
}
END_TEST

static int append(void *user, const char *bytes, size_t len)
{
	nv_buf_add(user, bytes, len);
	return 0;
}

/* The bytes of a model of n articles, which has learnt. */
static nv_buf bytes_of(size_t n, const char *const *pairs)
{
	nv_buf bytes = NV_BUF_INIT;
	nv_error err = {0};
	nv_model *model = trained_on(give, n, pairs, NULL);
	check_learnt(model);
	ck_assert_int_eq(nv_model_write(model, &(nv_sink){append, &bytes}, &err), NV_OK);
	nv_model_free(model);
	return bytes;
}

static void check_same(nv_buf a, nv_buf b)
{
	ck_assert(nv_str_eq((nv_str){a.ptr, a.len}, (nv_str){b.ptr, b.len}));
	nv_buf_release(&a);
	nv_buf_release(&b);
}

START_TEST(threads_do_not_matter)
{
	static const char *const one[] = {"threads", "1", NULL}, *const three[] = {"threads", "3", NULL};
	check_same(bytes_of(ARTICLES, one), bytes_of(ARTICLES, three));
}
END_TEST

/* So many that a task's rows stand label by label (folds.c); out of fold, each is judged by its own label, or calibration learns
 * nothing. */
START_TEST(rows_of_several_stretches)
{
	static const char *const one[] = {"threads", "1", "group-by", "writer", "algorithm", "nb", NULL};
	static const char *const three[] = {"threads", "3", "group-by", "writer", "algorithm", "nb", NULL};
	static const char *const linear[] = {"threads", "3", "group-by", "writer", "subwords", "off", "inner-folds", "2", NULL};
	check_same(bytes_of(MANY, one), bytes_of(MANY, three));
	nv_model *model = trained_on(give, MANY, linear, NULL);
	check_learnt(model);
	nv_model_free(model);
}
END_TEST

/* Article i of one of BLOCKS labels, known by a word of its own. */
static int give_own_word(nv_trainer *trainer, nv_prepared *prepared, size_t i, labels which, nv_error *err)
{
	char text[40], label[20];
	(void)which;
	snprintf(text, sizeof text, "report of%02zuword n%zu", i % BLOCKS, i);
	snprintf(label, sizeof label, "label%02zu", i % BLOCKS);
	nv_str desk = nv_str_of(label);
	const nv_field field = {nv_str_of("desk"), NV_FIELD_STRING, &desk, 1};
	const nv_article article = {.id = nv_str_of(text), .text = nv_str_of(text), .field = &field, .n_field = 1};
	int code = nv_trainer_prepare(trainer, &article, prepared, err);
	return code == NV_OK ? nv_trainer_take(trainer, prepared, err) : code;
}

/* A full block of labels, and one of the rest. */
START_TEST(labels_of_two_blocks)
{
	nv_model *model = trained_on(give_own_word, 6 * BLOCKS, NULL, NULL);
	ck_assert_uint_eq(model->schema->task[0].n_label, BLOCKS);
	for (int i = 0; i < BLOCKS; i++) {
		char text[40], label[20];
		double p[BLOCKS];
		size_t best = 0;
		snprintf(text, sizeof text, "of%02dword", i);
		snprintf(label, sizeof label, "label%02d", i);
		classify(model, text, 0, p);
		for (size_t l = 1; l < BLOCKS; l++)
			best = p[l] > p[best] ? l : best;
		ck_assert_str_eq(model->schema->task[0].label[best].id, label);
	}
	nv_model_free(model);
}
END_TEST

START_TEST(tasks_without_articles)
{
	told t = {""};
	nv_model *model = NULL;
	nv_error err = {0};
	ck_assert_int_eq(train(NULL, (labels){true, false, false}, NULL, &t, &model, &err), NV_OK);
	ck_assert(model->task[0].trained && !model->task[1].trained && !model->task[2].trained);
	ck_assert(strstr(t.text, "task view: no article is labelled; it is not trained"));
	nv_model_free(model);
	ck_assert_int_eq(train(NULL, (labels){false, false, false}, NULL, NULL, &model, &err), NV_E_SCHEMA);
}
END_TEST

/* Three articles: too few for most of what training does, and yet a model. */
START_TEST(few_articles)
{
	nv_schema *schema = NULL;
	nv_error err = {0};
	for (size_t n = 1; n <= 3; n++) {
		nv_trainer *trainer = NULL;
		nv_prepared *prepared = NULL;
		nv_model *model = NULL;
		double p[4];
		const nv_train_options o = options_of((const char *const[]){"min-df", "1", NULL});
		ck_assert_int_eq(nv_schema_parse(&schema, nv_str_of(SCHEMA), "schema", &err), NV_OK);
		ck_assert_int_eq(nv_trainer_new(&trainer, schema, &o, &err), NV_OK);
		ck_assert_int_eq(nv_prepared_new(&prepared, &err), NV_OK);
		for (size_t i = 0; i < n; i++)
			ck_assert_int_eq(give(trainer, prepared, i, all, &err), NV_OK);
		ck_assert_msg(nv_trainer_fit(trainer, NULL, NULL, &model, &err) == NV_OK, "%s", err.message);
		classify(model, "the wafer of silicon", 0, p);
		for (size_t l = 0; l < n; l++)
			ck_assert(p[l] >= 0 && p[l] <= 1);
		ck_assert_uint_eq(model->schema->task[2].n_label, NV_N_STANCE);
		nv_model_free(model);
		nv_prepared_free(prepared);
		nv_trainer_free(trainer);
		nv_schema_free(schema);
	}
}
END_TEST

static int stop(void *user, const char *phase, uint64_t done, uint64_t total)
{
	(void)user, (void)phase, (void)done, (void)total;
	return 1;
}

START_TEST(cancelling)
{
	nv_model *model = NULL;
	nv_error err = {0};
	const nv_progress progress = {stop, NULL};
	/* Training is over before the first poll is due, or is cancelled; it never does both. */
	int code = train(NULL, all, &progress, NULL, &model, &err);
	ck_assert(code == NV_E_CANCELLED ? model == NULL : code == NV_OK);
	nv_model_free(model);
}
END_TEST

START_TEST(labels_outside_the_schema)
{
	nv_schema *schema = NULL;
	nv_trainer *trainer = NULL;
	nv_prepared *prepared = NULL;
	nv_error err = {0};
	const nv_train_options o = options_of(NULL);
	nv_str wrong = nv_str_of("maybe");
	const nv_field field = {nv_str_of("view"), NV_FIELD_STRING, &wrong, 1};
	const nv_article article = {.text = nv_str_of("some words"), .field = &field, .n_field = 1, .path = "in.jsonl", .line = 3};
	ck_assert_int_eq(nv_schema_parse(&schema, nv_str_of(SCHEMA), "schema", &err), NV_OK);
	ck_assert_int_eq(nv_trainer_new(&trainer, schema, &o, &err), NV_OK);
	ck_assert_int_eq(nv_prepared_new(&prepared, &err), NV_OK);
	ck_assert_int_eq(nv_trainer_prepare(trainer, &article, prepared, &err), NV_OK);
	ck_assert_int_eq(nv_trainer_take(trainer, prepared, &err), NV_E_RECORD);
	ck_assert_str_eq(err.path, "in.jsonl");
	ck_assert_uint_eq(err.line, 3);
	nv_prepared_free(prepared);
	nv_trainer_free(trainer);
	nv_schema_free(schema);
}
END_TEST

START_TEST(options_that_do_not_go_together)
{
	static const char *const bad[][5] = {{"penalty", "l1"}, {"hash-bits", "5"},
	                                     {"hash-bits", "12", "max-features", "100"}};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		nv_error err = {0};
		const nv_train_options o = options_of(bad[i]);
		ck_assert_int_eq(nv_train_options_check(&o, &err), NV_E_USAGE);
	}
}
END_TEST

/* Fails every so many allocations: an error and no leak each time. */
START_TEST(out_of_memory)
{
	static const char *const one[] = {"threads", "1", NULL};
	for (long n = 0;; n += 1 + n / 24) {
		nv_model *model = NULL;
		nv_error err = {0};
		faulty_on(n);
		int code = train(one, all, NULL, NULL, &model, &err);
		nv_model_free(model);
		ck_assert_int_eq(faulty_off(), 0);
		if (code == NV_OK)
			break;
		ck_assert_int_eq(code, NV_E_MEMORY);
	}
}
END_TEST

static Suite *train_suite(void)
{
	Suite *suite = suite_create("train");
	TCase *algorithms = tcase_create("Core");
	tcase_add_loop_test(algorithms, every_algorithm_learns, 0, 14);
	tcase_set_timeout(algorithms, 60);
	suite_add_tcase(suite, algorithms);
	NV_CASE(suite, "Core", naive_bayes_is_not_read_label_by_label, words_that_training_never_saw, what_a_model_holds, threads_do_not_matter);
	NV_CASE(suite, "Limits", tasks_without_articles, few_articles, rows_of_several_stretches, labels_of_two_blocks);
	NV_CASE(suite, "Errors", cancelling, labels_outside_the_schema, options_that_do_not_go_together, out_of_memory);
	return suite;
}

NV_CHECK_MAIN(train_suite)
