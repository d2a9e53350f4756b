#include "bdbtop/ui/input_decoder.h"

#include <string.h>

#include "bdbtop/core/time.h"
#include "bdbtop/session/commands.h"
#include "input_decoder_internal.h"

#define ESC	0x1b
#define BEL	0x07
#define CAN	0x18
#define SUB	0x1a
#define ST	0x9c
#define INVALID (-1) /* a byte that is not part of a valid character */

enum state {
	GROUND,
	ESCAPED, /* ESC, or more than one */
	CSI,
	CSI_BRACKET, /* ESC [ [ */
	SS3,
	STRING,
	STRING_ESCAPED,
	REPORT,		/* the bytes of a legacy mouse report */
	KEY_BYTES_LEFT, /* the beginning of another known key */
};

static void put(struct input_decoder *d, struct input_event event)
{
	bool is_complete_read = d->fresh && !d->decoded && d->at == d->length && d->length;

	/* only a key that used all bytes of this read and none before it */
	event.alone = event.kind == INPUT_KEY && is_complete_read;
	d->decoded++;
	if (d->queue_count < INPUT_QUEUE)
		d->queue[(d->queue_first + d->queue_count++) % INPUT_QUEUE] = event;
}

static void put_key(struct input_decoder *d, int key)
{
	put(d, (struct input_event){ .kind = key ? INPUT_KEY : INPUT_IGNORED, .key = key });
}

static void put_pasted(struct input_decoder *d, int key)
{
	put(d, (struct input_event){ .kind = INPUT_PASTED, .key = key });
}

/* --- sequences ------------------------------------------------------------------------------- */

static void begin(struct input_decoder *d, enum state state, const char *bytes)
{
	d->state = state;
	d->no_key = false;
	strcpy(d->sequence, bytes);
	d->sequence_length = strlen(bytes);
}

/* Ends a sequence that is not a key; in a paste it is dropped without an event. */
static void abandon(struct input_decoder *d)
{
	d->state = GROUND;
	if (!d->pasting)
		put_key(d, 0);
}

static void append(struct input_decoder *d, int c)
{
	if (d->sequence_length + 1 >= sizeof(d->sequence)) {
		d->no_key = true;
		return;
	}
	d->sequence[d->sequence_length++] = (char)c;
	d->sequence[d->sequence_length] = '\0';
}

static bool is_sequence(const struct input_decoder *d, const char *bytes)
{
	return !strcmp(d->sequence, bytes);
}

static void begin_paste(struct input_decoder *d)
{
	d->pasting = true;
	d->line_over = false;
	d->paste_length = 0;
	put_pasted(d, 0);
}

static void end_paste(struct input_decoder *d)
{
	if (!is_sequence(d, "\033[201~"))
		return;
	d->pasting = false;
	put_pasted(d, 0);
}

/* DECRPM: 1 is set, 2 is reset; any other value says that the terminal cannot switch the mode. */
static void note_reply(struct input_decoder *d)
{
	static const char mode[] = "\033[?2026;";
	const char *value = d->sequence + sizeof(mode) - 1;

	if (strncmp(d->sequence, mode, sizeof(mode) - 1) != 0 || !*value ||
	    strcmp(value + 1, "$y") != 0)
		return;
	d->synchronized = *value == '1' || *value == '2' ? MODE_SUPPORTED : MODE_UNSUPPORTED;
}

static void finish(struct input_decoder *d)
{
	struct input_event event = { .kind = INPUT_IGNORED };
	int key;

	d->state = GROUND;
	if (d->pasting) {
		end_paste(d);
	} else if (is_sequence(d, "\033[200~")) {
		/* even with no_key set: the following bytes are text, never commands */
		begin_paste(d);
	} else if (d->no_key) {
		put_key(d, 0);
	} else if (!strncmp(d->sequence, "\033[<", 3)) {
		if (d->mouse)
			input_decode_report(d->sequence + 3, &event);
		put(d, event);
	} else {
		note_reply(d);
		put_key(d, input_known(d, &key) == KNOWN_KEY ? key : 0);
	}
}

/* For keys that have no general form: only the known bytes tell where they end. */
static void finish_if_known(struct input_decoder *d)
{
	int key;

	switch (input_known(d, &key)) {
	case KNOWN_KEY:
		d->state = GROUND;
		put_key(d, d->no_key ? 0 : key);
		break;
	case KNOWN_PREFIX:
		d->state = KEY_BYTES_LEFT;
		break;
	default:
		abandon(d);
		break;
	}
}

