/* SPDX-License-Identifier: MIT */
#include "publish_peer.h"

#include "base/clock.h"

#include <check.h>
#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

enum { START_MS = 100000 };

static const int64_t start_us = 1795253400000000;	/* 2026-11-21T09:30:00Z */

struct peer peer;
static int64_t now_ms;

static void clock_put(int64_t ms)
{
	now_ms = ms;
	clock_set(start_us + (ms - START_MS) * 1000, ms);
}

int64_t peer_now_ms(void)
{
	return now_ms;
}

static struct slot *slot_of(struct publication *publication)
{
	struct slot *slot = publication_context(publication);

	if (slot != NULL)
		return slot;
	ck_assert_uint_lt(peer.slot_count, PEER_STATIONS);
	slot = &peer.slots[peer.slot_count++];
	slot->publication = publication;
	publication_set_context(publication, slot);
	return slot;
}

static int send_request(void *context, struct publication *publication,
			const struct publish_request *request)
{
	struct slot *slot = slot_of(publication);

	ck_assert_ptr_eq(context, &peer);
	ck_assert_msg(!slot->is_in_flight, "two requests in flight");
	ck_assert_str_eq(request->extension, publication_extension(publication));
	if (peer.send_error != 0)
		return -peer.send_error;
	slot->is_in_flight = true;
	slot->sent++;
	peer.requests++;
	snprintf(slot->if_match, sizeof slot->if_match, "%s",
		 request->if_match ? request->if_match : "");
	slot->expires_s = request->expires_s;
	free(slot->body);
	slot->body = NULL;
	slot->length = request->body_length;
	if (request->body == NULL)
		return 0;
	slot->body = strndup(request->body, request->body_length);
	ck_assert_ptr_nonnull(slot->body);
	ck_assert_uint_eq(strlen(slot->body), slot->length);
	return 0;
}

static void arm(void *context, struct publication *publication, unsigned milliseconds)
{
	struct slot *slot = slot_of(publication);

	ck_assert_ptr_eq(context, &peer);
	ck_assert_msg(milliseconds != 0 || slot->armed_ms != 0,
		      "a stopped timer stopped");
	slot->armed_ms = milliseconds;
	slot->fires_at_ms = now_ms + milliseconds;
}

static void note(void *context, const char *extension, const char *event, int status,
		 const char *reason)
{
	size_t used = strlen(peer.notes);

	(void)reason;
	ck_assert_ptr_eq(context, &peer);
	snprintf(peer.notes + used, sizeof peer.notes - used, "%s %s %d\n",
		 extension ? extension : "", event, status);
}

static void released(void *context, struct publication *publication)
{
	struct slot *slot = publication_context(publication);

	ck_assert_ptr_eq(context, &peer);
	if (slot != NULL)
		slot->publication = NULL;
}

static const struct publish_port port = {
	.send = send_request,
	.arm = arm,
	.note = note,
	.released = released,
};

static void forget_slots(void)
{
	for (unsigned i = 0; i < peer.slot_count; i++)
		free(peer.slots[i].body);
	memset(peer.slots, 0, sizeof peer.slots);
	peer.slot_count = 0;
}

void peer_set_up(void)
{
	memset(&peer, 0, sizeof peer);
	clock_put(START_MS);
	peer.settings = (struct publish_settings){
		.domain = "example.com",
		.expires_s = 3600,
		.linger_s = 30,
	};
}

void peer_tear_down(void)
{
	peer_stop();
	clock_set(-1, -1);
}

void peer_start(void)
{
	struct fault fault;

	ck_assert_int_eq(
		publisher_new(&peer.settings, &port, &peer, &peer.publisher, &fault), 0);
}

void peer_stop(void)
{
	publisher_free(peer.publisher);
	peer.publisher = NULL;
	for (unsigned i = 0; i < peer.slot_count; i++)
		ck_assert_ptr_null(peer.slots[i].publication);
	forget_slots();
}

struct slot *peer_slot(const char *extension)
{
	for (unsigned i = 0; i < peer.slot_count; i++)
		if (peer.slots[i].publication &&
		    strcmp(publication_extension(peer.slots[i].publication), extension) ==
			    0)
			return &peer.slots[i];
	return NULL;
}

static struct slot *slot_2001(void)
{
	struct slot *slot = peer_slot("2001");

