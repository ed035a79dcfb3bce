/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdlib.h>

int main(void)
{
	Suite *suite = unit_suite();
	SRunner *runner;
	int failed;

	if (!suite)
		return EXIT_FAILURE;
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
