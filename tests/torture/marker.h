/*
 * tests/torture/marker.h - system calls that do not exist: tests/torture/preload.c makes them
 * before and after the program, so that a tracer does not count what the loader does.
 */
#pragma once

#define MARKER_BEGIN 7770001L
#define MARKER_END   7770002L