	ck_assert_ptr_nonnull(slot);
	return slot;
}

void peer_check(const struct slot *slot)
{
	enum publish_state state = publication_state(slot->publication);
	bool is_timed = state == PUBLISH_PUBLISHED || state == PUBLISH_WAITING;
	bool is_flying = state == PUBLISH_SENDING || state == PUBLISH_REFRESHING ||
			 state == PUBLISH_REMOVING;

	ck_assert_msg((slot->armed_ms != 0) == is_timed, "the timer in %s is %u",
		      publish_state_name(state), slot->armed_ms);
	ck_assert(slot->is_in_flight == is_flying || state == PUBLISH_STOPPED);
}

void peer_show(const char *id, enum shown_state state)
{
	publisher_show(peer.publisher,
		       &(struct shown_dialog){
			       .extension = "2001",
			       .id = id,
			       .state = state,
			       .event = state == SHOWN_TERMINATED ? SHOWN_LOCAL_BYE
								  : SHOWN_NO_EVENT,
		       });
	if (peer_slot("2001") != NULL)
		peer_check(peer_slot("2001"));
}

void peer_answer_with(const struct publish_response *response)
{
	struct slot *slot = slot_2001();

	ck_assert_msg(slot->is_in_flight, "nothing to answer");
	slot->is_in_flight = false;
	publisher_answered(slot->publication, response);
	peer_check(slot);
}

void peer_answer(int status, const char *etag)
{
	peer_answer_with(&(struct publish_response){ .status = status, .etag = etag });
}

const char *peer_state(void)
{
	return publish_state_name(publication_state(slot_2001()->publication));
}

void peer_fire(struct slot *slot)
{
	ck_assert_uint_ne(slot->armed_ms, 0);
	slot->armed_ms = 0;
	publisher_expired(slot->publication);
	peer_check(slot);
}

static struct slot *next_timer(int64_t until_ms)
{
	struct slot *next = NULL;

	for (unsigned i = 0; i < peer.slot_count; i++) {
		struct slot *slot = &peer.slots[i];

		if (slot->armed_ms != 0 && slot->fires_at_ms <= until_ms &&
		    (next == NULL || slot->fires_at_ms < next->fires_at_ms))
			next = slot;
	}
	return next;
}

void peer_run_ms(int64_t ms)
{
	int64_t until_ms = now_ms + ms;
	struct slot *slot;

	while ((slot = next_timer(until_ms)) != NULL) {
		if (slot->fires_at_ms > now_ms)
			clock_put(slot->fires_at_ms);
		peer_fire(slot);
	}
	clock_put(until_ms);
}

/* The rules of RFC 4235 section 4, as far as our documents use them. */

static const char *const states[] = { "trying",	   "proceeding", "early",
				      "confirmed", "terminated", NULL };
static const char *const events[] = { "cancelled",  "rejected", "replaced", "local-bye",
				      "remote-bye", "error",	"timeout",  NULL };
static const char *const directions[] = { "initiator", "recipient", NULL };
static const char *const info_kinds[] = { "full", "partial", NULL };

static bool is_one_of(const char *const *words, const char *word)
{
	for (; word != NULL && *words != NULL; words++)
		if (strcmp(*words, word) == 0)
			return true;
	return false;
}

/* Whether all attributes without a namespace are among NAMES. */
static bool has_only(const xmlNode *node, const char *const *names)
{
	for (const xmlAttr *attr = node->properties; attr != NULL; attr = attr->next)
		if (attr->ns == NULL && !is_one_of(names, (const char *)attr->name))
			return false;
	return true;
}

static bool is_number(const char *text, unsigned long least, unsigned long most)
{
	char *end;
	unsigned long number;

	if (text == NULL || *text < '0' || *text > '9')
		return false;
	number = strtoul(text, &end, 10);
	return *end == '\0' && number >= least && number <= most;
}

static bool is_sip_uri(const char *text)
{
	const char *at = text ? strchr(text, '@') : NULL;

	return at != NULL && strncmp(text, "sip:", 4) == 0 && at > text + 4 &&
	       strchr(at + 1, '@') == NULL && strpbrk(text, " <>\"\t\r\n#") == NULL;
}

static bool is_ours(const xmlNode *node)
{
	static const char name[] = "urn:ietf:params:xml:ns:dialog-info";

	return node->ns != NULL && strcmp((const char *)node->ns->href, name) == 0;
}

