/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * TLS 1.2 and up over a connected descriptor that does not block (OpenSSL), with the names of
 * SIP domains: RFC 5922.  Certificates come as a pair of contexts, for those who connect to us and
 * for those we connect to; a connection keeps the pair it began with when a new one is loaded.
 */
#include "wire/wire.h"

#include <sys/types.h>

struct fault;
struct tls;
struct tls_pair;

/** Reads FILES.  0, or -errno with a sentence that names the file: it cannot be read, key and
 *  certificate do not belong together ... */
int tls_load(const struct wire_tls *files, struct tls_pair **pair, struct fault *fault);

/** NULL is fine. */
void tls_unload(struct tls_pair *pair);

/** Whether FILES can be used: tls_load() without its result. */
int tls_check(const struct wire_tls *files, struct fault *fault);

/** The side that connected to NAME (RFC 3261 26.3.1; SNI, and what the certificate must be for;
 *  NULL = any that is signed by the authorities).  NULL when out of memory. */
struct tls *tls_client(const struct tls_pair *pair, int fd, const char *name);

/** The side that was connected to. */
struct tls *tls_server(const struct tls_pair *pair, int fd);

/** NULL is fine. */
void tls_free(struct tls *tls);

/** Goes on with the handshake: 0 = done, -EAGAIN = not yet (see tls_wants_write()), -EPROTO = the
 *  far end or its certificate is not acceptable, or another -errno. */
int tls_shake(struct tls *tls);

/** What about the far end made tls_shake() fail, the end of a sentence: "its certificate is not for
 *  sm.example.com".  Borrowed for TLS's life. */
const char *tls_why(const struct tls *tls);

/** Bytes read, 0 = none for now, -EPIPE = the far end has ended it, -errno. */
ssize_t tls_read(struct tls *tls, char *bytes, size_t room);

/** Bytes taken, 0 = none for now: the same and maybe more is to be given again.  -errno. */
ssize_t tls_write(struct tls *tls, const char *bytes, size_t length);

/** It waits for the descriptor to take bytes. */
bool tls_wants_write(const struct tls *tls);

/** It holds bytes that the descriptor will not tell of. */
bool tls_has_more(const struct tls *tls);

/** Says that nothing more will be written. */
void tls_end(struct tls *tls);

/** The far end has shown a certificate that the authorities have signed. */
bool tls_is_verified(const struct tls *tls);

/**
 * Whether the far end's certificate is for the SIP domain NAME: a subjectAltName URI sip:NAME, or
 * without any of these a DNS name, or without subjectAltName the common name; whole names, no
 * wildcards (RFC 5922 sections 7.1 and 7.2).
 */
bool tls_is_for(const struct tls *tls, const char *name);
