/* SPDX-License-Identifier: MIT */
#include "wire_peer_cert.h"

#include <check.h>
#include <dirent.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *cert_path(const struct cert_authority *authority, const char *file,
		      char path[static CERT_PATH])
{
	snprintf(path, CERT_PATH, "%.60s/%.60s", authority->dir, file);
	return path;
}

static void add_extension(X509 *certificate, X509 *issuer, int nid, const char *value)
{
	X509_EXTENSION *extension;
	X509V3_CTX context;

	X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	ck_assert_ptr_nonnull(extension);
	ck_assert_int_eq(X509_add_ext(certificate, extension, -1), 1);
	X509_EXTENSION_free(extension);
}

static X509 *make(EVP_PKEY *key, const char *cn, X509 *issuer)
{
	static long serial = 1;
	X509 *certificate = X509_new();
	X509_NAME *name = X509_get_subject_name(certificate);

	X509_set_version(certificate, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
	X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
	X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
	X509_set_pubkey(certificate, key);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)cn,
				   -1, -1, 0);
	X509_set_issuer_name(certificate,
			     X509_get_subject_name(issuer ? issuer : certificate));
	return certificate;
}

static void save(const struct cert_authority *authority, const char *name,
		 X509 *certificate, EVP_PKEY *key)
{
	char file[64], path[CERT_PATH];
	FILE *stream;

	snprintf(file, sizeof file, "%s.crt", name);
	stream = fopen(cert_path(authority, file, path), "w");
	ck_assert_ptr_nonnull(stream);
	ck_assert_int_eq(PEM_write_X509(stream, certificate), 1);
	fclose(stream);
	snprintf(file, sizeof file, "%s.key", name);
	stream = fopen(cert_path(authority, file, path), "w");
	ck_assert_int_eq(PEM_write_PrivateKey(stream, key, NULL, NULL, 0, NULL, NULL), 1);
	fclose(stream);
}

void cert_start(struct cert_authority *authority)
{
	snprintf(authority->dir, sizeof authority->dir, "/tmp/halfcall-cert-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(authority->dir));
	authority->key = EVP_EC_gen("P-256");
	authority->certificate = make(authority->key, "Authority", NULL);
	add_extension(authority->certificate, authority->certificate,
		      NID_basic_constraints, "critical,CA:TRUE");
	ck_assert_int_gt(X509_sign(authority->certificate, authority->key, EVP_sha256()),
			 0);
	save(authority, "ca", authority->certificate, authority->key);
	cert_path(authority, "ca.crt", authority->file);
}

void cert_sign(struct cert_authority *authority, const char *name, const char *cn,
	       const char *san)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *certificate = make(key, cn, authority->certificate);

	if (san)
		add_extension(certificate, authority->certificate, NID_subject_alt_name,
			      san);
	ck_assert_int_gt(X509_sign(certificate, authority->key, EVP_sha256()), 0);
	save(authority, name, certificate, key);
	X509_free(certificate);
	EVP_PKEY_free(key);
}

void cert_end(struct cert_authority *authority)
{
	DIR *dir = opendir(authority->dir);
	struct dirent *entry;
	char path[CERT_PATH];

	while ((entry = readdir(dir)))
		if (*entry->d_name != '.')
			unlink(cert_path(authority, entry->d_name, path));
	closedir(dir);
	rmdir(authority->dir);
	X509_free(authority->certificate);
	EVP_PKEY_free(authority->key);
}
