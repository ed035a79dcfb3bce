/* SPDX-License-Identifier: MIT */
#pragma once
/* Reports the daemon's state to the service manager, by the protocol of sd_notify(3). */

/** STATE is e.g. "READY=1"; does nothing if NOTIFY_SOCKET is not set. */
void notify_send(const char *state);
