/* SPDX-License-Identifier: MIT */
#include "conf/item.h"

#include "base/log.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#define IN_STRUCT(type, member)                                           \
	{                                                                 \
		offsetof(type, member), sizeof(((type *)0)->member), 0, 0 \
	}
#define IN(member) IN_STRUCT(struct conf, member)
#define IN_PROXY(member) IN_STRUCT(struct conf_proxy, member)
#define IN_NAME(member) IN_STRUCT(struct conf_feature_name, member)
#define IN_LIST(member, count)                                                           \
	{                                                                                \
		offsetof(struct conf, member), sizeof(((struct conf *)0)->member),       \
			offsetof(struct conf, count), sizeof *((struct conf *)0)->member \
	}
#define REQUIRED item_required
#define ABSENT NULL
#define RESTART true

enum {
	PATH_BYTES = 4095,
	SOCKET_BYTES = sizeof((struct sockaddr_un){ 0 }.sun_path) - 1,
};

const char item_required[] = "";

static_assert(sizeof(enum conf_model) == sizeof(unsigned),
	      "a word is stored as an unsigned");
static_assert(LOG_ERROR == 0 && LOG_WARNING == 1 && LOG_INFO == 2 && LOG_DEBUG == 3,
	      "log.level lists the levels in the order of enum log_level");
static_assert(MODEL_PROXY == 1 && SERVER_EVOLUTION == 1 && UNTAGGED_ROUTE == 1 &&
		      FORWARD_ORIGDONE == 1,
	      "the words of call.* stand in the order of their enums");

