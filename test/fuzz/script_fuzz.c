/* SPDX-License-Identifier: MIT */
/* libFuzzer's way into lib/script: any bytes are a script; see test/fuzz/run. */
#include "script/faults.h"
#include "script/script.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct faults *faults = faults_new();
	struct script script;
	const char *text = (const char *)data;
	FILE *out = fopen("/dev/null", "w");
	int rc = script_read_text(&script, "nowhere/fuzz.call", text, size, faults);

	if (rc == 0)
		rc = script_complete(&script, faults);
	/* Faults are told, or there is a case. */
	if ((rc == 0) != (faults_count(faults) == 0) || (rc == 0 && !script.case_count) ||
	    !out)
		abort();
	faults_print(faults, out);
	fclose(out);
	script_clear(&script);
	faults_free(faults);
	return 0;
}
