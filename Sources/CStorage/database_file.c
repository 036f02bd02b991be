#include "files.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

/// The platform's file system, which does everything else.
static sqlite3_vfs *platform;
static const char *const our_files = "joinery";

sqlite3_vfs *joinery_platform(void) { return platform; }

/// How the database that this thread is opening is protected: the engine hands on no more than a
/// name. Also of the target of a VACUUM.
static _Thread_local joinery_pages *opening;

// MARK: Damage

static _Thread_local joinery_damage last_damage;
static _Thread_local bool has_damage;

int joinery_note_damage(
    joinery_page_state state, uint32_t number, bool is_in_log, const uint8_t *page) {
  if (state == joinery_page_failed) return SQLITE_IOERR_NOMEM;
  memset(&last_damage, 0, sizeof last_damage);
  last_damage.page = number;
  last_damage.is_in_log = is_in_log;
  last_damage.state = state;
  joinery_page_is_sealed(page, last_damage.key);
  has_damage = true;
  return SQLITE_CORRUPT;
}

bool joinery_take_damage(joinery_damage *damage) {
  if (!has_damage) return false;
  has_damage = false;
  *damage = last_damage;
  return true;
}

void joinery_await_write(joinery_pages *pages, int attempt) {
  joinery_pages_reread(pages, attempt);
  if (attempt == 0) {
    sched_yield();
  } else {
    platform->xSleep(platform, 100 << attempt);
  }
}

uint8_t *joinery_scratch(void) {
  static _Thread_local uint8_t scratch[joinery_frame_header_bytes + joinery_page_bytes];
  return scratch;
}

// MARK: The database

typedef struct {
  sqlite3_file base;
  sqlite3_file *real;
  joinery_pages *pages;
} database_file;

static sqlite3_file *real(sqlite3_file *base) { return ((database_file *)base)->real; }

/// A whole page as the engine knows it; with zeros where the file ends before it.
static int read_page(database_file *file, uint32_t number, uint8_t *page) {
  const sqlite3_int64 offset = (sqlite3_int64)(number - 1) * joinery_page_bytes;
  joinery_page_state state = joinery_page_whole;
  for (int attempt = 0; attempt < joinery_read_attempts; attempt++) {
    const int result = file->real->pMethods->xRead(file->real, page, joinery_page_bytes, offset);
    if (result != SQLITE_OK) return result;
    state = joinery_page_open(file->pages, number, page);
    if (state == joinery_page_whole) return SQLITE_OK;
    if (state == joinery_page_failed) break;
    joinery_await_write(file->pages, attempt);
  }
  // For what names its key: as it is on the disk.
  file->real->pMethods->xRead(file->real, page, joinery_page_bytes, offset);
  const int result = joinery_note_damage(state, number, false, page);
  memset(page, 0, joinery_page_bytes);
  return result;
}

/// Of a database's header.
enum { header_bytes = 100 };

/// The engine begins with the size of the pages and of their reserve, before it opens a log. Where a
/// machine stopped while page 1 was being copied from the log into the file, the log has it whole.
static int read_header(database_file *file, uint8_t *header) {
  memset(header, 0, header_bytes);
  const int result = file->real->pMethods->xRead(file->real, header, 24, 0);
  memcpy(header, "SQLite format 3", 16);
  return result;
}

static int database_read(sqlite3_file *base, void *bytes, int count, sqlite3_int64 offset) {
  database_file *file = (database_file *)base;
  const uint32_t number = (uint32_t)(offset / joinery_page_bytes) + 1;
  const int start = (int)(offset % joinery_page_bytes);
  if (start == 0 && count == joinery_page_bytes) return read_page(file, number, bytes);
  if (start + count > joinery_page_bytes) return SQLITE_IOERR_READ;
  uint8_t *scratch = joinery_scratch();
  const int result = read_page(file, number, scratch);
  if (result == SQLITE_OK || result == SQLITE_IOERR_SHORT_READ) {
    memcpy(bytes, scratch + start, (size_t)count);
  } else if (result == SQLITE_CORRUPT && number == 1 && start == 0 && count == header_bytes) {
    return read_header(file, bytes);
  }
  return result;
}

static int database_write(
    sqlite3_file *base, const void *bytes, int count, sqlite3_int64 offset) {
  database_file *file = (database_file *)base;
  if (count != joinery_page_bytes || offset % joinery_page_bytes != 0) return SQLITE_IOERR_WRITE;
  uint8_t *scratch = joinery_scratch();
  memcpy(scratch, bytes, joinery_page_bytes);
  const uint32_t number = (uint32_t)(offset / joinery_page_bytes) + 1;
  if (joinery_page_seal(file->pages, number, scratch) != joinery_page_whole) {
    return SQLITE_IOERR_NOMEM;
  }
  return file->real->pMethods->xWrite(file->real, scratch, count, offset);
}

