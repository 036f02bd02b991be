#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Name of the virtual file system (https://www.sqlite.org/vfs.html) that the writer's connection
/// is opened with. It is the platform's own but for two kinds of files, which only the one writing
/// connection touches between two flushes:
///
/// - The write-ahead log. The engine writes each frame with two system calls; here they are gathered
///   and written in one piece, at the latest before the flush that makes a commit durable. No other
///   connection can miss them: a frame is published in the log's index only after that flush. This
///   holds for `PRAGMA synchronous = FULL` only. The file is lengthened by megabytes of zeros at
///   once, so that most flushes find its length unchanged.
/// - The undo log of savepoints. It is a block of memory that is used again from one transaction to
///   the next, where the engine's own undo log in memory allocates and frees a kilobyte at a time.
extern const char *const joinery_writer_files;

/// Once per process, before the first connection. Returns a result code of the engine.
int joinery_register_writer_files(void);

struct sqlite3;

/// Of a connection with these files: calls `restarts` on the writing thread whenever its log is
/// about to start over. What was committed to it is still there then, and is overwritten after the
/// call. Once the connection has read something. Returns a result code of the engine.
int joinery_watch_log(
    struct sqlite3 *database, void (*restarts)(void *context), void *context);

/// Goes on with the checksum of a log (https://www.sqlite.org/fileformat2.html, section 4.2) over
/// so many bytes, a multiple of eight. On a little-endian machine, as all that we run on are.
void joinery_log_checksum(
    uint32_t checksum[2], const unsigned char *bytes, size_t count, bool is_big_endian);