/* clang-format off */
const struct item conf_items[] = {
	{ "listen", ITEM_ADDRESSES, IN_LIST(listen, listen_count), REQUIRED, 1, 64, NULL,
	  "SIP addresses to listen on; port 0 picks a free port", RESTART },
	{ "domain", ITEM_TEXT, IN(domain), REQUIRED, 1, 253, "-.",
	  "SIP domain of the stations", RESTART },
	{ "database", ITEM_TEXT, IN(database), "\"/var/lib/halfcall/users.db\"", 1, PATH_BYTES, NULL,
	  "SQLite file with the users", RESTART },
	{ "control", ITEM_TEXT, IN(control), "\"/run/halfcall/control\"", 1, SOCKET_BYTES, NULL,
	  "socket for halfcall(1)", RESTART },

	{ "proxies", ITEM_GROUPS, IN_LIST(proxies, proxy_count), REQUIRED, 1, 64, NULL,
	  "the SIP proxies that send us calls, in order of preference", RESTART },
	{ "proxies[].name", ITEM_TEXT, IN_PROXY(name), REQUIRED, 1, 64, "-_.",
	  "how logs and journal call the proxy; unique", RESTART },
	{ "proxies[].address", ITEM_ADDRESS, IN_PROXY(address), REQUIRED, 1, 65535, NULL,
	  "where requests to the proxy go; its IP address is how we know its requests", RESTART },
	{ "proxies[].tls_name", ITEM_TEXT, IN_PROXY(tls_name), ABSENT, 1, 253, "-.:",
	  "the name that the proxy's certificate must have", RESTART },
	{ "proxies[].survivable", ITEM_BOOL, IN_PROXY(survivable), "false", 0, 0, NULL,
	  "the proxy is only a fallback", RESTART },

	{ "feature_names", ITEM_GROUPS, IN_LIST(feature_names, feature_name_count), ABSENT, 0, 32, NULL,
	  "names of features in feature name URIs (avaya-cm-fnu)" },
	{ "feature_names[].name", ITEM_TEXT, IN_NAME(name), REQUIRED, 1, 64, "-_.",
	  "the value of avaya-cm-fnu, in any case" },
	{ "feature_names[].feature", ITEM_WORD, IN_NAME(feature), REQUIRED, 0, 0,
	  "call-fwd-all|call-fwd-busy|call-fwd-no-answer|send-all-calls",
	  "the feature that it turns on and off" },

	{ "peers.unknown", ITEM_WORD, IN(peers.refuse), "\"refuse\"", 0, 0, "ignore|refuse",
	  "requests from an address of no proxy: no answer, or 403" },

	{ "tls.certificate", ITEM_TEXT, IN(tls.certificate), ABSENT, 1, PATH_BYTES, NULL,
	  "PEM file with our certificate and those between it and its authority" },
	{ "tls.key", ITEM_TEXT, IN(tls.key), ABSENT, 1, PATH_BYTES, NULL,
	  "PEM file with the certificate's private key" },
	{ "tls.ca", ITEM_TEXT, IN(tls.ca), ABSENT, 1, PATH_BYTES, NULL,
	  "PEM file with the authorities that we trust; absent = those of the system" },
	{ "tls.mutual", ITEM_BOOL, IN(tls.mutual), "false", 0, 0, NULL,
	  "who connects over TLS must show a certificate, too", RESTART },

	{ "limits.message_bytes", ITEM_NUMBER, IN(limits.message_bytes), "65535",
	  4096, 1048576, NULL, "longest message", RESTART },
	{ "limits.header_lines", ITEM_NUMBER, IN(limits.header_lines), "200", 50, 2000, NULL,
	  "most header lines of a message", RESTART },
	{ "limits.connections", ITEM_NUMBER, IN(limits.connections), "1000", 8, 100000, NULL,
	  "most TCP and TLS connections", RESTART },
	{ "limits.reserved_connections", ITEM_NUMBER, IN(limits.reserved_connections), "0",
	  0, 99999, NULL, "of them kept back for the proxies; 0 = a quarter", RESTART },
	{ "limits.address_connections", ITEM_NUMBER, IN(limits.address_connections), "16",
	  1, 100000, NULL, "most connections from one address that is no proxy's", RESTART },
	{ "limits.incomplete_ms", ITEM_NUMBER, IN(limits.incomplete_ms), "5000", 100, 60000, NULL,
	  "milliseconds from the first byte of a message on a connection to its last", RESTART },
	{ "limits.connect_ms", ITEM_NUMBER, IN(limits.connect_ms), "2000", 100, 60000, NULL,
	  "milliseconds that opening a connection may take", RESTART },
	{ "limits.handshake_ms", ITEM_NUMBER, IN(limits.handshake_ms), "5000", 100, 60000, NULL,
	  "milliseconds that the handshake of TLS may take", RESTART },
	{ "limits.idle_s", ITEM_NUMBER, IN(limits.idle_s), "180", 5, 86400, NULL,
	  "seconds after which a connection without traffic is closed", RESTART },
	{ "limits.silent_s", ITEM_NUMBER, IN(limits.silent_s), "10", 1, 3600, NULL,
	  "the same where no message has come yet and the address is no proxy's", RESTART },
	{ "limits.drain_s", ITEM_NUMBER, IN(limits.drain_s), "300", 1, 86400, NULL,
	  "seconds that calls may go on after SIGTERM" },
	{ "limits.queue_bytes", ITEM_NUMBER, IN(limits.queue_bytes), "262144",
	  65536, 16777216, NULL, "most bytes that wait to be sent on one connection", RESTART },

	{ "call.model", ITEM_WORD, IN(call.model), "\"b2bua\"", 0, 0, "b2bua|proxy",
	  "own dialogs on both sides, or Call-ID and tags kept", RESTART },
	{ "call.server", ITEM_WORD, IN(call.server), "\"feature\"", 0, 0, "feature|evolution",
	  "half-call model, or full-call model with atrp=shortcut" },
	{ "call.untagged", ITEM_WORD, IN(call.untagged), "\"reject\"", 0, 0, "reject|route",
	  "an INVITE without phase: 403, or a trunk call" },
	{ "call.forward_phase", ITEM_WORD, IN(call.forward_phase), "\"termdone\"", 0, 0,
	  "termdone|origdone", "phase written on a forwarded INVITE" },
	{ "call.no_answer", ITEM_NUMBER, IN(call.no_answer_s), "20", 1, 300, NULL,
	  "seconds a station rings until no-answer forwarding, unless its row says otherwise" },
	{ "call.forward_hops", ITEM_NUMBER, IN(call.forward_hops), "5", 0, 20, NULL,
	  "how often one call may be forwarded" },
	{ "call.chained", ITEM_BOOL, IN(call.chained), "false", 0, 0, NULL,
	  "also follow the forwardings of the party a call is forwarded to" },
	{ "call.diversion", ITEM_BOOL, IN(call.diversion), "false", 0, 0, NULL,
	  "write Diversion beside History-Info" },
	{ "call.trunk_members", ITEM_NUMBER, IN(call.trunk_members), "0", 0, 1000000, NULL,
	  "half calls in progress at most; 0 = unlimited" },

	{ "admission.delay", ITEM_NUMBER, IN(admission.delay_ms), "20", 0, 1000, NULL,
	  "milliseconds of work that new calls may wait for, beyond it 503; 0 = any" },
	{ "admission.retry_after", ITEM_NUMBER, IN(admission.retry_after_s), "0", 0, 3600, NULL,
	  "seconds in Retry-After of that 503; 0 = no such header" },
	{ "admission.calls", ITEM_NUMBER, IN(admission.calls), "100000", 0, 10000000, NULL,
	  "half calls and line reservations at most, beyond it 503; 0 = unlimited" },
	{ "admission.reserve", ITEM_NUMBER, IN(admission.reserve), "100", 0, 100000, NULL,
	  "how many of admission.calls are kept back for emergency calls" },
	{ "admission.emergencies", ITEM_NUMBER, IN(admission.emergencies), "50", 1, 10000, NULL,
	  "emergency calls a second that are taken whatever the load" },
	{ "admission.transactions", ITEM_NUMBER, IN(admission.transactions), "4000000", 0,
	  100000000, NULL, "SIP transactions at most, ended ones too, beyond it 503; 0 = unlimited" },

	{ "identity.asserted", ITEM_BOOL, IN(identity.asserted), "true", 0, 0, NULL,
	  "P-Asserted-Identity from the station record" },
	{ "identity.privacy", ITEM_BOOL, IN(identity.privacy), "true", 0, 0, NULL,
	  "no P-Asserted-Identity toward parties outside if Privacy asks for that" },
	{ "identity.alert_info", ITEM_BOOL, IN(identity.alert_info), "true", 0, 0, NULL,
	  "Alert-Info internal or external" },
	{ "identity.history_info", ITEM_BOOL, IN(identity.history_info), "true", 0, 0, NULL,
	  "History-Info on every call" },
	{ "identity.product", ITEM_TEXT, IN(identity.product), "\"halfcall/" HALFCALL_VERSION "\"",
	  0, 128, "-.!%*_+`'~/ ", "appended to User-Agent; empty appends nothing" },

	{ "line.reservation", ITEM_NUMBER, IN(line.reservation_s), "30", 30, 240, NULL,
	  "longest reservation of a line; the telephone's Expires may be shorter" },
	{ "line.reliable", ITEM_BOOL, IN(line.reliable), "false", 0, 0, NULL,
	  "183 with PRACK whenever the telephone supports 100rel" },

	{ "publish.enabled", ITEM_BOOL, IN(publish.enabled), "true", 0, 0, NULL,
	  "publish the dialog state of the stations" },
	{ "publish.expires", ITEM_NUMBER, IN(publish.expires_s), "3600", 1, 86400, NULL,
	  "seconds a publication lasts unless refreshed" },
	{ "publish.linger", ITEM_NUMBER, IN(publish.linger_s), "30", 0, 3600, NULL,
	  "seconds an idle station's publication is kept; 0 removes it at once" },
	{ "publish.state", ITEM_TEXT, IN(publish.state), ABSENT, 1, PATH_BYTES, NULL,
	  "file that keeps publications over a restart; absent = DATABASE.publications" },

	{ "monitor.interval", ITEM_NUMBER, IN(monitor.interval_s), "60", 0, 3600, NULL,
	  "seconds between OPTIONS to each proxy; 0 sends none" },
	{ "monitor.alive", ITEM_BOOL, IN(monitor.alive), "true", 0, 0, NULL,
	  "answer a proxy's OPTIONS with 200; false answers 503, as if down" },

	{ "denial.restricted", ITEM_NUMBER, IN(denial.restricted), "403", 400, 699, NULL,
	  "status when a restriction forbids the call" },
	{ "denial.unknown", ITEM_NUMBER, IN(denial.unknown), "404", 400, 699, NULL,
	  "status when the number or station is unknown" },
	{ "denial.reservation_timeout", ITEM_NUMBER, IN(denial.reservation_timeout), "487",
	  400, 699, NULL, "status when nothing was dialled in time" },

	{ "journal.file", ITEM_TEXT, IN(journal.file), ABSENT, 1, PATH_BYTES, NULL,
	  "file for the journal, \"-\" is stderr; absent keeps the ring only" },
	{ "journal.ring", ITEM_NUMBER, IN(journal.ring), "10000", 1, 1000000, NULL,
	  "events kept in memory" },

	{ "log.level", ITEM_WORD, IN(log.level), "\"info\"", 0, 0, "error|warning|info|debug",
	  "how much is written to stderr" },
};
/* clang-format on */

