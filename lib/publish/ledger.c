/* SPDX-License-Identifier: MIT */
#include "publish/ledger.h"

#include "base/clock.h"
#include "base/index.h"
#include "publish/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	LINE_SIZE = 2048,
	GROWTH = 8,			/* lines a station before the file is rewritten ... */
	GROWTH_FREE = 10000,		/* ... and these beside */
	RETRY_MS = 5000,		/* between two attempts at a file that fails */
};

struct ledger {
	const char *path;
	int fd;				/* for appending, -1 = none */
	bool is_torn;			/* the last line may lack its end */
	bool is_lacking;		/* something could not be written */
	int64_t retry_at_ms;
	size_t lines;
	FILE *draft;			/* while it is rewritten */
};

struct ledger *ledger_new(const char *path)
{
	struct ledger *ledger = memory_need(malloc(sizeof *ledger));

	*ledger = (struct ledger){ .path = path, .fd = -1, .is_lacking = true };
	return ledger;
}

void ledger_free(struct ledger *ledger)
{
	if (ledger == NULL)
		return;
	if (ledger->fd >= 0)
		close(ledger->fd);
	free(ledger);
}

/* Escapes what would end a field or a line; NULL when it does not fit into SIZE. */
static char *escape(char *to, size_t size, const char *text)
{
	for (; *text; text++) {
		unsigned char byte = (unsigned char)*text;
		bool is_plain = byte > ' ' && byte < 0x7f && byte != '%';
		int used = snprintf(to, size, is_plain ? "%c" : "%%%02X", byte);

		if ((size_t)used >= size)
			return NULL;
		to += used;
		size -= (size_t)used;
	}
	return to;
}

static int hex(char digit)
{
	return digit >= '0' && digit <= '9'   ? digit - '0'
	       : digit >= 'A' && digit <= 'F' ? digit - 'A' + 10
					      : -1;
}

/* Removes the escapes in place; false when one is invalid. */
static bool unescape(char *text)
{
	char *to = text;

	for (; *text; text++) {
		if (*text != '%') {
			*to++ = *text;
			continue;
		}
		int high = hex(text[1]), low = high < 0 ? -1 : hex(text[2]);

		if (low < 0 || high + low == 0)
			return false;
		*to++ = (char)(high * 16 + low);
		text += 2;
	}
	*to = '\0';
	return true;
}

/*
 * EXTENSION VERSION EXPIRY =ETAG SUM, or - for no ETag or one too long to keep; 0 = the
 * extension fits no line.
 */
static size_t line_write(char line[static LINE_SIZE], const struct ledger_entry *entry)
{
	char *end = line + LINE_SIZE - sizeof " 0123456789abcdef\n";
	char *to = escape(line, (size_t)(end - line), entry->extension), *etag;

	if (to == NULL || to == line || end - to < 40)
		return 0;
	to += sprintf(to, " %" PRIu32 " %" PRId64, entry->version, entry->expiry_s);
	etag = entry->etag == NULL ? NULL
				   : escape(to + 2, (size_t)(end - to - 2), entry->etag);
	memcpy(to, etag != NULL ? " =" : " -", 2);
	to = etag != NULL ? etag : to + 2;
	*to = '\0';
	to += sprintf(to, " %016llx\n", index_hash(line));
	return (size_t)(to - line);
}

/* Reads LINE in place, without its end; false when it is damaged. */
static bool line_read(char *line, struct ledger_entry *entry)
{
	char *sum = strrchr(line, ' '), *save = NULL, text[17];
	const char *version, *expiry;
	char *extension, *etag;

	if (sum == NULL)
		return false;
	*sum++ = '\0';
	snprintf(text, sizeof text, "%016llx", index_hash(line));
	if (strcmp(sum, text) != 0)
		return false;
	extension = strtok_r(line, " ", &save);
	version = strtok_r(NULL, " ", &save);
	expiry = strtok_r(NULL, " ", &save);
	etag = strtok_r(NULL, " ", &save);
	if (etag == NULL || strtok_r(NULL, " ", &save) != NULL)
		return false;
	if (!unescape(extension) || !unescape(etag))
		return false;
	*entry = (struct ledger_entry){
		.extension = extension,
		.version = (uint32_t)strtoul(version, NULL, 10),
		.expiry_s = strtoll(expiry, NULL, 10),
		.etag = *etag == '=' ? etag + 1 : NULL,
	};
	return true;
}

/* The whole of an overlong line is one damaged line. */
static void skip_rest(FILE *in)
{
	int c;

	do
		c = getc(in);
	while (c != EOF && c != '\n');
}

