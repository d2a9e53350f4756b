/*
 * The first lines: which cluster and how fresh, healthy or not, and one sentence.
 */
#include "bdbtop/ui/scene.h"

#include "bdbtop/core/text.h"

#include <stdio.h>
#include <string.h>

#define GAP 2

enum piece_id {
	PROGRAM,
	LABEL,
	NAME,
	HOST,
	VIA,
	READ_ONLY,
	INSECURE,
	PAUSED,
	PHRASE,
	EVERY,
	LATENCY,
	PIECES
};

struct piece {
	char text[160];
	enum element element;
};

/* Where the freshness phrase may end when the width ends: at its first comma. */
static void brief(char *phrase)
{
	char *comma = strchr(phrase, ',');

	if (comma)
		*comma = '\0';
}

/*
 * Whole seconds of the clock, not of the span: all that counts on a screen then changes at one
 * moment, the one for which session_redraw_due() wakes.
 */
static void write_span(char *out, size_t size, const char *before, int64_t seconds,
		       const char *after)
{
	char span[TIME_TEXT];

	time_span(span, seconds > 0 ? seconds : 0);
	snprintf(out, size, "%s%s%s", before, span, after);
}

static int64_t seconds_since(const struct scene *scene, int64_t from_ms)
{
	return scene->now.ms / 1000 - from_ms / 1000;
}

static void write_cut(const struct scene *scene, char *out, size_t size)
{
	const struct cluster_face *face = scene->face;
	char after[64] = "";

	if (face->polling)
		snprintf(after, sizeof(after), ", still asking");
	else if (face->next_ms != TIME_NEVER)
		write_span(after, sizeof(after), ", next try in ",
			   -seconds_since(scene, face->next_ms), "");
	write_span(out, size, "no answer for ", seconds_since(scene, face->cut.ms), after);
}

/* The last poll was good: its time, and how often and how fast. */
static void write_fresh(const struct scene *scene, struct piece *piece)
{
	const struct cluster_face *face = scene->face;
	char clock[TIME_TEXT], every[TIME_TEXT];

	if (face->polling && scene->now.ms - face->poll_ms >= scene->setup->every_ms) {
		write_span(piece[PHRASE].text, sizeof(piece[PHRASE].text), "no reply for ",
			   seconds_since(scene, face->poll_ms), ", still asking");
		return;
	}
	time_clock(clock, face->good.wall_ms / 1000);
	snprintf(piece[PHRASE].text, sizeof(piece[PHRASE].text), "polled %s", clock);
	scene_every(scene->setup->every_ms / 1000, every);
	snprintf(piece[EVERY].text, sizeof(piece[EVERY].text), "every %s", every);
	snprintf(piece[LATENCY].text, sizeof(piece[LATENCY].text), "%lld ms",
		 (long long)face->latency_ms);
}

static void write_paused(const struct scene *scene, struct piece *piece)
{
	char clock[TIME_TEXT];

	strcpy(piece[PAUSED].text, "PAUSED");
	if (!scene->face->listed) {
		strcpy(piece[PHRASE].text, "no answer yet, p resumes");
		return;
	}
	time_clock(clock, scene->face->good.wall_ms / 1000);
	snprintf(piece[PHRASE].text, sizeof(piece[PHRASE].text), "as of %s, p resumes", clock);
}

static void write_phrase(const struct scene *scene, struct piece *piece)
{
	char *out = piece[PHRASE].text;
	size_t size = sizeof(piece[PHRASE].text);

	piece[PHRASE].element = EL_DANGER;
	if (scene->face->link == LINK_REFUSED) {
		strcpy(out, scene->face->trying ? "trying the new log-in"
						: "log-in refused, polling stopped");
		if (scene->face->trying)
			piece[PHRASE].element = EL_TEXT;
	} else if (scene->face->link == LINK_SIGNED_OUT) {
		strcpy(out, "no log-in, nothing sent");
	} else if (scene->face->link == LINK_UNTRUSTED) {
		strcpy(out, "not trusted, nothing sent");
	} else if (scene->face->paused) {
		piece[PHRASE].element = EL_TEXT;
		write_paused(scene, piece);
	} else if (scene->face->link == LINK_CUT) {
		write_cut(scene, out, size);
	} else {
		piece[PHRASE].element = EL_TEXT;
		if (scene->face->link == LINK_FIRST)
			write_span(out, size, "no answer yet, asking for ",
				   seconds_since(scene, scene->face->started.ms), "");
		else
			write_fresh(scene, piece);
	}
}

/* `cluster.prod.example` of `cluster.prod.example:9443`, `[::1]` of `[::1]:9443`. */
static int host_length(const char *host)
{
	const char *colon = strrchr(host, ':');

	if (!colon || (strchr(host, ':') != colon && colon[-1] != ']'))
		return (int)strlen(host);
	return (int)(colon - host);
}

