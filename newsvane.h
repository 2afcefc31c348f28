/* SPDX-License-Identifier: Apache-2.0
 *
 * newsvane.h: the public interface of libnewsvane, a statistical classifier of news articles by topic and stance.
 *
 * What it is for: train linear models on labelled articles, classify new ones, and judge the result.
 *
 * Call order:
 *   nv_model_open (or nv_train)  ->  nv_scratch_new, nv_result_new  ->  nv_classify for each article  ->  free all.
 *
 * Rules that hold everywhere:
 *   - Fallible functions return 0 or a negative nv_code, and fill *err (which may be NULL) on failure only.
 *   - (pointer, length) pairs are bytes of UTF-8; they need no end mark. Ill-formed bytes are read as U+FFFD.
 *   - X_free(NULL) does nothing. What a function returns is owned by the caller unless its comment says otherwise.
 *   - A loaded nv_model is never changed: any number of threads may use it. nv_scratch and nv_result belong to one
 *     thread at a time.
 *   - The library never prints, exits, or touches signals and locale. It turns GSL's default error handler (which
 *     aborts the process) off at the first call of nv_train, nv_crossval, nv_evaluate or nv_compare_*.
 *
 * docs/formats.md has the contract: records, schemas, results and the reports' JSON.
 *
 * This header holds declarations only and lies below every layer: base/error.h includes it for the value types that the
 * whole library shares. newsvane.c implements the functions.
 */
#ifndef NEWSVANE_H
#define NEWSVANE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define NV_API __attribute__((visibility("default")))
#define NV_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define NV_API
#define NV_PRINTF(fmt, args)
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Errors ------------------------------------------------------------------------------------------------- */

typedef enum nv_code {
	NV_OK = 0,
	NV_E_USAGE = -1,     /* an option or an argument is wrong */
	NV_E_RECORD = -2,    /* one article can't be used; the others can */
	NV_E_INPUT = -3,     /* an input can't be opened or read, or holds no article */
	NV_E_SCHEMA = -4,    /* the label schema is wrong, or the articles do not fit it */
	NV_E_MODEL = -5,     /* a model file is damaged, of another version, or does not fit the call */
	NV_E_MEMORY = -6,    /* out of memory */
	NV_E_IO = -7,        /* writing failed: disk full, closed pipe, no permission */
	NV_E_CANCELLED = -8, /* the progress callback asked to stop */
} nv_code;

#define NV_ERROR_TEXT 400
#define NV_ERROR_PATH 512

/* What went wrong and where. Zero-initialise it. path is "" and line, byte are 0 where they are not known. */
typedef struct nv_error {
	nv_code code;
	char message[NV_ERROR_TEXT]; /* one line, fit to print, without path and line */
	char path[NV_ERROR_PATH];    /* file name, cut at the front if long */
	uint64_t line;               /* 1-based */
	uint64_t byte;               /* 1-based, from the start of the line */
} nv_error;

/* "PATH:LINE: message" (parts that are not known left out) into buf, cut at size. Returns buf. */
NV_API const char *nv_error_format(const nv_error *err, char *buf, size_t size);

NV_API const char *nv_version(void); /* "MAJOR.MINOR.PATCH"; static */

/* ---- Memory, progress and cancelling ------------------------------------------------------------------------- */

/* The allocator of the library. Set it before any other call, from one thread; NULL restores malloc and free. What SQLite, libxml2, zstd,
 * iconv, GSL, libstemmer and the C library take for themselves comes from malloc all the same. */
typedef struct nv_allocator {
	void *(*resize)(void *user, void *ptr, size_t size); /* realloc's contract; ptr may be NULL, size is never 0 */
	void (*release)(void *user, void *ptr);              /* ptr is never NULL */
	void *user;
} nv_allocator;
NV_API void nv_set_allocator(const nv_allocator *allocator);

/* Called about every 50 ms of long work, from the calling thread or a worker, never from two at once. phase is a static
 * word ("read", "fit", "calibrate", "classify", "bootstrap", "learn"); total is 0 where it is not known. Non-zero cancels: the call
 * under way returns NV_E_CANCELLED and leaves nothing behind. A NULL callback is allowed everywhere. */
