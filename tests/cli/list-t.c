#include "bdbtop/cli/list.h"

#include "tests/stage/script.h"
#include "tests/stage/stage.h"
#include "tests/tap.h"

#include <unistd.h>

/* One cluster, and what was printed. */
struct rig {
	struct fleet *fleet;
	struct script *script;
	struct moment now;
	char out[8000], err[2000];
	int status;
};

static struct moment standing_now(void *arg)
{
	return ((struct rig *)arg)->now;
}

/* Time never has to go by: what the script is asked comes in the next turn. */
static int64_t standing_wait(void *arg, int64_t due_ms, int64_t now_ms)
{
	(void)arg;
	assert_true(due_ms <= now_ms);
	return 0;
}

static void say(struct rig *rig, const char *line)
{
	if (script_do(rig->script, line, rig->now.ms) < 0)
		fail_msg("the script does not understand: %s", line);
}

static int open_rig(void **state)
{
	struct cluster_setup setup = { .name = "prod-eu",
				       .host = "cluster.prod.example:9443",
				       .url = "https://cluster.prod.example:9443" };
	struct rig *rig = calloc(1, sizeof(*rig));
	struct cluster *cluster;

	rig->now = (struct moment){ .ms = 1000, .wall_ms = 1795292045000 };
	rig->fleet = fleet_new();
	cluster = fleet_add(rig->fleet, &setup);
	rig->script = script_new(5000, cluster_sink(), cluster);
	cluster_attach(cluster, rig->script, script_ops());
	*state = rig;
	return 0;
}

static int close_rig(void **state)
{
	struct rig *rig = *state;

	fleet_free(rig->fleet);
	free(rig);
	return 0;
}

static void fill(struct rig *rig)
{
	say(rig,
	    "bdb 12 name=orders-eu backup=failed:no-permission backup.last=2026-11-18T16:02:11Z");
	say(rig, "bdb 44 name=ledger backup=succeeded export=failed:wrong-file-path:1:2 "
		 "backup.last=2026-11-21T15:02:40Z");
	say(rig, "bdb 7 name=sessions backup=exporting:~ backup.percent=42 backup.last=~");
	say(rig, "bdb 1 name=a%20cart backup=pondering:~ periodic=false");
	say(rig, "bdb 4 name=quiet");
}

/* Catches what goes to a descriptor of this process while a call lasts. */
struct catcher {
	int fd, kept;
	FILE *file;
};

static void catch (struct catcher *c, int fd)
{
	fflush(stdout);
	*c = (struct catcher){ .fd = fd, .kept = dup(fd), .file = tmpfile() };
	assert_non_null(c->file);
	assert_return_code(dup2(fileno(c->file), fd), 0);
}

static void caught(struct catcher *c, char *out, size_t size)
{
	size_t length;

	fflush(stdout);
	dup2(c->kept, c->fd);
	close(c->kept);
	rewind(c->file);
	length = fread(out, 1, size - 1, c->file);
	out[length] = '\0';
	fclose(c->file);
}

static void run(struct rig *rig, bool terminal, int columns, bool ascii)
{
	struct list_options options = { .terminal = terminal, .columns = columns, .ascii = ascii };
	struct clock clock = { .now = standing_now, .wait = standing_wait, .fd = -1, .arg = rig };
	struct catcher out, err;

	catch (&out, STDOUT_FILENO);
	catch (&err, STDERR_FILENO);
	rig->status = list_run(rig->fleet, NULL, &clock, &options);
	caught(&err, rig->err, sizeof(rig->err));
	caught(&out, rig->out, sizeof(rig->out));
}

static void a_pipe_gets_everything_whole_and_a_word_a_column(void **state)
{
	struct rig *rig = *state;

	fill(rig);
	run(rig, false, 40, false);
	assert_int_equal(rig->status, 0);
	assert_string_equal(rig->err, "");
	assert_string_equal(rig->out, "DB     NAME           BACKUP     EXPORT  IMPORT  "
				      "LAST_BACKUP           REASON\n"
				      "db:12  orders-eu      failed     -       -       "
				      "2026-11-18T16:02:11Z  no-permission\n"
				      "db:44  ledger         ok         failed  -       "
				      "2026-11-21T15:02:40Z  wrong-file-path:1:2\n"
				      "db:7   sessions       running    -       -       "
				      "never                 42%\n"
				      "db:1   a<U+0020>cart  pondering  -       -       -\n"
				      "db:4   quiet          -          -       -       never\n");
}

static void a_terminal_gets_the_columns_that_fit(void **state)
{
	struct rig *rig = *state;

	fill(rig);
	run(rig, true, 80, false);
	assert_int_equal(rig->status, 0);
	assert_string_equal(rig->err, "");
	assert_string_equal(rig->out,
			    "prod-eu  cluster.prod.example:9443  polled 2026-11-21 20:14:05Z\n"
			    "2 failed   1 running   1 other   1 quiet\n"
			    "\n"
			    "   DB  NAME       BACKUP     EXPORT  IMPORT  REASON\n"
			    "db:12  orders-eu  failed     -       -       no-permission\n"
			    "db:44  ledger     ok         failed  -       wrong-file-path\n"
			    " db:7  sessions   running    -       -       42%\n"
			    " db:1  a cart     pondering  -       -\n"
			    " db:4  quiet      -          -       -\n");
}