static int database_close(sqlite3_file *base) {
  joinery_pages_release(((database_file *)base)->pages);
  return real(base)->pMethods->xClose(real(base));
}

static int database_truncate(sqlite3_file *base, sqlite3_int64 size) {
  return real(base)->pMethods->xTruncate(real(base), size);
}

static int database_sync(sqlite3_file *base, int flags) {
  return real(base)->pMethods->xSync(real(base), flags);
}

static int database_size(sqlite3_file *base, sqlite3_int64 *size) {
  return real(base)->pMethods->xFileSize(real(base), size);
}

static int database_lock(sqlite3_file *base, int level) {
  return real(base)->pMethods->xLock(real(base), level);
}

static int database_unlock(sqlite3_file *base, int level) {
  return real(base)->pMethods->xUnlock(real(base), level);
}

static int database_check_reserved_lock(sqlite3_file *base, int *is_reserved) {
  return real(base)->pMethods->xCheckReservedLock(real(base), is_reserved);
}

static int database_control(sqlite3_file *base, int operation, void *argument) {
  return real(base)->pMethods->xFileControl(real(base), operation, argument);
}

static int database_sector_size(sqlite3_file *base) {
  return real(base)->pMethods->xSectorSize(real(base));
}

static int database_characteristics(sqlite3_file *base) {
  return real(base)->pMethods->xDeviceCharacteristics(real(base));
}

static int database_map(
    sqlite3_file *base, int region, int size, int extends, void volatile **address) {
  return real(base)->pMethods->xShmMap(real(base), region, size, extends, address);
}

static int database_map_lock(sqlite3_file *base, int offset, int count, int flags) {
  return real(base)->pMethods->xShmLock(real(base), offset, count, flags);
}

static void database_map_barrier(sqlite3_file *base) {
  real(base)->pMethods->xShmBarrier(real(base));
}

static int database_unmap(sqlite3_file *base, int deletes) {
  return real(base)->pMethods->xShmUnmap(real(base), deletes);
}

// Version 2: without the calls that would let the engine map the file itself.
static const sqlite3_io_methods database_methods = {
    .iVersion = 2,
    .xClose = database_close,
    .xRead = database_read,
    .xWrite = database_write,
    .xTruncate = database_truncate,
    .xSync = database_sync,
    .xFileSize = database_size,
    .xLock = database_lock,
    .xUnlock = database_unlock,
    .xCheckReservedLock = database_check_reserved_lock,
    .xFileControl = database_control,
    .xSectorSize = database_sector_size,
    .xDeviceCharacteristics = database_characteristics,
    .xShmMap = database_map,
    .xShmLock = database_map_lock,
    .xShmBarrier = database_map_barrier,
    .xShmUnmap = database_unmap,
};

static int open_database(const char *name, sqlite3_file *base, int flags, int *out_flags) {
  database_file *file = (database_file *)base;
  memset(file, 0, sizeof *file);
  file->real = (sqlite3_file *)(file + 1);
  file->real->pMethods = NULL;
  const int result = platform->xOpen(platform, name, file->real, flags, out_flags);
  if (result != SQLITE_OK) {
    if (file->real->pMethods != NULL) file->real->pMethods->xClose(file->real);
    return result;
  }
  file->pages = opening;
  joinery_pages_retain(file->pages);
  file->base.pMethods = &database_methods;
  return SQLITE_OK;
}

joinery_pages *joinery_pages_of_log(const char *name) {
  sqlite3_file *base = sqlite3_database_file_object(name);
  return base != NULL && base->pMethods == &database_methods ? ((database_file *)base)->pages
                                                              : NULL;
}

// MARK: The file as it is

static int own_file(sqlite3 *database, database_file **file) {
  sqlite3_file *base = NULL;
  const int result =
      sqlite3_file_control(database, "main", SQLITE_FCNTL_FILE_POINTER, (void *)&base);
  if (result != SQLITE_OK) return result;
  if (base == NULL || base->pMethods != &database_methods) return SQLITE_MISUSE;
  *file = (database_file *)base;
  return SQLITE_OK;
}

