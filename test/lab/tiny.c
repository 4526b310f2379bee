/*
 * tiny: a server and a client in one static binary, for images that hold nothing else.
 *
 *   tiny serve [--udp] [--status N] [--delay S] [--noaccept] [--banner] ADDRESS:PORT ...
 *   tiny get ADDRESS:PORT       asks "GET / HTTP/1.0", prints the answer; 0 if any came
 *   tiny load ADDRESS:PORT RATE SECONDS
 *                               asks so often in a second, each time by a new connection; prints "MILLISECONDS ANSWERS" ten times in a second
 *   tiny sleep
 *
 * An address is 0.0.0.0, 127.0.0.1, [::], [::1], ...; nothing before the colon stands for 0.0.0.0.
 * The body says which client the server saw. SIGTERM ends it.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

struct options {
	int udp, status, delay, noaccept, banner;
};

static void stop(int signal) {
	(void)signal;
	_exit(0);
}

static void die(const char *what) {
	fprintf(stderr, "tiny: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* "[::1]:80", "127.0.0.1:80" or ":80" */
static socklen_t parse(const char *text, union address *to) {
	char host[64];
	const char *colon = strrchr(text, ':');
	if (!colon || colon - text >= (long)sizeof host) errno = EINVAL, die(text);
	snprintf(host, sizeof host, "%.*s", (int)(colon - text), text);
	memset(to, 0, sizeof *to);
	if (host[0] == '[') {
		host[strlen(host) - 1] = 0;
		to->v6.sin6_family = AF_INET6;
		to->v6.sin6_port = htons(atoi(colon + 1));
		if (inet_pton(AF_INET6, host + 1, &to->v6.sin6_addr) != 1) errno = EINVAL, die(text);
		return sizeof to->v6;
	}
	to->v4.sin_family = AF_INET;
	to->v4.sin_port = htons(atoi(colon + 1));
	if (inet_pton(AF_INET, host[0] ? host : "0.0.0.0", &to->v4.sin_addr) != 1) errno = EINVAL, die(text);
	return sizeof to->v4;
}

static int name(const union address *of, char *text, size_t size) {
	char host[INET6_ADDRSTRLEN];
	if (of->any.sa_family == AF_INET6) {
		inet_ntop(AF_INET6, &of->v6.sin6_addr, host, sizeof host);
		return snprintf(text, size, "[%s]:%d", host, ntohs(of->v6.sin6_port));
	}
	inet_ntop(AF_INET, &of->v4.sin_addr, host, sizeof host);
	return snprintf(text, size, "%s:%d", host, ntohs(of->v4.sin_port));
}

static int listen_at(const char *text, const struct options *o) {
	union address at;
	socklen_t size = parse(text, &at);
	int on = 1, s = socket(at.any.sa_family, o->udp ? SOCK_DGRAM : SOCK_STREAM, 0);
	if (s < 0) die("socket");
	setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(s, &at.any, size)) die(text);
	if (!o->udp && listen(s, o->noaccept ? 1 : 64)) die(text);
	return s;
}

static void echo(int s) {
	char data[2048];
	union address from;
	socklen_t size = sizeof from;
	ssize_t n = recvfrom(s, data, sizeof data, 0, &from.any, &size);
	if (n >= 0) sendto(s, data, n, 0, &from.any, size);
}

