/*
 * store/user_file.h - opens and reads files that the user or another program wrote.
 */
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

/*
 * Opens a file, or a pipe, for reading.  Refuses a directory, and a file that others can write.
 * Returns a descriptor, or -1 with *what and *remedy, phrases for `it cannot be read: WHAT.
 * REMEDY.`, and errno, which is 0 if the file is refused.
 */
int user_file_open(const char *path, struct stat *, const char **what, const char **remedy);

/* Reads to the end, at most `size` bytes; -1 with errno. */
ssize_t user_file_read(int fd, char *out, size_t size);
/* The same from this offset of a file. */
ssize_t user_file_read_at(int fd, char *out, size_t size, off_t offset);

/* fsync(), again after a signal; -1 with errno. */
int user_file_sync(int fd);
