/* SPDX-License-Identifier: MIT */
#include "store/feature.h"

#include <errno.h>
#include <string.h>

/*
 * The sentence of a trigger that refused a row.  SQLite reports it as a bad JSON path,
 * between the outermost quotes and with its own quotes doubled (schema/001-users.sql,
 * refusal).
 */
static int fault_of_rule(const char *text, struct fault *fault)
{
	const char *begin = strstr(text, "JSON path") ? strchr(text, '\'') : NULL;
	const char *end = begin ? strrchr(text, '\'') : NULL;
	char sentence[sizeof fault->text];
	size_t length = 0;

	if (!begin || begin == end)
		return fault_say(fault, EPERM, "%s", text);
	for (begin++; begin < end && length < sizeof sentence - 1; begin++) {
		if (begin[0] == '\'' && begin[1] == '\'')
			begin++;
		sentence[length++] = *begin;
	}
	sentence[length] = '\0';
	return fault_say(fault, EPERM, "%s", sentence);
}

/* Runs STATEMENT, its parameters bound, which returns no rows. */
static int write_rows(struct database *database, enum statement statement,
		      struct fault *fault)
{
	int rc = sqlite3_step(database->statements[statement]);
	int err = 0;

	switch (rc & 0xff) {
	case SQLITE_DONE:
		break;
	case SQLITE_ERROR:
	case SQLITE_CONSTRAINT:
		err = fault_of_rule(sqlite3_errmsg(database->sqlite), fault);
		break;
	default:
		err = database_fault(database->sqlite, database->path, rc, fault);
		break;
	}
	database_reset(database, statement);
	return err;
}

static int forwarding_off(struct database *database, const char *extension,
			  enum forward_condition condition, struct fault *fault)
{
	database_bind_text(database, SQL_FORWARDING_OFF, 1, extension);
	database_bind_text(database, SQL_FORWARDING_OFF, 2,
			   forward_condition_name(condition));
	return write_rows(database, SQL_FORWARDING_OFF, fault);
}

/* Sets the row for any source, and deactivates rows for one source, which would precede
 * it. */
static int forwarding_on(struct database *database, const struct store_act *act,
			 enum forward_condition condition, struct fault *fault)
{
	int err = forwarding_off(database, act->extension, condition, fault);

	if (err)
		return err;
	database_bind_text(database, SQL_FORWARDING_ON, 1, act->extension);
	database_bind_text(database, SQL_FORWARDING_ON, 2,
			   forward_condition_name(condition));
	database_bind_text(database, SQL_FORWARDING_ON, 3, act->number);
	return write_rows(database, SQL_FORWARDING_ON, fault);
}

static int send_all_calls(struct database *database, const char *extension, bool is_on,
			  struct fault *fault)
{
	int err;

	database_bind_text(database, SQL_SEND_ALL_CALLS, 1, extension);
	database_bind_int(database, SQL_SEND_ALL_CALLS, 2, is_on);
	err = write_rows(database, SQL_SEND_ALL_CALLS, fault);
	if (!err && sqlite3_changes(database->sqlite) == 0)
		err = fault_say(fault, EPERM, "station %s does not exist", extension);
	return err;
}

int feature_write(struct database *database, const struct store_act *act,
		  struct fault *fault)
{
	const char *extension = act->extension;

	switch (act->action) {
	case ACTION_FORWARD_ALL_ON:
		return forwarding_on(database, act, FORWARD_UNCONDITIONAL, fault);
	case ACTION_FORWARD_ALL_OFF:
		return forwarding_off(database, extension, FORWARD_UNCONDITIONAL, fault);
	case ACTION_FORWARD_BUSY_ON:
		return forwarding_on(database, act, FORWARD_BUSY, fault);
	case ACTION_FORWARD_BUSY_OFF:
		return forwarding_off(database, extension, FORWARD_BUSY, fault);
	case ACTION_FORWARD_NO_ANSWER_ON:
		return forwarding_on(database, act, FORWARD_NO_ANSWER, fault);
	case ACTION_FORWARD_NO_ANSWER_OFF:
		return forwarding_off(database, extension, FORWARD_NO_ANSWER, fault);
	case ACTION_SEND_ALL_CALLS_ON:
		return send_all_calls(database, extension, true, fault);
	case ACTION_SEND_ALL_CALLS_OFF:
		return send_all_calls(database, extension, false, fault);
	case ACTION_NONE:
	case ACTION_RESTRICT_CLI:
	case ACTION_UNKNOWN:
		break;
	}
	return fault_say(fault, EPERM, "there is nothing to write for it");
}