/* Begins the sequence that ESC with this byte introduces; false: it introduces none. */
static bool introduce(struct input_decoder *d, int c)
{
	switch (c) {
	case '[':
		begin(d, CSI, "\033[");
		return true;
	case 'O':
		begin(d, SS3, "\033O");
		return true;
	case ']':
	case 'P':
	case '_':
	case '^':
	case 'X':
		/* in a paste the string would consume the end of the paste */
		if (d->pasting)
			return false;
		begin(d, STRING, "");
		return true;
	default:
		return false;
	}
}

static void begin_escape(struct input_decoder *d)
{
	begin(d, ESCAPED, "\033");
	d->escapes = 1;
}

static void in_escape(struct input_decoder *d, int c)
{
	int escapes = d->escapes;

	if (c == ESC) {
		if (escapes > 1 && !d->pasting)
			put_key(d, KEY_ESCAPE);
		d->escapes = 2;
		return;
	}
	if (introduce(d, c)) {
		/* ESC ESC [ A is Alt with a key, which has no function */
		d->no_key = escapes > 1;
		return;
	}
	if (d->pasting) {
		abandon(d);
		return;
	}
	if (escapes > 1)
		put_key(d, KEY_ESCAPE);
	append(d, c);
	finish_if_known(d);
}

static void in_csi(struct input_decoder *d, int c)
{
	bool first = d->sequence_length == 2;
	int key;

	if (c < ' ' || c == 0x7f) {
		/* a terminal would execute it inside the sequence; it is not a key */
		d->no_key = true;
	} else if (first && c == '[') {
		append(d, c);
		d->state = CSI_BRACKET;
	} else if (first && c == 'M' && !d->pasting) {
		d->state = REPORT;
		d->report_left = 3;
	} else {
		append(d, c);
		/* rxvt ends some keys with `$`, which is not a final byte */
		if (c >= '@' || (c == '$' && input_known(d, &key) == KNOWN_KEY))
			finish(d);
	}
}

static void in_ss3(struct input_decoder *d, int c)
{
	if (c < ' ' || c == 0x7f) {
		d->no_key = true;
		return;
	}
	append(d, c);
	if ((c < '0' || c > '9') && c != ';')
		finish(d);
}

static void in_string(struct input_decoder *d, int c)
{
	bool over = c == BEL || c == ST || c == CAN || c == SUB;

	/* any other ESC is part of the string: the rest must not become keys */
	if (over || (d->state == STRING_ESCAPED && c == '\\'))
		abandon(d);
	else
		d->state = c == ESC ? STRING_ESCAPED : STRING;
}

/* --- characters ------------------------------------------------------------------------------ */

static void take_pasted(struct input_decoder *d, int c)
{
	if (c == '\r' || c == '\n')
		d->line_over = true;
	if (d->line_over || c < ' ' || c == 0x7f || d->paste_length == INPUT_PASTE_LENGTH)
		return;
	d->paste_length++;
	put_pasted(d, c);
}

static void take_control(struct input_decoder *d, int c)
{
	int key;

	d->sequence_length = 0;
	append(d, c);
	d->no_key = false;
	switch (c ? input_known(d, &key) : KNOWN_NONE) {
	case KNOWN_KEY:
		put_key(d, key);
		break;
	case KNOWN_PREFIX:
		d->state = KEY_BYTES_LEFT;
		break;
	default:
		put_key(d, c == '\b' ? KEY_RUBOUT : c);
		break;
	}
}

static void in_ground(struct input_decoder *d, int c)
{
	bool continues = d->escaped && d->now_ms - d->escaped_ms <= INPUT_SILENCE_MS;

	d->escaped = false;
	if (c == ESC) {
		begin_escape(d);
	} else if (d->pasting) {
		take_pasted(d, c);
	} else if (continues && c != 'X' && introduce(d, c)) {
		d->no_key = true;
	} else if (c == INVALID) {
		put_key(d, 0);
	} else if (c < ' ' || c == 0x7f) {
		take_control(d, c);
	} else {
		put_key(d, c);
	}
}

/* One of U+0080 to U+009F, outside a string. */
static void take_c1(struct input_decoder *d, int c)
{
	if (d->state != GROUND)
		abandon(d);
	d->escaped = false;
	if (!introduce(d, c - 0x40) && !d->pasting)
		put_key(d, 0);
}

static bool is_string(const struct input_decoder *d)
{
	return d->state == STRING || d->state == STRING_ESCAPED;
}

