/* A clock that is set while a program runs that was started with this in LD_PRELOAD and
 *
 *     FAULTY_CLOCK=FILE
 *
 * FILE holds the seconds by which the time of day is wrong, and may change at any moment. The
 * monotonic clock goes on.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long wrong_by(void) {
  const char *name = getenv("FAULTY_CLOCK");
  if (name == NULL) return 0;
  const int file = open(name, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  char text[32] = {0};
  const ssize_t length = read(file, text, sizeof text - 1);
  close(file);
  return length > 0 ? atol(text) : 0;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  static __typeof__(clock_gettime) *real;
  if (real == NULL) real = (__typeof__(clock_gettime) *)dlsym(RTLD_NEXT, "clock_gettime");
  const int result = real(clock, time);
  if (result == 0 && clock == CLOCK_REALTIME) time->tv_sec += wrong_by();
  return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  static __typeof__(gettimeofday) *real;
  if (real == NULL) real = (__typeof__(gettimeofday) *)dlsym(RTLD_NEXT, "gettimeofday");
  const int result = real(time, zone);
  if (result == 0) time->tv_sec += wrong_by();
  return result;
}
