#include "monkey.h"

#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/session/question.h"
#include "tests/tap.h"

/* xorshift64* */
unsigned monkey_random(struct monkey *m, unsigned below)
{
	m->seed ^= m->seed >> 12;
	m->seed ^= m->seed << 25;
	m->seed ^= m->seed >> 27;
	return (unsigned)((m->seed * UINT64_C(0x2545f4914f6cdd1d)) >> 33) % below;
}

/* --- keys ------------------------------------------------------------------------------------- */

/* Without q, ctrl-c and y; and without backspace, so that w writes no other file than its own. */
static const char *const keys[] = {
	"j", "j", "j", "k", "k", "\033[A", "\033[B", "\033[5~", "\033[6~", "g", "G", "\033[H",
	"\033[F", " ", " ", " ", "*", "u", "/", "fail", "state:failed", "db:1", "\r", "\r", "\r",
	"\033", "\033", "\033", "!", "c", "n", "N", "s", "S", "t", "l", "Y", "w\025soak.txt\r",
	".", "\033[15~", "?", "\033OP", "\014", "b", "b", "b", "e", "i", "B", "x", "X", "p",
	"\t", "1", "0", "\033[<0;10;8M\033[<0;10;8m", "\033[<64;10;8M", "\033[<65;10;8M",
	"\033[200~db:12\nb\n\033[201~", "\377\200\300", "\033[99;99~", "\303\251", "\033[?1;2c",
};

static void send_keys(struct monkey *m, const char *bytes)
{
	const char *at;

	for (at = bytes; *at; at++)
		m->confirmations += *at == 'y';
	m->keys++;
	pty_send(m->pty, bytes);
}

static void answer_question(struct monkey *m)
{
	pty_let_pass(m->pty, QUESTION_GUARD_MS + monkey_random(m, 100));
	send_keys(m, m->may_confirm && monkey_random(m, 4) ? "y" : "n");
}

/* A large bulk is confirmed by a number that its question names. */
static bool answer_bulk(struct monkey *m)
{
	const char *at = strstr(pty_text(m->pty), " Type ");
	char answer[32];
	unsigned number;

	if (!at || sscanf(at, " Type %u, then enter", &number) != 1)
		return false;
	pty_let_pass(m->pty, QUESTION_GUARD_MS + monkey_random(m, 100));
	if (!m->may_confirm || !monkey_random(m, 3)) {
		send_keys(m, "\033");
		return true;
	}
	snprintf(answer, sizeof(answer), "%u", number);
	send_keys(m, answer);
	/* an enter that comes with other bytes does not count */
	pty_let_pass(m->pty, 100);
	send_keys(m, "\r");
	m->confirmations++;
	return true;
}

static void log_in(struct monkey *m)
{
	pty_let_pass(m->pty, QUESTION_GUARD_MS + 50);
	/* what random keys have left there goes first */
	pty_send(m->pty, "\025");
	pty_send(m->pty, m->password);
	pty_send(m->pty, "\r");
	m->log_ins++;
	pty_let_pass(m->pty, 300);
}

/* Closes what is open, and asks for a reset of one row or of several. */
static void ask_for_reset(struct monkey *m)
{
	static const char *const wanted[] = { "b", "nb", "jjb", "ne", "ni", " j j b", "*b", "gB",
					      "Gb", "n n n b" };

	send_keys(m, "\033");
	pty_let_pass(m->pty, 100);
	send_keys(m, "\033");
	pty_let_pass(m->pty, 100);
	send_keys(m, wanted[monkey_random(m, ARRAY_SIZE(wanted))]);
	pty_let_pass(m->pty, 100);
}

