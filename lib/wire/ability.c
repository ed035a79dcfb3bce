/* SPDX-License-Identifier: MIT */
#include "wire/ability.h"

const char ability_allow[] =
	"INVITE, ACK, OPTIONS, BYE, CANCEL, SUBSCRIBE, NOTIFY, REFER, INFO, "
	"PRACK, PUBLISH, UPDATE";
const char ability_supported[] = "100rel, histinfo, join, replaces, sdp-anat, timer";
