/* SPDX-License-Identifier: MIT */
#include "agent/media.h"

#include <sofia-sip/sdp.h>

#include <string.h>
#include <strings.h>

static bool has_offer(const sip_t *invite)
{
	return invite->sip_payload && invite->sip_payload->pl_len > 0 &&
	       invite->sip_content_type && invite->sip_content_type->c_type &&
	       strcasecmp(invite->sip_content_type->c_type, "application/sdp") == 0;
}

/* All that is left of a refused line is what it was and one of its formats. */
static void refuse_line(sdp_media_t *media)
{
	media->m_port = 0;
	media->m_number_of_ports = 0;
	media->m_information = NULL;
	media->m_connections = NULL;
	media->m_bandwidths = NULL;
	media->m_key = NULL;
	media->m_attributes = NULL;
	media->m_mode = sdp_inactive;
	if (media->m_format)
		media->m_format->l_next = NULL;
	if (media->m_rtpmaps) {
		media->m_rtpmaps->rm_next = NULL;
		media->m_rtpmaps->rm_predef = 1;	/* known: no a=rtpmap */
		media->m_rtpmaps->rm_fmtp = NULL;
	}
}

/* OFFER made the answer to itself, as text; NULL = it cannot be written. */
static const char *print_answer(su_home_t *home, struct arena *arena,
				sdp_session_t *offer, const struct listener *listener)
{
	sdp_connection_t connection = {
		.c_size = sizeof connection,
		.c_nettype = sdp_net_in,
		.c_addrtype = listener->is_ipv6 ? sdp_addr_ip6 : sdp_addr_ip4,
		.c_address = listener->host,
	};
	sdp_origin_t origin = {
		.o_size = sizeof origin,
		.o_username = "-",
		.o_id = 1,
		.o_version = 1,
		.o_address = &connection,
	};
	sdp_session_t answer = {
		.sdp_size = sizeof answer,
		.sdp_origin = &origin,
		.sdp_subject = "-",
		.sdp_connection = &connection,
		.sdp_time = offer->sdp_time,
		.sdp_media = offer->sdp_media,
	};
	const char *text = NULL;
	sdp_printer_t *printer;

	for (sdp_media_t *media = answer.sdp_media; media; media = media->m_next) {
		media->m_session = &answer;
		refuse_line(media);
	}
	printer = sdp_print(home, &answer, NULL, 0, 0);
	if (printer && sdp_message(printer))
		text = arena_strdup(arena, sdp_message(printer));
	sdp_printer_free(printer);
	return text;
}

/* IPv6 addresses come in brackets where they stand in a URI, and without them here. */
static struct listener bare(struct arena *arena, const struct listener *listener)
{
	struct listener result = *listener;

	if (*listener->host == '[')
		result.host = arena_strndup(arena, listener->host + 1,
					    strcspn(listener->host + 1, "]"));
	return result;
}

const char *media_refuse(struct arena *arena, const sip_t *invite,
			 const struct listener *listener)
{
	struct listener ours = bare(arena, listener);
	const char *family = ours.is_ipv6 ? "IP6" : "IP4";
	const char *text = NULL;
	su_home_t home[1] = { SU_HOME_INIT(home) };
	sdp_parser_t *parser;
	sdp_session_t *offer;

	if (has_offer(invite)) {
		su_home_init(home);
		parser = sdp_parse(home, invite->sip_payload->pl_data,
				   (issize_t)invite->sip_payload->pl_len, 0);
		offer = parser ? sdp_session(parser) : NULL;
		if (offer)
			text = print_answer(home, arena, offer, &ours);
		sdp_parser_free(parser);
		su_home_deinit(home);
	}
	if (text)
		return text;
	return arena_printf(arena,
			    "v=0\r\no=- 1 1 IN %s %s\r\ns=-\r\nc=IN %s %s\r\nt=0 0\r\n",
			    family, ours.host, family, ours.host);
}
