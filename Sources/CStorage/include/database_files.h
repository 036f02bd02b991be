#pragma once

#include "pages.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The virtual file system (https://www.sqlite.org/vfs.html) that every connection to a database in
/// a file is opened with. It is the platform's own but for these kinds of files:
///
/// - The database and its write-ahead log, where their pages are protected (see `joinery_pages`).
///   The engine sees plain pages with zeros in their reserve; what it reads that is not what was
///   written is `SQLITE_CORRUPT`, and never reaches it. A frame of the log that is not sealed is
///   compared with its own checksum, which the engine by itself does only when it recovers a log.
/// - The write-ahead log, again, of the one connection that writes. The engine writes each frame
///   with two system calls; here they are gathered and written in one piece, at the latest before
///   the flush that makes a commit durable. No other connection can miss them: a frame is published
///   in the log's index only after that flush. This holds for `PRAGMA synchronous = FULL` only. The
///   file is lengthened by megabytes of zeros at once, so that most flushes find its length
///   unchanged.
/// - The undo log of savepoints. It is a block of memory that is used again from one transaction to
///   the next, where the engine's own undo log in memory allocates and frees a kilobyte at a time.
/// - Other temporary files are memory, too: what is sorted is not to be in clear on a disk.

struct sqlite3;

/// `sqlite3_open_v2` with these files, which may be used by any thread that has the connection. With
/// NULL for `pages` they are as the engine writes them.
int joinery_open_database(
    const char *path, struct sqlite3 **database, int flags, joinery_pages *pages);

/// Makes room in the pages of a database that is about to be created. Returns a result code.
int joinery_reserve(struct sqlite3 *database);

/// Writes the content of the database at `source`, whose pages are not protected, to a new file at
/// `target`, whose pages are. Nobody else may have `source` open; its log is folded into it. Returns
/// a result code of the engine.
int joinery_protect(const char *source, const char *target, joinery_pages *pages);

/// A page that could not be read.
typedef struct {
  uint32_t page;
  bool is_in_log;
  joinery_page_state state;
  uint8_t key[joinery_key_id_bytes];
} joinery_damage;

/// The last one that the calling thread has met, once.
bool joinery_take_damage(joinery_damage *damage);

/// Of a connection with these files: calls `restarts` on the writing thread whenever its log is
/// about to start over. What was committed to it is still there then, and is overwritten after the
/// call. Once the connection has read something. Returns a result code of the engine.
int joinery_watch_log(
    struct sqlite3 *database, void (*restarts)(void *context), void *context);

/// Goes on with the checksum of a log (https://www.sqlite.org/fileformat2.html, section 4.2) over
/// so many bytes, a multiple of eight. On a little-endian machine, as all that we run on are.
void joinery_log_checksum(
    uint32_t checksum[2], const unsigned char *bytes, size_t count, bool is_big_endian);

// The database's file as it is on the disk, of a connection whose pages are protected. Pages are
// numbered from 1. All return a result code of the engine.

/// Pages that the file has.
int joinery_raw_count(struct sqlite3 *database, uint32_t *count);
int joinery_raw_read(struct sqlite3 *database, uint32_t number, uint8_t *page);
/// Only while nobody copies a log into the file.
int joinery_raw_write(struct sqlite3 *database, uint32_t number, const uint8_t *page);
int joinery_raw_flush(struct sqlite3 *database);
/// As the engine reads it: `SQLITE_CORRUPT` where it is not whole (see `joinery_take_damage`).
int joinery_check_page(struct sqlite3 *database, uint32_t number, uint8_t *page);
