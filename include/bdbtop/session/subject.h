/*
 * session/subject.h - what the describer needs to know about a database of a cluster.
 */
#pragma once

#include "bdbtop/core/causes.h"
#include "bdbtop/core/describe.h"
#include "bdbtop/fleet/detail.h"

/* Collects it from the cluster: the finding, the clock, past causes, retries after a reset from
 * here, the alert, and from an open detail the event of a failure and the node of a shard.  The
 * finding may be NULL (cluster_finding()); then nothing can be described.  Valid until the next
 * turn. */
void subject_init(struct describe_subject *, const struct cluster *, const struct roster_entry *);
/* Describes all operations; without a finding there is no description. */
void subject_describe(struct description *, const struct describe_subject *,
		      const struct describe_style *);
/* Writes what to check first about a group of databases: describe_brief_step() of its sample; ""
 * when the sample has left the roster, as it may under a question. */
void subject_brief_step(char out[FACT_TEXT], const struct cluster *, const struct cause_group *);
/* What a filter, or cause_find(), reads of a database: record and finding.  And adds the causes
 * that resets have cleared. */
struct filter_input subject_filter_input(const struct cluster *, const struct roster_entry *);
void subject_add_past_reasons(struct filter_input *, const struct cluster *);
/* The time by which the databases of a cluster are judged. */
struct triage_now subject_judged_at(const struct cluster *);
/* Adds the causes of one database, as causes_add(): 0, or -1 when out of memory. */
int subject_add_causes(struct causes *, const struct cluster *, const struct roster_entry *);
