/*
 * Error texts for replies to reads that failed: what failed, where, and the remedy.
 */
#include "rest_internal.h"

#include <stdio.h>
#include <string.h>

#include "bdbtop/core/text.h"
#include "bdbtop/json/error_body.h"

enum error_subject { SUBJECT_NONE, SUBJECT_HOST, SUBJECT_USER };

/* The requests that a row of error_texts is for. */
enum error_scope {
	SCOPE_DATABASES = 1,
	SCOPE_DATA = 2,
	SCOPE_TOKEN = 4,	   /* requests for a token */
	SCOPE_BY_TOKEN = 8,	   /* a 401 to requests with one */
	SCOPE_BY_CERTIFICATE = 16, /* a 401 to requests with a client certificate alone */
	SCOPE_ALL = 31,
};

/* `BEFORE subject AFTER what (status): the server's words. REMEDY` */
static const struct error_text {
	unsigned status; /* 0: any other */
	unsigned scope;	 /* some of enum error_scope */
	enum err_class class;
	enum err_code code;
	const char *before;
	enum error_subject subject;
	const char *after;
	bool names_data; /* `after` is followed by what was to be read */
	const char *remedy;
} error_texts[] = {
	/* 406 is like 400 */
	{ 400, SCOPE_DATABASES, ERR_RETRY, ERR_CODE_NOT_A_CLUSTER,
	  "the cluster refused even the shortest list of fields", SUBJECT_NONE, "", false,
	  "Is this the API of Redis Enterprise?" },
	{ 400, SCOPE_DATA | SCOPE_TOKEN, ERR_RETRY, ERR_CODE_BAD_REPLY,
	  "the cluster refused the request for ", SUBJECT_NONE, "", true,
	  "Its version may not support it." },
	{ 401, SCOPE_TOKEN, ERR_ASK_USER, ERR_CODE_LOGIN_REFUSED, "log-in refused for ",
	  SUBJECT_USER, "", false,
	  "It is not tried again: five failed log-ins lock the account. Check user and password. "
	  "Where Basic is switched off, supply a token (--token-file) or use --auth=certificate." },
	{ 401, SCOPE_BY_TOKEN, ERR_ASK_USER, ERR_CODE_LOGIN_REFUSED,
	  "the cluster refused the token", SUBJECT_NONE, "", false, "Another one is fetched now." },
	{ 401, SCOPE_BY_CERTIFICATE, ERR_ASK_USER, ERR_CODE_LOGIN_REFUSED,
	  "the cluster refused the client certificate", SUBJECT_NONE, "", false, "" },
	{ 401, SCOPE_ALL, ERR_ASK_USER, ERR_CODE_LOGIN_REFUSED, "log-in refused for ", SUBJECT_USER,
	  "", false,
	  "It is not tried again: five failed log-ins lock the account. Check user and password." },
	{ 403, SCOPE_TOKEN, ERR_RETRY, ERR_CODE_FORBIDDEN, "", SUBJECT_USER, " may not have ", true,
	  "Use another user, or --auth=basic." },
	{ 403, SCOPE_DATABASES, ERR_RETRY, ERR_CODE_FORBIDDEN, "the role of ", SUBJECT_USER,
	  " may not read ", true, "Use a user with a role that may, such as cluster_viewer." },
	{ 403, SCOPE_DATA, ERR_FINAL, ERR_CODE_FORBIDDEN, "the role of ", SUBJECT_USER,
	  " may not read ", true, "Use a user with a role that may, such as cluster_viewer." },
	{ 404, SCOPE_DATABASES, ERR_RETRY, ERR_CODE_NOT_A_CLUSTER, "", SUBJECT_HOST,
	  " does not have the list of ", true,
	  "Is this the API's port? It is usually 9443; 8443 is the web interface." },
	{ 404, SCOPE_DATA, ERR_FINAL, ERR_CODE_NOT_FOUND, "", SUBJECT_HOST, " does not have ", true,
	  "Its version may not support it, or the database is gone." },
	{ 404, SCOPE_TOKEN, ERR_RETRY, ERR_CODE_NOT_A_CLUSTER, "", SUBJECT_HOST, " does not offer ",
	  true, "Is this the API's port? An old version may need --auth=basic." },
	{ 429, SCOPE_ALL, ERR_RETRY, ERR_CODE_UNREACHABLE, "too many requests", SUBJECT_NONE, "",
	  false, "A gateway in front of the cluster may limit the number of requests." },
	{ 500, SCOPE_ALL, ERR_RETRY, ERR_CODE_BAD_REPLY, "the cluster reports an internal error",
	  SUBJECT_NONE, "", false, "See the logs of that node." },
	{ 502, SCOPE_ALL, ERR_RETRY, ERR_CODE_UNREACHABLE, "", SUBJECT_HOST,
	  " is a gateway and got no valid reply from the API behind it", false,
	  "The node may be restarting: try again, or give another node." },
	{ 503, SCOPE_DATABASES, ERR_RETRY, ERR_CODE_UNREACHABLE,
	  "the node is unavailable or not in a cluster, or the cluster has no quorum", SUBJECT_NONE,
	  "", false, "Try another node." },
	{ 503, SCOPE_DATA | SCOPE_TOKEN, ERR_RETRY, ERR_CODE_UNREACHABLE, "the node cannot return ",
	  SUBJECT_NONE, "", true, "It may be restarting, or the cluster has no quorum." },
	{ 504, SCOPE_ALL, ERR_RETRY, ERR_CODE_UNREACHABLE, "", SUBJECT_HOST,
	  " is a gateway and got no reply from the API behind it in time", false,
	  "The node may be overloaded: try again, or give another node." },
	{ 0, SCOPE_ALL, ERR_RETRY, ERR_CODE_BAD_REPLY, "", SUBJECT_HOST,
	  " sent a reply that bdbtop does not understand", false, "See the logs of that node." },
};

