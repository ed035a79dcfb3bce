/* SPDX-License-Identifier: MIT */
#include "script/word.h"

#include "base/nearest.h"

#include <string.h>

#define ASKS (TERM_CODES | TERM_AFTER | TERM_WITHIN)	/* an act that has an answer */
#define WAITS (TERM_AFTER | TERM_WITHIN)
#define COUNTS (TERM_WITHIN | TERM_COUNT | TERM_NONE)
#define BOTH (DETAIL_SENT | DETAIL_CHECKED)
#define FRAME(name, frame, syntax, help)                                         \
	{                                                                        \
		name, WORD_FRAME, frame, TAKES_NOTHING, 0, 0, 0, 0, syntax, help \
	}
#define SETTING(name, frame, syntax, help)                                         \
	{                                                                          \
		name, WORD_SETTING, frame, TAKES_NOTHING, 0, 0, 0, 0, syntax, help \
	}
#define OBJECT(name, kind, syntax, help)                                              \
	{                                                                             \
		name, WORD_OBJECT, kind, TAKES_NOTHING, 0, TERM_WITHIN, 0, 0, syntax, \
			help                                                          \
	}
#define PLAIN(name, class, syntax, help)                                \
	{                                                               \
		name, class, 0, TAKES_NOTHING, 0, 0, 0, 0, syntax, help \
	}

