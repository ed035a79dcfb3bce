/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * A test program is a suite; test/unit/unit.c runs it.  A test that uses 10 s of processor
 * time loops for ever and ends the program, whatever the load of the machine.
 */
#include <check.h>

/** The program's suite; or NULL, and what is missing has been said. */
Suite *unit_suite(void);

/** For unit_suite(): a test of this program may use so much. */
void unit_allow_cpu_s(unsigned seconds);