typedef struct nv_progress {
	int (*report)(void *user, const char *phase, uint64_t done, uint64_t total);
	void *user;
} nv_progress;

/* Takes bytes. Returns 0, or non-zero to stop: the call under way then returns NV_E_IO. */
typedef struct nv_sink {
	int (*write)(void *user, const char *bytes, size_t len);
	void *user;
} nv_sink;

/* Told of what a person should know but that stops nothing, one line each: labels without articles, ids twice, a batch far from
 * what the model knows. From the thread that called. A NULL pointer or function is allowed everywhere. */
typedef struct nv_notes {
	void (*note)(void *user, const char *text);
	void *user;
} nv_notes;

/* ---- Articles ------------------------------------------------------------------------------------------------ */

typedef struct nv_str {
	const char *ptr; /* may be NULL when len is 0 */
	size_t len;      /* bytes */
} nv_str;

typedef enum nv_field_kind {
	NV_FIELD_MISSING = 0, /* not in the record, or null */
	NV_FIELD_STRING,      /* one value */
	NV_FIELD_LIST,        /* an array of strings, maybe empty */
	NV_FIELD_OTHER,       /* a number, an object or a mixed array: an error where a label is wanted */
} nv_field_kind;

/* A field beside text and title: labels, groups, what `where` looks at. name is as in the schema ("stance.ai_progress"). */
typedef struct nv_field {
	nv_str name;
	nv_field_kind kind;
	const nv_str *value; /* [n_value]; one for NV_FIELD_STRING */
	size_t n_value;
} nv_field;

/* One article, by views into memory that the giver keeps until it gives the next one. */
typedef struct nv_article {
	nv_str id, title, text, date, source;
	const nv_field *field; /* [n_field] */
	size_t n_field;
	const char *path; /* where it came from, for messages; NULL if nowhere */
	uint64_t line;    /* 1-based; 0 if not known */
} nv_article;

/* Gives articles one by one: 1 and *article filled, 0 at the end, or a negative nv_code with *err filled. */
typedef struct nv_articles {
	int (*next)(void *user, nv_article *article, nv_error *err);
	void *user;
} nv_articles;

/* ---- Options ------------------------------------------------------------------------------------------------- */

typedef enum nv_command {
	NV_COMMAND_TRAIN = 1,
	NV_COMMAND_CLASSIFY = 2,
	NV_COMMAND_EVAL = 4,
	NV_COMMAND_CROSSVAL = 8,
} nv_command;

/* A set of named options with checked values; starts with the defaults. The names are the program's, without "--". */
typedef struct nv_options nv_options;

typedef struct nv_option_info {
	const char *name;    /* "ngrams" */
	const char *value;   /* what stands for the value in help: "A-B", "N", "nb|logreg|…"; NULL: a flag, whose values are yes and no */
	const char *initial; /* the default, as text */
	const char *help;    /* one sentence: lower case, no full stop */
	const char *group;   /* heading in help: "Features", "Input", … */
	unsigned commands;   /* sum of nv_command that take it */
} nv_option_info;

NV_API size_t nv_option_count(void);
NV_API bool nv_option_describe(size_t index, nv_option_info *info); /* static texts; false past the end */

NV_API nv_options *nv_options_new(void); /* NULL: out of memory */
NV_API nv_options *nv_options_copy(const nv_options *options);
NV_API void nv_options_free(nv_options *options);
NV_API int nv_options_set(nv_options *options, const char *name, const char *value, nv_error *err);
/* The value as text, valid until the next call on the same options; NULL for an unknown name. */
NV_API const char *nv_options_get(nv_options *options, const char *name);

/* ---- Schema -------------------------------------------------------------------------------------------------- */

typedef struct nv_schema nv_schema;
NV_API int nv_schema_open(nv_schema **schema, const char *path, nv_error *err);
NV_API int nv_schema_parse(nv_schema **schema, nv_str json, const char *name_in_messages, nv_error *err);
NV_API int nv_schema_default(nv_schema **schema, nv_error *err); /* data/schema/tech_policy.json */
NV_API void nv_schema_free(nv_schema *schema);

/* ---- Inputs: files, folders and streams as articles ------------------------------------------------------------ */

typedef struct nv_input nv_input;