/* The server's words become a clause of our sentence, which ends with its own full stop. */
static const char *without_period(char *words)
{
	size_t length = strlen(words);

	if (length && words[length - 1] == '.')
		words[length - 1] = '\0';
	return words;
}

static enum error_scope scope_of(const struct request *request, unsigned status)
{
	enum auth_method auth = request->rest->setup.auth;

	if (request->def->token_step)
		return SCOPE_TOKEN;
	if (status == 401 && auth != AUTH_BASIC)
		return auth == AUTH_TOKEN ? SCOPE_BY_TOKEN : SCOPE_BY_CERTIFICATE;
	return request->def->data_format ? SCOPE_DATA : SCOPE_DATABASES;
}

static const struct error_text *error_text_find(const struct request *request, unsigned status)
{
	enum error_scope scope = scope_of(request, status);
	const struct error_text *row = error_texts;

	if (status == 406)
		status = 400;
	while (row->status && (row->status != status || !(row->scope & scope)))
		row++;
	return row;
}

unsigned complete_status(const struct http_reply *reply)
{
	return reply->result == HTTP_COMPLETE ? reply->status : 0;
}

static void set_redirect_error(const struct request *request, const struct http_reply *reply,
			       struct err *err)
{
	const char *by = route_shown(request->rest, &request->target);
	char where[64];

	if (address_location_host(where, sizeof(where), reply->location))
		err_set_code(
			err, ERR_CODE_NOT_A_CLUSTER, ERR_RETRY,
			"%s is not the primary node and redirects to %s (%u). Give that address, "
			"or turn on the cluster option handle_redirects.",
			by, where, reply->status);
	else
		err_set_code(
			err, ERR_CODE_NOT_A_CLUSTER, ERR_RETRY,
			"%s redirects to an invalid address (%u). Give the address of the primary "
			"node, or turn on the cluster option handle_redirects.",
			by, reply->status);
}

/* Names the length of the pause, not its end: the text is shown for a while. */
static const char *format_pause(char *out, size_t size, const struct http_reply *reply)
{
	char span[TIME_TEXT_SIZE];

	*out = '\0';
	if (!retry_after_end(reply))
		return out;
	time_format_span(span, reply->retry_s);
	snprintf(out, size, " The reply asks for a pause of %s.", span);
	return out;
}

static enum err_code find_code(const struct error_text *row, const struct request *request,
			       const struct http_reply *reply)
{
	char words[160];

	if (reply->status == 401)
		return login_refusal_of(request, reply) == LOGIN_LOCKED ? ERR_CODE_LOGIN_LOCKED
									: row->code;
	/* a proxy that is overloaded, or waits for the node, has pages of its own */
	if (row->code != ERR_CODE_UNREACHABLE &&
	    error_message(words, sizeof(words), reply->body, reply->length) == ERROR_BODY_HTML)
		return ERR_CODE_NOT_A_CLUSTER;
	return row->code;
}

/* Its page is no news: the sentence names the gateway. */
static bool is_of_gateway(const struct http_reply *reply)
{
	return reply->status == 502 || reply->status == 504;
}

static void set_status_error(const struct request *request, const struct http_reply *reply,
			     struct err *err)
{
	const char *login_user = request->rest->setup.login.user;
	const struct error_text *row = error_text_find(request, reply->status);
	const char *what = row->names_data ? request->def->subject : "";
	char words[160], user[120], tail[200] = "", known[160], pause[80];
	const char *subject = "", *remedy = row->remedy;

	if (error_message(words, sizeof(words), reply->body, reply->length) == ERROR_BODY_HTML &&
	    !is_of_gateway(reply))
		snprintf(tail, sizeof(tail), ", an HTML page. Is a proxy in between?");
	else
		snprintf(tail, sizeof(tail), "%s%s.", *words ? ": " : "", without_period(words));
	if (row->subject == SUBJECT_USER)
		subject = text_safe(user, sizeof(user), login_user, false);
	else if (row->subject == SUBJECT_HOST)
		subject = route_shown(request->rest, &request->target);
	/* a token that has ended is no refusal */
	if (reply->status == 401 && login_is_closed(request->rest) &&
	    login_refusal_of(request, reply) != LOGIN_REFUSED) {
		snprintf(known, sizeof(known), "It is not tried again. %s",
			 login_refusal_remedy(login_refusal_of(request, reply)));
		remedy = known;
	}
	err_set_code(err, find_code(row, request, reply), row->class, "%s%s%s%s (%u)%s %s%s",
		     row->before, subject, row->after, what, reply->status, tail, remedy,
		     format_pause(pause, sizeof(pause), reply));
}

void request_error(const struct request *request, const struct http_reply *reply, struct err *err)
{
	if (*request->failure.text) {
		*err = request->failure;
		err_default_code(err, ERR_CODE_BAD_REPLY);
	} else if (reply->status == 401) {
		set_status_error(request, reply, err);
	} else if (reply->result != HTTP_COMPLETE) {
		*err = reply->err;
		/* the reader of the reply refused it */
		err_default_code(err, ERR_CODE_BAD_REPLY);
	} else if (reply->status / 100 == 3) {
		set_redirect_error(request, reply, err);
	} else {
		set_status_error(request, reply, err);
	}
}