static void write_place(const struct scene *scene, struct piece *piece)
{
	const char *host = scene->setup->host, *name = scene->setup->name;
	int bare = host_length(host);
	bool whole = scene->canvas->cols >= LAYOUT_WIDE_COLS || scene->face->link == LINK_UNTRUSTED;
	bool same = !strcmp(name, host) ||
		    (strlen(name) == (size_t)bare && !strncmp(name, host, (size_t)bare));

	snprintf(piece[same ? NAME : HOST].text, sizeof(piece->text), "%.*s",
		 whole ? (int)strlen(host) : bare, host);
	if (!same)
		snprintf(piece[NAME].text, sizeof(piece->text), "%s", name);
	if (scene->setup->label[0])
		snprintf(piece[LABEL].text, sizeof(piece->text), "[%s]", scene->setup->label);
	if (scene->face->via[0])
		snprintf(piece[VIA].text, sizeof(piece->text), "via %s", scene->face->via);
}

/* A label stands close to its name, and a node to its host and to what it said. */
static int gap_after(const struct piece *piece, int which)
{
	if (which == LABEL)
		return 1;
	if (which == HOST && piece[VIA].text[0])
		return 1;
	if (which == VIA && !piece[READ_ONLY].text[0] && !piece[INSECURE].text[0] &&
	    !piece[PAUSED].text[0])
		return 1;
	return GAP;
}

static int width_of(const struct piece *piece, int first, int end)
{
	int width = 0, i;

	for (i = first; i < end; i++)
		if (piece[i].text[0])
			width += text_width(piece[i].text) + gap_after(piece, i);
	return width;
}

/* Cells that are missing; a margin of one stands on either side. */
static int excess(const struct scene *scene, const struct piece *piece)
{
	return 1 + width_of(piece, PROGRAM, PIECES) - GAP + 1 - scene->canvas->cols;
}

static void shed(const struct scene *scene, struct piece *piece)
{
	static const enum piece_id order[] = { LATENCY, EVERY, VIA, HOST, PROGRAM };
	char name[sizeof(piece->text)];
	size_t i;

	for (i = 0; i < sizeof(order) / sizeof(order[0]) && excess(scene, piece) > 0; i++)
		piece[order[i]].text[0] = '\0';
	if (excess(scene, piece) > 0)
		brief(piece[PHRASE].text);
	/* the line of keys says it as well */
	if (excess(scene, piece) > 0)
		piece[READ_ONLY].text[0] = '\0';
	if (excess(scene, piece) > 0) {
		strcpy(name, piece[NAME].text);
		text_cut_middle(piece[NAME].text, sizeof(piece->text), name,
				text_width(name) - excess(scene, piece), scene->canvas->ascii);
	}
}

static void put_pieces(struct pen *pen, const struct piece *piece, int first, int end)
{
	for (; first < end; first++)
		if (piece[first].text[0]) {
			pen_put(pen, piece[first].element, piece[first].text);
			pen_skip(pen, gap_after(piece, first));
		}
}

void header_draw(const struct scene *scene)
{
	struct piece piece[PIECES] = {
		[LABEL] = { .element = scene_label(scene->setup) },
		[NAME] = { .element = EL_HEADER }, [HOST] = { .element = EL_DIM },
		[VIA] = { .element = EL_DIM }, [READ_ONLY] = { .element = EL_HEADER },
		[INSECURE] = { .element = EL_DANGER }, [PAUSED] = { .element = EL_HEADER },
		[EVERY] = { .element = EL_DIM }, [LATENCY] = { .element = EL_DIM },
	};
	struct pen pen = pen_at(scene->canvas, scene->z.header, 1, scene->canvas->cols);

	if (scene->canvas->cols >= LAYOUT_WORDS_COLS)
		strcpy(piece[PROGRAM].text, "bdbtop");
	if (scene->setup->read_only)
		strcpy(piece[READ_ONLY].text, "READ-ONLY");
	if (scene->setup->insecure)
		strcpy(piece[INSECURE].text, "INSECURE");
	write_place(scene, piece);
	write_phrase(scene, piece);
	shed(scene, piece);
	put_pieces(&pen, piece, PROGRAM, PHRASE);
	pen.col = scene->canvas->cols - 1 - (width_of(piece, PHRASE, PIECES) - GAP);
	put_pieces(&pen, piece, PHRASE, PIECES);
}

struct count {
	const struct verdict_def *def;
	size_t sum;
};

/* Verdicts that share a word are one count; a count that only oddities have stays away at 0. */
static int make_counts(const struct scene *scene, struct count count[VERDICT_KINDS])
{
	int verdict, used = 0;

	for (verdict = 0; verdict < VERDICT_KINDS; verdict++) {
		const struct verdict_def *def = &verdict_defs[verdict];
		size_t sum = scene->face->counts[verdict];

		if (used && !strcmp(count[used - 1].def->count, def->count))
			count[used - 1].sum += sum;
		else if (sum || !def->rare)
			count[used++] = (struct count){ .def = def, .sum = sum };
	}
	return used;
}

static int count_width(const struct count *count, int used, int gap)
{
	int width = 0, i;

	for (i = 0; i < used; i++)
		width += snprintf(NULL, 0, "%zu %s", count[i].sum, count[i].def->count) + gap;
	return width - gap;
}