void monkey_type(struct monkey *m)
{
	unsigned count = 1 + monkey_random(m, 6);

	/* without a log-in, in a pause or on a tiny screen the rest of the run would be dull */
	if (pty_shows(m->pty, "log-in refused, ") && !monkey_random(m, 5))
		send_keys(m, ".");
	if (pty_shows(m->pty, "PAUSED") && !monkey_random(m, 5))
		send_keys(m, "p");
	if (m->pty->cols < 80 && !monkey_random(m, 5))
		pty_set_size(m->pty, 120, 36);
	if (pty_shows(m->pty, "Password (not shown)")) {
		log_in(m);
		return;
	}
	if (pty_shows(m->pty, "[y/N]") && monkey_random(m, 10)) {
		answer_question(m);
		return;
	}
	if (answer_bulk(m))
		return;
	if (!monkey_random(m, 6)) {
		ask_for_reset(m);
		return;
	}
	while (count--) {
		send_keys(m, keys[monkey_random(m, ARRAY_SIZE(keys))]);
		if (m->may_confirm && !monkey_random(m, 20))
			send_keys(m, "y");
	}
}

void monkey_resize(struct monkey *m)
{
	static const int sizes[][2] = { { 80, 24 }, { 120, 36 }, { 40, 10 }, { 200, 60 },
					{ 20, 5 },  { 1, 1 },	 { 300, 90 }, { 79, 23 } };
	const int *size = sizes[monkey_random(m, ARRAY_SIZE(sizes))];

	pty_set_size(m->pty, size[0], size[1]);
	m->resizes++;
}

/* --- the cluster ------------------------------------------------------------------------------ */

static const char *const kinds[] = { "backup", "export", "import" };

/* A database that is gone makes a line fail, which is as good. */
static void change_one(struct monkey *m)
{
	unsigned uid = 1 + monkey_random(m, MONKEY_UIDS), number = monkey_random(m, 100000);
	const char *kind = kinds[monkey_random(m, ARRAY_SIZE(kinds))];
	char line[400];

	switch (monkey_random(m, 10)) {
	case 0:
		snprintf(line, sizeof(line), "delete %u", uid);
		break;
	case 1:
	case 2:
	case 8:
	case 9:
		snprintf(line, sizeof(line),
			 "create {\"uid\":%u,\"name\":\"made-%u\",\"backup\":true,"
			 "\"backup_interval\":86400,\"backup_status\":\"failed\","
			 "\"backup_failure_reason\":\"no-permission\"}", uid, number);
		break;
	case 3:
		snprintf(line, sizeof(line), "set %u name=\"named-%u\"", uid, number);
		break;
	case 4:
		snprintf(line, sizeof(line), "recreate %u", uid);
		break;
	case 5:
		snprintf(line, sizeof(line), "start %u %s", uid, kind);
		break;
	case 6:
		snprintf(line, sizeof(line), "finish %u %s", uid, kind);
		break;
	default:
		snprintf(line, sizeof(line), "set %u %s_status=\"failed\" "
			 "%s_failure_reason=\"no-permission\"", uid, kind, kind);
	}
	m->changes += simulated_try(m->sim, line);
}

void monkey_change(struct monkey *m)
{
	int i;

	for (i = 0; i < 5; i++)
		change_one(m);
}

void monkey_fault(struct monkey *m)
{
	static const char *const lines[] = {
		"delay times 3 GET /v1/bdbs 1500ms",
		"delay times 5 PUT /v1/bdbs 2s",
		"delay times 2 GET /v2/actions 4s",
		"cut times 2 GET /v1/bdbs",
		"cut times 2 GET /v1/bdbs 3000",
		"cut times 2 PUT /v1/bdbs",
		"cut",
		"answer times 1 GET /v1/bdbs 401",
		"answer times 1 PUT /v1/bdbs 401",
		"answer times 2 GET /v1/bdbs 500",
		"answer times 2 GET /v1/bdbs 503 retry-after=2",
		"answer times 2 GET /v1/bdbs 200 [{\"uid\":",
		"answer times 5 PUT /v1/bdbs 409",
		"answer times 2 PUT /v1/bdbs 500",
		"answer times 3 GET /v1/logs 403",
		"repeat times 2 GET /v1/bdbs",
		"skew 5m",
		"skew 0s",
		"forget",
		"forget",
	};

	simulated_say(m->sim, lines[monkey_random(m, ARRAY_SIZE(lines))]);
	m->faults++;
}

void monkey_renew(struct monkey *m)
{
	simulated_say(m->sim, "certificate same-key");
	m->renewals++;
}
