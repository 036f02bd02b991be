#include "writer_files.h"

#include <sqlite3.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

const char *const joinery_writer_files = "joinery-writer";

/// The platform's file system, which does everything else.
static sqlite3_vfs *platform;

// MARK: Write-ahead log

/// About thirty frames. The engine's unix file system takes less than 128 KiB at a time
/// (`seekAndWriteFd` in os_unix.c).
enum { pending_capacity = 124 * 1024 };

/// Bytes by which the log is lengthened at once: as much as it has, within these.
enum { least_room = 1024 * 1024, most_room = 4 * 1024 * 1024 };

typedef struct {
  sqlite3_file base;
  /// The platform's file, in the memory behind this struct.
  sqlite3_file *real;
  /// Bytes of the file, room ahead included.
  sqlite3_int64 size;
  /// The disk had no room ahead.
  bool is_cramped;
  /// Bytes written but not yet handed on, which belong at `start`.
  unsigned char *pending;
  int count;
  sqlite3_int64 start;
  /// See `joinery_watch_log`.
  void (*restarts)(void *context);
  void *context;
} log_file;

/// Lengthens the file with zeros beyond `end`, where its content has just come to end. The commits
/// that follow then overwrite, and their flushes need not make a new length durable too (measured on
/// ext4: 100 KB written and flushed in 170–230 µs instead of 300–375). Zeros are no frame to a
/// reader of the log: their salts are not the header's. On a full disk the content goes on alone.
static void log_make_room(log_file *file, sqlite3_int64 end) {
  static const unsigned char zeros[64 * 1024];
  sqlite3_int64 room = file->size;
  if (room < least_room) room = least_room;
  if (room > most_room) room = most_room;
  file->size = end;
  if (file->is_cramped) return;
  for (sqlite3_int64 at = end; at < end + room; at += sizeof zeros) {
    if (file->real->pMethods->xWrite(file->real, zeros, sizeof zeros, at) != SQLITE_OK) {
      file->is_cramped = true;
      file->real->pMethods->xTruncate(file->real, end);
      return;
    }
  }
  file->size = end + room;
}

static int log_put(log_file *file, const void *bytes, int count, sqlite3_int64 offset) {
  const int result = file->real->pMethods->xWrite(file->real, bytes, count, offset);
  if (result == SQLITE_OK && offset + count > file->size) log_make_room(file, offset + count);
  return result;
}

/// Hands on what waits. What could not be written is lost and reported, as by a write: the engine
/// then rolls the transaction back.
static int log_flush(log_file *file) {
  const int count = file->count;
  if (count == 0) return SQLITE_OK;
  file->count = 0;
  return log_put(file, file->pending, count, file->start);
}

static int log_write(sqlite3_file *base, const void *bytes, int count, sqlite3_int64 offset) {
  log_file *file = (log_file *)base;
  // The header, which comes before the first frame of a log.
  if (offset == 0 && file->restarts != NULL) file->restarts(file->context);
  if (offset != file->start + file->count || count > pending_capacity - file->count) {
    const int result = log_flush(file);
    if (result != SQLITE_OK) return result;
    if (count > pending_capacity) return log_put(file, bytes, count, offset);
    file->start = offset;
  }
  memcpy(file->pending + file->count, bytes, (size_t)count);
  file->count += count;
  return SQLITE_OK;
}

/// The platform's file.
static sqlite3_file *real(sqlite3_file *base) { return ((log_file *)base)->real; }

// What asks about the file, or says that it is complete, hands on first what waits.

static int log_read(sqlite3_file *base, void *bytes, int count, sqlite3_int64 offset) {
  const int failure = log_flush((log_file *)base);
  return failure ? failure : real(base)->pMethods->xRead(real(base), bytes, count, offset);
}

static int log_truncate(sqlite3_file *base, sqlite3_int64 size) {
  log_file *file = (log_file *)base;
  const int failure = log_flush(file);
  if (failure) return failure;
  const int result = real(base)->pMethods->xTruncate(real(base), size);
  if (result == SQLITE_OK && size < file->size) file->size = size;
  file->is_cramped = false;
  return result;
}

static int log_sync(sqlite3_file *base, int flags) {
  const int failure = log_flush((log_file *)base);
  return failure ? failure : real(base)->pMethods->xSync(real(base), flags);
}

static int log_size(sqlite3_file *base, sqlite3_int64 *size) {
  const int failure = log_flush((log_file *)base);
  return failure ? failure : real(base)->pMethods->xFileSize(real(base), size);
}

