/* SPDX-License-Identifier: MIT */
#include "wire/tls.h"

#include "base/fault.h"
#include "wire/endpoint.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct tls_pair {
	SSL_CTX *server, *client;	/* owned */
};

struct tls {
	SSL *ssl;			/* owned */
	char *name;			/* owned; what the far end must be, NULL = any */
	bool wants_write;
	char why[256];			/* the handshake failed */
};

/* Why FILE, which is WHAT, cannot be used: what the system says, or else OpenSSL. */
static int say(struct fault *fault, const char *what, const char *file)
{
	unsigned long code = ERR_peek_error();
	const char *why = code ? ERR_reason_error_string(code) : NULL;
	FILE *stream = fopen(file, "re");

	if (!stream)
		why = strerror(errno);
	else
		fclose(stream);
	if (stream && ERR_GET_LIB(code) == ERR_LIB_PEM &&
	    ERR_GET_REASON(code) == PEM_R_NO_START_LINE)
		why = "there is none in it (PEM)";
	ERR_clear_error();
	return fault_say(fault, EINVAL, "%s %s: %s", what, file,
			 why ? why : "it cannot be used");
}

/* OpenSSL would ask for it on the terminal; USER is told that it is needed. */
static int no_passphrase(char *text, int size, int is_new, void *user)
{
	bool *is_locked = user;

	(void)text;
	(void)size;
	(void)is_new;
	*is_locked = true;
	return -1;
}

static int load_own(SSL_CTX *context, const struct wire_tls *files, struct fault *fault)
{
	bool is_locked = false;
	int reason;

	SSL_CTX_set_default_passwd_cb(context, no_passphrase);
	SSL_CTX_set_default_passwd_cb_userdata(context, &is_locked);
	if (SSL_CTX_use_certificate_chain_file(context, files->certificate) != 1)
		return say(fault, "TLS certificate", files->certificate);
	if (SSL_CTX_use_PrivateKey_file(context, files->key, SSL_FILETYPE_PEM) != 1 ||
	    SSL_CTX_check_private_key(context) != 1) {
		reason = ERR_GET_REASON(ERR_peek_last_error());
		if (is_locked) {
			ERR_clear_error();
			return fault_say(fault, EINVAL,
					 "TLS key %s: it has a passphrase, and a daemon "
					 "cannot be asked for it",
					 files->key);
		}
		if (reason != X509_R_KEY_VALUES_MISMATCH &&
		    reason != X509_R_KEY_TYPE_MISMATCH)
			return say(fault, "TLS key", files->key);
		ERR_clear_error();
		return fault_say(fault, EINVAL,
				 "TLS key %s does not belong to certificate %s",
				 files->key, files->certificate);
	}
	SSL_CTX_set_default_passwd_cb_userdata(context, NULL);
	return 0;
}

static int load(SSL_CTX *context, const struct wire_tls *files, struct fault *fault)
{
	SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
	SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
					     SSL_OP_IGNORE_UNEXPECTED_EOF |
					     SSL_OP_CIPHER_SERVER_PREFERENCE);
	SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE |
					  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
					  SSL_MODE_RELEASE_BUFFERS);
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	if (!files->authorities && SSL_CTX_set_default_verify_paths(context) != 1)
		return fault_say(fault, EINVAL, "TLS: the system has no authorities");
	if (files->authorities &&
	    SSL_CTX_load_verify_locations(context, files->authorities, NULL) != 1)
		return say(fault, "TLS authorities", files->authorities);
	return load_own(context, files, fault);
}

