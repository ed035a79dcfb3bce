/* SPDX-License-Identifier: MIT */
/* halfcalld(8): reads the options and runs one server. */
#include "base/log.h"
#include "conf/conf.h"
#include "server/server.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

enum { EXIT_REFUSED = 1, EXIT_USAGE = 2 };

struct options {
	const char *file;
	bool checks, prints, upgrades;
	int verbosity;
};

static int usage(void)
{
	fputs("usage: halfcalld [-npUVv] [-f file]\n", stderr);
	return EXIT_USAGE;
}

static int refuse(const struct fault *fault)
{
	fprintf(stderr, "halfcalld: %s\n", fault->text);
	return EXIT_REFUSED;
}

/* Every call over TCP may need two descriptors; take what the system grants. */
static void raise_file_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static int serve(struct conf *conf, const char *file)
{
	struct server *server;
	struct fault fault;

	raise_file_limit();
	if (server_new(conf, file, &server, &fault) < 0)
		return refuse(&fault);
	server_run(server);
	server_free(server);
	return EXIT_SUCCESS;
}

/* What is no fault of the file alone. */
static int check(const struct conf *conf)
{
	struct fault fault;

	if (server_check(conf, &fault) == 0)
		return EXIT_SUCCESS;
	fprintf(stderr, "%s\n", fault.text);
	return EXIT_REFUSED;
}

static int run(const struct options *options)
{
	struct conf conf;
	struct fault fault;
	int status = EXIT_SUCCESS;

	if (conf_read(&conf, options->file, stderr) > 0)
		return EXIT_REFUSED;
	if (options->verbosity)
		conf.log.level = LOG_DEBUG;
	log_set_level((enum log_level)conf.log.level);

	if (options->prints)
		conf_print(&conf, stdout);
	else if (options->upgrades && store_upgrade(conf.database, &fault) < 0)
		status = refuse(&fault);
	else if (options->checks)
		status = check(&conf);
	else if (!options->upgrades)
		return serve(&conf, options->file);
	conf_clear(&conf);
	return status;
}

int main(int argc, char **argv)
{
	struct options options = { .file = "/etc/halfcall/halfcalld.conf" };
	int option;

	while ((option = getopt(argc, argv, "f:npUVv")) != -1) {
		switch (option) {
		case 'f':
			options.file = optarg;
			break;
		case 'n':
			options.checks = true;
			break;
		case 'p':
			options.prints = true;
			break;
		case 'U':
			options.upgrades = true;
			break;
		case 'V':
			puts("halfcalld " HALFCALL_VERSION);
			return EXIT_SUCCESS;
		case 'v':
			options.verbosity++;
			break;
		default:
			return usage();
		}
	}
	return optind < argc ? usage() : run(&options);
}
