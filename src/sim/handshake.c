#include "handshake.h"

#include <stddef.h>

const char *const sim_cert_words[] = {
	[SIM_CERT_GOOD] = "good",	      [SIM_CERT_EXPIRED] = "expired",
	[SIM_CERT_NOT_YET] = "not-yet",	      [SIM_CERT_OTHER_NAME] = "other-name",
	[SIM_CERT_IP_ONLY] = "ip-only",	      [SIM_CERT_WILDCARD] = "wildcard",
	[SIM_CERT_SHAPES] = NULL,
};

const char *const sim_tls_words[] = {
	[SIM_TLS_ANY] = "any", [SIM_TLS_1_2] = "1.2", [SIM_TLS_1_3] = "1.3", [SIM_TLS_COUNT] = NULL,
};