int joinery_raw_count(sqlite3 *database, uint32_t *count) {
  database_file *file = NULL;
  sqlite3_int64 size = 0;
  int result = own_file(database, &file);
  if (result == SQLITE_OK) result = file->real->pMethods->xFileSize(file->real, &size);
  *count = (uint32_t)(size / joinery_page_bytes);
  return result;
}

int joinery_raw_read(sqlite3 *database, uint32_t number, uint8_t *page) {
  database_file *file = NULL;
  const int result = own_file(database, &file);
  if (result != SQLITE_OK) return result;
  return file->real->pMethods->xRead(
      file->real, page, joinery_page_bytes, (sqlite3_int64)(number - 1) * joinery_page_bytes);
}

int joinery_raw_write(sqlite3 *database, uint32_t number, const uint8_t *page) {
  database_file *file = NULL;
  const int result = own_file(database, &file);
  if (result != SQLITE_OK) return result;
  return file->real->pMethods->xWrite(
      file->real, page, joinery_page_bytes, (sqlite3_int64)(number - 1) * joinery_page_bytes);
}

int joinery_raw_flush(sqlite3 *database) {
  database_file *file = NULL;
  const int result = own_file(database, &file);
  return result == SQLITE_OK ? file->real->pMethods->xSync(file->real, SQLITE_SYNC_NORMAL) : result;
}

int joinery_check_page(sqlite3 *database, uint32_t number, uint8_t *page) {
  database_file *file = NULL;
  const int result = own_file(database, &file);
  return result == SQLITE_OK ? read_page(file, number, page) : result;
}

// MARK: File system

enum {
  memory_files = SQLITE_OPEN_SUBJOURNAL | SQLITE_OPEN_TEMP_DB | SQLITE_OPEN_TRANSIENT_DB
      | SQLITE_OPEN_TEMP_JOURNAL,
};

static int our_open(
    sqlite3_vfs *files, const char *name, sqlite3_file *file, int flags, int *out_flags) {
  (void)files;
  if (flags & SQLITE_OPEN_WAL) return joinery_open_log(name, file, flags, out_flags);
  if (flags & memory_files) return joinery_open_undo_log(file, flags, out_flags);
  if (flags & SQLITE_OPEN_MAIN_DB && opening != NULL) {
    return open_database(name, file, flags, out_flags);
  }
  return platform->xOpen(platform, name, file, flags, out_flags);
}

static void register_files(void) {
  static sqlite3_vfs files;
  platform = sqlite3_vfs_find(NULL);
  if (platform == NULL) return;
  files = *platform;
  files.pNext = NULL;
  files.zName = our_files;
  files.xOpen = our_open;
  // Memory for the largest of ours with the platform's behind it.
  const size_t largest = joinery_log_file_bytes() > sizeof(database_file)
      ? joinery_log_file_bytes()
      : sizeof(database_file);
  files.szOsFile = (int)largest + platform->szOsFile;
  sqlite3_vfs_register(&files, 0);
}

int joinery_open_database(
    const char *path, sqlite3 **database, int flags, joinery_pages *pages) {
  static pthread_once_t is_registered = PTHREAD_ONCE_INIT;
  pthread_once(&is_registered, register_files);
  opening = pages;
  const int result = sqlite3_open_v2(path, database, flags, our_files);
  opening = NULL;
  return result;
}

int joinery_reserve(sqlite3 *database) {
  int bytes = joinery_page_reserve;
  const int result =
      sqlite3_file_control(database, "main", SQLITE_FCNTL_RESERVE_BYTES, &bytes);
  return result;
}

int joinery_protect(const char *source, const char *target, joinery_pages *pages) {
  sqlite3 *database = NULL;
  sqlite3_stmt *statement = NULL;
  int result = joinery_open_database(
      source, &database,
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
  if (result == SQLITE_OK) {
    result = sqlite3_exec(
        database, "SELECT count(*) FROM sqlite_schema; PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL,
        NULL);
  }
  if (result == SQLITE_OK) result = joinery_reserve(database);
  if (result == SQLITE_OK) {
    result = sqlite3_prepare_v2(database, "VACUUM INTO ?", -1, &statement, NULL);
  }
  if (result == SQLITE_OK) result = sqlite3_bind_text(statement, 1, target, -1, SQLITE_STATIC);
  if (result == SQLITE_OK) {
    opening = pages;
    result = sqlite3_step(statement);
    opening = NULL;
    if (result == SQLITE_DONE) result = SQLITE_OK;
  }
  sqlite3_finalize(statement);
  const int closed = sqlite3_close(database);
  return result == SQLITE_OK ? closed : result;
}