/* Handles one character, or INVALID. */
static void take(struct input_decoder *d, int c)
{
	if (is_string(d)) {
		in_string(d, c);
		return;
	}
	if (c >= 0x80 && c < 0xa0) {
		take_c1(d, c);
		return;
	}
	if (d->state != GROUND && d->state != ESCAPED && c == ESC) {
		abandon(d);
		begin_escape(d);
		return;
	}
	if (d->state != GROUND && (c == CAN || c == SUB || c == INVALID || c > 0x7f)) {
		abandon(d);
		return;
	}
	switch ((enum state)d->state) {
	case ESCAPED:
		in_escape(d, c);
		break;
	case CSI:
		in_csi(d, c);
		break;
	case CSI_BRACKET:
		append(d, c);
		finish(d);
		break;
	case SS3:
		in_ss3(d, c);
		break;
	case KEY_BYTES_LEFT:
		append(d, c);
		finish_if_known(d);
		break;
	default:
		in_ground(d, c);
		break;
	}
}

static void take_bytes(struct input_decoder *d)
{
	while (d->pending_length) {
		int c = INVALID;
		size_t used = 1;

		switch (input_character(d, &c)) {
		case CHARACTER_UNFINISHED:
			return;
		case CHARACTER_COMPLETE:
			used = d->pending_length;
			break;
		default:
			c = d->pending[0] < 0xa0 ? d->pending[0] : INVALID;
			break;
		}
		d->pending_length -= used;
		memmove(d->pending, d->pending + used, d->pending_length);
		take(d, c);
	}
}

static void take_byte(struct input_decoder *d, unsigned char byte)
{
	if (d->state == REPORT) {
		if (--d->report_left == 0)
			abandon(d);
		return;
	}
	d->pending[d->pending_length++] = byte;
	take_bytes(d);
}

/* --- time ------------------------------------------------------------------------------------ */

static bool is_escape(const struct input_decoder *d)
{
	return d->state == ESCAPED && !d->pasting && !d->pending_length;
}

static bool is_unfinished(const struct input_decoder *d)
{
	return d->state != GROUND || d->pasting || d->pending_length;
}

static void end_escape(struct input_decoder *d, int64_t now_ms)
{
	for (; d->escapes > 0; d->escapes--)
		put_key(d, KEY_ESCAPE);
	d->state = GROUND;
	d->escaped = true;
	d->escaped_ms = now_ms;
}

static void end_silence(struct input_decoder *d)
{
	d->pending_length = 0;
	d->pasting = false;
	abandon(d);
}

void input_decoder_feed(struct input_decoder *d, const void *bytes, size_t length, int64_t now_ms)
{
	if (is_unfinished(d) && now_ms - d->last_ms >= INPUT_SILENCE_MS)
		input_decoder_tick(d, now_ms);
	d->length = length < INPUT_READ ? length : INPUT_READ;
	memcpy(d->read, bytes, d->length);
	d->at = 0;
	d->fresh = !is_unfinished(d) && !d->queue_count;
	d->decoded = 0;
	d->now_ms = d->last_ms = now_ms;
}

bool input_decoder_next(struct input_decoder *d, struct input_event *out)
{
	while (!d->queue_count && d->at < d->length) {
		/* it may be part of a password: keep no copy */
		unsigned char byte = d->read[d->at];

		d->read[d->at++] = 0;
		take_byte(d, byte);
	}
	if (!d->queue_count)
		return false;
	*out = d->queue[d->queue_first];
	d->queue[d->queue_first] = (struct input_event){ .kind = INPUT_IGNORED };
	d->queue_first = (d->queue_first + 1) % INPUT_QUEUE;
	d->queue_count--;
	return true;
}

void input_decoder_tick(struct input_decoder *d, int64_t now_ms)
{
	if (now_ms < input_decoder_due(d))
		return;
	/* a key that a timeout completes is not alone in its read */
	d->fresh = false;
	if (is_escape(d))
		end_escape(d, now_ms);
	else
		end_silence(d);
}

int64_t input_decoder_due(const struct input_decoder *d)
{
	if (!is_unfinished(d))
		return TIME_NEVER;
	return d->last_ms + (is_escape(d) ? INPUT_ESCAPE_MS : INPUT_SILENCE_MS);
}

void input_decoder_drop(struct input_decoder *d)
{
	struct input_event event;

	while (input_decoder_next(d, &event))
		;
	d->no_key = true;
	if (!is_escape(d))
		return;
	d->escapes = 0;
	end_escape(d, d->last_ms);
}
