/* SPDX-License-Identifier: MIT */
#include "script/name.h"

#include "base/nearest.h"

#include <string.h>

/* clang-format off */
const struct name script_phases[] = {
	{ "imsorig", "run the caller's features" },
	{ "origdone", "the caller's features are done" },
	{ "imsterm", "run the called party's features" },
	{ "termdone", "the called party's features are done" },
	{ 0 },
};

const struct name script_halves[] = {
	{ "orig", "the origination half" },
	{ "term", "the termination half" },
	{ "line", "a line reservation" },
	{ 0 },
};

const struct name script_states[] = {
	{ "trying", "off-hook, nothing dialled" },
	{ "proceeding", "dialled, not rung" },
	{ "early", "it rings" },
	{ "confirmed", "answered" },
	{ "terminated", "over, or there is no dialog" },
	{ 0 },
};

const struct name script_transports[] = {
	{ "udp", "datagrams" },
	{ "tcp", "connections" },
	{ "tls", "connections with certificates" },
	{ 0 },
};

const struct name script_needs[] = {
	{ "auth", "asks telephones for credentials" },
	{ "events", "takes PUBLISH and serves SUBSCRIBE" },
	{ "sequence", "sends calls to applications in an order" },
	{ "trunk", "sends calls to a gateway and takes its calls" },
	{ "two-proxies", "there may be two of it" },
	{ "monitor", "asks CM by OPTIONS whether it is alive" },
	{ "restart", "may be stopped and started in a case" },
	{ 0 },
};

const struct name script_findings[] = {
	{ "route-lost", "the way back was not taken or not kept" },
	{ "phase-order", "a phase came out of order, or one that only CM may send" },
	{ "phase-lost", "a phase is missing" },
	{ "phase-leaked", "a tag reached a telephone" },
	{ "seq-lost", "seq did not come back as it went" },
	{ "wrong-half", "the half asked is not that of the user" },
	{ "max-forwards", "Max-Forwards was not counted down" },
	{ "via", "Via is not what the RFC asks for" },
	{ "record-route", "Record-Route changed in the dialog" },
	{ "header-lost", "a header is gone" },
	{ "header-changed", "a header is not what it was" },
	{ "body-changed", "a body is not what it was" },
	{ "history-shortened", "an entry of History-Info is gone" },
	{ "identity-changed", "P-Asserted-Identity is not what it was" },
	{ "credentials-passed", "credentials reached CM" },
	{ "tag-changed", "a tag is not what it was" },
	{ "contact-changed", "Contact is not what it was" },
	{ "cseq", "CSeq is not what the dialog asks for" },
	{ "100-missing", "an INVITE had no 100 within 200 ms" },
	{ "retransmission", "a message came again after its answer" },
	{ "cancel-ignored", "CANCEL did not reach the telephone it should" },
	{ "ack-lost", "an answer had no ACK" },
	{ "prack-lost", "a reliable answer had no PRACK" },
	{ "2xx-lost", "a 2xx did not come back" },
	{ "publish-refused", "PUBLISH was refused" },
	{ "notify-late", "NOTIFY came late" },
	{ "notify-order", "NOTIFYs came out of order" },
	{ "shortcut-ignored", "atrp=shortcut was not kept" },
	{ "unknown-peer", "a tagged request came from no proxy's address" },
	{ 0 },
};

const struct name script_breaks[] = {
	{ "no-phase", "an INVITE to CM has no phase" },
	{ "unknown-phase", "an INVITE to CM has a phase that does not exist" },
	{ "cm-only-phase", "an INVITE to CM has a phase that only CM may send" },
	{ "two-phases", "an INVITE to CM has two phases on one Route" },
	{ "skip-termination", "the termination half is not asked" },
	{ "repeat-origination", "the origination half is asked twice" },
	{ "leak-tag", "tags go out to telephones" },
	{ "lose-seq", "seq is dropped" },
	{ "lose-way-back", "the Route back to the proxy is dropped" },
	{ "lose-header", "a header is dropped" },
	{ "change-body", "a body is changed" },
	{ "shorten-history", "entries of History-Info are dropped" },
	{ "ignore-cancel", "CANCEL goes no further" },
	{ "cancel-first-branch", "of a fork only the first branch is cancelled" },
	{ "lose-second-2xx", "a second 2xx is dropped" },
	{ "last-contact-only", "of several contacts only the last is called" },
	{ "any-password", "every password will do" },
	{ "keep-bindings", "Contact: * takes no binding away" },
	{ "pass-credentials", "credentials go on to CM" },
	{ "lose-prack", "PRACK is dropped" },
	{ "merge-calls", "two calls of one user are taken for one" },
	{ "late-100", "100 comes late" },
	{ "keep-hops", "Max-Forwards is not counted down" },
	{ "notify-backwards", "NOTIFYs go out in the wrong order" },
	{ "lose-feature-name", "avaya-cm-fnu is dropped" },
	{ "lose-shortcut", "atrp=shortcut is dropped" },
	{ "no-second-proxy", "the second proxy is never used" },
	{ "stale-lamp", "the end of a dialog is not told" },
	{ "lose-retry-after", "Retry-After is dropped" },
	{ "sequence-backwards", "applications are asked in the wrong order" },
	{ "lose-warning", "Warning is dropped" },
	{ 0 },
};

