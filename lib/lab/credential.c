/* SPDX-License-Identifier: MIT */
/* Digest access authentication (RFC 3261 section 22, RFC 8760): MD5 and SHA-256, qop auth. */
#include "base/memory.h"
#include "lab/inside.h"
#include "wire/message.h"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { HEX_MAX = 65 };

static const EVP_MD *algorithm_of(const char *name)
{
	if (!name || strcasecmp(name, "MD5") == 0)
		return EVP_md5();
	return strcasecmp(name, "SHA-256") == 0 ? EVP_sha256() : NULL;
}

static void hash(const EVP_MD *algorithm, const char *text, char hex[static HEX_MAX])
{
	unsigned char bytes[EVP_MAX_MD_SIZE];
	unsigned length = 0;

	EVP_Digest(text, strlen(text), bytes, &length, algorithm, NULL);
	for (unsigned i = 0; i < length && 2 * i + 2 < HEX_MAX; i++)
		snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
}

/* The value of NAME among "name=value" or "name=\"value\"" PARAMS, unquoted; NULL = none. */
static char *param_of(struct arena *arena, const msg_param_t *params, const char *name)
{
	size_t length = strlen(name), size;
	const char *value;

	for (; params && *params; params++) {
		if (strncasecmp(*params, name, length) != 0 || (*params)[length] != '=')
			continue;
		value = *params + length + 1;
		size = strlen(value);
		if (size >= 2 && *value == '"')
			return arena_strndup(arena, value + 1, size - 2);
		return arena_strdup(arena, value);
	}
	return NULL;
}

struct digest_facts {
	const EVP_MD *algorithm;
	const char *user, *realm, *nonce, *uri, *qop, *cnonce, *nc, *method, *password;
};

static void respond(const struct digest_facts *facts, struct arena *arena,
		    char hex[static HEX_MAX])
{
	char a1[HEX_MAX] = "", a2[HEX_MAX] = "";

	hash(facts->algorithm,
	     arena_printf(arena, "%s:%s:%s", facts->user, facts->realm, facts->password),
	     a1);
	hash(facts->algorithm, arena_printf(arena, "%s:%s", facts->method, facts->uri),
	     a2);
	if (facts->qop)
		hash(facts->algorithm,
		     arena_printf(arena, "%s:%s:%s:%s:%s:%s", a1, facts->nonce, facts->nc,
				  facts->cnonce, facts->qop, a2),
		     hex);
	else
		hash(facts->algorithm,
		     arena_printf(arena, "%s:%s:%s", a1, facts->nonce, a2), hex);
}

/* The first challenge whose algorithm is known. */
static const msg_auth_t *choose(struct arena *arena, const msg_auth_t *challenge)
{
	for (; challenge; challenge = challenge->au_next)
		if (strcasecmp(challenge->au_scheme, "Digest") == 0 &&
		    algorithm_of(param_of(arena, challenge->au_params, "algorithm")))
			return challenge;
	return NULL;
}

static bool write_answer(msg_t *request, const msg_auth_t *challenge, bool is_proxy,
			 struct digest_facts *facts, struct arena *arena)
{
	const char *algorithm = param_of(arena, challenge->au_params, "algorithm");
	const char *opaque = param_of(arena, challenge->au_params, "opaque");
	unsigned char random[8];
	char hex[HEX_MAX] = "";
	const char *line;

	RAND_bytes(random, sizeof random);
	facts->cnonce = arena_printf(arena, "%02x%02x%02x%02x", random[0], random[1],
				     random[2], random[3]);
	facts->nc = "00000001";
	respond(facts, arena, hex);
	line = arena_printf(arena,
			    "%s: Digest username=\"%s\", realm=\"%s\", nonce=\"%s\", "
			    "uri=\"%s\", response=\"%s\"",
			    is_proxy ? "Proxy-Authorization" : "Authorization",
			    facts->user, facts->realm, facts->nonce, facts->uri, hex);
	if (algorithm)
		line = arena_printf(arena, "%s, algorithm=%s", line, algorithm);
	if (facts->qop)
		line = arena_printf(arena, "%s, qop=auth, cnonce=\"%s\", nc=%s", line,
				    facts->cnonce, facts->nc);
	if (opaque)
		line = arena_printf(arena, "%s, opaque=\"%s\"", line, opaque);
	return msg_header_parse_str(request, (msg_pub_t *)sip_object(request),
				    memory_checked(su_sprintf(msg_home(request), "%s\r\n",
							      line))) >= 0;
}

bool credential_answer(msg_t *request, const sip_t *response, const char *user,
		       const char *password)
{
	bool is_proxy = response->sip_proxy_authenticate != NULL;
	const sip_t *sip = sip_object(request);
	struct arena arena = { 0 };
	const msg_auth_t *challenge =
		choose(&arena, is_proxy ? response->sip_proxy_authenticate
					: response->sip_www_authenticate);
	struct digest_facts facts = {
		.user = user,
		.password = password,
		.method = sip->sip_request->rq_method_name,
	};
	bool is_ok = false;
	char *qop;

	if (challenge) {
		facts.algorithm =
			algorithm_of(param_of(&arena, challenge->au_params, "algorithm"));
		facts.realm = param_of(&arena, challenge->au_params, "realm");
		facts.nonce = param_of(&arena, challenge->au_params, "nonce");
		qop = param_of(&arena, challenge->au_params, "qop");
		facts.qop = qop && strstr(qop, "auth") ? "auth" : NULL;
		facts.uri = url_as_string(msg_home(request), sip->sip_request->rq_url);
		is_ok = facts.realm && facts.nonce &&
			write_answer(request, challenge, is_proxy, &facts, &arena);
	}
	arena_clear(&arena);
	return is_ok;
}

bool credential_is_right(const sip_t *request, bool is_proxy, const char *nonce,
			 const char *password)
{
	const msg_auth_t *given =
		is_proxy ? request->sip_proxy_authorization : request->sip_authorization;
	struct arena arena = { 0 };
	bool is_right = false;

	for (; given && !is_right; given = given->au_next) {
		const msg_param_t *params = given->au_params;
		const char *said = param_of(&arena, params, "response");
		char hex[HEX_MAX] = "";
		struct digest_facts facts = {
			.algorithm = algorithm_of(param_of(&arena, params, "algorithm")),
			.user = param_of(&arena, params, "username"),
			.realm = param_of(&arena, params, "realm"),
			.nonce = param_of(&arena, params, "nonce"),
			.uri = param_of(&arena, params, "uri"),
			.qop = param_of(&arena, params, "qop"),
			.cnonce = param_of(&arena, params, "cnonce"),
			.nc = param_of(&arena, params, "nc"),
			.method = request->sip_request->rq_method_name,
			.password = password,
		};

		if (!facts.algorithm || !facts.user || !facts.realm || !facts.nonce ||
		    !facts.uri || !said || strcmp(facts.nonce, nonce) != 0 ||
		    (facts.qop && (!facts.cnonce || !facts.nc)))
			continue;
		respond(&facts, &arena, hex);
		is_right = strcasecmp(hex, said) == 0;
	}
	arena_clear(&arena);
	return is_right;
}

const char *credential_challenge(struct arena *arena, const char *realm,
				 const char *nonce, const char *algorithm)
{
	return arena_printf(arena,
			    "Digest realm=\"%s\", nonce=\"%s\", algorithm=%s, "
			    "qop=\"auth\"",
			    realm, nonce, algorithm);
}
