/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A test program is a suite; test/unit/unit.c runs it.  A test that uses 10 s of processor
 * time loops for ever and ends the program, whatever the load of the machine.
 */
#include <check.h>

/** Makes the program's suite; NULL if something is missing, which it has printed. */
Suite *unit_suite(void);

/** To be called in unit_suite(): a test of this program may use so many seconds of
 *  processor time. */
void unit_allow_cpu_s(unsigned seconds);
