/* SPDX-License-Identifier: MIT */
#pragma once
/* A test program is a suite; test/unit/unit.c runs it. */
#include <check.h>

/** The program's suite; or NULL, and what is missing has been said. */
Suite *unit_suite(void);
