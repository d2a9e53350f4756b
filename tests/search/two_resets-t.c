/*
 * Two resets of the same operation of one database, as from two consoles, against a small model of
 * the cluster: over all orders of what the users, the cluster and the network do, to a fixed point.
 * Each job keeps its promises about PUTs and `cleared`, whatever the other one and the cluster do;
 * what must hold in every state of a job is in one_reset-t.
 */
#include "bdbtop/core/array.h"
#include "tests/search/checked_reset.h"
#include "tests/search/search.h"
#include "tests/tap.h"

enum { JOBS = 2 };

/* All limits of the machine are multiples of it; what is due earlier is late. */
#define STEP_MS 20000

/* What the cluster reports of the operation. */
enum truth {
	TRUE_FAILED,
	TRUE_IDLE,
	TRUE_RUNNING,
	TRUE_FAILED_AGAIN,
	TRUE_SUCCEEDED,
	TRUE_OTHER,
	TRUE_GONE
};

struct two_resets {
	struct checked_reset job[JOBS];
	enum truth truth;
	bool cleared; /* a PUT of one of the jobs was carried out */
};

static const char *const reads[] = { "own same",	 "own idle",	  "own running",
				     "own failed again", "own succeeded", "own another database",
				     "own gone" };
static const char *const lists[] = { "list same",	  "list idle",	    "list running",
				     "list failed again", "list succeeded", "list another database",
				     "list without it" };

/* --- steps of both ---------------------------------------------------------------------- */

/* The operation changes by itself: from, to. */
static const enum truth changes[][2] = {
	{ TRUE_FAILED, TRUE_RUNNING },	     { TRUE_IDLE, TRUE_RUNNING },
	{ TRUE_RUNNING, TRUE_FAILED_AGAIN }, { TRUE_RUNNING, TRUE_SUCCEEDED },
	{ TRUE_FAILED, TRUE_OTHER },	     { TRUE_IDLE, TRUE_OTHER },
	{ TRUE_OTHER, TRUE_GONE },
};

/* What happens to one job: the step of job.h, or one of these. */
enum { READ_TRUTH, PUT_DONE, PUT_IGNORED, PUT_LOST_DONE, PUT_LOST, TRUTH_STEPS };
static const char *const own_names[TRUTH_STEPS] = { "own read", "PUT carried out",
						    "200, nothing done", "carried out, no answer",
						    "PUT lost" };
static const char *const plain_names[] = { "y", "slot", "written", "x", "timer", "own bad" };

enum {
	PLAIN_STEPS = ARRAY_SIZE(plain_names),
	PER_JOB = TRUTH_STEPS + PLAIN_STEPS,
	LIST_STEP = JOBS * PER_JOB,
	TIME_STEP,
	CHANGE_STEP,
	STEPS = CHANGE_STEP + ARRAY_SIZE(changes)
};

static const char *step_name(size_t step)
{
	static char name[64];

	if (step >= CHANGE_STEP)
		snprintf(name, sizeof(name), "the cluster: %s, now %s",
			 reads[changes[step - CHANGE_STEP][0]] + 4,
			 reads[changes[step - CHANGE_STEP][1]] + 4);
	else if (step >= LIST_STEP)
		return step == TIME_STEP ? "time passes" : "list for both";
	else
		snprintf(name, sizeof(name), "job %d: %s", (int)(step / PER_JOB) + 1,
			 step % PER_JOB < TRUTH_STEPS ? own_names[step % PER_JOB]
						      : plain_names[step % PER_JOB - TRUTH_STEPS]);
	return name;
}

static bool take_named(struct checked_reset *job, const char *name, const char **broken)
{
	return checked_take(job, search_find_step(name), broken);
}

static bool is_failed(enum truth truth)
{
	return truth == TRUE_FAILED || truth == TRUE_FAILED_AGAIN;
}

