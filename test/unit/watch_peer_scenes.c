/* SPDX-License-Identifier: MIT */
/* A proxy that does everything right, at 192.0.2.5; CM is 192.0.2.10. */
#include "watch_peer.h"

#define OUT true, WATCH_CM
#define IN false, WATCH_CM
#define PHONE_OUT true, WATCH_PHONE
#define PHONE_IN false, WATCH_PHONE
#define TRUNK_OUT true, WATCH_TRUNK
#define SCENE(name) \
	const struct scene name##_scene = { #name, name, sizeof name / sizeof *name }

/* Of the three INVITEs of a call: phone to proxy, CM to proxy after each half. */
#define SM "Via: SIP/2.0/UDP 192.0.2.5;branch=z9hG4bK-sm"
#define VIA_PHONE "Via: SIP/2.0/UDP 192.0.2.44;branch=z9hG4bK-phone\n"
#define VIA_ORIG "Via: SIP/2.0/UDP 192.0.2.10:5062;branch=z9hG4bK-orig\n"
#define VIA_TERM "Via: SIP/2.0/UDP 192.0.2.10:5062;branch=z9hG4bK-term\n"
#define WAY_TO(phase)                                                    \
	"Route: <sip:192.0.2.10:5062;lr;phase=" phase ";seq=explicit>\n" \
	"Route: <sip:192.0.2.5:5060;lr;odi=7f3a>\n"
#define WAY_BACK(phase) \
	"Route: <sip:192.0.2.5:5060;lr;odi=7f3a;phase=" phase ";seq=explicit>\n"
#define A_PARTY \
	"From: \"Alice\" <sip:1001@example.com>;tag=a1\nTo: <sip:2001@example.com>"
#define B_PARTY \
	"From: \"Alice\" <sip:1001@example.com>;tag=b1\nTo: <sip:2001@example.com>"
#define C_PARTY \
	"From: \"Alice\" <sip:1001@example.com>;tag=c1\nTo: <sip:2001@example.com>"
#define REST                                                      \
	"Subject: Lunch, today\n"                                 \
	"User-Agent: Phone/1\n"                                   \
	"P-Asserted-Identity: \"Alice\" <sip:1001@example.com>\n" \
	"History-Info: <sip:2001@example.com>;index=1,\n"         \
	" <sip:2001@example.com>;index=1.1\n"                     \
	"Accept-Contact: *;atrp=shortcut\n"                       \
	"Contact: <sip:1001@192.0.2.10:5062>\n"                   \
	"Content-Type: application/sdp\n"                         \
	"Content-Length: 5\n"                                     \
	"\n"                                                      \
	"v=0\n"
#define HOPS(n) "Max-Forwards: " n "\n"
#define RECORD "Record-Route: <sip:192.0.2.5:5060;lr>\n"
#define END "Content-Length: 0\n\n"
#define ANSWER(code, via, party, to_tag, id, rest) \
	"SIP/2.0 " code "\n" via party to_tag "\nCall-ID: " id "\nCSeq: 1 INVITE\n" rest

#define TRYING(via, party, id) ANSWER("100 Trying", via, party, "", id, END)
#define RINGING(via, party, to_tag, id)                      \
	ANSWER("180 Ringing", via RECORD, party, to_tag, id, \
	       "Contact: <sip:2001@192.0.2.10>\n" END)
#define OK_REST \
	"Contact: <sip:2001@192.0.2.10>\nServer: Phone/2\nWarning: 399 x \"y\"\n" END
#define OK(via, party, to_tag, id) \
	ANSWER("200 OK", via RECORD, party, to_tag, id, OK_REST)
#define ACK(via, party, to_tag, id)                                     \
	"ACK sip:2001@192.0.2.10 SIP/2.0\n" via HOPS("68") party to_tag \
		"\nCall-ID: " id "\nCSeq: 1 ACK\n" END

#define ORIGDONE                                                                         \
	"INVITE sip:2001@example.com SIP/2.0\n" VIA_ORIG WAY_BACK("origdone") HOPS("69") \
		B_PARTY "\nCall-ID: b\nCSeq: 1 INVITE\n" REST
#define IMSTERM                                                    \
	"INVITE sip:2001@example.com SIP/2.0\n" SM                 \
	"2\n" VIA_ORIG RECORD WAY_TO("imsterm") HOPS("68") B_PARTY \
		"\nCall-ID: b\nCSeq: 1 INVITE\n" REST