static size_t read_lines(FILE *in,
			 void (*take)(void *context, const struct ledger_entry *entry),
			 void *context)
{
	struct ledger_entry entry;
	char line[LINE_SIZE];
	size_t damaged = 0;

	while (fgets(line, sizeof line, in) != NULL) {
		size_t length = strlen(line);
		bool is_whole = length > 0 && line[length - 1] == '\n';

		if (length == 1 && is_whole)
			continue;
		if (is_whole)
			line[length - 1] = '\0';
		else
			skip_rest(in);
		if (is_whole && line_read(line, &entry))
			take(context, &entry);
		else
			damaged++;
	}
	return damaged;
}

int ledger_read(const struct ledger *ledger,
		void (*take)(void *context, const struct ledger_entry *entry),
		void *context, size_t *damaged)
{
	int fd = open(ledger->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), err = 0;
	struct stat about;
	FILE *in;

	*damaged = 0;
	if (fd < 0)
		return errno == ENOENT ? 0 : -errno;
	if (fstat(fd, &about) < 0 || !S_ISREG(about.st_mode)) {
		close(fd);
		return -EINVAL;
	}
	in = memory_need(fdopen(fd, "r"));
	*damaged = read_lines(in, take, context);
	if (ferror(in))
		err = -EIO;
	fclose(in);
	return err;
}

static int fail(struct ledger *ledger, int err)
{
	ledger->is_lacking = true;
	ledger->retry_at_ms = clock_mono_ms() + RETRY_MS;
	return -err;
}

int ledger_put(struct ledger *ledger, const struct ledger_entry *entry)
{
	char text[LINE_SIZE + 1] = "\n", *line = text + 1;
	size_t length = line_write(line, entry);
	ssize_t done;

	if (length == 0)
		return -ENAMETOOLONG;
	if (ledger->fd < 0)
		return fail(ledger, EBADF);
	if (ledger->is_torn) {
		line--;
		length++;
	}
	done = write(ledger->fd, line, length);
	ledger->lines++;
	ledger->is_torn = done != (ssize_t)length;
	if (done < 0)
		return fail(ledger, errno);
	return ledger->is_torn ? fail(ledger, ENOSPC) : 0;
}

bool ledger_is_due(const struct ledger *ledger, size_t entries)
{
	if (ledger->is_lacking)
		return clock_mono_ms() >= ledger->retry_at_ms;
	return ledger->lines > GROWTH * entries + GROWTH_FREE;
}

void ledger_add(struct ledger *ledger, const struct ledger_entry *entry)
{
	char line[LINE_SIZE];
	size_t length = line_write(line, entry);

	if (length != 0)
		fwrite(line, 1, length, ledger->draft);
	ledger->lines++;
}

/* Opens the file at the path for appending, if it is a regular file. */
static int reopen(struct ledger *ledger)
{
	struct stat about;
	int fd = open(ledger->path,
		      O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0600);

	if (fd < 0)
		return -errno;
	if (fstat(fd, &about) < 0 || !S_ISREG(about.st_mode)) {
		close(fd);
		return -EINVAL;
	}
	if (ledger->fd >= 0)
		close(ledger->fd);
	ledger->fd = fd;
	return 0;
}

/* Closes the draft; its first error, if there was one. */
static int finish(struct ledger *ledger, bool is_synced)
{
	int err = fflush(ledger->draft) == 0 ? 0 : -errno;

	if (err == 0 && ferror(ledger->draft))
		err = -EIO;
	if (err == 0 && is_synced && fsync(fileno(ledger->draft)) < 0)
		err = -errno;
	if (fclose(ledger->draft) != 0 && err == 0)
		err = -errno;
	ledger->draft = NULL;
	return err;
}

static int replace(struct ledger *ledger, const char *beside,
		   void (*each)(struct ledger *ledger, void *context), void *context,
		   bool is_synced)
{
	struct stat about;
	int fd, err;

	/* Must not replace a device or directory that was configured by mistake. */
	if (stat(ledger->path, &about) == 0 && !S_ISREG(about.st_mode))
		return -EINVAL;
	fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	ledger->draft = memory_need(fdopen(fd, "w"));
	ledger->lines = 0;
	each(ledger, context);
	err = finish(ledger, is_synced);
	if (err == 0 && rename(beside, ledger->path) < 0)
		err = -errno;
	if (err < 0)
		unlink(beside);
	return err;
}

int ledger_rewrite(struct ledger *ledger,
		   void (*each)(struct ledger *ledger, void *context), void *context,
		   bool is_synced)
{
	char *beside = NULL;
	int err;

	if (asprintf(&beside, "%s.new", ledger->path) < 0)
		memory_need(NULL);
	err = replace(ledger, beside, each, context, is_synced);
	free(beside);
	if (err == 0) {
		ledger->is_torn = ledger->is_lacking = false;
		ledger->retry_at_ms = 0;
		err = reopen(ledger);
	} else if (ledger->fd < 0) {
		ledger->is_torn = true;		/* its last line may be incomplete */
		reopen(ledger);
	}
	return err < 0 ? fail(ledger, -err) : 0;
}
