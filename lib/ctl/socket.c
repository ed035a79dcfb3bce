/* SPDX-License-Identifier: MIT */
#include "ctl/socket.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BACKLOG = 64 };

int socket_address(const char *path, struct sockaddr_un *address, struct fault *fault)
{
	size_t length = strlen(path);

	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (length == 0 || length >= sizeof address->sun_path)
		return fault_say(fault, ENAMETOOLONG,
				 "%s: the path of a socket has 1 to %zu bytes", path,
				 sizeof address->sun_path - 1);
	memcpy(address->sun_path, path, length);
	return 0;
}

static int open_stream(struct fault *fault)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	return fd < 0 ? fault_say(fault, errno, "cannot open a socket: %s",
				  strerror(errno))
		      : fd;
}

/* umask() before bind() rather than chmod() after it, so that others can connect at no
 * moment. */
static int bind_privately(int fd, const struct sockaddr_un *address)
{
	mode_t mask = umask(0177);
	int err = bind(fd, (const struct sockaddr *)address, sizeof *address) < 0 ? -errno
										  : 0;

	umask(mask);
	return err;
}

/* Whether a process listens there, also one whose backlog is full. */
static bool is_alive(const struct sockaddr_un *address)
{
	int fd = open_stream(NULL);
	bool is_refused;

	if (fd < 0)
		return true;
	is_refused = connect(fd, (const struct sockaddr *)address, sizeof *address) < 0 &&
		     (errno == ECONNREFUSED || errno == ENOENT);
	close(fd);
	return !is_refused;
}

/* Removes a socket that a daemon left behind; 0, or -errno and a sentence. */
static int remove_stale(const struct sockaddr_un *address, struct fault *fault)
{
	const char *path = address->sun_path;
	struct stat st;

	if (lstat(path, &st) < 0)
		return errno == ENOENT
			       ? 0
			       : fault_say(fault, errno, "%s: %s", path, strerror(errno));
	if (!S_ISSOCK(st.st_mode))
		return fault_say(fault, EEXIST,
				 "%s: is there already and is no socket; "
				 "remove it or set another control",
				 path);
	if (is_alive(address))
		return fault_say(fault, EADDRINUSE,
				 "%s: another halfcalld has this control socket; "
				 "stop it or set another control",
				 path);
	if (unlink(path) < 0 && errno != ENOENT)
		return fault_say(fault, errno, "%s: is stale and cannot be removed: %s",
				 path, strerror(errno));
	return 0;
}

static int say_unbound(const char *path, int err, struct fault *fault)
{
	const char *slash = strrchr(path, '/');
	int directory = slash ? (int)(slash - path) : 0;

	if (err == -ENOENT)
		return fault_say(fault, ENOENT,
				 "%s: directory %.*s does not exist; "
				 "create it or set another control",
				 path, directory ? directory : 1, directory ? path : "/");
	return fault_say(fault, -err, "%s: cannot make the control socket: %s", path,
			 strerror(-err));
}

static int listen_at(int fd, const struct sockaddr_un *address, struct socket_file *file,
		     struct fault *fault)
{
	const char *path = file->path;
	struct stat st;
	int err = bind_privately(fd, address);

	if (err == -EADDRINUSE) {
		err = remove_stale(address, fault);
		if (err)
			return err;
		err = bind_privately(fd, address);
	}
	if (err)
		return say_unbound(path, err, fault);
	if (lstat(path, &st) < 0 || listen(fd, BACKLOG) < 0)
		return say_unbound(path, -errno, fault);
	file->dev = st.st_dev;
	file->ino = st.st_ino;
	return 0;
}

int socket_listen(const char *path, struct socket_file *file, struct fault *fault)
{
	struct sockaddr_un address;
	int err = socket_address(path, &address, fault);
	int fd;

	if (err)
		return err;
	fd = open_stream(fault);
	if (fd < 0)
		return fd;
	*file = (struct socket_file){ .path = path };
	err = listen_at(fd, &address, file, fault);
	if (err) {
		close(fd);
		return err;
	}
	return fd;
}

void socket_remove(const struct socket_file *file)
{
	struct stat st;

	if (lstat(file->path, &st) == 0 && st.st_dev == file->dev &&
	    st.st_ino == file->ino)
		unlink(file->path);
}
