/* SPDX-License-Identifier: MIT */
#include "conf/reader.h"

#include <stdarg.h>

static void put_escaped(const char *text, FILE *out)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < 0x20 || c == 0x7f)
			fprintf(out, "\\x%02x", c);
		else
			fputc(c, out);
	}
}

void reader_fault(struct reader *reader, struct source_line at, const char *format, ...)
{
	char sentence[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(sentence, sizeof sentence, format, args);
	va_end(args);

	put_escaped(at.file, reader->faults);
	fprintf(reader->faults, ":%u: ", at.line);
	put_escaped(sentence, reader->faults);
	fputc('\n', reader->faults);
	reader->count++;
}

struct source_line reader_at(const struct reader *reader, const config_setting_t *setting)
{
	return source_at(&reader->source, (unsigned)config_setting_source_line(setting));
}