int tls_load(const struct wire_tls *files, struct tls_pair **result, struct fault *fault)
{
	struct tls_pair *pair;
	int err;

	if (!files || !files->certificate || !files->key)
		return fault_say(fault, EINVAL, "TLS needs a certificate and its key");
	ERR_clear_error();
	pair = calloc(1, sizeof *pair);
	if (!pair)
		return fault_say(fault, ENOMEM, "out of memory");
	pair->server = SSL_CTX_new(TLS_server_method());
	pair->client = SSL_CTX_new(TLS_client_method());
	if (!pair->server || !pair->client)
		err = fault_say(fault, ENOMEM, "TLS cannot be started");
	else
		err = load(pair->server, files, fault);
	if (err == 0)
		err = load(pair->client, files, fault);
	if (err < 0) {
		tls_unload(pair);
		return err;
	}
	SSL_CTX_set_verify(pair->client, SSL_VERIFY_PEER, NULL);
	if (files->is_mutual)
		SSL_CTX_set_verify(pair->server,
				   SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
				   NULL);
	*result = pair;
	return 0;
}

void tls_unload(struct tls_pair *pair)
{
	if (!pair)
		return;
	SSL_CTX_free(pair->server);
	SSL_CTX_free(pair->client);
	free(pair);
}

int tls_check(const struct wire_tls *files, struct fault *fault)
{
	struct tls_pair *pair = NULL;
	int err = tls_load(files, &pair, fault);

	tls_unload(pair);
	return err;
}

static struct tls *tls_new(SSL_CTX *context, int fd)
{
	struct tls *tls = calloc(1, sizeof *tls);

	if (!tls)
		return NULL;
	tls->ssl = SSL_new(context);
	if (!tls->ssl || SSL_set_fd(tls->ssl, fd) != 1) {
		tls_free(tls);
		ERR_clear_error();
		return NULL;
	}
	return tls;
}

struct tls *tls_client(const struct tls_pair *pair, int fd, const char *name)
{
	struct tls *tls = tls_new(pair->client, fd);
	struct sockaddr_storage number;

	if (!tls)
		return NULL;
	SSL_set_connect_state(tls->ssl);
	if (!name)
		return tls;
	tls->name = strdup(name);
	/* SNI holds no addresses (RFC 6066 section 3). */
	if (!tls->name || (endpoint_read(name, 0, &number) < 0 &&
			   SSL_set_tlsext_host_name(tls->ssl, tls->name) != 1)) {
		tls_free(tls);
		return NULL;
	}
	return tls;
}

struct tls *tls_server(const struct tls_pair *pair, int fd)
{
	struct tls *tls = tls_new(pair->server, fd);

	if (tls)
		SSL_set_accept_state(tls->ssl);
	return tls;
}

void tls_free(struct tls *tls)
{
	if (!tls)
		return;
	SSL_free(tls->ssl);
	free(tls->name);
	free(tls);
}

/* Why the handshake failed, as OpenSSL tells before its queue is cleared. */
static void explain(struct tls *tls, int err)
{
	long verdict = SSL_get_verify_result(tls->ssl);
	unsigned long code = ERR_peek_error();
	int reason = ERR_GET_REASON(code);
	const char *text = code ? ERR_reason_error_string(code) : NULL;
	size_t room = sizeof tls->why;

	if (verdict != X509_V_OK)
		snprintf(tls->why, room, "its certificate is not accepted: %s",
			 X509_verify_cert_error_string(verdict));
	else if (code && reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE)
		snprintf(tls->why, room, "it shows no certificate");
	else if (code && reason > SSL_AD_REASON_OFFSET)
		snprintf(tls->why, room, "it refuses: %s", text ? text : "an alert");
	else
		snprintf(tls->why, room, "%s",
			 text		 ? text
			 : err == -EPIPE ? "it closed the connection"
					 : strerror(-err));
}

const char *tls_why(const struct tls *tls)
{
	return tls->why;
}

/* What RESULT of an operation means: 0 = not now, else -errno. */
static int outcome(struct tls *tls, int result)
{
	int saved = errno, why = SSL_get_error(tls->ssl, result), err = -EPROTO;

	tls->wants_write = why == SSL_ERROR_WANT_WRITE;
	if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE)
		err = 0;
	else if (why == SSL_ERROR_ZERO_RETURN)
		err = -EPIPE;
	else if (why == SSL_ERROR_SYSCALL)
		err = saved ? -saved : -EPIPE;
	if (err && !SSL_is_init_finished(tls->ssl))
		explain(tls, err);
	ERR_clear_error();
	return err;
}