#define TERMDONE                                                                         \
	"INVITE sip:2001@example.com SIP/2.0\n" VIA_TERM WAY_BACK("termdone") HOPS("67") \
		C_PARTY "\nCall-ID: c\nCSeq: 1 INVITE\n" REST

/* A whole call as CM sees it, in the b2bua model. */
static const struct scene_line chain[] = {
	/* 0 */ { 0, IN,
		  "INVITE sip:2001@example.com SIP/2.0\n" SM
		  "1\n" VIA_PHONE RECORD WAY_TO("imsorig") HOPS("70") A_PARTY
		  "\nCall-ID: a\nCSeq: 1 INVITE\n" REST },
	{ 1, OUT, TRYING(SM "1\n" VIA_PHONE, A_PARTY, "a") },
	/* 2 */ { 2, OUT, ORIGDONE },
	{ 3, IN, TRYING(VIA_ORIG, B_PARTY, "b") },
	/* 4 */ { 4, IN, IMSTERM },
	{ 5, OUT, TRYING(SM "2\n" VIA_ORIG, B_PARTY, "b") },
	/* 6 */ { 6, OUT, TERMDONE },
	{ 7, IN, TRYING(VIA_TERM, C_PARTY, "c") },
	/* 8 */ { 20, IN, RINGING(VIA_TERM, C_PARTY, ";tag=c2", "c") },
	{ 21, OUT, RINGING(SM "2\n" VIA_ORIG, B_PARTY, ";tag=b2", "b") },
	/* 10 */ { 22, IN, RINGING(VIA_ORIG, B_PARTY, ";tag=b2", "b") },
	{ 23, OUT, RINGING(SM "1\n" VIA_PHONE, A_PARTY, ";tag=a2", "a") },
	/* 12 */ { 900, IN, OK(VIA_TERM, C_PARTY, ";tag=c2", "c") },
	{ 901, OUT, OK(SM "2\n" VIA_ORIG, B_PARTY, ";tag=b2", "b") },
	/* 14 */ { 902, IN, OK(VIA_ORIG, B_PARTY, ";tag=b2", "b") },
	{ 903, OUT, OK(SM "1\n" VIA_PHONE, A_PARTY, ";tag=a2", "a") },
	/* 16 */ { 920, IN, ACK(SM "3\n" VIA_PHONE, A_PARTY, ";tag=a2", "a") },
	{ 921, OUT, ACK("Via: SIP/2.0/UDP 192.0.2.10:5062;branch=z9hG4bK-ack1\n", B_PARTY, ";tag=b2", "b") },
	/* 18 */
	{ 922, IN,
	  "ACK sip:2001@192.0.2.10 SIP/2.0\n" SM "4\n"
	  "Via: SIP/2.0/UDP 192.0.2.10:5062;branch=z9hG4bK-ack1\n" HOPS("67") B_PARTY
	  ";tag=b2\nCall-ID: b\nCSeq: 1 ACK\n" END },
	{ 923, OUT, ACK("Via: SIP/2.0/UDP 192.0.2.10:5062;branch=z9hG4bK-ack2\n", C_PARTY, ";tag=c2", "c") },
	/* 20 */
	{ 4000, OUT,
	  "BYE sip:2001@192.0.2.10 SIP/2.0\n"
	  "Via: SIP/2.0/UDP 192.0.2.10:5062;branch=z9hG4bK-bye\n" HOPS("70") B_PARTY
	  ";tag=b2\nCall-ID: b\nCSeq: 2 BYE\n" END },
	/* 21 */
	{ 4001, IN,
	  "BYE sip:2001@192.0.2.10 SIP/2.0\n" SM "5\n"
	  "Via: SIP/2.0/UDP 192.0.2.10:5062;branch=z9hG4bK-bye\n" HOPS("69") B_PARTY
	  ";tag=b2\nCall-ID: b\nCSeq: 2 BYE\n" END },
	/* 22 */
	{ 4002, OUT,
	  "SIP/2.0 200 OK\n" SM "5\n"
	  "Via: SIP/2.0/UDP 192.0.2.10:5062;branch=z9hG4bK-bye\n" B_PARTY
	  ";tag=b2\nCall-ID: b\nCSeq: 2 BYE\n" END },
	/* 23 */
	{ 4003, IN,
	  "SIP/2.0 200 OK\n"
	  "Via: SIP/2.0/UDP 192.0.2.10:5062;branch=z9hG4bK-bye\n" B_PARTY
	  ";tag=b2\nCall-ID: b\nCSeq: 2 BYE\n" END },
};
SCENE(chain);

