/* SPDX-License-Identifier: Apache-2.0
 *
 * check_main.h: the main of every unit test: NV_CHECK_MAIN(suite_function) at the file's end. Exit status 0: all passed.
 * CK_FORK=no in the environment runs the tests in one process (debuggers, sanitizers' leak reports).
 */
#ifndef NV_TESTS_CHECK_MAIN_H
#define NV_TESTS_CHECK_MAIN_H

#include <check.h>
#include <stdlib.h>

#define NV_CHECK_MAIN(suite_function)                       \
	int main(void)                                          \
	{                                                       \
		SRunner *runner = srunner_create(suite_function()); \
		srunner_run_all(runner, CK_NORMAL);                 \
		int failed = srunner_ntests_failed(runner);         \
		srunner_free(runner);                               \
		return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;   \
	}

/* Adds a case with the named tests to a suite: NV_CASE(suite, "Core", test_a, test_b). */
#define NV_CASE(suite, title, ...)                                               \
	do {                                                                         \
		TCase *nv_check_case = tcase_create(title);                              \
		const TTest *nv_tests[] = {__VA_ARGS__};                                 \
		for (size_t nv_i = 0; nv_i < sizeof nv_tests / sizeof *nv_tests; nv_i++) \
			tcase_add_test(nv_check_case, nv_tests[nv_i]);                       \
		tcase_set_timeout(nv_check_case, 60);                                    \
		suite_add_tcase(suite, nv_check_case);                                   \
	} while (0)

#endif