const size_t conf_item_count = sizeof conf_items / sizeof *conf_items;

const char *item_below(const struct item *item, const char *prefix)
{
	size_t length = strlen(prefix);

	if (length == 0)
		return item->path;
	if (strncmp(item->path, prefix, length) != 0 || item->path[length] != '.')
		return NULL;
	return item->path + length + 1;
}

const struct item *item_find(const char *path)
{
	for (size_t i = 0; i < conf_item_count; i++)
		if (strcmp(conf_items[i].path, path) == 0)
			return &conf_items[i];
	return NULL;
}

bool item_is_group(const char *path)
{
	for (size_t i = 0; i < conf_item_count; i++)
		if (item_below(&conf_items[i], path))
			return true;
	return false;
}

const char *item_leaf(const struct item *item)
{
	const char *dot = strrchr(item->path, '.');

	return dot ? dot + 1 : item->path;
}

const char *item_word(const struct item *item, unsigned index, size_t *length)
{
	const char *word = item->allowed;

	for (; index > 0; index--) {
		word = strchr(word, '|');
		if (!word)
			return NULL;
		word++;
	}
	*length = strcspn(word, "|");
	return word;
}

int item_word_index(const struct item *item, const char *word)
{
	const char *known;
	size_t length;

	for (unsigned i = 0; (known = item_word(item, i, &length)); i++)
		if (strlen(word) == length && memcmp(known, word, length) == 0)
			return (int)i;
	return -1;
}

