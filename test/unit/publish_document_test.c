/* SPDX-License-Identifier: MIT */
/* Documents, read back with libxml2 and checked against RFC 4235 section 4. */
#include "publish/document.h"

#include "publish_peer.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>

static const struct document_head head = {
	.extension = "2001",
	.domain = "example.com",
	.version = 7,
};

static const struct shown_dialog talk = {
	.extension = "2001",
	.id = "d1",
	.call_id = "c1@192.0.2.44",
	.local_tag = "a1",
	.remote_tag = "b1",
	.is_initiator = true,
	.state = SHOWN_CONFIRMED,
	.appearance = 2,
	.local_name = "Bob",
	.remote_user = "2002",
	.remote_name = "Carol",
};

static char *body;
static xmlDoc *document;

static void teardown(void)
{
	xmlFreeDoc(document);
	free(body);
	document = NULL;
	body = NULL;
}

static void write_dialogs(const struct shown_dialog *const *dialogs, size_t count)
{
	size_t length;

	teardown();
	body = document_write(&head, dialogs, count, &length);
	ck_assert_uint_eq(length, strlen(body));
	document = document_read(body, length);
}

static void write_dialog(const struct shown_dialog *dialog)
{
	write_dialogs(&dialog, 1);
}

static void expect_text(const xmlNode *node, const char *expected)
{
	xmlChar *content;

	ck_assert_ptr_nonnull(node);
	content = xmlNodeGetContent(node);
	ck_assert_str_eq((const char *)content, expected);
	xmlFree(content);
}

static const char *remote_display(const char *name)
{
	struct shown_dialog dialog = talk;

	dialog.remote_name = name;
	write_dialog(&dialog);
	return node_value(
		node_child(node_child(document_dialog(document, "d1"), "remote"),
			   "identity"),
		"display");
}