/* Whether the children stand in ORDER, each at most once; foreign ones may end it. */
static bool is_ordered(const xmlNode *parent, const char *const *order)
{
	xmlNode *child = xmlFirstElementChild((xmlNode *)(uintptr_t)parent);

	for (; child != NULL && is_ours(child); child = xmlNextElementSibling(child)) {
		while (*order != NULL && strcmp(*order, (const char *)child->name) != 0)
			order++;
		if (*order == NULL)
			return false;
		order++;
	}
	for (; child != NULL; child = xmlNextElementSibling(child))
		if (is_ours(child))
			return false;
	return true;
}

static const char *state_fault(const xmlNode *state)
{
	static const char *const names[] = { "event", "code", NULL };
	const char *event = node_value(state, "event"), *code = node_value(state, "code");
	xmlChar *content = xmlNodeGetContent(state);
	bool is_known = is_one_of(states, (const char *)content);
	bool is_over = strcmp((const char *)content, "terminated") == 0;

	xmlFree(content);
	if (!is_known)
		return "4.1.3: no such state";
	if (!has_only(state, names))
		return "4.1.3: an attribute state does not have";
	if (event != NULL && !is_one_of(events, event))
		return "4.1.3: no such event";
	if (code != NULL && !is_number(code, 100, 699))
		return "4.1.3: no such code";
	if ((event != NULL || code != NULL) && !is_over)
		return "4.1.3: an event or code without an end";
	return NULL;
}

static const char *target_fault(const xmlNode *target)
{
	static const char *const target_names[] = { "uri", NULL };
	static const char *const names[] = { "pname", "pval", NULL };
	xmlNode *param = xmlFirstElementChild((xmlNode *)(uintptr_t)target);

	if (!is_sip_uri(node_value(target, "uri")) || !has_only(target, target_names))
		return "4.1.6.2: a target is a URI";
	for (; param != NULL; param = xmlNextElementSibling(param))
		if (strcmp((const char *)param->name, "param") != 0 ||
		    node_value(param, "pname") == NULL ||
		    node_value(param, "pval") == NULL || !has_only(param, names))
			return "4.1.6.2: a param has pname and pval";
	return NULL;
}

static const char *party_fault(const xmlNode *party)
{
	static const char *const order[] = { "identity", "target", "session-description",
					     "cseq", NULL };
	static const char *const names[] = { "display", NULL };
	xmlNode *identity = node_child(party, "identity"),
		*target = node_child(party, "target");
	xmlChar *content;
	bool is_uri;

	if (!is_ordered(party, order))
		return "4.1.6: identity, target, session-description, cseq";
	if (identity != NULL) {
		content = xmlNodeGetContent(identity);
		is_uri = is_sip_uri((const char *)content);
		xmlFree(content);
		if (!is_uri || !has_only(identity, names))
			return "4.1.6.1: an identity is a URI with a display";
	}
	return target != NULL ? target_fault(target) : NULL;
}

/* Whether an element after DIALOG has its ID. */
static bool has_twin(const xmlNode *dialog, const char *id)
{
	char kept[512];

	snprintf(kept, sizeof kept, "%s", id);
	for (xmlNode *other = dialog->next; other != NULL; other = other->next) {
		const char *its =
			other->type == XML_ELEMENT_NODE ? node_value(other, "id") : NULL;

		if (its != NULL && strcmp(its, kept) == 0)
			return true;
	}
	return false;
}

static const char *dialog_fault(const xmlNode *dialog)
{
	static const char *const order[] = { "state",	    "duration",	 "replaces",
					     "referred-by", "route-set", "local",
					     "remote",	    NULL };
	static const char *const names[] = { "id",	   "call-id",	"local-tag",
					     "remote-tag", "direction", NULL };
	const char *id = node_value(dialog, "id"),
		   *direction = node_value(dialog, "direction"), *fault;
	xmlNode *state = node_child(dialog, "state"),
		*local = node_child(dialog, "local"),
		*remote = node_child(dialog, "remote");

	if (!is_ours(dialog) || strcmp((const char *)dialog->name, "dialog") != 0)
		return "4.1: only dialogs below dialog-info";
	if (id == NULL || *id == '\0' || !has_only(dialog, names))
		return "4.1.1: a dialog has an id";
	if (direction != NULL && !is_one_of(directions, direction))
		return "4.1.1: no such direction";
	if (state == NULL || !is_ordered(dialog, order))
		return "4.4: state, duration, replaces, referred-by, route-set, local, remote";
	if (has_twin(dialog, id))
		return "4.1.1: an id twice";
	fault = state_fault(state);
	if (fault == NULL && local != NULL)
		fault = party_fault(local);
	if (fault == NULL && remote != NULL)
		fault = party_fault(remote);
	return fault;
}

