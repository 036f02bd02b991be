#pragma once
#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/*
 * An arena for protobuf-c: allocation moves a pointer, nothing is freed before the end, and what is
 * handed out in all has a bound. The first chunk belongs to the thread, so a usual message needs no malloc.
 */

enum { joinery_first_chunk = 16 * 1024 };

typedef struct joinery_arena {
  ProtobufCAllocator allocator;
  uint8_t *cursor;
  uint8_t *end;
  /* Bytes that may still be handed out. */
  size_t budget;
  /* Set when the budget refused an allocation: protobuf-c itself does not tell why it failed. */
  bool exhausted;
  /* Set when protobuf-c gave something back before the end: it may have merged messages. */
  bool freed;
  /* Whether the thread's chunk is in use by this arena. */
  bool owns_thread_chunk;
  size_t next_chunk;
  /* Malloc'd chunks; each begins with a pointer to the one before. */
  void *chunks;
} joinery_arena;

typedef struct joinery_thread_chunk {
  bool in_use;
  _Alignas(16) uint8_t memory[joinery_first_chunk];
} joinery_thread_chunk;

static inline joinery_thread_chunk *joinery_current_thread_chunk(void) {
  static _Thread_local joinery_thread_chunk chunk;
  return &chunk;
}

/* Takes `size` bytes off the budget. False, and the arena exhausted, when it has not that much left. */
static inline bool joinery_arena_charge(joinery_arena *arena, size_t size) {
  if (size > arena->budget) {
    arena->exhausted = true;
    return false;
  }
  arena->budget -= size;
  return true;
}

static inline void *joinery_arena_grow(joinery_arena *arena, size_t size) {
  const size_t header = 16;
  size_t total = size + header > arena->next_chunk ? size + header : arena->next_chunk;
  uint8_t *chunk = malloc(total);
  if (chunk == NULL) {
    arena->exhausted = true;
    return NULL;
  }
  if (arena->next_chunk < 1024 * 1024) arena->next_chunk *= 2;
  *(void **)chunk = arena->chunks;
  arena->chunks = chunk;
  arena->cursor = chunk + header + size;
  arena->end = chunk + total;
  return chunk + header;
}

/* Memory aligned to 8 bytes, which is all that generated structs need; NULL beyond the budget. */
static inline void *joinery_arena_alloc(void *self, size_t size) {
  joinery_arena *arena = self;
  if (size > SIZE_MAX - 64) size = SIZE_MAX - 64;
  size = (size + 7) & ~(size_t)7;
  if (!joinery_arena_charge(arena, size)) return NULL;
  if (size > (size_t)(arena->end - arena->cursor)) return joinery_arena_grow(arena, size);
  void *memory = arena->cursor;
  arena->cursor += size;
  return memory;
}

static inline void joinery_arena_note_free(void *self, void *memory) {
  if (memory != NULL) ((joinery_arena *)self)->freed = true;
}

/* Starts an arena that may hand out `budget` bytes. */
static inline void joinery_arena_open(joinery_arena *arena, size_t budget) {
  joinery_thread_chunk *chunk = joinery_current_thread_chunk();
  arena->allocator.alloc = joinery_arena_alloc;
  arena->allocator.free = joinery_arena_note_free;
  arena->allocator.allocator_data = arena;
  arena->budget = budget;
  arena->exhausted = false;
  arena->freed = false;
  arena->next_chunk = 2 * joinery_first_chunk;
  arena->chunks = NULL;
  arena->owns_thread_chunk = !chunk->in_use;
  chunk->in_use = true;
  arena->cursor = chunk->memory;
  arena->end = arena->owns_thread_chunk ? chunk->memory + joinery_first_chunk : chunk->memory;
}

/* Ends the arena on the thread that opened it; all its memory is gone. */
static inline void joinery_arena_close(joinery_arena *arena) {
  if (arena->owns_thread_chunk) joinery_current_thread_chunk()->in_use = false;
  while (arena->chunks != NULL) {
    void *next = *(void **)arena->chunks;
    free(arena->chunks);
    arena->chunks = next;
  }
}

static inline bool joinery_take_varint(const uint8_t **cursor, const uint8_t *end, uint64_t *value) {
  *value = 0;
  for (unsigned shift = 0; shift < 70 && *cursor < end; shift += 7) {
    uint8_t byte = *(*cursor)++;
    *value |= (uint64_t)(byte & 0x7F) << (shift & 63);
    if (byte < 0x80) return true;
  }
  return false;
}

/*
 * Whether a singular message field occurs more than once in one message, here or further in. Such pieces
 * are to be merged, and protobuf-c 1.4.1 loses proto3 scalars of the earlier ones when it does so.
 */
static inline bool joinery_has_pieces(
    const ProtobufCMessageDescriptor *type, const uint8_t *cursor, const uint8_t *end) {
  unsigned index = 0;
  uint64_t seen[4] = {0};
  while (cursor < end) {
    uint64_t key, size;
    if (!joinery_take_varint(&cursor, end, &key)) return false;
    switch (key & 7) {
      case 0:
        if (!joinery_take_varint(&cursor, end, &size)) return false;
        continue;
      case 1: size = 8; break;
      case 2:
        if (!joinery_take_varint(&cursor, end, &size)) return false;
        break;
      case 5: size = 4; break;
      default: return false;
    }
    if (size > (uint64_t)(end - cursor)) return false;
    const uint8_t *content = cursor;
    cursor += size;
    if ((key & 7) != 2) continue;
    /* Fields usually come in order, so the search goes on where the last one ended. */
    unsigned tries = 0;
    while (tries < type->n_fields && type->fields[index].id != key >> 3) {
      index = index + 1 < type->n_fields ? index + 1 : 0;
      tries++;
    }
    if (tries == type->n_fields || type->fields[index].type != PROTOBUF_C_TYPE_MESSAGE) continue;
    if (type->fields[index].label != PROTOBUF_C_LABEL_REPEATED) {
      /* Beyond 256 fields several share a bit: then a merge may be done in vain. */
      uint64_t bit = (uint64_t)1 << (index & 63);
      if (seen[index >> 6 & 3] & bit) return true;
      seen[index >> 6 & 3] |= bit;
    }
    if (joinery_has_pieces(type->fields[index].descriptor, content, cursor)) return true;
  }
  return false;
}

/* Whether all bytes are ASCII other than U+0000, which most text is; eight at a time. */
static inline bool joinery_is_plain_text(const uint8_t *bytes, size_t count) {
  const uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;
  while (count >= 8) {
    uint64_t word;
    memcpy(&word, bytes, 8);
    /* A zero byte borrows from its top bit; with no top bit set before, that is the only way to one. */
    if (((word - ones) | word) & highs) return false;
    bytes += 8;
    count -= 8;
  }
  for (; count > 0; bytes++, count--) {
    if (*bytes == 0 || *bytes > 0x7F) return false;
  }
  return true;
}

static inline bool joinery_has_nul(const uint8_t *bytes, size_t count) {
  return memchr(bytes, 0, count) != NULL;
}

static inline bool joinery_equal(
    const uint8_t *left, size_t left_count, const uint8_t *right, size_t right_count) {
  return left_count == right_count && memcmp(left, right, left_count) == 0;
}