#define CANCEL(via)                                                    \
	"CANCEL sip:2001@example.com SIP/2.0\n" via HOPS("70") B_PARTY \
		"\nCall-ID: b\nCSeq: 1 CANCEL\n" END
#define CANCELLED(via) \
	"SIP/2.0 200 OK\n" via B_PARTY ";tag=p\nCall-ID: b\nCSeq: 1 CANCEL\n" END
#define GIVEN_UP(via) ANSWER("487 Request Terminated", via, B_PARTY, ";tag=b2", "b", END)
#define FAILURE_ACK(via)                                            \
	"ACK sip:2001@example.com SIP/2.0\n" via HOPS("70") B_PARTY \
		";tag=b2\nCall-ID: b\nCSeq: 1 ACK\n" END

/* CM cancels what it sent with origdone; reliable ringing before. */
static const struct scene_line cancel[] = {
	/* 0 */ { 0, OUT, ORIGDONE },
	{ 1, IN, TRYING(VIA_ORIG, B_PARTY, "b") },
	/* 2 */ { 2, IN, IMSTERM },
	{ 3, OUT, RINGING(SM "2\n" VIA_ORIG, B_PARTY, ";tag=b2", "b") },
	/* 4 */ { 4, IN, RINGING(VIA_ORIG, B_PARTY, ";tag=b2", "b") },
	/* 5 */
	{ 10, OUT,
	  "PRACK sip:2001@192.0.2.10 SIP/2.0\n"
	  "Via: SIP/2.0/UDP 192.0.2.10:5062;branch=z9hG4bK-prack\n" HOPS("70") B_PARTY
	  ";tag=b2\nCall-ID: b\nCSeq: 2 PRACK\nRAck: 7 1 INVITE\n" END },
	/* 6 */
	{ 11, IN,
	  "PRACK sip:2001@192.0.2.10 SIP/2.0\n" SM "6\n"
	  "Via: SIP/2.0/UDP 192.0.2.10:5062;branch=z9hG4bK-prack\n" HOPS("69") B_PARTY
	  ";tag=b2\nCall-ID: b\nCSeq: 2 PRACK\nRAck: 7 1 INVITE\n" END },
	/* 7 */
	{ 12, OUT,
	  "SIP/2.0 200 OK\n" SM "6\n"
	  "Via: SIP/2.0/UDP 192.0.2.10:5062;branch=z9hG4bK-prack\n" B_PARTY
	  ";tag=b2\nCall-ID: b\nCSeq: 2 PRACK\n" END },
	/* 8 */
	{ 13, IN,
	  "SIP/2.0 200 OK\n"
	  "Via: SIP/2.0/UDP 192.0.2.10:5062;branch=z9hG4bK-prack\n" B_PARTY
	  ";tag=b2\nCall-ID: b\nCSeq: 2 PRACK\n" END },
	/* 9 */ { 5000, OUT, CANCEL(VIA_ORIG) },
	/* 10 */ { 5001, IN, CANCELLED(VIA_ORIG) },
	/* 11 */ { 5002, IN, CANCEL(SM "2\n") },
	{ 5003, OUT, CANCELLED(SM "2\n") },
	/* 13 */ { 5004, OUT, GIVEN_UP(SM "2\n" VIA_ORIG) },
	/* 14 */ { 5005, IN, FAILURE_ACK(SM "2\n") },
	/* 15 */ { 5006, IN, GIVEN_UP(VIA_ORIG) },
	{ 5007, OUT, FAILURE_ACK(VIA_ORIG) },
	/* 17: the proxy lives on */
	{ 9000, IN,
	  "OPTIONS sip:192.0.2.10 SIP/2.0\n" SM "7\n" HOPS("70") B_PARTY
	  "\nCall-ID: o\nCSeq: 1 OPTIONS\n" END },
};
SCENE(cancel);

