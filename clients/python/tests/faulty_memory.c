/* Memory that runs out for one library of a program that is started with this in LD_PRELOAD and
 *
 *     FAULTY_MEMORY=LIBRARY:FILE
 *
 * As long as FILE is there, every n-th allocation that a library with LIBRARY in its name makes gets
 * nothing, where FILE says n.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char library[64], file[1024];
static uintptr_t low, high;
static atomic_long calls;

static int find(struct dl_phdr_info *info, size_t size, void *context) {
  (void)size;
  (void)context;
  if (strstr(info->dlpi_name, library) == NULL) return 0;
  for (int index = 0; index < info->dlpi_phnum; index++) {
    const ElfW(Phdr) *part = &info->dlpi_phdr[index];
    if (part->p_type != PT_LOAD || !(part->p_flags & PF_X)) continue;
    low = info->dlpi_addr + part->p_vaddr;
    high = low + part->p_memsz;
  }
  return 1;
}

__attribute__((constructor)) static void read_order(void) {
  const char *order = getenv("FAULTY_MEMORY");
  if (order == NULL) return;
  if (sscanf(order, "%63[^:]:%1023s", library, file) != 2) {
    fprintf(stderr, "FAULTY_MEMORY=%s is not LIBRARY:FILE\n", order);
    exit(2);
  }
  dl_iterate_phdr(find, NULL);
}

static int is_out(void *caller) {
  if ((uintptr_t)caller < low || (uintptr_t)caller >= high) return 0;
  const int opened = open(file, O_RDONLY | O_CLOEXEC);
  if (opened < 0) return 0;
  char text[32] = {0};
  const ssize_t length = read(opened, text, sizeof text - 1);
  close(opened);
  const long every = length > 0 ? atol(text) : 0;
  if (every <= 0 || atomic_fetch_add(&calls, 1) % every != every - 1) return 0;
  errno = ENOMEM;
  return 1;
}

void *malloc(size_t size) {
  static __typeof__(malloc) *real;
  if (real == NULL) real = (__typeof__(malloc) *)dlsym(RTLD_NEXT, "malloc");
  return is_out(__builtin_return_address(0)) ? NULL : real(size);
}

void *realloc(void *block, size_t size) {
  static __typeof__(realloc) *real;
  if (real == NULL) real = (__typeof__(realloc) *)dlsym(RTLD_NEXT, "realloc");
  return is_out(__builtin_return_address(0)) ? NULL : real(block, size);
}
