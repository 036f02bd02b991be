#include "files.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

// MARK: Undo log of savepoints

enum {
  undo_first_capacity = 512 * 1024,
  /// A block that one large transaction made larger than this is not kept.
  undo_kept_capacity = 4 * 1024 * 1024,
};

typedef struct {
  unsigned char *bytes;
  sqlite3_int64 capacity;
} block;

typedef struct {
  sqlite3_file base;
  block *content;
  sqlite3_int64 size;
} undo_file;

/// The block of the transaction before: with one writer there is one.
static _Atomic(block *) spare_block;

static void block_free(block *content) {
  if (content == NULL) return;
  free(content->bytes);
  free(content);
}

static int undo_close(sqlite3_file *base) {
  undo_file *file = (undo_file *)base;
  block *content = file->content;
  file->content = NULL;
  if (content != NULL && content->capacity <= undo_kept_capacity) {
    content = atomic_exchange(&spare_block, content);
  }
  block_free(content);
  return SQLITE_OK;
}

static int undo_read(sqlite3_file *base, void *bytes, int count, sqlite3_int64 offset) {
  undo_file *file = (undo_file *)base;
  const sqlite3_int64 there = file->size > offset ? file->size - offset : 0;
  const int copied = there < count ? (int)there : count;
  memcpy(bytes, file->content->bytes + offset, (size_t)copied);
  if (copied == count) return SQLITE_OK;
  memset((unsigned char *)bytes + copied, 0, (size_t)(count - copied));
  return SQLITE_IOERR_SHORT_READ;
}

static int undo_write(sqlite3_file *base, const void *bytes, int count, sqlite3_int64 offset) {
  undo_file *file = (undo_file *)base;
  block *content = file->content;
  const sqlite3_int64 end = offset + count;
  if (end > content->capacity) {
    sqlite3_int64 capacity = content->capacity;
    while (capacity < end) capacity *= 2;
    unsigned char *larger = realloc(content->bytes, (size_t)capacity);
    if (larger == NULL) return SQLITE_IOERR_NOMEM;
    content->bytes = larger;
    content->capacity = capacity;
  }
  if (offset > file->size) {
    memset(content->bytes + file->size, 0, (size_t)(offset - file->size));
  }
  memcpy(content->bytes + offset, bytes, (size_t)count);
  if (end > file->size) file->size = end;
  return SQLITE_OK;
}

static int undo_truncate(sqlite3_file *base, sqlite3_int64 size) {
  undo_file *file = (undo_file *)base;
  if (size < file->size) file->size = size;
  return SQLITE_OK;
}

static int undo_sync(sqlite3_file *base, int flags) {
  (void)base;
  (void)flags;
  return SQLITE_OK;
}

static int undo_size(sqlite3_file *base, sqlite3_int64 *size) {
  *size = ((undo_file *)base)->size;
  return SQLITE_OK;
}

static int undo_lock(sqlite3_file *base, int level) {
  (void)base;
  (void)level;
  return SQLITE_OK;
}

static int undo_check_reserved_lock(sqlite3_file *base, int *is_reserved) {
  (void)base;
  *is_reserved = 0;
  return SQLITE_OK;
}

static int undo_control(sqlite3_file *base, int operation, void *argument) {
  (void)base;
  (void)operation;
  (void)argument;
  return SQLITE_NOTFOUND;
}

static int undo_sector_size(sqlite3_file *base) {
  (void)base;
  return 4096;
}

static int undo_characteristics(sqlite3_file *base) {
  (void)base;
  return SQLITE_IOCAP_ATOMIC | SQLITE_IOCAP_SAFE_APPEND | SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static const sqlite3_io_methods undo_methods = {
    .iVersion = 1,
    .xClose = undo_close,
    .xRead = undo_read,
    .xWrite = undo_write,
    .xTruncate = undo_truncate,
    .xSync = undo_sync,
    .xFileSize = undo_size,
    .xLock = undo_lock,
    .xUnlock = undo_lock,
    .xCheckReservedLock = undo_check_reserved_lock,
    .xFileControl = undo_control,
    .xSectorSize = undo_sector_size,
    .xDeviceCharacteristics = undo_characteristics,
};

int joinery_open_undo_log(sqlite3_file *base, int flags, int *out_flags) {
  undo_file *file = (undo_file *)base;
  memset(file, 0, sizeof *file);
  block *content = atomic_exchange(&spare_block, NULL);
  if (content == NULL) {
    content = malloc(sizeof *content);
    if (content == NULL) return SQLITE_IOERR_NOMEM;
    content->capacity = undo_first_capacity;
    content->bytes = malloc(undo_first_capacity);
    if (content->bytes == NULL) {
      block_free(content);
      return SQLITE_IOERR_NOMEM;
    }
  }
  file->content = content;
  file->base.pMethods = &undo_methods;
  if (out_flags != NULL) *out_flags = flags;
  return SQLITE_OK;
}