/* Told of each record that is left out, in input order, from the thread that called. With the option strict the first
 * such record ends the reading instead. */
typedef struct nv_bad_record {
	void (*report)(void *user, const nv_error *err);
	void *user;
} nv_bad_record;

typedef struct nv_input_stats {
	uint64_t articles;    /* given so far */
	uint64_t bad_records; /* left out */
	uint64_t ill_formed;  /* bytes replaced by U+FFFD */
	uint64_t bytes;       /* read, decompressed */
} nv_input_stats;

/* Opens paths[n_path] ("-" or none: standard input) with the input options; schema says which fields to read and may be
 * NULL. Each path is checked now, so that a wrong name is told before long work. Reads nothing yet. */
NV_API int nv_input_open(nv_input **input, const char *const *paths, size_t n_path, const nv_options *options,
                         const nv_schema *schema, const nv_bad_record *bad, nv_error *err);
NV_API nv_articles nv_input_articles(nv_input *input); /* to pull from by hand, or for nv_train and others */
NV_API nv_input_stats nv_input_get_stats(const nv_input *input);
NV_API void nv_input_free(nv_input *input);

/* ---- Models -------------------------------------------------------------------------------------------------- */

typedef struct nv_model nv_model;

/* Maps the file; blocks are verified before their first use. */
NV_API int nv_model_open(nv_model **model, const char *path, nv_error *err);
/* The same from memory, which must be aligned to 64 bytes and outlive the model. */
NV_API int nv_model_from_buffer(nv_model **model, const void *bytes, size_t len, nv_error *err);
NV_API int nv_model_verify(const nv_model *model, nv_error *err); /* every block's checksum, and what is checked at first use */
/* Whole or not at all: a temporary file, synced, renamed. */
NV_API int nv_model_save(const nv_model *model, const char *path, nv_error *err);
NV_API int nv_model_write(const nv_model *model, const nv_sink *sink, nv_error *err);
NV_API void nv_model_free(nv_model *model);

NV_API const nv_schema *nv_model_schema(const nv_model *model); /* the model's; labels filled in */
/* What the model is, as JSON or as text for people; top_k: strongest terms a label, 0 for none. */
NV_API int nv_model_inspect(const nv_model *model, size_t top_k, bool json, const nv_sink *sink, nv_error *err);

typedef enum nv_task_kind { NV_MULTICLASS = 1, NV_MULTILABEL = 2, NV_STANCE = 3 } nv_task_kind;
NV_API size_t nv_schema_task_count(const nv_schema *schema);
NV_API const char *nv_schema_task_name(const nv_schema *schema, size_t task);
NV_API nv_task_kind nv_schema_task_kind(const nv_schema *schema, size_t task);
NV_API size_t nv_schema_label_count(const nv_schema *schema, size_t task); /* 0 where not collected yet */
NV_API const char *nv_schema_label(const nv_schema *schema, size_t task, size_t label);

/* ---- Training ------------------------------------------------------------------------------------------------ */

/* Pulls all articles and fits every task of the schema. The model is in memory: save it with nv_model_save. */
NV_API int nv_train(nv_model **model, const nv_schema *schema, const nv_options *options, nv_articles articles,
                    const nv_progress *progress, const nv_notes *notes, nv_error *err);

/* ---- Classifying ----------------------------------------------------------------------------------------------- */

typedef struct nv_scratch nv_scratch; /* working memory of one thread, reused from call to call */
typedef struct nv_result nv_result;   /* what one article came to, reused from call to call */

/* The first of a model takes longest: it verifies what looking words up needs. NV_E_MODEL: that is damaged. */
NV_API int nv_scratch_new(nv_scratch **scratch, const nv_model *model, nv_error *err);
NV_API void nv_scratch_free(nv_scratch *scratch);
NV_API int nv_result_new(nv_result **result, const nv_model *model, nv_error *err);
NV_API void nv_result_free(nv_result *result);

/* No allocation after the first articles of a length. */
NV_API int nv_classify(const nv_model *model, const nv_article *article, nv_scratch *scratch, nv_result *result,
                       nv_error *err);