const struct name script_methods[] = {
	{ "INVITE", "RFC 3261" }, { "ACK", "RFC 3261" }, { "BYE", "RFC 3261" },
	{ "CANCEL", "RFC 3261" }, { "OPTIONS", "RFC 3261" }, { "REGISTER", "RFC 3261" },
	{ "PRACK", "RFC 3262" }, { "UPDATE", "RFC 3311" }, { "INFO", "RFC 6086" },
	{ "REFER", "RFC 3515" }, { "SUBSCRIBE", "RFC 6665" }, { "NOTIFY", "RFC 6665" },
	{ "PUBLISH", "RFC 3903" }, { "MESSAGE", "RFC 3428" },
	{ 0 },
};

const struct name script_journal_keys[] = {
	{ "t", "when" },
	{ "seq", "number of the event" },
	{ "call", "id of the call over both halves" },
	{ "half", "orig, term or line" },
	{ "event", "what was decided" },
	{ "extension", "the station served" },
	{ "from", "who calls" },
	{ "to", "who is called" },
	{ "phase_in", "the phase that came" },
	{ "phase_out", "the phase that went" },
	{ "rule", "the rule that decided, or the finding" },
	{ "status", "of the answer" },
	{ "reason", "a sentence" },
	{ "proxy", "name of the proxy" },
	{ "sip_call_id", "Call-ID" },
	{ 0 },
};

/* halfcalld(8), JOURNAL. */
const struct name script_events[] = {
	{ "pass", "the call went on to its next hop" },
	{ "reject", "a rule refused the call" },
	{ "forward", "to another number" },
	{ "refuse", "a forwarding is not allowed" },
	{ "cover", "to a coverage point" },
	{ "pass-over", "a coverage point is not allowed" },
	{ "ring", "the called party rings" },
	{ "answer", "the called party answered" },
	{ "failure", "the far end refused" },
	{ "cancel", "the caller gave up" },
	{ "no-answer", "the called party is cancelled, to be replaced" },
	{ "timeout", "nothing came in time" },
	{ "bye", "the caller or the called party hung up" },
	{ "hang-up", "the program ended the call" },
	{ "feature", "a feature was dialled and done" },
	{ "release", "the dialog of a feature was ended" },
	{ "broken", "an internal failure ended the call" },
	{ "off-hook", "a line is reserved" },
	{ "dialled", "the number came, the reservation is closed" },
	{ "on-hook", "hung up without dialling" },
	{ "publish-failed", "dialog events could not be published" },
	{ "publish-denied", "the event server refuses them" },
	{ "publish-resumed", "they are published again" },
	{ "publish-stopped", "they are published no more" },
	{ "publish-overflow", "too many of them" },
	{ "publish-state", "the file of publications" },
	{ "shortcut", "the short way was asked in vain" },
	{ "stranger", "a request from no configured proxy" },
	{ "overload", "new calls were refused for load" },
	{ "finding", "a proxy did something wrong" },
	{ "fault", "a fault on demand was done" },
	{ "journal-lost", "events could not be written to the file" },
	{ 0 },
};

const struct name_action script_actions[] = {
	{ "silent", "the request is never answered, not even by 100", NAME_NOTHING },
	{ "delay", "the request is taken up so many ms later", NAME_MS },
	{ "answer", "the request is answered with this status", NAME_STATUS },
	{ "ring-then", "180, then this status", NAME_STATUS },
	{ "drop", "the first copy of what is sent is lost", NAME_NOTHING },
	{ "duplicate", "what is sent is sent twice", NAME_NOTHING },
	{ "wrong-phase", "it is sent with this phase", NAME_TEXT },
	{ "no-phase", "it is sent without a phase", NAME_NOTHING },
	{ "lose-header", "it is sent without this header", NAME_TEXT },
	{ "malformed", "what is sent cannot be parsed", NAME_NOTHING },
	{ "stale-etag", "PUBLISH is sent with an entity tag that is no longer known", NAME_NOTHING },
	{ "late-cancel", "CANCEL is sent so many ms after the final answer", NAME_MS },
	{ "hurry", "the half's own timer runs out after so many ms", NAME_MS },
	{ 0 },
};
/* clang-format on */

int name_find(const struct name *table, const char *name)
{
	for (int i = 0; table[i].name; i++)
		if (strcmp(table[i].name, name) == 0)
			return i;
	return -1;
}

void name_offer(const struct name *table, struct nearest *nearest)
{
	for (; table->name; table++)
		nearest_offer(nearest, table->name, strlen(table->name));
}

const struct name_action *name_action_find(const char *name)
{
	for (const struct name_action *action = script_actions; action->name; action++)
		if (strcmp(action->name, name) == 0)
			return action;
	return NULL;
}

void name_offer_actions(struct nearest *nearest)
{
	for (const struct name_action *action = script_actions; action->name; action++)
		nearest_offer(nearest, action->name, strlen(action->name));
}

bool name_is_plain(const char *name)
{
	size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz"
				     "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

	return ((*name | 0x20) >= 'a' && (*name | 0x20) <= 'z') && !name[length] &&
	       strcmp(name, "env") != 0;
}
