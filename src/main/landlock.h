/*
 * main/landlock.h - limits what this process and its children may do, by the kernel's Landlock:
 * which files they open, and to which TCP ports they connect.  What is already open stays usable.
 *
 * Nothing can take the limits back.  They hold for the calling thread and for all threads and
 * children that it starts later.
 */
#pragma once

#include <stdint.h>

/* What is allowed with a directory and all below it, or with one file. */
enum landlock_right {
	LANDLOCK_READ = 1 << 0,	   /* read files, list directories */
	LANDLOCK_WRITE = 1 << 1,   /* create, write, rename and remove files; sync the directory */
	LANDLOCK_EXECUTE = 1 << 2, /* execute programs */
};

#define LANDLOCK_PORTS 4 /* the first ABI that limits TCP */

struct landlock {
	int fd;	 /* the rules; -1: the kernel has no Landlock */
	int abi; /* 0: none; 1: files; 3: also truncate(); 4: also TCP */
};

/* The ABI of this kernel; 0: it has no Landlock, or Landlock is off. */
int landlock_abi(void);

/* Begins a list of what is allowed: everything else will be forbidden that abi, at most that of
 * the kernel, can forbid.  If the kernel has none, the other functions do nothing. */
void landlock_init(struct landlock *, int abi);
/* Allows rights, bits of enum landlock_right, with a file or directory.  Follows symbolic links
 * now; ignores a path that does not exist, and NULL. */
void landlock_allow(struct landlock *, const char *path, unsigned rights);
/* Allows connections to this port of any host.  Needs LANDLOCK_PORTS; ignored before. */
void landlock_allow_port(struct landlock *, unsigned port);
/* Sets no_new_privs, then the limits, and ends the list.  Returns the ABI that is in force; 0: only
 * no_new_privs. */
int landlock_enforce(struct landlock *);