NV_API double nv_result_coverage(const nv_result *result); /* in [0, 1]; NaN when hashing or without words */
NV_API bool nv_result_applies(const nv_result *result, size_t task); /* false: the task's `where` excludes the article */
NV_API double nv_result_p(const nv_result *result, size_t task, size_t label); /* calibrated, in [0, 1]; NaN: not trained */
NV_API double nv_result_margin(const nv_result *result, size_t task, size_t label);
NV_API bool nv_result_chosen(const nv_result *result, size_t task, size_t label);
NV_API double nv_result_score(const nv_result *result, size_t task); /* stance: P(favor) - P(against); NaN otherwise */

/* Classifies a whole input on options' threads, results to sink in input order in the options' output format.
 * Memory stays bounded. NV_E_USAGE: the format is sqlite, which is no stream of bytes. */
NV_API int nv_classify_input(const nv_model *model, nv_input *input, const nv_options *options, const nv_sink *sink,
                             const nv_progress *progress, const nv_notes *notes, nv_error *err);

/* The same into an SQLite database (docs/sqlite.md has its tables), which is made where path names no file; the option `to` does not
 * count, `existing` and `run-name` do. One transaction: after a failure the database is as it was. NV_E_INPUT: path is a file of another
 * kind. */
NV_API int nv_classify_to_database(const nv_model *model, nv_input *input, const nv_options *options, const char *path,
                                   const nv_progress *progress, const nv_notes *notes, nv_error *err);

/* ---- Evaluation ------------------------------------------------------------------------------------------------ */

typedef struct nv_report nv_report; /* gold and predicted values of many articles, and the figures from them */

/* Judges a model on labelled articles. */
NV_API int nv_evaluate(nv_report **report, const nv_model *model, nv_articles articles, const nv_options *options,
                       const nv_progress *progress, const nv_notes *notes, nv_error *err);
/* Trains and judges by folds: each article is predicted by a model that has not seen its fold. */
NV_API int nv_crossval(nv_report **report, const nv_schema *schema, const nv_options *options, nv_articles articles,
                       const nv_progress *progress, const nv_notes *notes, nv_error *err);
/* Judges two models on the same articles, read once: the report of nv_evaluate on model, which then holds a comparison with other
 * too, in all its forms: differences with intervals, exact tests, the articles on which the two part (docs/compare.md). Labels are
 * read by model's schema. Compared are the tasks and labels that both models have, the others are listed; NV_E_MODEL, before
 * anything is read, where they share no task. */
NV_API int nv_compare_models(nv_report **report, const nv_model *model, const nv_model *other, nv_articles articles,
                             const nv_options *options, const nv_progress *progress, const nv_notes *notes, nv_error *err);
/* The same by cross-validation, for two sets of training options: both are trained and judged on the same folds. Of other the
 * options of training count; seed, group-by and all that is not training are those of options. */
NV_API int nv_compare_options(nv_report **report, const nv_schema *schema, const nv_options *options, const nv_options *other,
                              nv_articles articles, const nv_progress *progress, const nv_notes *notes, nv_error *err);
NV_API int nv_report_text(const nv_report *report, size_t columns, const nv_sink *sink, nv_error *err);
NV_API int nv_report_json(const nv_report *report, const nv_sink *sink, nv_error *err);
/* One page for a browser, complete in itself: it asks for nothing from any network. */
NV_API int nv_report_html(const nv_report *report, const nv_sink *sink, nv_error *err);
/* Gold and predicted values as JSON Lines, an article a line: {"id": …, "tasks": {"topics": {"gold": …, "predicted": …, "p": {…}}}},
 * with "compared": {"predicted": …, "p": {…}} in each task that another model was compared in. */
NV_API int nv_report_predictions(const nv_report *report, const nv_sink *sink, nv_error *err);
NV_API void nv_report_free(nv_report *report);

/* The figures of one task from gold and scores, without a model. gold: [n][n_label] of 0 and 1; p: [n][n_label] in [0, 1];
 * chosen: [n][n_label] of 0 and 1. sink gets the task's object of the JSON report (docs/formats.md). */
NV_API int nv_metrics(nv_task_kind kind, size_t n, size_t n_label, const char *const *labels, const uint8_t *gold,
                      const double *p, const uint8_t *chosen, const nv_options *options, const nv_sink *sink,
                      nv_error *err);

#ifdef __cplusplus
}
#endif
#endif
