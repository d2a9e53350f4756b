/*
 * core/filter_internal.h - phrases of a row that a filter finds by whole words.
 */
#pragma once

#define NOT_SCHEDULED "not scheduled"
#define DUE	      "due" /* what is due now was not due before */
