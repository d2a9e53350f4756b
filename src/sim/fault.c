#include "fault.h"

#include <stdlib.h>

#include "memory.h"
#include "request_log.h"

void sim_faults_add(struct sim_faults *list, const struct sim_fault *fault)
{
	struct sim_fault *added;

	SIM_MEMORY_RESERVE(list->faults, list->size, list->count + 1);
	added = &list->faults[list->count++];
	*added = *fault;
	added->method = sim_memory_copy(fault->method);
	added->prefix = sim_memory_copy(fault->prefix);
	added->body = fault->body ? sim_memory_copy(fault->body) : NULL;
	added->allow = fault->allow ? sim_memory_copy(fault->allow) : NULL;
}

const struct sim_fault *sim_faults_match(struct sim_faults *list, enum sim_fault_kind kind,
					 const char *method, const char *path)
{
	size_t i;

	for (i = list->count; i-- > 0;) {
		struct sim_fault *f = &list->faults[i];

		if (f->kind != kind || !f->times ||
		    !sim_request_matches(method, path, f->method, f->prefix))
			continue;
		if (f->times > 0)
			f->times--;
		return f;
	}
	return NULL;
}

void sim_faults_release(struct sim_faults *list)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		free(list->faults[i].method);
		free(list->faults[i].prefix);
		free(list->faults[i].body);
		free(list->faults[i].allow);
	}
	free(list->faults);
	*list = (struct sim_faults){ NULL, 0, 0 };
}