/* Telephones and CM in one picture: 1001 calls 2001, which is shown no tag. */
static const struct scene_line phone[] = {
	/* 0 */ { 0, PHONE_OUT,
		  "INVITE sip:2001@example.com;avaya-cm-fnu=x SIP/2.0\n" VIA_PHONE HOPS(
			  "70") A_PARTY "\nCall-ID: a\nCSeq: 1 INVITE\n" REST },
	{ 1, PHONE_IN, TRYING(VIA_PHONE, A_PARTY, "a") },
	/* 2 */
	{ 2, IN,
	  "INVITE sip:2001@example.com;avaya-cm-fnu=x SIP/2.0\n" SM
	  "1\n" VIA_PHONE RECORD WAY_TO("imsorig") HOPS("69") A_PARTY
	  "\nCall-ID: a\nCSeq: 1 INVITE\n" REST },
	/* 3 */ { 3, OUT, TERMDONE },
	{ 4, IN, TRYING(VIA_TERM, C_PARTY, "c") },
	/* 5 */
	{ 5, PHONE_IN,
	  "INVITE sip:2001@192.0.2.45 SIP/2.0\n" SM "8\n" VIA_TERM RECORD HOPS("66")
		  C_PARTY "\nCall-ID: c\nCSeq: 1 INVITE\n" REST },
	/* 6 */ { 6, PHONE_OUT, OK(SM "8\n" VIA_TERM, C_PARTY, ";tag=c2", "c") },
	/* 7 */ { 7, IN, OK(VIA_TERM, C_PARTY, ";tag=c2", "c") },
};
SCENE(phone);

/* A gateway's call begins with the called party's half. */
static const struct scene_line trunk[] = {
	/* 0 */ { 0, TRUNK_OUT,
		  "INVITE sip:2001@example.com SIP/2.0\n" VIA_PHONE HOPS("70") A_PARTY
		  "\nCall-ID: a\nCSeq: 1 INVITE\n" REST },
	{ 1, false, WATCH_TRUNK, TRYING(VIA_PHONE, A_PARTY, "a") },
	/* 2 */
	{ 2, IN,
	  "INVITE sip:2001@example.com SIP/2.0\n" SM "1\n" VIA_PHONE RECORD WAY_TO(
		  "imsterm") HOPS("69") A_PARTY "\nCall-ID: a\nCSeq: 1 INVITE\n" REST },
	/* 3 */
	{ 3, OUT,
	  ANSWER("404 Not Found", SM "1\n" VIA_PHONE, A_PARTY, ";tag=a2", "a",
		 "Warning: 399 example.com \"busy today\"\n" END) },
	/* 4 */
	{ 4, IN,
	  "ACK sip:2001@example.com SIP/2.0\n" SM "1\n" HOPS("70") A_PARTY
	  ";tag=a2\nCall-ID: a\nCSeq: 1 ACK\n" END },
};
SCENE(trunk);

#define DOCUMENT(version)                                          \
	"<?xml version=\"1.0\"?>\n<dialog-info version=\"" version \
	"\" state=\"full\" entity=\"sip:1001@example.com\"/>\n"
#define NOTIFY(branch, seq, version)                                                             \
	"NOTIFY sip:1001@192.0.2.44 SIP/2.0\n"                                                   \
	"Via: SIP/2.0/UDP 192.0.2.5;branch=z9hG4bK-" branch "\n" HOPS(                           \
		"70") "From: <sip:1001@example.com>;tag=s2\nTo: <sip:1001@example.com>;tag=s1\n" \
		      "Call-ID: s\nCSeq: " seq                                                   \
		      " NOTIFY\nEvent: dialog\n\n" DOCUMENT(version)

/* CM publishes, a telephone subscribes. */
static const struct scene_line event[] = {
	/* 0 */
	{ 0, OUT,
	  "PUBLISH sip:1001@example.com SIP/2.0\n"
	  "Via: SIP/2.0/UDP 192.0.2.10:5062;branch=z9hG4bK-publish\n" HOPS(
		  "70") "From: <sip:1001@example.com>;tag=p1\nTo: <sip:1001@example.com>\n"
			"Call-ID: p\nCSeq: 1 PUBLISH\nEvent: dialog\n" END },
	/* 1 */
	{ 1, IN,
	  "SIP/2.0 200 OK\n"
	  "Via: SIP/2.0/UDP 192.0.2.10:5062;branch=z9hG4bK-publish\n"
	  "From: <sip:1001@example.com>;tag=p1\nTo: <sip:1001@example.com>;tag=p2\n"
	  "Call-ID: p\nCSeq: 1 PUBLISH\nSIP-ETag: e1\n" END },
	/* 2 */
	{ 2, PHONE_OUT,
	  "SUBSCRIBE sip:1001@example.com SIP/2.0\n"
	  "Via: SIP/2.0/UDP 192.0.2.44;branch=z9hG4bK-subscribe\n" HOPS(
		  "70") "From: <sip:1001@example.com>;tag=s1\nTo: <sip:1001@example.com>\n"
			"Call-ID: s\nCSeq: 1 SUBSCRIBE\nEvent: dialog\n" END },
	/* 3 */
	{ 3, PHONE_IN,
	  "SIP/2.0 200 OK\n"
	  "Via: SIP/2.0/UDP 192.0.2.44;branch=z9hG4bK-subscribe\n"
	  "From: <sip:1001@example.com>;tag=s1\nTo: <sip:1001@example.com>;tag=s2\n"
	  "Call-ID: s\nCSeq: 1 SUBSCRIBE\n" END },
	/* 4 */ { 4, PHONE_IN, NOTIFY("notify1", "1", "0") },
	/* 5 */ { 2000, PHONE_IN, NOTIFY("notify2", "2", "1") },
};
SCENE(event);

