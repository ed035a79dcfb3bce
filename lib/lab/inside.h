/* SPDX-License-Identifier: MIT */
#pragma once
/* What the files of lib/lab know of each other's objects. */
#include "base/arena.h"
#include "lab/lab.h"
#include "lab/phone.h"
#include "lab/talk.h"
#include "wire/dialog.h"
#include "wire/uac.h"
#include "wire/uas.h"

struct carrier;

struct lab {
	struct loop *loop;
	const char *domain;
	struct arena arena;
	struct lab_frame *frames;	/* owned */
	size_t frame_count, frame_room;
	int64_t last_us;
	unsigned long heard;
	unsigned media_port;		/* of the newest session description */
};

/** The wire's seen event, for every player. */
void lab_note_frame(struct lab *lab, const char *player, const struct wire_frame *frame);

/** A way from WIRE to URI, which needs a numeric host. */
int lab_way(struct wire *wire, const char *uri, struct way *way, struct fault *fault);

struct phone {
	struct lab *lab;
	struct arena arena;
	struct phone_settings is;	/* text in the arena */
	struct wire_address listen;
	struct wire_settings wire_settings;
	struct wire *wire;		/* NULL while it is dead */
	bool is_mute;			/* nothing goes out */
	struct list queue, errands;	/* of struct mail, errand */
	struct list talks, sendings, lamps, rules;
	int64_t sent_us, taken_us;
	struct carrier *carrier;	/* of an application; else NULL */
	/* Its registration: */
	const char *enrol_id;		/* Call-ID; NULL = none yet */
	uint32_t enrol_cseq;
	bool is_enrolled;
	struct loop_timer *refresh;
	unsigned refresh_s;
	/* The newest REFER it heard: */
	const char *refer_number, *refer_replaces, *refer_by;
	struct talk *refer_talk;
	/* Bytes to take the place of the next message sent: */
	const char *raw;
	size_t raw_length;
	char *raw_bytes;		/* owned; RAW with the branch put in */
	char raw_branch[96];		/* of the message that RAW stands for; "" = yet to be sent */
	struct wire_distortion distortion;
	/* Does what a rule says: obey(), which stands above all that uses it. */
	void (*obey)(struct rule *rule, struct talk *talk);
};

enum talk_state { TALK_CALLING, TALK_RUNG, TALK_ANSWERED, TALK_CONFIRMED, TALK_OVER };

struct talk {
	struct list node;		/* in phone->talks */
	struct phone *phone;
	su_home_t *home;		/* owned */
	unsigned appearance;
	bool is_caller, is_forgotten;
	enum talk_state state;
	const char *call_id, *local_tag;
	uint32_t cseq;			/* of our last request */
	struct dialog *dialog;		/* NULL = none yet */
	sip_from_t *local;		/* as From of our requests, without tag */
	sip_to_t *remote;
	struct sending *calling, *off_hook;	/* INVITEs under way */
	bool is_reserved;		/* by off-hook, nothing dialled yet */
	struct uas *uas;		/* the INVITE to be answered, or its ACK to come */
	int answer;			/* the final answer given in UAS; 0 = none */
	bool answers_with_offer;	/* the INVITE in UAS has none */
	struct errand *awaits;		/* ACK or PRACK */
	const char *sent_body, *heard_body;	/* session descriptions; NULL = none */
	unsigned media_port, media_version;
	struct talk *asked_by;		/* got the REFER that asked for this call */
};

/** A request that is out. */
struct sending {
	struct list node;		/* in phone->sendings */
	struct phone *phone;
	struct talk *talk;		/* NULL = outside any call */
	struct uac *uac;
	msg_t *request;			/* as sent; owned */
	struct way way;
	struct errand *errand;		/* gets the final answer; NULL: the queue does */
	void (*heard)(struct sending *sending, int status, msg_t *response);	/* mechanics */
	void *context;
	const char *password;		/* for a challenge; NULL = the phone's */
	size_t next_proxy;		/* to try when nothing listens; 0 = none */
	bool may_authenticate, is_quiet, is_done;	/* quiet: not queued either */
	bool is_cancelled;
	int cancel_status;		/* of the CANCEL's answer */
	int final;			/* status; 0 = none */
	struct mail *final_mail;
	char *last;			/* the last provisional answer's bytes; owned */
};

