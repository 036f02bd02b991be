#include "files.h"

#include <stdlib.h>
#include <string.h>

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
  /// Bytes written but not yet handed on, which belong at `start`; NULL until something is written.
  unsigned char *pending;
  int count;
  sqlite3_int64 start;
  /// NULL where they are as the engine writes them.
  joinery_pages *pages;
  /// The page whose frame's header was written last, and where its content belongs.
  uint32_t page;
  sqlite3_int64 content_at;
  /// From here on frames have no checksum of their own: the engine has overwritten the content of
  /// one in the middle of a transaction, and puts all of them in order when it commits.
  sqlite3_int64 unchecked;
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

enum { frame_bytes = joinery_frame_header_bytes + joinery_page_bytes };

/// Where in a frame an offset lies; negative in the log's header.
static int place_in_frame(sqlite3_int64 offset) {
  if (offset < joinery_log_header_bytes) return -1;
  return (int)((offset - joinery_log_header_bytes) % frame_bytes);
}

static uint32_t number_at(const uint8_t *bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/// Notes what a header says, or finds what it said, before content is written; a result code.
static int log_note(log_file *file, const void *bytes, int count, sqlite3_int64 offset) {
  const int place = place_in_frame(offset);
  if (place == 0 && count == joinery_frame_header_bytes) {
    file->page = number_at(bytes);
    file->content_at = offset + joinery_frame_header_bytes;
    if (offset <= file->unchecked) file->unchecked = INT64_MAX;
    return SQLITE_OK;
  }
  if (place < 0) return SQLITE_OK;
  if (place != joinery_frame_header_bytes || count != joinery_page_bytes) {
    return SQLITE_IOERR_WRITE;
  }
  if (offset == file->content_at) return SQLITE_OK;
  if (offset < file->unchecked) file->unchecked = offset;
  int result = log_flush(file);
  uint8_t header[joinery_frame_header_bytes];
  if (result == SQLITE_OK) {
    result = file->real->pMethods->xRead(
        file->real, header, sizeof header, offset - joinery_frame_header_bytes);
  }
  file->page = number_at(header);
  file->content_at = offset;
  return result;
}

static int log_write(sqlite3_file *base, const void *bytes, int count, sqlite3_int64 offset) {
  log_file *file = (log_file *)base;
  if (file->pending == NULL) file->pending = malloc(pending_capacity);
  if (file->pending == NULL) return SQLITE_IOERR_NOMEM;
  if (file->pages != NULL) {
    const int failure = log_note(file, bytes, count, offset);
    if (failure) return failure;
  }
  // The header, which comes before the first frame of a log.
  if (offset == 0 && file->restarts != NULL) file->restarts(file->context);
  if (offset != file->start + file->count || count > pending_capacity - file->count) {
    const int result = log_flush(file);
    if (result != SQLITE_OK) return result;
    if (count > pending_capacity) return log_put(file, bytes, count, offset);
    file->start = offset;
  }
  uint8_t *target = file->pending + file->count;
  memcpy(target, bytes, (size_t)count);
  uint8_t key[joinery_key_id_bytes];
  // Without a key a frame has a checksum already, and is as the engine's own programs know it.
  if (file->pages != NULL && offset == file->content_at && joinery_pages_seals(file->pages, key)
      && joinery_page_seal(file->pages, file->page, target) != joinery_page_whole) {
    return SQLITE_IOERR_NOMEM;
  }
  file->count += count;
  return SQLITE_OK;
}

/// The platform's file.
static sqlite3_file *real(sqlite3_file *base) { return ((log_file *)base)->real; }

// What asks about the file, or says that it is complete, hands on first what waits.

/// Whether a frame that is not sealed has the checksum that follows from the frame before it.
static bool has_checksum(log_file *file, const uint8_t *frame, sqlite3_int64 offset) {
  const bool is_first = offset == joinery_log_header_bytes;
  uint8_t before[8];
  const sqlite3_int64 at = is_first ? 24 : offset - frame_bytes + 16;
  if (file->real->pMethods->xRead(file->real, before, sizeof before, at) != SQLITE_OK) return false;
  // The engine's are those of the machine that began the log, and all of ours are little-endian.
  for (int is_big_endian = 0; is_big_endian < 2; is_big_endian++) {
    uint32_t sum[2] = {number_at(before), number_at(before + 4)};
    joinery_log_checksum(sum, frame, 8, is_big_endian);
    joinery_log_checksum(sum, frame + joinery_frame_header_bytes, joinery_page_bytes, is_big_endian);
    if (sum[0] == number_at(frame + 16) && sum[1] == number_at(frame + 20)) return true;
  }
  return false;
}

/// The content of a frame as the engine knows it, once the frame is in its index.
static int read_content(log_file *file, uint8_t *page, sqlite3_int64 offset) {
  uint8_t *frame = joinery_scratch();
  uint8_t key[joinery_key_id_bytes];
  uint8_t *content = frame + joinery_frame_header_bytes;
  const sqlite3_int64 start = offset - joinery_frame_header_bytes;
  const int result = file->real->pMethods->xRead(file->real, frame, frame_bytes, start);
  if (result != SQLITE_OK) return result;
  joinery_page_state state = joinery_page_whole;
  if (joinery_page_is_sealed(content, key)) {
    memcpy(page, content, joinery_page_bytes);
    state = joinery_page_open(file->pages, number_at(frame), page);
  } else if (offset < file->unchecked && !has_checksum(file, frame, start)) {
    state = joinery_page_damaged;
  } else {
    memcpy(page, content, joinery_page_bytes);
  }
  if (state == joinery_page_whole) return SQLITE_OK;
  memset(page, 0, joinery_page_bytes);
  return joinery_note_damage(state, number_at(frame), true, content);
}

/// A whole frame, as the engine reads it when it recovers a log. What is sealed and is not whole is
/// handed out as zeros: to the engine, who compares the frame's checksum, the log ends there, as it
/// does where a machine stopped in the middle of a write (see `LogPages`, which looks before).
static int read_frame(log_file *file, uint8_t *frame, sqlite3_int64 offset) {
  const int result = file->real->pMethods->xRead(file->real, frame, frame_bytes, offset);
  uint8_t *content = frame + joinery_frame_header_bytes;
  uint8_t key[joinery_key_id_bytes];
  if (result != SQLITE_OK || !joinery_page_is_sealed(content, key)) return result;
  const joinery_page_state state = joinery_page_open(file->pages, number_at(frame), content);
  if (state == joinery_page_whole) return SQLITE_OK;
  uint8_t salts[8];
  if (state == joinery_page_failed) return SQLITE_IOERR_NOMEM;
  // One of an earlier log may be of a key that nobody has any more.
  if (state == joinery_page_locked
      && file->real->pMethods->xRead(file->real, salts, sizeof salts, 16) == SQLITE_OK
      && memcmp(salts, frame + 8, sizeof salts) == 0) {
    return joinery_note_damage(state, number_at(frame), true, content);
  }
  memset(content, 0, joinery_page_bytes);
  return SQLITE_OK;
}

static int log_read(sqlite3_file *base, void *bytes, int count, sqlite3_int64 offset) {
  log_file *file = (log_file *)base;
  const int failure = log_flush(file);
  if (failure) return failure;
  const int place = place_in_frame(offset);
  if (file->pages != NULL && place + count > joinery_frame_header_bytes) {
    if (place == joinery_frame_header_bytes && count == joinery_page_bytes) {
      return read_content(file, bytes, offset);
    }
    if (place == 0 && count == frame_bytes) return read_frame(file, bytes, offset);
    // The header of the log is longer than that of a frame.
    if (place >= 0) return SQLITE_IOERR_READ;
  }
  return real(base)->pMethods->xRead(real(base), bytes, count, offset);
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
  ((log_file *)base)->unchecked = INT64_MAX;
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
  if (file->pages != NULL) joinery_pages_release(file->pages);
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

size_t joinery_log_file_bytes(void) { return sizeof(log_file); }

int joinery_open_log(const char *name, sqlite3_file *base, int flags, int *out_flags) {
  log_file *file = (log_file *)base;
  memset(file, 0, sizeof *file);
  file->real = (sqlite3_file *)(file + 1);
  file->content_at = -1;
  file->unchecked = INT64_MAX;
  file->real->pMethods = NULL;
  int result = joinery_platform()->xOpen(joinery_platform(), name, file->real, flags, out_flags);
  if (result == SQLITE_OK) result = file->real->pMethods->xFileSize(file->real, &file->size);
  if (result == SQLITE_OK) {
    file->pages = joinery_pages_of_log(name);
    if (file->pages != NULL) joinery_pages_retain(file->pages);
    file->base.pMethods = &log_methods;
    return SQLITE_OK;
  }
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