/* A proxy that is alive, and says so by itself. */
static const struct scene_line trying[] = {
	/* 0 */ { 0, OUT, ORIGDONE },
	/* 1 */ { 1, IN, TRYING(VIA_ORIG, B_PARTY, "b") },
	/* 2 */
	{ 300, IN,
	  "OPTIONS sip:192.0.2.10 SIP/2.0\n" SM "7\n" HOPS("70") B_PARTY
	  "\nCall-ID: o\nCSeq: 1 OPTIONS\n" END },
};
SCENE(trying);

/* Two telephones of 2001 answer at once: both answers come back. */
static const struct scene_line forks[] = {
	/* 0 */ { 0, OUT, TERMDONE },
	{ 1, IN, TRYING(VIA_TERM, C_PARTY, "c") },
	/* 2 */
	{ 2, PHONE_IN,
	  "INVITE sip:2001@192.0.2.45 SIP/2.0\n" SM "8\n" VIA_TERM RECORD HOPS("66")
		  C_PARTY "\nCall-ID: c\nCSeq: 1 INVITE\n" REST },
	/* 3 */
	{ 2, PHONE_IN,
	  "INVITE sip:2001@192.0.2.46 SIP/2.0\n" SM "9\n" VIA_TERM RECORD HOPS("66")
		  C_PARTY "\nCall-ID: c\nCSeq: 1 INVITE\n" REST },
	/* 4 */ { 6, PHONE_OUT, OK(SM "8\n" VIA_TERM, C_PARTY, ";tag=c2", "c") },
	/* 5 */ { 6, PHONE_OUT, OK(SM "9\n" VIA_TERM, C_PARTY, ";tag=c3", "c") },
	/* 6 */ { 7, IN, OK(VIA_TERM, C_PARTY, ";tag=c2", "c") },
	/* 7 */ { 8, IN, OK(VIA_TERM, C_PARTY, ";tag=c3", "c") },
};
SCENE(forks);

#define HANG_UP(route)                                                                     \
	"BYE sip:1001@192.0.2.44 SIP/2.0\n" SM "6\n" HOPS("69") route                      \
		"From: <sip:2001@example.com>;tag=c2\nTo: <sip:1001@example.com>;tag=c1\n" \
		"Call-ID: c\nCSeq: 1 BYE\n" END
#define SENT_ON(record)                                      \
	"INVITE sip:2001@example.com SIP/2.0\n" VIA_TERM SM  \
	"2\n" record WAY_BACK("termdone") HOPS("67") C_PARTY \
		"\nCall-ID: c\nCSeq: 1 INVITE\n" REST

/* CM as a proxy that stays in the dialog. */
static const struct scene_line recorded[] = {
	/* 0 */ { 0, OUT, SENT_ON("Record-Route: <sip:192.0.2.10:5062;lr>\n" RECORD) },
	{ 1, IN, TRYING(VIA_TERM SM "2\n", C_PARTY, "c") },
	/* 2 */ { 2000, IN, HANG_UP("Route: <sip:192.0.2.10:5062;lr>\n") },
};
SCENE(recorded);

/* CM on the short way: ACK and BYE go past it. */
static const struct scene_line passed[] = {
	/* 0 */ { 0, OUT, SENT_ON(RECORD) },
	{ 1, IN, TRYING(VIA_TERM SM "2\n", C_PARTY, "c") },
	/* 2 */ { 20, IN, OK(VIA_TERM SM "2\n", C_PARTY, ";tag=c2", "c") },
	{ 21, OUT, OK(SM "2\n", C_PARTY, ";tag=c2", "c") },
	/* 4 */
	{ 22, OUT,
	  ACK("Via: SIP/2.0/UDP 192.0.2.10:5062;branch=z9hG4bK-ack3\n", C_PARTY,
	      ";tag=c2", "c") },
	/* 5 */ { 2000, IN, HANG_UP("") },
};
SCENE(passed);
