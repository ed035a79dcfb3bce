/* SPDX-License-Identifier: MIT */
#pragma once
/* Tells the service manager how we are, by the protocol of sd_notify(3). */

/** STATE is "READY=1" and the like; does nothing when nobody asked ($NOTIFY_SOCKET). */
void notify_send(const char *state);
