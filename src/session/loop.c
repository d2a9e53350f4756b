/*
 * One turn of the loop, in this order:
 *
 *   clocks      read once; more than 30 s after the deadline the machine was suspended
 *   replies     everything that arrived from the network (http_run), before any deadline
 *   input       all pending keys, signals and sizes (front input)
 *   deadlines   of requests (http_turn), then what is due in fleet and session
 *   frame       one, if something changed
 *   wait        once: next deadline, network, terminal, signal pipe, the clock's descriptor
 */
#include "bdbtop/session/loop.h"

#include <time.h>

#define LOOP_FDS 8

static int64_t read_clock(clockid_t id)
{
	struct timespec at;

	clock_gettime(id, &at);
	return (int64_t)at.tv_sec * 1000 + at.tv_nsec / 1000000;
}

static struct moment system_now(void *arg)
{
	(void)arg;
	/* CLOCK_BOOTTIME counts while the machine is suspended, and retries must notice that */
	return (struct moment){ .ms = read_clock(CLOCK_BOOTTIME),
				.wall_ms = read_clock(CLOCK_REALTIME) };
}

static int64_t system_wait(void *arg, int64_t due_ms, int64_t now_ms)
{
	(void)arg;
	if (due_ms == TIME_NEVER)
		return -1;
	return due_ms > now_ms ? due_ms - now_ms : 0;
}

const struct clock clock_system = { .now = system_now, .wait = system_wait, .fd = -1 };

static int64_t earliest(const struct session *s, const struct http *h, int64_t now_ms)
{
	int64_t due = session_due(s, now_ms), other = session_redraw_due(s, now_ms);

	if (other < due)
		due = other;
	other = h ? http_due(h, now_ms) : TIME_NEVER;
	return other < due ? other : due;
}

static void wait_once(struct http *h, const struct clock *clock, void *front,
		      const struct front_ops *ops, int64_t ms)
{
	struct http_fd fds[LOOP_FDS];
	size_t count = ops->fds(front, fds, LOOP_FDS - 1);

	if (clock->fd >= 0)
		fds[count++] = (struct http_fd){ .fd = clock->fd };
	http_wait(h, fds, count, ms);
	if (clock->fd >= 0 && fds[count - 1].ready)
		clock->ready(clock->arg);
}

void loop_run(struct session *s, struct http *h, const struct clock *clock, void *front,
	      const struct front_ops *ops)
{
	int64_t due = TIME_NEVER;

	while (!session_view(s)->over) {
		struct moment now = clock->now(clock->arg);
		int64_t ms;

		session_tick(s, now, due);
		if (h)
			http_run(h, now.ms);
		ops->input(front, now);
		if (h)
			http_turn(h, now.ms);
		session_turn(s, now);
		ops->draw(front, now);
		if (session_view(s)->over)
			break;
		due = earliest(s, h, now.ms);
		if (ops->due && ops->due(front) < due)
			due = ops->due(front);
		ms = clock->wait(clock->arg, due, now.ms);
		if (ms != 0 && clock->on_idle)
			clock->on_idle(clock->arg);
		wait_once(h, clock, front, ops, ms);
	}
}
