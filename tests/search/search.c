#include "tests/search/search.h"

#include "tests/search/state_set.h"
#include "tests/tap.h"

#define PATH_MAX_STEPS 1000

struct search {
	const struct search_space *space;
	struct state_set *set;
	char *states;	   /* those to expand */
	uint32_t *numbers; /* theirs, in the set */
	size_t depth, capacity;
	size_t transitions;
};

static void reserve(struct search *search)
{
	if (search->depth < search->capacity)
		return;
	search->capacity = search->capacity ? 2 * search->capacity : 1024;
	search->states = reallocarray(search->states, search->capacity, search->space->size);
	search->numbers = reallocarray(search->numbers, search->capacity, sizeof(*search->numbers));
	assert_true(search->states && search->numbers);
}

static void push(struct search *search, const void *state, uint32_t number)
{
	reserve(search);
	memcpy(search->states + search->depth * search->space->size, state, search->space->size);
	search->numbers[search->depth++] = number;
}

static void fail_with_path(const struct search *search, uint32_t state, size_t step,
			   const char *broken)
{
	static unsigned path[PATH_MAX_STEPS];
	size_t count = state_set_path(search->set, state, path, PATH_MAX_STEPS), i;

	for (i = 0; i < count; i++)
		print_message("# %s\n", search->space->step_name(path[i]));
	fail_msg("%s, after the step `%s`", broken, search->space->step_name(step));
}

/* Takes a step from a state into `scratch`. */
static void take_step(struct search *search, const void *from, uint32_t number, size_t step,
		      void *scratch)
{
	const struct search_space *space = search->space;
	unsigned char key[SEARCH_KEY_SIZE];
	const char *broken = NULL;
	uint32_t reached;

	if (!space->take(scratch, from, step, &broken))
		return;
	search->transitions++;
	reached = state_set_add(search->set, key, space->key(scratch, key), number, (unsigned)step);
	if (!broken && reached != STATE_NONE && space->check)
		broken = space->check(scratch);
	if (broken)
		fail_with_path(search, number, step, broken);
	if (reached == STATE_NONE)
		space->release(scratch);
	else
		push(search, scratch, reached);
}

struct search_counts search_run(const struct search_space *space, void *first)
{
	struct search search = { .space = space, .set = state_set_new() };
	struct search_counts counts;
	unsigned char key[SEARCH_KEY_SIZE];
	char *from = malloc(space->size), *scratch = malloc(space->size);
	uint32_t number;
	size_t step;

	assert_true(from && scratch);
	push(&search, first, state_set_add(search.set, key, space->key(first, key), STATE_NONE, 0));
	while (search.depth) {
		number = search.numbers[--search.depth];
		memcpy(from, search.states + search.depth * space->size, space->size);
		for (step = 0; step < space->steps; step++)
			take_step(&search, from, number, step, scratch);
		space->release(from);
	}
	counts = (struct search_counts){ state_set_count(search.set), search.transitions };
	free(from);
	free(scratch);
	free(search.states);
	free(search.numbers);
	state_set_free(search.set);
	return counts;
}
