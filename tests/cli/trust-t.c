#include "bdbtop/cli/trust.h"

#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "tests/tap.h"

#define PRINT_A                                                                                    \
	"9F:3C:71:0A:5E:D2:44:B8:13:C6:2A:90:7F:E1:58:0D:"                                         \
	"66:B4:9A:27:F3:1C:85:DE:40:7B:A8:12:CD:39:E6:51"
#define PRINT_B                                                                                    \
	"2B:E8:04:9D:C1:76:3F:5A:90:1E:B7:48:6C:D3:25:FA:"                                         \
	"81:0C:5F:B2:97:E4:3D:68:AA:16:F9:43:D0:7E:2C:95"

#define DAY	86400
#define MARCH_2 1772409600 /* 2026-03-02 */
#define TODAY	(MARCH_2 + 10 * (int64_t)DAY)

static const struct source_certificate offered = { .subject = "CN=cluster.prod.example",
						   .issuer = "CN=cluster.prod.example",
						   .self_signed = true,
						   .names = "cluster.prod.example, 10.0.0.1",
						   .from_s = MARCH_2,
						   .to_s = MARCH_2 + 365 * (int64_t)DAY,
						   .sha256 = PRINT_A,
						   .key_sha256 = PRINT_B,
						   .pin = "sha256//new" };

static const char *printed(const struct trust_info *page)
{
	static char text[4000];
	FILE *out = fmemopen(text, sizeof(text), "w");

	trust_print(out, page);
	fclose(out);
	return text;
}

static struct trust_info page_at(int64_t now_s)
{
	return (struct trust_info){ .name = "prod-eu",
				    .host = "cluster.prod.example:9443",
				    .offered = &offered,
				    .problem = "Its certificate is self-signed.",
				    .now_s = now_s };
}

static void a_certificate_is_shown_with_everything_to_compare(void **state)
{
	static const char *const parts[] = {
		"cluster.prod.example:9443 shows this certificate. ",
		"Its certificate is self-signed.\n",
		"no log-in was sent",
		"  subject      CN=cluster.prod.example\n",
		"  issuer       the same (self-signed)\n",
		"  names        cluster.prod.example, 10.0.0.1\n",
		"  valid        2026-03-02 to 2027-03-02, 355 days left\n",
		"  certificate  SHA-256 9F:3C:71:0A:5E:D2:44:B8:13:C6:2A:90:7F:E1:58:0D\n",
		"                       66:B4:9A:27:F3:1C:85:DE:40:7B:A8:12:CD:39:E6:51\n",
		"  public key   SHA-256 2B:E8:04:9D:C1:76:3F:5A:90:1E:B7:48:6C:D3:25:FA\n",
	};
	struct trust_info page = page_at(TODAY);
	const char *text = printed(&page);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(parts); i++)
		if (!strstr(text, parts[i]))
			fail_msg("\"%s\" lacks \"%s\"", text, parts[i]);
}

static void an_expired_one_and_one_of_tomorrow_say_so(void **state)
{
	struct trust_info late = page_at(MARCH_2 + 365 * (int64_t)DAY);
	struct trust_info early = page_at(MARCH_2 - 1);
	struct trust_info last = page_at(MARCH_2 + 364 * (int64_t)DAY);

	assert_non_null(strstr(printed(&late), "2027-03-02, expired\n"));
	assert_non_null(strstr(printed(&early), "2027-03-02, not yet\n"));
	assert_non_null(strstr(printed(&last), ", 1 day left\n"));
}

static void a_changed_key_is_shown_beside_the_pinned_one(void **state)
{
	const struct source_pin pinned = { .pin = "sha256//old",
					   .key_sha256 = PRINT_A,
					   .since_s = MARCH_2 };
	struct trust_info page = page_at(TODAY);
	const char *text;

	page.pinned = &pinned;
	text = printed(&page);
	assert_non_null(strstr(text, "THE KEY OF prod-eu HAS CHANGED. No log-in was sent.\n"));
	assert_non_null(strstr(text, "  pinned       SHA-256 9F:3C:"));
	assert_non_null(strstr(text, "  2026-03-02           66:B4:"));
	assert_non_null(strstr(text, "  offered      SHA-256 2B:E8:"));
	assert_non_null(strstr(text, "  today                81:0C:"));
}

/* The answer when the user types `before` before the question, or `after` after it. */
static bool answer_is(const char *before, const char *after)
{
	struct trust_info page = page_at(TODAY);
	int user, terminal, status;
	ssize_t got;
	char text[300] = "";
	pid_t pid;

	assert_int_equal(openpty(&user, &terminal, NULL, NULL, NULL), 0);
	if (*before)
		assert_true(write(user, before, strlen(before)) > 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		close(user);
		alarm(30);
		_exit(trust_ask(terminal, &page));
	}
	close(terminal);
	/* repeats the keys: those before the question are discarded */
	while (!waitpid(pid, &status, WNOHANG)) {
		struct pollfd ready = { .fd = user, .events = POLLIN };

		if (poll(&ready, 1, 50) > 0) {
			got = read(user, text, sizeof(text) - 1);
			if (got <= 0)
				continue;
		} else {
			assert_true(write(user, after, strlen(after)) > 0);
		}
	}
	close(user);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void only_yes_confirms(void **state)
{
	assert_true(answer_is("", "y\n"));
	assert_true(answer_is("", "YES\n"));
	assert_false(answer_is("", "\n"));
	assert_false(answer_is("", "n\n"));
	assert_false(answer_is("", "yo\n"));
}

static void what_was_typed_before_the_question_is_thrown_away(void **state)
{
	assert_false(answer_is("y\n", "n\n"));
	assert_true(answer_is("n\n", "y\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_certificate_is_shown_with_everything_to_compare),
		cmocka_unit_test(an_expired_one_and_one_of_tomorrow_say_so),
		cmocka_unit_test(a_changed_key_is_shown_beside_the_pinned_one),
		cmocka_unit_test(only_yes_confirms),
		cmocka_unit_test(what_was_typed_before_the_question_is_thrown_away),
	};

	return tap_run(tests);
}