static int log_close(sqlite3_file *base) {
  log_file *file = (log_file *)base;
  // Only frames of a transaction that was never committed can still wait here.
  file->count = 0;
  free(file->pending);
  return file->real->pMethods->xClose(file->real);
}

static int log_lock(sqlite3_file *base, int level) {
  return real(base)->pMethods->xLock(real(base), level);
}

static int log_unlock(sqlite3_file *base, int level) {
  return real(base)->pMethods->xUnlock(real(base), level);
}

static int log_check_reserved_lock(sqlite3_file *base, int *is_reserved) {
  return real(base)->pMethods->xCheckReservedLock(real(base), is_reserved);
}

static int log_control(sqlite3_file *base, int operation, void *argument) {
  return real(base)->pMethods->xFileControl(real(base), operation, argument);
}

static int log_sector_size(sqlite3_file *base) {
  return real(base)->pMethods->xSectorSize(real(base));
}

static int log_characteristics(sqlite3_file *base) {
  // Without this a commit would be padded with frames that come after its flush.
  return real(base)->pMethods->xDeviceCharacteristics(real(base))
      | SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static const sqlite3_io_methods log_methods = {
    .iVersion = 1,
    .xClose = log_close,
    .xRead = log_read,
    .xWrite = log_write,
    .xTruncate = log_truncate,
    .xSync = log_sync,
    .xFileSize = log_size,
    .xLock = log_lock,
    .xUnlock = log_unlock,
    .xCheckReservedLock = log_check_reserved_lock,
    .xFileControl = log_control,
    .xSectorSize = log_sector_size,
    .xDeviceCharacteristics = log_characteristics,
};

static int log_open(const char *name, sqlite3_file *base, int flags, int *out_flags) {
  log_file *file = (log_file *)base;
  memset(file, 0, sizeof *file);
  file->real = (sqlite3_file *)(file + 1);
  file->pending = malloc(pending_capacity);
  if (file->pending == NULL) return SQLITE_IOERR_NOMEM;
  file->real->pMethods = NULL;
  int result = platform->xOpen(platform, name, file->real, flags, out_flags);
  if (result == SQLITE_OK) result = file->real->pMethods->xFileSize(file->real, &file->size);
  if (result == SQLITE_OK) {
    file->base.pMethods = &log_methods;
    return SQLITE_OK;
  }
  free(file->pending);
  if (file->real->pMethods != NULL) file->real->pMethods->xClose(file->real);
  return result;
}

int joinery_watch_log(sqlite3 *database, void (*restarts)(void *context), void *context) {
  sqlite3_file *base = NULL;
  const int result =
      sqlite3_file_control(database, "main", SQLITE_FCNTL_JOURNAL_POINTER, (void *)&base);
  if (result != SQLITE_OK) return result;
  if (base == NULL || base->pMethods != &log_methods) return SQLITE_MISUSE;
  log_file *file = (log_file *)base;
  file->restarts = restarts;
  file->context = context;
  return SQLITE_OK;
}

void joinery_log_checksum(
    uint32_t checksum[2], const unsigned char *bytes, size_t count, bool is_big_endian) {
  uint32_t first = checksum[0];
  uint32_t second = checksum[1];
  for (size_t at = 0; at + 8 <= count; at += 8) {
    uint32_t words[2];
    memcpy(words, bytes + at, sizeof words);
    if (is_big_endian) {
      words[0] = __builtin_bswap32(words[0]);
      words[1] = __builtin_bswap32(words[1]);
    }
    first += words[0] + second;
    second += words[1] + first;
  }
  checksum[0] = first;
  checksum[1] = second;
}

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

static int undo_open(sqlite3_file *base, int flags, int *out_flags) {
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

// MARK: File system

static int writer_open(
    sqlite3_vfs *files, const char *name, sqlite3_file *file, int flags, int *out_flags) {
  (void)files;
  if (flags & SQLITE_OPEN_WAL) return log_open(name, file, flags, out_flags);
  if (flags & SQLITE_OPEN_SUBJOURNAL) return undo_open(file, flags, out_flags);
  return platform->xOpen(platform, name, file, flags, out_flags);
}

int joinery_register_writer_files(void) {
  static sqlite3_vfs files;
  platform = sqlite3_vfs_find(NULL);
  if (platform == NULL) return SQLITE_ERROR;
  files = *platform;
  files.pNext = NULL;
  files.zName = joinery_writer_files;
  files.xOpen = writer_open;
  // Memory for either of ours or for a log file with the platform's behind it.
  files.szOsFile = (int)sizeof(log_file) + platform->szOsFile;
  return sqlite3_vfs_register(&files, 0);
}