/* mail.c */

/** MSG (NULL with STATUS -1: nothing came, WHY) as a mail that is in no queue. */
struct mail *mail_new(struct phone *phone, struct talk *talk, msg_t *msg,
		      const char *why);

/** Puts it at the end of the queue. */
void mail_queue(struct mail *mail);

struct errand *errand_new(struct phone *phone);
void errand_done(struct errand *errand, const struct mail *mail);

/* sending.c */

/** Sends REQUEST, which it takes over.  NULL and a sentence when it cannot be. */
struct sending *sending_new(struct phone *phone, struct talk *talk, const struct way *way,
			    msg_t *request, struct fault *fault);

/** The way to the phone's proxy, or to CM. */
int sending_way(struct phone *phone, bool to_cm, struct way *way, struct fault *fault);

void sending_free(struct sending *sending);

/** An answer to a CANCEL of CALL_ID was seen. */
void sending_cancel_heard(struct phone *phone, const char *bytes, size_t length,
			  int status);

/* talk.c */

struct talk *talk_new(struct phone *phone, bool is_caller);
void talk_free(struct talk *talk);
struct talk *talk_of(struct phone *phone, const sip_t *sip);
unsigned talk_idle_appearance(const struct phone *phone);
bool talk_is_idle(const struct talk *talk);

/** The one on APPEARANCE (0 = the only one) that FITS; NULL and a sentence. */
struct talk *talk_pick(struct phone *phone, unsigned appearance,
		       bool (*fits)(const struct talk *talk), const char *what,
		       struct fault *fault);

/** Sends METHOD inside TALK; EXTRA may be NULL.  Quiet: its answer is for no one. */
struct sending *talk_send_inside(struct talk *talk, const char *method, const char *body,
				 const struct extra *extra, struct fault *fault);

/** A session description of ours; it is noted as sent. */
const char *talk_offer_text(struct talk *talk, bool is_held);
const char *talk_answer_text(struct talk *talk, const sip_t *sip);
void talk_set_body(msg_t *msg, const char *type, const char *body);
void talk_note_sent(struct talk *talk, msg_t *msg);
void talk_note_heard(struct talk *talk, const sip_t *sip);

/* ring.c: INVITEs that come */

void ring_invite(struct phone *phone, struct talk *talk, msg_t *msg);
void ring_ack(struct talk *talk, msg_t *msg);

/* inside a call, ear.c */

void ear_request(struct phone *phone, msg_t *msg);

/* rule.c */

/** The unused rule for a message, NULL = none; it is used then. */
struct rule *rule_use(struct phone *phone, int status, const char *method);

/* obey.c */

void obey(struct rule *rule, struct talk *talk);

/* lamp.c */

/** Takes NOTIFY if it is of a lamp. */
bool lamp_notify(struct phone *phone, msg_t *msg);
void lamp_clear(struct phone *phone);

/* credential.c */

/** Puts the answer to the challenge in RESPONSE into REQUEST; false = there is none known. */
bool credential_answer(msg_t *request, const sip_t *response, const char *user,
		       const char *password);

/** Whether REQUEST has credentials by this password, which NONCE was given for. */
bool credential_is_right(const sip_t *request, bool is_proxy, const char *nonce,
			 const char *password);

/** The value of Proxy-Authenticate or WWW-Authenticate. */
const char *credential_challenge(struct arena *arena, const char *realm,
				 const char *nonce, const char *algorithm);

/* talk.c */

/** METHOD in DIALOG, not sent yet; and its way. */
msg_t *talk_request_in(struct talk *talk, const struct dialog *dialog, const char *method,
		       uint32_t cseq);
int talk_way(struct talk *talk, msg_t *msg, struct way *way, struct fault *fault);

/* dial.c */

/** The mechanics of an INVITE of ours, also inside a call. */
void dial_heard(struct sending *sending, int status, msg_t *response);

/** CANCELs the INVITE under way; its final answer goes where it would have gone. */
void dial_give_up(struct talk *talk);
