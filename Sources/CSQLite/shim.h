#pragma once
// The engine is built with it; its header shows it only to who asks.
#define SQLITE_ENABLE_PREUPDATE_HOOK 1
#include <sqlite3.h>
#include <stdbool.h>

// What Swift cannot import: constants made of other constants, pointer-typed constants, variadic
// functions.

static const int joinery_no_memory_for_file = SQLITE_IOERR_NOMEM;
static const int joinery_constraint_unique = SQLITE_CONSTRAINT_UNIQUE;
static const int joinery_constraint_primary_key = SQLITE_CONSTRAINT_PRIMARYKEY;
static const int joinery_constraint_row_id = SQLITE_CONSTRAINT_ROWID;
static const int joinery_constraint_foreign_key = SQLITE_CONSTRAINT_FOREIGNKEY;
static const int joinery_constraint_not_null = SQLITE_CONSTRAINT_NOTNULL;
static const int joinery_constraint_check = SQLITE_CONSTRAINT_CHECK;
static const int joinery_constraint_data_type = SQLITE_CONSTRAINT_DATATYPE;

/// Binds UTF-8 text of `count` bytes (NULs included). SQLite makes a copy of its own unless they
/// stay where they are until the statement is reset.
static inline int joinery_bind_text(
    sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 count, bool stays) {
  return sqlite3_bind_text64(
      statement, index, (const char *)bytes, count, stays ? SQLITE_STATIC : SQLITE_TRANSIENT,
      SQLITE_UTF8);
}

/// Binds `count` bytes; otherwise as `joinery_bind_text`.
static inline int joinery_bind_blob(
    sqlite3_stmt *statement, int index, const void *bytes, sqlite3_uint64 count, bool stays) {
  return sqlite3_bind_blob64(
      statement, index, bytes, count, stays ? SQLITE_STATIC : SQLITE_TRANSIENT);
}

/// Switches one SQLITE_DBCONFIG_… flag on (1) or off (0).
static inline int joinery_configure(sqlite3 *database, int flag, int value) {
  return sqlite3_db_config(database, flag, value, (int *)0);
}

/// Once per process, before the first connection: without memory statistics, allocations of
/// different connections do not meet at a lock.
static inline int joinery_without_memory_statistics(void) {
  return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/// Once per process, before the first connection: the undo log of a savepoint is a file of the
/// virtual file system from its first byte on, instead of the engine's own block of memory.
static inline int joinery_undo_log_in_file(void) {
  return sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, 0);
}
