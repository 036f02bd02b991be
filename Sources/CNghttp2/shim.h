#pragma once
#include <nghttp2/nghttp2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

// 1.52.0-1+deb12u1 and u2 backport these two from 1.57 and 1.61; the version macro does not tell, so a
// library without them fails here, at build time, instead of running without its defences
// (CVE-2023-44487, CVE-2024-28182).
static inline void joinery_option_set_abuse_limits(nghttp2_option *option, uint64_t reset_burst,
                                                   uint64_t reset_rate, size_t continuations) {
  nghttp2_option_set_stream_reset_rate_limit(option, reset_burst, reset_rate);
  nghttp2_option_set_max_continuations(option, continuations);
}

// Two pieces of what nghttp2 allocates with each session are most of what an idle connection would hold:
//
// - A buffer of 16 KiB for the frame that it is sending. Nothing is in it between two calls of nghttp2_session_mem_send:
//   a DATA frame's payload never passes through it (NO_COPY), and all that was returned has been copied. So the sessions
//   of one thread have the same one.
// - A table of 4 KiB for its streams, all zero while there are none. It gets pages of its own, which the kernel provides
//   when they are first written to, and takes back when the connection rests.
//
// Everything else is malloc's.
enum { joinery_frame_least = 16 * 1024, joinery_frame_most = 20 * 1024, joinery_page = 4096 };

typedef struct {
  _Alignas(16) unsigned char bytes[joinery_frame_most];
} joinery_frame_memory;

typedef struct {
  joinery_frame_memory *frame; // must outlive the session
  int is_making;               // the session is being made
  void *table;                 // the pages of the table, or NULL
  size_t table_bytes;
} joinery_session_memory;

static inline void *joinery_malloc(size_t size, void *user) {
  joinery_session_memory *memory = (joinery_session_memory *)user;
  if (memory->is_making && size >= joinery_frame_least && size <= joinery_frame_most) return memory->frame->bytes;
  return malloc(size);
}

static inline void joinery_free(void *block, void *user) {
  joinery_session_memory *memory = (joinery_session_memory *)user;
  if (!block || block == memory->frame->bytes) return;
  if (block != memory->table) return free(block);
  munmap(block, memory->table_bytes);
  memory->table = NULL;
}

static inline void *joinery_calloc(size_t count, size_t size, void *user) {
  joinery_session_memory *memory = (joinery_session_memory *)user;
  size_t bytes = count * size;
  if (!memory->is_making || memory->table || bytes == 0 || bytes % joinery_page != 0) return calloc(count, size);
  void *pages = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) return NULL;
  memory->table = pages;
  memory->table_bytes = bytes;
  return pages;
}

static inline void *joinery_realloc(void *block, size_t size, void *user) {
  joinery_session_memory *memory = (joinery_session_memory *)user;
  if (!block) return joinery_malloc(size, user);
  size_t held = block == memory->frame->bytes ? joinery_frame_most : block == memory->table ? memory->table_bytes : 0;
  if (held == 0) return realloc(block, size);
  void *grown = malloc(size);
  if (!grown) return NULL;
  memcpy(grown, block, size < held ? size : held);
  joinery_free(block, user);
  return grown;
}

// Gives back the pages of the streams' table, if it is empty and has not been replaced by a larger one. Returns whether
// it did.
static inline int joinery_session_rest(joinery_session_memory *memory) {
  const unsigned char *bytes = (const unsigned char *)memory->table;
  if (!bytes || bytes[0] != 0 || memcmp(bytes, bytes + 1, memory->table_bytes - 1) != 0) return 0;
  return madvise(memory->table, memory->table_bytes, MADV_DONTNEED) == 0;
}

// nghttp2_session_server_new3 or nghttp2_session_client_new3; `memory` must outlive the session, and its frame be set.
static inline int joinery_session_new(nghttp2_session **session, int is_server,
                                      const nghttp2_session_callbacks *callbacks, void *user,
                                      const nghttp2_option *option, joinery_session_memory *memory) {
  nghttp2_mem functions = {memory, joinery_malloc, joinery_free, joinery_calloc, joinery_realloc};
  memory->table = NULL;
  memory->is_making = 1;
  int status = is_server ? nghttp2_session_server_new3(session, callbacks, user, option, &functions)
                         : nghttp2_session_client_new3(session, callbacks, user, option, &functions);
  memory->is_making = 0;
  return status;
}
