/*
 * wire/traits_wire.h - module names and tags out of GET /v1/bdbs?fields=uid,module_list,tags (API
 * page 2.1).
 *
 * An array of databases; what is no object or has no readable uid is counted.  Modules without a
 * readable name and tags without a readable key are left out; a tag without a value is `KEY=`.
 */
#ifndef BDBTOP_WIRE_TRAITS_WIRE_H
#define BDBTOP_WIRE_TRAITS_WIRE_H

#include "bdbtop/wire/fact_wire.h"

extern const struct fact_form traits_form;

#endif
