#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"

int files_open_closed(void)
{
	static const int modes[] = { O_WRONLY, O_RDONLY, O_RDONLY };
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", modes[fd]) < 0)
			return -1;
	return 0;
}

int files_check(const struct settings *settings, struct err *err)
{
	static const int files[] = { CONFIG_CACERT, CONFIG_CERT, CONFIG_KEY };
	char safe[160], where[SETTING_SOURCE_BYTES];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files); i++) {
		const char *path = settings->values[files[i]].text;
		int fd, cause;

		if (!path)
			continue;
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
		cause = errno;
		if (fd >= 0) {
			close(fd);
			continue;
		}
		return err_set(err, ERR_FINAL, "%s, the file of %s, cannot be read: %s. %s.",
			       text_safe(safe, sizeof(safe), path, false),
			       settings_format_source(settings, files[i], where, sizeof(where)),
			       strerror(cause), err_remedy(cause));
	}
	return 0;
}