/* One client in a process of its own, so that a slow one holds up nobody. */
static void answer(int s, const struct options *o) {
	char request[4096], client[80], text[512];
	union address from;
	socklen_t size = sizeof from;
	int c = accept(s, &from.any, &size);
	if (c < 0) return;
	if (fork() != 0) {
		close(c);
		return;
	}
	struct timeval limit = {10, 0};
	setsockopt(c, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	name(&from, client, sizeof client);
	if (o->banner) dprintf(c, "SSH-2.0-tiny\r\n");
	if (read(c, request, sizeof request) > 0 && !o->banner) {
		sleep(o->delay);
		int body = snprintf(text, sizeof text, "hello %s\n", client);
		dprintf(c, "HTTP/1.1 %d %s\r\nContent-Type: text/plain\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", o->status,
			o->status < 400 ? "OK" : "Refused", body, text);
	}
	shutdown(c, SHUT_WR);
	while (read(c, request, sizeof request) > 0);
	_exit(0);
}

static _Noreturn void serve(int count, char **arguments) {
	struct options o = {.status = 200};
	struct pollfd at[16];
	int n = 0;
	for (int i = 0; i < count; i++) {
		char *a = arguments[i];
		if (!strcmp(a, "--udp")) o.udp = 1;
		else if (!strcmp(a, "--noaccept")) o.noaccept = 1;
		else if (!strcmp(a, "--banner")) o.banner = 1;
		else if (!strcmp(a, "--status") && i + 1 < count) o.status = atoi(arguments[++i]);
		else if (!strcmp(a, "--delay") && i + 1 < count) o.delay = atoi(arguments[++i]);
		else if (n < 16) at[n++] = (struct pollfd){.fd = listen_at(a, &o), .events = POLLIN};
	}
	if (o.noaccept) for (;;) pause();
	for (;;) {
		if (poll(at, n, -1) < 0) continue;
		for (int i = 0; i < n; i++) {
			if (!(at[i].revents & POLLIN)) continue;
			if (o.udp) echo(at[i].fd);
			else answer(at[i].fd, &o);
		}
	}
}

static int get(const char *text) {
	char data[4096];
	union address to;
	socklen_t size = parse(text, &to);
	struct timeval limit = {5, 0};
	ssize_t n, all = 0;
	int s = socket(to.any.sa_family, SOCK_STREAM, 0);
	setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
	if (connect(s, &to.any, size)) die(text);
	dprintf(s, "GET / HTTP/1.0\r\n\r\n");
	while ((n = read(s, data, sizeof data)) > 0) {
		all += n;
		if (write(1, data, n) < 0) die("write");
	}
	return all > 0 ? 0 : 1;
}

static double now(void) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void sleep_until(double when) {
	struct timespec t = {(time_t)when, (long)((when - (time_t)when) * 1e9)};
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
}

static int asked(const union address *to, socklen_t size) {
	char data[512];
	struct timeval limit = {2, 0};
	int s = socket(to->any.sa_family, SOCK_STREAM, 0);
	ssize_t n = 0;
	setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
	setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
	if (!connect(s, &to->any, size) && dprintf(s, "GET / HTTP/1.0\r\n\r\n") > 0) n = read(s, data, sizeof data);
	close(s);
	return n > 0;
}

/* Four at a time, so that one slow answer does not hold up the rest. */
static int load(const char *text, double rate, double seconds) {
	enum { workers = 4 };
	union address to;
	socklen_t size = parse(text, &to);
	volatile unsigned *answers = mmap(NULL, workers * sizeof *answers, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	double began = now(), end = began + seconds;
	if (answers == MAP_FAILED || rate <= 0) die("load");
	for (int w = 0; w < workers; w++) {
		if (fork() != 0) continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (double next = began + w / rate; next < end; next += workers / rate) {
			/* What could not be asked in its time is not made up for: that would hide the delay. */
			if (next < now() - workers / rate) continue;
			sleep_until(next);
			answers[w] += asked(&to, size);
		}
		_exit(0);
	}
	for (double next = began; next < end; next += 0.1) {
		unsigned sum = 0;
		sleep_until(next);
		for (int w = 0; w < workers; w++) sum += answers[w];
		printf("%.1f %u\n", (now() - began) * 1000, sum);
		fflush(stdout);
	}
	while (wait(NULL) > 0);
	return 0;
}

int main(int count, char **arguments) {
	/* As a container's first process it has no default action for SIGTERM, and it inherits no reaper. */
	signal(SIGTERM, stop);
	signal(SIGINT, stop);
	signal(SIGCHLD, SIG_IGN);
	if (count > 2 && !strcmp(arguments[1], "serve")) serve(count - 2, arguments + 2);
	if (count == 3 && !strcmp(arguments[1], "get")) return get(arguments[2]);
	if (count == 5 && !strcmp(arguments[1], "load")) return load(arguments[2], atof(arguments[3]), atof(arguments[4]));
	if (count == 2 && !strcmp(arguments[1], "sleep")) for (;;) pause();
	fprintf(stderr, "usage: tiny serve [OPTIONS] ADDRESS:PORT ... | get ADDRESS:PORT | load ADDRESS:PORT RATE SECONDS | sleep\n");
	return 2;
}
