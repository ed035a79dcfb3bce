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

/** TLS for a connection that this program opened.  NAME (RFC 3261 section 26.3.1) is sent
 *  as SNI, and the certificate must be for it; NULL = any certificate that the
 *  authorities signed.  NULL when out of memory. */
struct tls *tls_client(const struct tls_pair *pair, int fd, const char *name);

/** TLS for a connection that was accepted. */
struct tls *tls_server(const struct tls_pair *pair, int fd);

/** NULL is fine. */
void tls_free(struct tls *tls);

/** Goes on with the handshake: 0 = done, -EAGAIN = not yet (see tls_wants_write()), -EPROTO = the
 *  far end or its certificate is not acceptable, or another -errno. */
int tls_shake(struct tls *tls);

/** The reason why tls_shake() failed, as the end of a sentence: "its certificate is not
 *  for sm.example.com". Borrowed for TLS's life. */
const char *tls_why(const struct tls *tls);

/** Bytes read, 0 = none for now, -EPIPE = the far end has ended it, -errno. */
ssize_t tls_read(struct tls *tls, char *bytes, size_t room);

/** Bytes taken, 0 = none for now: the same and maybe more is to be given again.  -errno. */
ssize_t tls_write(struct tls *tls, const char *bytes, size_t length);

/** Whether it waits until the descriptor can be written to. */
bool tls_wants_write(const struct tls *tls);

/** Whether it holds bytes that were read from the descriptor already, so that epoll does
 *  not report them. */
bool tls_has_more(const struct tls *tls);

/** Sends close_notify: nothing more will be written. */
void tls_end(struct tls *tls);

/** Whether the far end has sent a certificate that the authorities have signed. */
bool tls_is_verified(const struct tls *tls);

/**
 * Whether the far end's certificate is for the SIP domain NAME: a subjectAltName URI sip:NAME, or
 * without any of these a DNS name, or without subjectAltName the common name; whole names, no
 * wildcards (RFC 5922 sections 7.1 and 7.2).
 */
bool tls_is_for(const struct tls *tls, const char *name);
