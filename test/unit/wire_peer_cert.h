/* SPDX-License-Identifier: MIT */
#pragma once
/* Certificates that a test makes and removes. */

enum { CERT_PATH = 128 };

/** An authority in a directory of its own. */
struct cert_authority {
	char dir[CERT_PATH];
	char file[CERT_PATH];		/* its certificate */
	void *key, *certificate;	/* owned; OpenSSL's */
};

void cert_start(struct cert_authority *authority);

/** Removes the directory and what is in it. */
void cert_end(struct cert_authority *authority);

/** Signs a certificate NAME.crt with its key NAME.key for the common name CN and the
 *  subjectAltName SAN as openssl.cnf has it ("URI:sip:example.com, DNS:a.example.com"), NULL =
 *  none. */
void cert_sign(struct cert_authority *authority, const char *name, const char *cn,
	       const char *san);

/** Its path: NAME.crt or NAME.key. */
const char *cert_path(const struct cert_authority *authority, const char *file,
		      char path[static CERT_PATH]);
