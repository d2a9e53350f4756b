#include "bdbtop/core/rpo.h"

#include "bdbtop/core/filter.h"

bool rpo_is_set(const struct rpo_rules *rules)
{
	return rules->rpo_s > 0 || rules->by_tag.count;
}

int64_t rpo_of(const struct rpo_rules *rules, const struct bdb_info *info)
{
	int64_t shortest_s = 0;
	size_t i;

	for (i = 0; info && i < rules->by_tag.count; i++) {
		const struct rpo_tag *item = &rules->by_tag.item[i];

		if (filter_tag_matches(info, item->tag) &&
		    (!shortest_s || item->rpo_s < shortest_s))
			shortest_s = item->rpo_s;
	}
	return shortest_s ? shortest_s : rules->rpo_s;
}