static const char *info_fault(const xmlNode *root)
{
	static const char *const names[] = { "version", "state", "entity", NULL };
	xmlNode *dialog = xmlFirstElementChild((xmlNode *)(uintptr_t)root);
	const char *fault = NULL;

	if (!is_ours(root) || strcmp((const char *)root->name, "dialog-info") != 0)
		return "4.4: the root is dialog-info";
	if (!has_only(root, names))
		return "4.1: an attribute dialog-info does not have";
	if (!is_number(node_value(root, "version"), 0, UINT32_MAX))
		return "4.1: version is a number of 32 bits";
	if (!is_one_of(info_kinds, node_value(root, "state")))
		return "4.1: state is full or partial";
	if (!is_sip_uri(node_value(root, "entity")))
		return "4.1: entity is a URI";
	for (; dialog != NULL && fault == NULL; dialog = xmlNextElementSibling(dialog))
		fault = dialog_fault(dialog);
	return fault;
}

static xmlDoc *parse(const char *body, size_t length)
{
	return xmlReadMemory(body, (int)length, "document", NULL,
			     XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
}

const char *document_fault(const char *body, size_t length)
{
	xmlDoc *document = parse(body, length);
	const char *fault;

	if (document == NULL)
		return "XML 1.0: not well-formed";
	fault = info_fault(xmlDocGetRootElement(document));
	xmlFreeDoc(document);
	return fault;
}

xmlDoc *document_read(const char *body, size_t length)
{
	const char *fault = document_fault(body, length);

	ck_assert_msg(fault == NULL, "%s in\n%.1000s", fault, body);
	return parse(body, length);
}

const char *node_value(const xmlNode *node, const char *attribute)
{
	static char values[8][512];
	static unsigned next;
	xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *)attribute);
	char *kept = values[next++ % 8];

	if (value == NULL)
		return NULL;
	snprintf(kept, sizeof values[0], "%s", (const char *)value);
	xmlFree(value);
	return kept;
}

xmlNode *node_child(const xmlNode *node, const char *name)
{
	xmlNode *child;

	for (child = node ? xmlFirstElementChild((xmlNode *)(uintptr_t)node) : NULL;
	     child != NULL; child = xmlNextElementSibling(child))
		if (strcmp((const char *)child->name, name) == 0)
			return child;
	return NULL;
}

uint32_t document_version(const xmlDoc *document)
{
	return (uint32_t)strtoul(node_value(xmlDocGetRootElement(document), "version"),
				 NULL, 10);
}

xmlNode *document_dialog(const xmlDoc *document, const char *id)
{
	xmlNode *child = xmlFirstElementChild(xmlDocGetRootElement(document));

	for (; child != NULL; child = xmlNextElementSibling(child))
		if (strcmp(node_value(child, "id"), id) == 0)
			return child;
	return NULL;
}

size_t document_count(const xmlDoc *document)
{
	return xmlChildElementCount(xmlDocGetRootElement(document));
}

const char *document_state(const xmlDoc *document, const char *id)
{
	static char text[64];
	xmlNode *state = node_child(document_dialog(document, id), "state");
	const char *event, *code;
	xmlChar *content;

	if (state == NULL)
		return NULL;
	event = node_value(state, "event");
	code = node_value(state, "code");
	content = xmlNodeGetContent(state);
	snprintf(text, sizeof text, "%s%s%s%s%s", (const char *)content, event ? " " : "",
		 event ? event : "", code ? " " : "", code ? code : "");
	xmlFree(content);
	return text;
}

const char *peer_told(const char *id)
{
	struct slot *slot = slot_2001();
	xmlDoc *document;
	const char *state;

	ck_assert_msg(slot->body != NULL, "the last request has no document");
	document = document_read(slot->body, slot->length);
	state = document_state(document, id);
	xmlFreeDoc(document);
	return state ? state : "nothing";
}