/* clang-format off */
const struct word script_words[] = {
	FRAME("expect", FRAME_EXPECT, "FACT", "waits until the fact holds"),
	FRAME("allow", FRAME_ALLOW, "finding NAME | WHO hears MESSAGE [count RANGE]", "it may come, and need not"),
	FRAME("together", FRAME_TOGETHER, "", "all acts up to `end` are sent before any answer is read"),
	FRAME("for", FRAME_FOR, "NAME in WORD ...", "the lines up to `end`, once for each word"),
	FRAME("end", FRAME_END, "", "ends `together` and `for`"),
	FRAME("wait", FRAME_WAIT, "N s", "so long nothing may come"),
	FRAME("proxy", FRAME_PROXY, "[NAME] stops|starts, auth METHOD ..., sequence EXT orig|term APP|cm ..., monitor N", "the proxy is stopped or started; before the first step: its settings"),
	FRAME("daemon", FRAME_DAEMON, "dies|starts|restarts|drains|is gone", "what becomes of halfcalld"),
	FRAME("exec", FRAME_EXEC, "CMD | ends N", "runs sh -c CMD; waits for its end"),

	SETTING("users", FRAME_USERS, "FILE", "the users' database, as SQL"),
	SETTING("sql", FRAME_SQL, "STATEMENTS", "changes the database; also a step"),
	SETTING("config", FRAME_CONFIG, "PATH VALUE", "a setting of halfcalld.conf; also a step"),
	SETTING("set", FRAME_SET, "NAME VALUE", "a variable"),
	SETTING("include", FRAME_INCLUDE, "FILE", "reads a file of settings"),
	SETTING("table", FRAME_TABLE, "NAME ...", "the file is one case per row"),
	SETTING("row", FRAME_ROW, "VALUE ...", "a row of the table"),
	SETTING("tags", FRAME_TAGS, "NAME ...", "what --tag chooses by"),
	SETTING("needs", FRAME_NEEDS, "WORD ...", "skipped if the proxy cannot do it"),
	SETTING("known", FRAME_KNOWN, "REASON", "the case must fail"),
	SETTING("limit", FRAME_LIMIT, "N s", "the longest the case may take"),
	SETTING("phones", FRAME_PHONES, "EXT[/DEVICE] ... [over udp|tcp|tls] [password P] [with TAG ...] [lines N] [via PROXY ...] [unregistered]", "telephones"),
	SETTING("trunk", FRAME_TRUNK, "NAME", "a gateway to the public network"),
	SETTING("app", FRAME_APP, "NAME", "an application of a sequence"),
	SETTING("stranger", FRAME_STRANGER, "NAME", "an address that is no proxy's"),
	SETTING("proxies", FRAME_PROXIES, "NAME ...", "several proxies instead of one"),
	SETTING("break", FRAME_BREAK, "NAME", "a fault of the built-in proxy"),
	SETTING("fault", FRAME_FAULT, "EXT HALF METHOD ACTION [VALUE] [nth N] [count N]", "a fault of halfcalld; also a step"),

	{ "dials", WORD_ACT, SCRIPT_DIALS, TAKES_NUMBER,
	  CLAUSE_FROM | CLAUSE_WITHOUT_SDP | CLAUSE_WITHOUT_AUTH | CLAUSE_TO_CM, ASKS, DETAIL_SENT | DETAIL_ANSWER, BY_CALLER,
	  "NUMBER|URI [from NUMBER] [without sdp] [without auth] [to cm]", "sends an INVITE" },
	{ "off-hook", WORD_ACT, SCRIPT_OFF_HOOK, TAKES_NOTHING, CLAUSE_EXPIRES, ASKS, DETAIL_SENT | DETAIL_ANSWER, BY_PHONE,
	  "[expires N]", "reserves a line" },
	{ "calls", WORD_ACT, SCRIPT_CALLS, TAKES_NUMBER, CLAUSE_AT, TERM_WITHIN, DETAIL_SENT, BY_CALLER,
	  "NUMBER [at WHO]", "dials, rings, hears 180, answers, hears 200, talks-to" },
	{ "rings", WORD_ACT, SCRIPT_RINGS, TAKES_NOTHING, 0, WAITS, BOTH, BY_ANY,
	  "", "the INVITE came, and 180 is sent" },
	{ "sends", WORD_ACT, SCRIPT_SENDS_PROGRESS, TAKES_SENDS, 0, ASKS, BOTH, BY_ANY,
	  "18x [reliably] | METHOD [to NUMBER|cm] | raw FILE [to cm]", "sends a provisional answer, a request, or bytes" },
	{ "answers", WORD_ACT, SCRIPT_ANSWERS, TAKES_NOTHING, CLAUSE_WITHOUT_SDP, WAITS, BOTH, BY_ANY,
	  "[without sdp]", "sends 200 to the INVITE; its ACK has come" },
	{ "rejects", WORD_ACT, SCRIPT_REJECTS, TAKES_CODE, 0, WAITS, BOTH, BY_ANY,
	  "CODE", "sends this final answer to the INVITE; its ACK has come" },
	{ "redirects", WORD_ACT, SCRIPT_REDIRECTS, TAKES_NUMBER, 0, WAITS, BOTH, BY_ANY,
	  "NUMBER", "sends 302 to the INVITE" },
	{ "cancels", WORD_ACT, SCRIPT_CANCELS, TAKES_NOTHING, 0, ASKS, BOTH, BY_ANY,
	  "", "sends CANCEL; the INVITE has its 487" },
	{ "hangs-up", WORD_ACT, SCRIPT_HANGS_UP, TAKES_NOTHING, 0, ASKS, BOTH, BY_ANY,
	  "", "sends BYE" },
	{ "holds", WORD_ACT, SCRIPT_HOLDS, TAKES_NOTHING, 0, ASKS, BOTH, BY_ANY,
	  "", "sends a re-INVITE with sendonly media" },
	{ "resumes", WORD_ACT, SCRIPT_RESUMES, TAKES_NOTHING, CLAUSE_WITHOUT_SDP, ASKS, BOTH, BY_ANY,
	  "[without sdp]", "sends a re-INVITE with sendrecv media" },
	{ "updates", WORD_ACT, SCRIPT_UPDATES, TAKES_NOTHING, 0, ASKS, BOTH, BY_ANY,
	  "", "sends UPDATE" },
	{ "transfers-to", WORD_ACT, SCRIPT_TRANSFERS, TAKES_TRANSFER, 0, ASKS, BOTH, BY_ANY,
	  "NUMBER|:N", "sends REFER; :N is attended, to the call on appearance N" },
	{ "registers", WORD_ACT, SCRIPT_REGISTERS, TAKES_NOTHING, CLAUSE_ALL | CLAUSE_EXPIRES | CLAUSE_PASSWORD, ASKS, BOTH, BY_PHONE,
	  "[all] [expires N] [password P]", "sends REGISTER; all: Contact: *" },
	{ "unregisters", WORD_ACT, SCRIPT_UNREGISTERS, TAKES_NOTHING, 0, ASKS, BOTH, BY_PHONE,
	  "", "takes its own binding away" },
	{ "watches", WORD_ACT, SCRIPT_WATCHES, TAKES_EXTENSION, 0, ASKS, BOTH, BY_PHONE,
	  "EXT", "subscribes to the lamp of another station" },
	{ "passes", WORD_ACT, SCRIPT_PASSES, TAKES_NOTHING, 0, TERM_WITHIN, DETAIL_SENT, BY_APP,
	  "", "an application sends the request on" },
	{ "on", WORD_ACT, SCRIPT_ON, TAKES_ON, 0, 0, DETAIL_SENT, BY_ANY,
	  "MESSAGE ACT", "notes what is done at once when this message comes" },
	{ "goes-dead", WORD_ACT, SCRIPT_GOES_DEAD, TAKES_NOTHING, 0, 0, 0, BY_ANY,
	  "", "closes its socket" },
	{ "comes-back", WORD_ACT, SCRIPT_COMES_BACK, TAKES_NOTHING, 0, 0, 0, BY_ANY,
	  "", "opens its socket again" },
	{ "forgets", WORD_ACT, SCRIPT_FORGETS, TAKES_NOTHING, 0, 0, 0, BY_ANY,
	  "", "drops its calls without a message" },

	{ "hears", WORD_WAIT, SCRIPT_HEARS, TAKES_MESSAGE, 0, WAITS | TERM_COUNT | TERM_NONE, DETAIL_CHECKED, BY_ANY,
	  "CODE [METHOD] | METHOD", "the oldest message in its queue is this" },
	{ "talks-to", WORD_WAIT, SCRIPT_TALKS_TO, TAKES_WHO, 0, TERM_WITHIN, 0, BY_ANY,
	  "WHO", "both are confirmed, with each other's bodies" },
	{ "is", WORD_WAIT, SCRIPT_IS_IDLE, TAKES_IDLE, 0, TERM_WITHIN, 0, BY_ANY,
	  "idle", "it has no call" },
	{ "shows", WORD_WAIT, SCRIPT_SHOWS, TAKES_STATES, 0, WAITS, DETAIL_CHECKED, BY_PHONE,
	  "STATE ...", "its lamp goes through these states" },
	{ "sees", WORD_WAIT, SCRIPT_SEES, TAKES_WATCHED, 0, WAITS, DETAIL_CHECKED, BY_PHONE,
	  "EXT STATE ...", "a lamp it watches goes through these states" },

	{ "phases", WORD_FACT, SCRIPT_EXPECT_PHASES, TAKES_NOTHING, 0, TERM_WITHIN | TERM_NONE, 0, 0,
	  "PHASE ... [of WHO]", "the tagged INVITEs at CM, in this order" },
	{ "journal", WORD_FACT, SCRIPT_EXPECT_JOURNAL, TAKES_NOTHING, 0, COUNTS, DETAIL_CHECKED, 0,
	  "KEY=VALUE ...", "events of the journal" },
	{ "finding", WORD_FACT, SCRIPT_EXPECT_FINDING, TAKES_NOTHING, 0, COUNTS, DETAIL_CHECKED, 0,
	  "NAME", "what the proxy did wrong" },
	{ "cm", WORD_FACT, SCRIPT_EXPECT_CM_HEARD, TAKES_NOTHING, 0, COUNTS, DETAIL_CHECKED, 0,
	  "heard|sent CODE [METHOD] | METHOD", "a message at CM" },
	{ "daemon", WORD_FACT, SCRIPT_EXPECT_EXIT, TAKES_NOTHING, 0, TERM_WITHIN, 0, 0,
	  "exit N", "halfcalld ended with this status" },
	/* `sql` and, of a player, `is`, `shows`, `sees` are the words above */

	OBJECT("stops", SCRIPT_PROXY_STOPS, "", "the proxy is stopped"),
	OBJECT("starts", SCRIPT_PROXY_STARTS, "", "the proxy, or halfcalld, is started"),
	OBJECT("dies", SCRIPT_DAEMON_DIES, "", "halfcalld gets SIGKILL"),
	OBJECT("restarts", SCRIPT_DAEMON_RESTARTS, "", "halfcalld is ended and started again"),
	OBJECT("drains", SCRIPT_DAEMON_DRAINS, "", "halfcalld gets SIGTERM"),
	OBJECT("gone", SCRIPT_DAEMON_IS_GONE, "", "waits until halfcalld has ended"),
	OBJECT("ends", SCRIPT_EXEC_ENDS, "N", "waits until the command has ended with N"),
	OBJECT("auth", FRAME_PROXY, "METHOD ...", "the proxy asks for credentials"),
	OBJECT("sequence", FRAME_PROXY, "EXT orig|term APP|cm ...", "the applications of a user's half"),
	OBJECT("monitor", FRAME_PROXY, "N", "seconds between the proxy's OPTIONS"),

	PLAIN("->", WORD_TERM, "CODE ... | CODE..CODE | none", "the final answer, or that there is none"),
	PLAIN("after", WORD_TERM, "N s", "not before so long"),
	PLAIN("within", WORD_TERM, "N s", "in place of 2 s"),
	PLAIN("count", WORD_TERM, "N | N.. | N..N", "how many"),
	PLAIN("none", WORD_TERM, "", "not a single one"),

	PLAIN("from", WORD_CLAUSE, "NUMBER", "the number in From"),
	PLAIN("without", WORD_CLAUSE, "sdp|auth", "no body; no credentials"),
	PLAIN("sdp", WORD_CLAUSE, "", "the session description"),
	PLAIN("to", WORD_CLAUSE, "NUMBER|cm", "to CM itself, past the proxy; or to a number"),
	PLAIN("at", WORD_CLAUSE, "WHO", "the telephone that answers"),
	PLAIN("expires", WORD_CLAUSE, "N", "seconds"),
	PLAIN("all", WORD_CLAUSE, "", "Contact: *"),
	PLAIN("password", WORD_CLAUSE, "P", "in place of the extension"),
	PLAIN("reliably", WORD_CLAUSE, "", "with 100rel"),
	PLAIN("raw", WORD_CLAUSE, "FILE", "bytes of a file"),
	PLAIN("over", WORD_CLAUSE, "udp|tcp|tls", "transport of a telephone"),
	PLAIN("with", WORD_CLAUSE, "TAG ...", "in Supported"),
	PLAIN("lines", WORD_CLAUSE, "N", "appearances a script may name"),
	PLAIN("via", WORD_CLAUSE, "PROXY ...", "proxies a telephone registers with"),
	PLAIN("unregistered", WORD_CLAUSE, "", "not registered at the start"),
	PLAIN("in", WORD_CLAUSE, "WORD ...", "what `for` goes through"),
	PLAIN("of", WORD_CLAUSE, "WHO", "of the calls somebody began"),
	PLAIN("idle", WORD_CLAUSE, "", "without a call"),
	PLAIN("heard", WORD_CLAUSE, "MESSAGE", "what reached CM"),
	PLAIN("exit", WORD_CLAUSE, "N", "exit status"),
	PLAIN("nth", WORD_CLAUSE, "N", "the first request a fault acts on"),

	PLAIN("body", WORD_DETAIL, "FILE", "a file as the body"),
	PLAIN("absent", WORD_DETAIL, "", "there is no such thing"),
	PLAIN("present", WORD_DETAIL, "", "there is one"),
	PLAIN("as", WORD_DETAIL, "NAME ...", "kept in a variable"),
	PLAIN("sent", WORD_DETAIL, "", "as the other side sent it"),
	PLAIN("last", WORD_DETAIL, "", "the last element"),
	PLAIN("status", WORD_DETAIL, "", "the code of an answer"),
	PLAIN("Request-URI", WORD_DETAIL, "", "of a request"),
	PLAIN("user", WORD_DETAIL, "", "of a URI"),
	PLAIN("host", WORD_DETAIL, "", "of a URI or Via"),
	PLAIN("port", WORD_DETAIL, "", "of a URI or Via"),
	PLAIN("tag", WORD_DETAIL, "", "of From and To"),
	PLAIN("number", WORD_DETAIL, "", "the number a value begins with"),
	{ 0 },
};
/* clang-format on */

const struct word *word_find(enum word_class class, const char *name)
{
	for (const struct word *word = script_words; word->name; word++)
		if (word->class == class && strcmp(word->name, name) == 0)
			return word;
	return NULL;
}

enum word_frame word_frame(const char *name)
{
	const struct word *word = word_find(WORD_FRAME, name);

	if (!word)
		word = word_find(WORD_SETTING, name);
	return word ? (enum word_frame)word->kind : FRAME_NONE;
}

void word_offer(enum word_class class, struct nearest *nearest)
{
	for (const struct word *word = script_words; word->name; word++)
		if (word->class == class)
			nearest_offer(nearest, word->name, strlen(word->name));
}
