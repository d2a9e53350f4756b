/*
 * Bytes from the terminal: the events do not depend on how reads split them.
 */
#include "tests/fuzz/fuzz.h"

#include "bdbtop/core/time.h"
#include "bdbtop/session/commands.h"
#include "bdbtop/ui/input_decoder.h"

#define NOW_MS 1000003

static void print_events(struct input_decoder *decoder, FILE *out)
{
	struct input_event event;

	while (input_decoder_next(decoder, &event)) {
		FUZZ_CHECK(event.kind != INPUT_KEY || event.key > 0);
		FUZZ_CHECK(event.kind != INPUT_IGNORED || !event.key);
		/* bytes that end a line would send what the user did not type */
		FUZZ_CHECK(event.kind != INPUT_PASTED || !event.key ||
			   (event.key >= ' ' && event.key != 0x7f));
		FUZZ_CHECK(event.kind != INPUT_MOUSE || event.mouse != MOUSE_NONE);
		fprintf(out, "%d %d %d %d %d\n", (int)event.kind, event.key,
			event.kind == INPUT_MOUSE ? (int)event.mouse : 0,
			event.kind == INPUT_MOUSE ? event.row : 0,
			event.kind == INPUT_MOUSE ? event.col : 0);
	}
}

/* Nothing is due for ever. */
static void wait_for_the_end(struct input_decoder *decoder, FILE *out)
{
	int64_t due;
	int ticks = 0;

	while ((due = input_decoder_due(decoder)) != TIME_NEVER) {
		FUZZ_CHECK(ticks++ < 10);
		input_decoder_tick(decoder, due);
		print_events(decoder, out);
	}
}

static char *events_of(const uint8_t *bytes, size_t length, int flags, int round)
{
	static struct input_decoder decoder;
	struct fuzz_cuts cuts = fuzz_cuts(bytes, length, round);
	size_t at, piece, size;
	char *text;
	FILE *out = open_memstream(&text, &size);

	FUZZ_CHECK(out);
	input_decoder_init(&decoder, flags & 1, flags & 2);
	input_decoder_add(&decoder, "\033[7$", 0);
	input_decoder_add(&decoder, "\001@\r", KEY_FUNCTION_1);
	for (at = 0; at < length; at += piece) {
		piece = fuzz_cut(&cuts, length - at);
		if (piece > INPUT_READ)
			piece = INPUT_READ;
		input_decoder_feed(&decoder, bytes + at, piece, NOW_MS);
		print_events(&decoder, out);
	}
	wait_for_the_end(&decoder, out);
	FUZZ_CHECK(!fclose(out));
	return text;
}

int fuzz_input(const uint8_t *bytes, size_t length)
{
	int flags, round;

	for (flags = 0; flags < 4; flags++) {
		char *whole = events_of(bytes, length, flags, 0);

		for (round = 1; round < FUZZ_ROUNDS; round++) {
			char *pieces = events_of(bytes, length, flags, round);

			FUZZ_CHECK(!strcmp(whole, pieces));
			free(pieces);
		}
		free(whole);
	}
	return 0;
}