static void a_wide_terminal_has_the_last_backup(void **state)
{
	struct rig *rig = *state;

	fill(rig);
	run(rig, true, 94, false);
	assert_non_null(strstr(rig->out, "IMPORT  LAST BACKUP  REASON\n"));
	assert_non_null(strstr(rig->out, "-            3d 04h  no-permission\n"));
	assert_non_null(strstr(rig->out, "-             never  42%\n"));
}

static void the_count_of_unknown_words_stays_away_at_0(void **state)
{
	struct rig *rig = *state;

	say(rig, "bdb 4 name=quiet");
	run(rig, true, 80, false);
	assert_non_null(strstr(rig->out, "\n0 failed   0 running   1 quiet\n"));
}

static size_t widest_line(const char *text)
{
	size_t widest = 0, width;

	for (; *text; text += width + 1) {
		width = strcspn(text, "\n");
		widest = width > widest ? width : widest;
	}
	return widest;
}

static void names_and_reasons_are_cut_to_fit(void **state)
{
	struct rig *rig = *state;

	fill(rig);
	say(rig, "bdb 12 name=customer-session-cache "
		 "backup=failed:a-reason-that-is-longer-than-any-screen-is-wide");
	run(rig, true, 60, true);
	assert_non_null(strstr(rig->out, "custom~-cache"));
	assert_non_null(strstr(rig->out, "a-reaso"));
	/* the rows, not the line of the cluster */
	assert_in_range(widest_line(strstr(rig->out, "\n\n") + 2), 40, 60);
}

static void hostile_names_are_made_safe(void **state)
{
	struct rig *rig = *state;

	say(rig, "bdb 9 name=evil%1b[2J%ff backup=failed:x%0ay");
	run(rig, false, 80, false);
	assert_non_null(strstr(rig->out, "evil^[[2J\\xFF"));
	assert_null(strchr(rig->out, '\033'));
	assert_null(strstr(rig->out, "x\ny"));
}

static void a_cluster_without_databases_says_so(void **state)
{
	struct rig *rig = *state;

	run(rig, true, 80, false);
	assert_int_equal(rig->status, 0);
	assert_string_equal(rig->out,
			    "prod-eu  cluster.prod.example:9443  polled 2026-11-21 20:14:05Z\n"
			    "no databases\n");
}

static void elements_that_are_no_database_are_told_beside_the_table(void **state)
{
	struct rig *rig = *state;

	fill(rig);
	say(rig, "unreadable 2");
	run(rig, false, 80, false);
	assert_int_equal(rig->status, 0);
	assert_non_null(strstr(rig->out, "db:12"));
	assert_string_equal(rig->err, "bdbtop: prod-eu: 2 elements of the list are no databases "
				      "and are not shown.\n");
}

static void a_cluster_that_does_not_answer_is_one_sentence_and_3(void **state)
{
	struct rig *rig = *state;

	fill(rig);
	say(rig, "fail Connection refused.");
	run(rig, false, 80, false);
	assert_int_equal(rig->status, 3);
	assert_string_equal(rig->out, "");
	assert_string_equal(rig->err, "bdbtop: prod-eu: Connection refused.\n");
}

static void a_refused_log_in_is_one_sentence_and_3(void **state)
{
	struct rig *rig = *state;

	fill(rig);
	say(rig, "hold list");
	say(rig, "refuse login Log-in refused (401).");
	run(rig, true, 80, false);
	assert_int_equal(rig->status, 3);
	assert_string_equal(rig->out, "");
	assert_string_equal(rig->err, "bdbtop: prod-eu: Log-in refused (401).\n");
}

static void it_polls_once_and_sends_nothing(void **state)
{
	struct rig *rig = *state;

	fill(rig);
	run(rig, false, 80, false);
	assert_int_equal(script_counts(rig->script)->lists, 1);
	assert_int_equal(script_counts(rig->script)->ones, 0);
	assert_int_equal(script_counts(rig->script)->puts, 0);
}

#define IN_RIG(test) cmocka_unit_test_setup_teardown(test, open_rig, close_rig)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_RIG(a_pipe_gets_everything_whole_and_a_word_a_column),
		IN_RIG(a_terminal_gets_the_columns_that_fit),
		IN_RIG(a_wide_terminal_has_the_last_backup),
		IN_RIG(the_count_of_unknown_words_stays_away_at_0),
		IN_RIG(names_and_reasons_are_cut_to_fit),
		IN_RIG(hostile_names_are_made_safe),
		IN_RIG(a_cluster_without_databases_says_so),
		IN_RIG(elements_that_are_no_database_are_told_beside_the_table),
		IN_RIG(a_cluster_that_does_not_answer_is_one_sentence_and_3),
		IN_RIG(a_refused_log_in_is_one_sentence_and_3),
		IN_RIG(it_polls_once_and_sends_nothing),
	};

	return tap_run(tests);
}