void item_put_number(const struct item *item, void *base, long long number)
{
	unsigned wide = (unsigned)number;
	bool flag = number != 0;

	assert(item->in.size == sizeof wide || item->in.size == sizeof flag);
	memcpy((char *)base + item->in.offset,
	       item->in.size == sizeof flag ? (const void *)&flag : (const void *)&wide,
	       item->in.size);
}

long long item_get_number(const struct item *item, const void *base)
{
	const char *at = (const char *)base + item->in.offset;
	unsigned wide;

	if (item->in.size == sizeof(bool))
		return *at;
	memcpy(&wide, at, sizeof wide);
	return wide;
}

const void *item_get_pointer(const struct item *item, const void *base)
{
	const void *pointer;

	memcpy(&pointer, (const char *)base + item->in.offset, sizeof pointer);
	return pointer;
}

size_t item_get_count(const struct item *item, const void *base)
{
	size_t count;

	memcpy(&count, (const char *)base + item->in.count_at, sizeof count);
	return count;
}

/* The text inside "..."; presets hold no escapes. */
static const char *unquoted(struct arena *arena, const char *preset)
{
	if (*preset != '"')
		return preset;
	return arena_strndup(arena, preset + 1, strlen(preset) - 2);
}

void item_preset(const struct item *item, void *base, struct arena *arena)
{
	const char *text;

	if (!item->preset || item->preset == item_required)
		return;	/* all zero already */
	switch (item->type) {
	case ITEM_BOOL:
		item_put_number(item, base, strcmp(item->preset, "true") == 0);
		return;
	case ITEM_NUMBER:
		item_put_number(item, base, strtoll(item->preset, NULL, 10));
		return;
	case ITEM_WORD:
		item_put_number(item, base,
				item_word_index(item, unquoted(arena, item->preset)));
		return;
	case ITEM_TEXT:
		text = unquoted(arena, item->preset);
		memcpy((char *)base + item->in.offset, &text, sizeof text);
		return;
	case ITEM_ADDRESS:
	case ITEM_ADDRESSES:
	case ITEM_GROUPS:
		assert(false);	/* addresses and lists have no defaults */
	}
}

const char *item_words(const struct item *item, struct arena *arena)
{
	const char *all = "", *word, *next;
	size_t length, next_length;

	for (unsigned i = 0; (word = item_word(item, i, &length)); i++) {
		next = item_word(item, i + 1, &next_length);
		all = arena_printf(arena, "%s%s\"%.*s\"", all,
				   i == 0 ? ""
				   : next ? ", "
					  : " or ",
				   (int)length, word);
	}
	return all;
}

void item_describe(const struct item *item, FILE *out)
{
	struct arena arena = { 0 };

	switch (item->type) {
	case ITEM_BOOL:
		fputs("true or false", out);
		break;
	case ITEM_NUMBER:
		fprintf(out, "number %lld..%lld", item->min, item->max);
		break;
	case ITEM_WORD:
		fputs(item_words(item, &arena), out);
		break;
	case ITEM_TEXT:
		fprintf(out, "text of %lld..%lld bytes", item->min, item->max);
		break;
	case ITEM_ADDRESS:
		fprintf(out, "SIP address, port %lld..%lld", item->min, item->max);
		break;
	case ITEM_ADDRESSES:
		fprintf(out, "list of %lld..%lld SIP addresses", item->min, item->max);
		break;
	case ITEM_GROUPS:
		fprintf(out, "list of %lld..%lld groups", item->min, item->max);
		break;
	}
	if (item->preset == item_required)
		fputs(", required", out);
	else if (item->preset)
		fprintf(out, ", default %s", item->preset);
	else
		fputs(", absent by default", out);
	arena_clear(&arena);
}
