/* A disk that fails on order, for a program that is started with this in LD_PRELOAD and
 *
 *     FAULTY_DISK=CALL:SUFFIX:NUMBER:EFFECT:TIMES
 *
 * From the NUMBER-th CALL (write, pwrite, pread, fdatasync, ftruncate) on a file whose name ends in
 * SUFFIX, so many TIMES (0: for ever) the call fails with EIO, ENOSPC or EROFS, does half of its
 * work (short), or takes 20 ms (slow). Each strike is a line on standard error.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static char call[16], suffix[32], effect[16];
static long number, times;
static atomic_long calls, strikes;

__attribute__((constructor)) static void read_order(void) {
  const char *order = getenv("FAULTY_DISK");
  if (order == NULL) return;
  if (sscanf(order, "%15[^:]:%31[^:]:%ld:%15[^:]:%ld", call, suffix, &number, effect, &times) != 5) {
    fprintf(stderr, "FAULTY_DISK=%s is not CALL:SUFFIX:NUMBER:EFFECT:TIMES\n", order);
    exit(2);
  }
}

/* Whether this call is to go wrong. */
static int strikes_now(const char *name, int file) {
  if (strcmp(name, call) != 0) return 0;
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  const size_t ending = strlen(suffix);
  if ((size_t)length < ending || strcmp(path + length - ending, suffix) != 0) return 0;
  const long count = atomic_fetch_add(&calls, 1) + 1;
  if (count < number || (times > 0 && count >= number + times)) return 0;
  if (atomic_fetch_add(&strikes, 1) == 0) {
    dprintf(2, "faulty disk: %s %ld of %s: %s\n", name, count, path, effect);
  }
  if (strcmp(effect, "slow") == 0) {
    usleep(20000);
    return 0;
  }
  return 1;
}

static int failure(void) {
  errno = strcmp(effect, "ENOSPC") == 0 ? ENOSPC : strcmp(effect, "EROFS") == 0 ? EROFS : EIO;
  return -1;
}

static int is_short(void) { return strcmp(effect, "short") == 0; }

#define REAL(name) \
  static __typeof__(name) *real; \
  if (real == NULL) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

ssize_t write(int file, const void *bytes, size_t count) {
  REAL(write);
  if (!strikes_now("write", file)) return real(file, bytes, count);
  return is_short() ? real(file, bytes, count / 2) : failure();
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset) {
  REAL(pwrite64);
  if (!strikes_now("pwrite", file)) return real(file, bytes, count, offset);
  return is_short() ? real(file, bytes, count / 2, offset) : failure();
}

ssize_t pread64(int file, void *bytes, size_t count, off64_t offset) {
  REAL(pread64);
  if (!strikes_now("pread", file)) return real(file, bytes, count, offset);
  return is_short() ? real(file, bytes, count / 2, offset) : failure();
}

int fdatasync(int file) {
  REAL(fdatasync);
  return strikes_now("fdatasync", file) ? failure() : real(file);
}

int ftruncate64(int file, off64_t size) {
  REAL(ftruncate64);
  return strikes_now("ftruncate", file) ? failure() : real(file, size);
}
