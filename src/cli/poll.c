#include "bdbtop/cli/poll.h"

#include <inttypes.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "bdbtop/core/array.h"

/* The front end of the loop. */
struct poll_loop {
	const struct poll *poll;
	int signals; /* a descriptor, or -1 */
	sigset_t before;
	int64_t limit_ms; /* a deadline; TIME_NEVER until the first turn, or none */
	bool started;
	enum poll_end end;
	struct moment now;
};

static void end(struct poll_loop *loop, enum poll_end how)
{
	loop->end = how;
	session_terminate(loop->poll->session, loop->now);
}

static size_t poll_loop_fds(void *arg, struct http_fd *out, size_t capacity)
{
	const struct poll_loop *loop = arg;
	const struct poll *poll = loop->poll;
	int fds[] = { loop->signals, poll->input ? poll->input(poll->arg) : -1 };
	size_t i, count = 0;

	for (i = 0; i < ARRAY_SIZE(fds) && count < capacity; i++)
		if (fds[i] >= 0)
			out[count++] = (struct http_fd){ .fd = fds[i] };
	return count;
}

static void poll_loop_input(void *arg, struct moment now)
{
	struct poll_loop *loop = arg;
	const struct poll *poll = loop->poll;
	struct signalfd_siginfo info;

	loop->now = now;
	while (loop->signals >= 0 &&
	       read(loop->signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
		if (poll->on_signal(poll->arg, (int)info.ssi_signo, now))
			end(loop, POLL_SIGNALLED);
}

static void poll_loop_draw(void *arg, struct moment now)
{
	struct poll_loop *loop = arg;
	const struct poll *poll = loop->poll;

	loop->now = now;
	if (!loop->started && poll->limit_ms)
		loop->limit_ms = time_add(now.ms, poll->limit_ms);
	loop->started = true;
	if (session_view(poll->session)->over)
		return;
	if (poll->is_done(poll->arg, now))
		end(loop, POLL_DONE);
	else if (now.ms >= loop->limit_ms)
		end(loop, POLL_TIMEOUT);
}

static int64_t poll_loop_due(void *arg)
{
	const struct poll_loop *loop = arg;
	const struct poll *poll = loop->poll;
	int64_t due = poll->due ? poll->due(poll->arg) : TIME_NEVER;

	return due < loop->limit_ms ? due : loop->limit_ms;
}

/* Without a descriptor the signals end the program as usual. */
static void open_signals(struct poll_loop *loop)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction action;
	sigset_t signals;
	size_t i;

	loop->signals = -1;
	if (!loop->poll->on_signal)
		return;
	sigemptyset(&signals);
	/* blocked, even an ignored one would arrive */
	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		if (!sigaction(numbers[i], NULL, &action) && action.sa_handler != SIG_IGN)
			sigaddset(&signals, numbers[i]);
	loop->signals = signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
	if (loop->signals >= 0)
		sigprocmask(SIG_BLOCK, &signals, &loop->before);
}

static void close_signals(const struct poll_loop *loop)
{
	if (loop->signals < 0)
		return;
	close(loop->signals);
	sigprocmask(SIG_SETMASK, &loop->before, NULL);
}

enum poll_end poll_run(const struct poll *poll, struct moment *now)
{
	static const struct front_ops ops = { .fds = poll_loop_fds,
					      .input = poll_loop_input,
					      .draw = poll_loop_draw,
					      .due = poll_loop_due };
	struct poll_loop loop = { .poll = poll, .limit_ms = TIME_NEVER };

	open_signals(&loop);
	loop_run(poll->session, poll->http, poll->clock, &loop, &ops);
	close_signals(&loop);
	*now = loop.now;
	return loop.end;
}

bool poll_is_read(void *arg, struct moment now)
{
	const struct fleet *fleet = session_view(arg)->fleet;
	size_t i;

	(void)now;
	for (i = 0; i < fleet_count(fleet); i++) {
		const struct cluster *cluster = fleet_at(fleet, i);
		enum conn_state conn = cluster_status(cluster)->conn;

		if (conn == CONN_CONNECTING ||
		    (conn == CONN_OK && !cluster_bdb_info_is_complete(cluster, NULL)))
			return false;
	}
	return true;
}

void poll_set_timeout_error(struct err *err, int64_t limit_ms)
{
	err_set_code(err, ERR_CODE_TIMEOUT, ERR_RETRY,
		     "there was no reply within %" PRId64 " s. Try again, or allow more "
		     "time with --timeout.",
		     limit_ms / 1000);
}