/* The cluster answers a PUT by the state that the operation has then. */
static bool answer_put(struct two_resets *world, struct checked_reset *job, int what,
		       const char **broken)
{
	bool done = what == PUT_DONE || what == PUT_LOST_DONE;

	if (!job->put_in_flight || (done && !is_failed(world->truth)))
		return false;
	if (done) {
		world->truth = TRUE_IDLE;
		world->cleared = true;
	}
	if (what == PUT_LOST_DONE || what == PUT_LOST)
		return take_named(job, "no answer", broken);
	if (!done && world->truth == TRUE_RUNNING)
		return take_named(job, "=409", broken);
	return take_named(job, !done && world->truth == TRUE_GONE ? "=404" : "=200", broken);
}

/* A step that may end with `cleared`. */
static bool take_read(struct two_resets *world, struct checked_reset *job, const char *const *names,
		      const char **broken)
{
	enum reset_outcome before = job->reset.outcome;
	bool took = take_named(job, names[world->truth], broken);

	if (job->reset.outcome == OUTCOME_CLEARED && before != OUTCOME_CLEARED &&
	    (world->truth != TRUE_IDLE || !world->cleared))
		*broken = "cleared, but not idle, or not by a PUT";
	return took;
}

static bool take_job_step(struct two_resets *world, struct checked_reset *job, int step,
			  const char **broken)
{
	if (step >= TRUTH_STEPS)
		return take_named(job, plain_names[step - TRUTH_STEPS], broken);
	if (step == READ_TRUTH)
		return take_read(world, job, reads, broken);
	return answer_put(world, job, step, broken);
}

static bool take_list(struct two_resets *world, const char **broken)
{
	bool took = take_read(world, &world->job[0], lists, broken);

	return take_read(world, &world->job[1], lists, broken) || took;
}

static bool take_world_step(struct two_resets *world, size_t step, const char **broken)
{
	int i;

	if (step < LIST_STEP)
		return take_job_step(world, &world->job[step / PER_JOB], (int)(step % PER_JOB),
				     broken);
	if (step == LIST_STEP)
		return take_list(world, broken);
	if (step >= CHANGE_STEP) {
		if (world->truth != changes[step - CHANGE_STEP][0])
			return false;
		world->truth = changes[step - CHANGE_STEP][1];
		return true;
	}
	for (i = 0; i < JOBS; i++)
		checked_pass_time(&world->job[i], STEP_MS);
	return true;
}

/* --- the space ------------------------------------------------------------------------------- */

static void release(void *state)
{
	struct two_resets *world = state;
	int i;

	for (i = 0; i < JOBS; i++)
		checked_release(&world->job[i]);
}

static int take(void *to, const void *from, size_t step, const char **broken)
{
	const struct two_resets *before = from;
	struct two_resets *world = to;
	int i;

	for (i = 0; i < JOBS; i++)
		checked_copy(&world->job[i], &before->job[i]);
	world->truth = before->truth;
	world->cleared = before->cleared;
	if (take_world_step(world, step, broken))
		return 1;
	release(world);
	return 0;
}

static size_t key(const void *state, unsigned char *bytes)
{
	const struct two_resets *world = state;
	size_t length = 0;
	int i;

	for (i = 0; i < JOBS; i++)
		if (checked_is_over(&world->job[i]))
			bytes[length++] = RESET_END;
		else
			length += checked_key(&world->job[i], bytes + length);
	bytes[length++] = (unsigned char)(world->truth << 1 | world->cleared);
	return length;
}

static void two_consoles_about_one_operation(void **state)
{
	const struct search_space space = {
		sizeof(struct two_resets), STEPS, step_name, take, key, NULL, release
	};
	const struct checked_setup setup = { EVIDENCE_FAILED, .bulk = true };
	struct reset_target *targets[JOBS];
	struct search_counts counts;
	struct two_resets world;
	int i;

	(void)state;
	memset(&world, 0, sizeof(world));
	for (i = 0; i < JOBS; i++)
		targets[i] = checked_begin(&world.job[i], &setup);
	counts = search_run(&space, &world);
	for (i = 0; i < JOBS; i++)
		reset_target_free(targets[i]);
	print_message("# %zu states, %zu transitions\n", counts.states, counts.transitions);
	assert_int_equal(counts.states, 2014124);
	assert_int_equal(counts.transitions, 23029226);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(two_consoles_about_one_operation) };

	return tap_run(tests);
}
