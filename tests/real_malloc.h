/*
 * tests/real_malloc.h - REAL_MALLOC is 1 where a test can put its own malloc() before the one of
 * the C library: not where a sanitizer brings one, nor without glibc's __libc_malloc().
 */
#ifndef BDBTOP_TESTS_REAL_MALLOC_H
#define BDBTOP_TESTS_REAL_MALLOC_H

#include <stddef.h>

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define REAL_MALLOC 0
#endif
#endif
#if !defined(REAL_MALLOC) && (defined(__SANITIZE_ADDRESS__) || !defined(__GLIBC__))
#define REAL_MALLOC 0
#endif
#ifndef REAL_MALLOC
#define REAL_MALLOC 1
#endif

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);

#endif