/* The right end: what the list leaves out, and whether the picture is old. */
static void write_side(const struct scene *scene, char *out, size_t size)
{
	const struct filter *filter = session_filter(scene->session);
	char clock[TIME_TEXT], expression[FILTER_SIZE * 4];
	struct text text;

	text_init(&text, out, size);
	if (session_mode(scene->session) == MODE_LOG) {
		text_add(&text, "log, newest first");
		return;
	}
	if (filter->expression[0])
		text_addf(&text, "filter %s",
			  text_safe(expression, sizeof(expression), filter->expression,
				    scene->canvas->ascii));
	else if (scene->canvas->cols >= LAYOUT_WIDE_COLS && scene->face->link != LINK_FIRST)
		text_add(&text, "filter none");
	if (!scene->face->listed || scene->face->link == LINK_FRESH)
		return;
	time_clock(clock, scene->face->good.wall_ms / 1000);
	text_addf(&text, "%sas of %s", text.length ? "  " : "", clock);
}

void counts_draw(const struct scene *scene)
{
	struct count count[VERDICT_KINDS] = { 0 };
	int used = make_counts(scene, count), gap = scene->c.letters ? 1 : 3, room, width, i;
	struct pen pen = scene_pen(scene, scene->z.counts);
	char side[FILTER_SIZE * 4 + 64];

	if (!scene->face->listed)
		return;
	pen_skip(&pen, 1);
	if (!roster_count(cluster_roster(scene->cluster))) {
		pen_put(&pen, EL_TEXT, "no databases");
		return;
	}
	write_side(scene, side, sizeof(side));
	width = text_width(side);
	room = scene->canvas->cols - 2;
	if (used > 1 && count_width(count, used, gap) + (width ? width + GAP : 0) > room)
		used--;
	for (i = 0; i < used; i++) {
		pen_putf(&pen, count[i].sum ? count[i].def->element : EL_DIM, "%zu %s",
			 count[i].sum, count[i].def->count);
		pen_skip(&pen, gap);
	}
	scene_right(scene, scene->z.counts, room - count_width(count, used, gap) - GAP, EL_TEXT,
		    side);
}

/* Since when goes into the first sentence: `Connection refused by … since 20:13:25Z. Is this …?` */
static void add_sentence(struct text *text, const char *sentence, const char *since)
{
	const char *end = strstr(sentence, ". ");
	size_t length = strlen(sentence);

	if (!end)
		end = length && strchr(".?!", sentence[length - 1]) ? sentence + length - 1
								    : sentence + length;
	text_addf(text, "%.*s%s%s", (int)(end - sentence), sentence, since, end);
}

/* As much of it as the line holds: the remedy comes before since when. */
static void write_trouble(const struct scene *scene, char *out, size_t size)
{
	static const struct {
		bool since, remedy;
	} form[] = { { true, true }, { true, false }, { false, false } };
	char since[TIME_TEXT + 16], point[TIME_TEXT];
	struct text text;
	size_t i;

	scene_point(scene, scene->face->cut.wall_ms, point);
	snprintf(since, sizeof(since), " since %s", point);
	for (i = 0; i < sizeof(form) / sizeof(form[0]); i++) {
		text_init(&text, out, size);
		add_sentence(&text, scene->face->trouble.text, form[i].since ? since : "");
		if (form[i].remedy)
			text_add(&text, " F5 tries now.");
		if (text_width(out) <= scene->canvas->cols - 2)
			return;
	}
}

static void write_notice(const struct scene *scene, char *out, size_t size)
{
	const struct cluster_face *face = scene->face;
	const char *said = session_notice(scene->session);

	*out = '\0';
	if (face->link == LINK_CUT && face->listed)
		write_trouble(scene, out, size);
	else if (face->link == LINK_UNTRUSTED && face->listed)
		snprintf(out, size, "%s%s", face->trouble.text,
			 face->asking == ASKING_LATER ? " F5 asks again." : "");
	else if (said[0])
		snprintf(out, size, "%s", said);
	else if (face->link == LINK_REFUSED && session_strip_open(scene->session))
		snprintf(out, size, "%s", face->trouble.text);
	else if (face->unpinned.text[0])
		snprintf(out, size, "%s", face->unpinned.text);
	else if (face->unreadable)
		snprintf(out, size, "%zu of the list's elements could not be read as a database.",
			 face->unreadable);
}

void notice_draw(const struct scene *scene)
{
	int row = scene->z.notice >= 0 ? scene->z.notice : scene->z.headings;
	char notice[sizeof(struct err) + 64];
	struct pen pen;

	write_notice(scene, notice, sizeof(notice));
	if (!notice[0])
		return;
	pen = pen_at(scene->canvas, row, 0, scene->canvas->cols);
	pen_field(&pen, EL_TEXT, scene->canvas->cols, "");
	pen = pen_at(scene->canvas, row, 1, scene->canvas->cols - 1);
	pen_cut(&pen, EL_TEXT, notice);
}