int tls_shake(struct tls *tls)
{
	int result, err;

	ERR_clear_error();
	errno = 0;
	result = SSL_do_handshake(tls->ssl);
	if (result == 1) {
		tls->wants_write = false;
		if (!tls->name || tls_is_for(tls, tls->name))
			return 0;
		snprintf(tls->why, sizeof tls->why, "its certificate is not for %s",
			 tls->name);
		return -EPROTO;
	}
	err = outcome(tls, result);
	return err == 0 ? -EAGAIN : err == -EPIPE ? -EPROTO : err;
}

static int bounded(size_t length)
{
	return length > 1 << 30 ? 1 << 30 : (int)length;
}

ssize_t tls_read(struct tls *tls, char *bytes, size_t room)
{
	int count;

	ERR_clear_error();
	errno = 0;
	count = SSL_read(tls->ssl, bytes, bounded(room));
	return count > 0 ? count : outcome(tls, count);
}

ssize_t tls_write(struct tls *tls, const char *bytes, size_t length)
{
	int count;

	ERR_clear_error();
	errno = 0;
	count = SSL_write(tls->ssl, bytes, bounded(length));
	if (count > 0)
		tls->wants_write = false;
	return count > 0 ? count : outcome(tls, count);
}

bool tls_wants_write(const struct tls *tls)
{
	return tls->wants_write;
}

bool tls_has_more(const struct tls *tls)
{
	return SSL_pending(tls->ssl) > 0;
}

void tls_end(struct tls *tls)
{
	ERR_clear_error();
	if (SSL_is_init_finished(tls->ssl))
		SSL_shutdown(tls->ssl);
	ERR_clear_error();
}

bool tls_is_verified(const struct tls *tls)
{
	return SSL_get0_peer_certificate(tls->ssl) &&
	       SSL_get_verify_result(tls->ssl) == X509_V_OK;
}

static bool is_text(const ASN1_STRING *value, const char *text, size_t length)
{
	return (size_t)ASN1_STRING_length(value) == length &&
	       strncasecmp((const char *)ASN1_STRING_get0_data(value), text, length) == 0;
}

/* Whether VALUE is a URI "sip:HOST" without user; HOST may have a port and parameters behind it,
 * which are no part of the domain. */
static bool is_domain(const ASN1_STRING *value, const char **host, size_t *length)
{
	const char *text = (const char *)ASN1_STRING_get0_data(value);
	size_t size = (size_t)ASN1_STRING_length(value);

	if (size <= 4 || strncasecmp(text, "sip:", 4) != 0 || memchr(text, '@', size))
		return false;
	*host = text + 4;
	for (*length = 0; *length < size - 4 && !strchr(":;?", (*host)[*length]);
	     ++*length)
		;
	return *length > 0;
}

/* Whether one of the alternative names is NAME. */
static bool is_among(const GENERAL_NAMES *names, const char *name)
{
	bool has_domain = false, is_dns = false;
	size_t wanted = strlen(name), length;
	const char *host;

	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *one = sk_GENERAL_NAME_value(names, i);

		if (one->type == GEN_URI &&
		    is_domain(one->d.uniformResourceIdentifier, &host, &length)) {
			has_domain = true;
			if (length == wanted && strncasecmp(host, name, length) == 0)
				return true;
		}
		if (one->type == GEN_DNS && is_text(one->d.dNSName, name, wanted))
			is_dns = true;
	}
	return is_dns && !has_domain;
}

static bool is_common_name(const X509 *certificate, const char *name)
{
	const X509_NAME *subject = X509_get_subject_name(certificate);
	int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);

	return at >= 0 &&
	       is_text(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)), name,
		       strlen(name));
}

bool tls_is_for(const struct tls *tls, const char *name)
{
	X509 *certificate = SSL_get0_peer_certificate(tls->ssl);
	GENERAL_NAMES *names;
	bool is_for;

	if (!certificate || !*name)
		return false;
	names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
	is_for = names ? is_among(names, name) : is_common_name(certificate, name);
	GENERAL_NAMES_free(names);
	return is_for;
}