START_TEST(a_document_says_whose_dialogs_it_tells_in_full)
{
	const xmlNode *root;

	write_dialog(&talk);
	root = xmlDocGetRootElement(document);
	ck_assert_str_eq(node_value(root, "version"), "7");
	ck_assert_str_eq(node_value(root, "state"), "full");
	ck_assert_str_eq(node_value(root, "entity"), "sip:2001@example.com");
	ck_assert_ptr_nonnull(
		strstr(body, "xmlns:av=\"urn:avaya:xml:ns:ext:dialog-info\""));
	ck_assert_ptr_eq(strstr(body, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"),
			 body);
	ck_assert_uint_eq(document_count(document), 1);
}
END_TEST

START_TEST(a_dialog_tells_its_line_and_both_parties)
{
	const xmlNode *dialog, *local, *target, *param;

	write_dialog(&talk);
	dialog = document_dialog(document, "d1");
	ck_assert_str_eq(node_value(dialog, "call-id"), "c1@192.0.2.44");
	ck_assert_str_eq(node_value(dialog, "local-tag"), "a1");
	ck_assert_str_eq(node_value(dialog, "remote-tag"), "b1");
	ck_assert_str_eq(node_value(dialog, "direction"), "initiator");
	ck_assert_str_eq(document_state(document, "d1"), "confirmed");
	local = node_child(dialog, "local");
	expect_text(node_child(local, "identity"), "sip:2001@example.com");
	ck_assert_str_eq(node_value(node_child(local, "identity"), "display"), "Bob");
	target = node_child(local, "target");
	ck_assert_str_eq(node_value(target, "uri"), "sip:2001@example.com");
	param = node_child(target, "param");
	ck_assert_str_eq(node_value(param, "pname"), "+avaya-cm-line");
	ck_assert_str_eq(node_value(param, "pval"), "2");
	expect_text(node_child(node_child(dialog, "remote"), "identity"),
		    "sip:2002@example.com");
}
END_TEST

START_TEST(what_is_not_known_is_left_out)
{
	const struct shown_dialog bare = { .extension = "2001", .id = "d1" };
	const xmlNode *dialog;

	write_dialog(&bare);
	dialog = document_dialog(document, "d1");
	ck_assert_ptr_null(node_value(dialog, "call-id"));
	ck_assert_ptr_null(node_value(dialog, "local-tag"));
	ck_assert_ptr_null(node_value(dialog, "remote-tag"));
	ck_assert_str_eq(node_value(dialog, "direction"), "recipient");
	ck_assert_ptr_null(node_child(dialog, "remote"));
	ck_assert_ptr_null(strstr(body, "display"));
	ck_assert_ptr_null(strstr(body, "<param"));
}
END_TEST

START_TEST(every_state_event_and_code_is_a_word_of_the_rfc)
{
	struct shown_dialog dialog = talk;

	for (unsigned state = SHOWN_TRYING; state <= SHOWN_TERMINATED; state++)
		for (unsigned event = SHOWN_NO_EVENT; event <= SHOWN_TIMEOUT; event++)
			for (int code = 0; code <= 700; code += 70) {
				dialog.state = state;
				dialog.event = event;
				dialog.code = code;
				write_dialog(&dialog);
			}
	dialog.state = SHOWN_TERMINATED;
	dialog.event = SHOWN_REJECTED;
	dialog.code = 486;
	write_dialog(&dialog);
	ck_assert_str_eq(document_state(document, "d1"), "terminated rejected 486");
	dialog.event = SHOWN_REMOTE_BYE;
	dialog.code = 0;
	write_dialog(&dialog);
	ck_assert_str_eq(document_state(document, "d1"), "terminated remote-bye");
}
END_TEST

/* A display name after it was written into a document and read back. */
static const struct {
	const char *name, *read;
} names[] = {
	{ "Bob", "Bob" },
	{ "\"Zo\xc3\xab\" <&>'", "\"Zo\xc3\xab\" <&>'" },
	{ "]]> <!-- -->", "]]> <!-- -->" },
	{ "a\tb\nc", "a\tb\nc" },
	{ "\xf0\x9f\x93\x9e", "\xf0\x9f\x93\x9e" },
	{ "Zo\xeb", "Zo\xef\xbf\xbd" },			/* Latin-1 */
	{ "\xc3", "\xef\xbf\xbd" },			/* cut off */
	{ "\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd" },
	{ "\xc0\xaf!", "\xef\xbf\xbd\xef\xbf\xbd!" },	/* overlong */
	{ "\xe0\x80\xaf", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
	{ "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },	/* surrogate */
	{ "\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
	{ "\xff", "\xef\xbf\xbd" },
	{ "a\x01\x1f\x08z", "az" },
	{ "\xef\xbf\xbe\xef\xbf\xbf!", "!" },
	{ "\x7f", "\x7f" },
};

START_TEST(any_name_comes_out_as_text)
{
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		ck_assert_str_eq(remote_display(names[i].name), names[i].read);
	ck_assert_ptr_null(remote_display(""));
	ck_assert_ptr_null(remote_display(NULL));
}
END_TEST

START_TEST(any_bytes_in_any_field_make_a_document)
{
	struct shown_dialog dialog = talk;
	char text[4] = "";

	for (unsigned byte = 1; byte < 256; byte++)
		for (unsigned next = 0x20; next < 256; next += 0x1f) {
			text[0] = (char)byte;
			text[1] = (char)next;
			text[2] = 'x';
			dialog.id = dialog.call_id = dialog.local_tag = text;
			dialog.remote_tag = dialog.local_name = text;
			dialog.remote_user = dialog.remote_name = text;
			write_dialog(&dialog);
		}
}
END_TEST

START_TEST(a_user_of_a_uri_is_escaped)
{
	struct shown_dialog dialog = talk;

	dialog.remote_user = "a b@c#<\xc3\xab>%";
	write_dialog(&dialog);
	expect_text(node_child(node_child(document_dialog(document, "d1"), "remote"),
			       "identity"),
		    "sip:a%20b%40c%23%3C%C3%AB%3E%25@example.com");
}
END_TEST

START_TEST(the_greatest_document_stays_below_64_kilobytes)
{
	const struct shown_dialog *dialogs[PUBLISH_ENDS + 8];
	struct shown_dialog each[PUBLISH_ENDS + 8];
	char ids[PUBLISH_ENDS + 8][40];
	size_t count = PUBLISH_ENDS + 8;

	for (size_t i = 0; i < count; i++) {
		each[i] = talk;
		snprintf(ids[i], sizeof ids[i], "%036zu", i);
		each[i].id = ids[i];
		each[i].state = SHOWN_TERMINATED;
		each[i].event = SHOWN_CANCELLED;
		each[i].code = 487;
		dialogs[i] = &each[i];
	}
	write_dialogs(dialogs, count);
	ck_assert_uint_eq(document_count(document), count);
	ck_assert_uint_lt(strlen(body), 64000);
}
END_TEST

#define INFO(attributes, inside)                                                \
	"<dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" " attributes \
	">" inside "</dialog-info>"
#define HEAD "version=\"1\" state=\"full\" entity=\"sip:2001@example.com\""
#define DIALOG(inside) INFO(HEAD, "<dialog id=\"a\">" inside "</dialog>")

/* Documents with one fault each: the reader of the tests must see it. */
static const char *const bad[] = {
	"<dialog-info",
	"<dialog-info " HEAD "/>",
	INFO("state=\"full\" entity=\"sip:2001@example.com\"", ""),
	INFO("version=\"-1\" state=\"full\" entity=\"sip:2001@example.com\"", ""),
	INFO("version=\"4294967296\" state=\"full\" entity=\"sip:2001@example.com\"", ""),
	INFO("version=\"1\" entity=\"sip:2001@example.com\"", ""),
	INFO("version=\"1\" state=\"whole\" entity=\"sip:2001@example.com\"", ""),
	INFO("version=\"1\" state=\"full\"", ""),
	INFO(HEAD " more=\"1\"", ""),
	INFO(HEAD, "<call id=\"a\"/>"),
	INFO(HEAD, "<dialog><state>trying</state></dialog>"),
	INFO(HEAD, "<dialog id=\"a\" direction=\"in\"><state>trying</state></dialog>"),
	INFO(HEAD, "<dialog id=\"a\"><state>trying</state></dialog>"
		   "<dialog id=\"a\"><state>trying</state></dialog>"),
	DIALOG(""),
	DIALOG("<state>ringing</state>"),
	DIALOG("<state>trying</state><state>trying</state>"),
	DIALOG("<state event=\"bye\">terminated</state>"),
	DIALOG("<state code=\"99\">terminated</state>"),
	DIALOG("<state code=\"200\">early</state>"),
	DIALOG("<state event=\"timeout\">confirmed</state>"),
	DIALOG("<local/><state>trying</state>"),
	DIALOG("<state>trying</state><remote/><local/>"),
	DIALOG("<state>trying</state><local><identity>2001</identity></local>"),
	DIALOG("<state>trying</state><local><target/></local>"),
	DIALOG("<state>trying</state><local><target uri=\"sip:a@b\"><param pname=\"x\"/>"
	       "</target></local>"),
	DIALOG("<state>trying</state><local><target uri=\"sip:a@b\"/>"
	       "<identity>sip:a@b</identity></local>"),
};

START_TEST(the_rules_see_every_fault)
{
	static const char good[] = DIALOG("<state event=\"timeout\">terminated</state>");

	ck_assert_ptr_null(document_fault(good, strlen(good)));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		ck_assert_msg(document_fault(bad[i], strlen(bad[i])) != NULL, "%s",
			      bad[i]);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("publish_document");
	TCase *tcase = tcase_create("document");

	tcase_add_checked_fixture(tcase, NULL, teardown);
	tcase_add_test(tcase, a_document_says_whose_dialogs_it_tells_in_full);
	tcase_add_test(tcase, a_dialog_tells_its_line_and_both_parties);
	tcase_add_test(tcase, what_is_not_known_is_left_out);
	tcase_add_test(tcase, every_state_event_and_code_is_a_word_of_the_rfc);
	tcase_add_test(tcase, any_name_comes_out_as_text);
	tcase_add_test(tcase, any_bytes_in_any_field_make_a_document);
	tcase_add_test(tcase, a_user_of_a_uri_is_escaped);
	tcase_add_test(tcase, the_greatest_document_stays_below_64_kilobytes);
	tcase_add_test(tcase, the_rules_see_every_fault);
	suite_add_tcase(suite, tcase);
	return suite;
}
