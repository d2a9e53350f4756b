/*
 * main/program_internal.h - one run of the program: program.c (what each command needs), console.c
 * (the console) and program_common.c (what these share).
 */
#pragma once

#include "bdbtop/cli/error_report.h"
#include "bdbtop/cli/warnings.h"
#include "bdbtop/store/login_refusals.h"
#include "bdbtop/store/name_cache.h"
#include "bdbtop/store/paths.h"
#include "demo.h"
#include "login.h"
#include "program.h"
#include "sandbox.h"
#include "save_prefs.h"
#include "self_info.h"
#include "trust_command.h"

#define EXIT_WRONG	  1
#define EXIT_COMMAND_LINE 2
#define EXIT_UNREADABLE	  3

/* Everything that a run owns; release() frees it. */
struct program_run {
	const struct program *program;
	struct moment started;
	struct options options;
	struct environment env;
	struct config *config;
	char *config_path;
	struct redisctl redisctl;
	struct settings settings;
	struct trust_command trust_command;
	struct save_prefs save_prefs;
	struct paths_file prefs; /* only for display */
	struct pins *pins;
	struct login_refusals *login_refusals;
	char source[512]; /* of the password; "": typed */
	char credential[520]; /* the same for login_refusals, with the way of the log-in */
	struct demo demo;
	bool has_demo;
	struct login_input login_input;
	struct trust trust;
	struct source_pin pinned;
	struct audit_user audit_user;
	const char *state, *home;   /* the state directory; both NULL: none is used */
	struct err store_error;	    /* why the state directory is refused, or "" */
	struct err password_notice; /* about the password, or "" */
	struct audit_log *audit_log;
	struct name_cache *names;	/* NULL: this run keeps none */
	struct progress_file *progress; /* NULL: this run keeps none */
	struct fleet *fleet;
	struct cluster *cluster;
	struct http *http;
	struct self_info self_info;
	struct sandbox sandbox;
	struct warnings warnings; /* of output that programs read */
};

/* The form of errors that the command line asks for. */
enum error_form program_error_form(const struct program_run *);
/* Reports an error; about: the cluster, or NULL.  Returns the exit status. */
int program_complain(const struct program_run *, const char *about, const struct err *, int status);
/* Reports something that ends nothing: prints it, or keeps it for the output that programs read.
 * The error must outlive the run. */
void program_warn(struct program_run *, const struct err *);
/* The columns of the terminal; 80 if standard output is none. */
int program_columns(void);
/* Returns -1 with err set. */
int program_out_of_memory(struct err *);
/* Enters the sandbox.  Called when all files of the start have been read, all commands of the
 * configuration have run, and before a library starts a thread. */
void program_enter_sandbox(struct program_run *);
/* Creates the source in the sandbox.  Called after the first frame: libcurl takes longer to start
 * than everything else.  -1 with err set. */
int program_connect_source(struct program_run *, struct err *);

/* Each runs one command when everything before the connection is done; returns the exit status. */
int console_run(struct program_run *, struct err *);
int list_command_run(struct program_run *, struct err *);
int history_command_run(struct program_run *, struct err *); /* without a cluster */
int reset_command_run(struct program_run *, struct err *);
/* The cluster could not even be asked: its output must still say so, where the format can, because
 * a collector would serve the old one. */
void list_command_fail(struct program_run *, const struct err *);
int check_command_run(struct program_run *, struct err *);
/* From now on the time limit of the run holds, also for what blocks. */
void check_command_start(const struct program_run *);
