/*
 * tests/real_malloc.h - REAL_MALLOC is 1 where a test can replace malloc() of the C library: with
 * glibc, which has __libc_malloc(), and without a sanitizer, which replaces malloc() itself.
 */
#pragma once

#include <stdlib.h> /* __GLIBC__ */

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
void __libc_free(void *block);
