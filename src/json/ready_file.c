#include "bdbtop/json/ready_file.h"

#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "bdbtop/json/value.h"
#include "json_internal.h"

#define DEPTH 8 /* a line has two levels */

static int copy_string(char *out, size_t size, const char *value)
{
	if (!value || strlen(value) >= size)
		return -1;
	strcpy(out, value);
	return 0;
}

int ready_file_read(struct ready_file *out, const char *line, size_t length, struct err *err)
{
	json_object *root = NULL;
	const char *cacert, *client;
	size_t end;
	int rc = -1;

	parser_read_once(line, length, DEPTH, &root, &end);
	memset(out, 0, sizeof(*out));
	if (!copy_string(out->url, sizeof(out->url), value_member_text(root, "url")) &&
	    !copy_string(out->user, sizeof(out->user), value_member_text(root, "user")) &&
	    !copy_string(out->password, sizeof(out->password),
			 value_member_text(root, "password"))) {
		cacert = value_member_text(root, "cacert");
		out->cacert = cacert ? strdup(cacert) : NULL;
		client = value_member_text(root, "client");
		out->client = client ? strdup(client) : NULL;
		rc = out->cacert && !client == !out->client ? 0 : -1;
	}
	if (rc < 0) {
		ready_file_release(out);
		err_set(err, ERR_FINAL,
			"The simulated cluster did not report its address. Start bdbtop-sim alone "
			"to see why.");
	}
	json_object_put(root);
	return rc;
}

void ready_file_release(struct ready_file *ready)
{
	free(ready->cacert);
	if (ready->client)
		explicit_bzero(ready->client, strlen(ready->client));
	free(ready->client);
	explicit_bzero(ready, sizeof(*ready));
}
