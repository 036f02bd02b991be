#pragma once

/// Name of the virtual file system (https://www.sqlite.org/vfs.html) that the writer's connection
/// is opened with. It is the platform's own but for two kinds of files, which only the one writing
/// connection touches between two flushes:
///
/// - The write-ahead log. The engine writes each frame with two system calls; here they are gathered
///   and written in one piece, at the latest before the flush that makes a commit durable. No other
///   connection can miss them: a frame is published in the log's index only after that flush. This
///   holds for `PRAGMA synchronous = FULL` only.
/// - The undo log of savepoints. It is a block of memory that is used again from one transaction to
///   the next, where the engine's own undo log in memory allocates and frees a kilobyte at a time.
extern const char *const joinery_writer_files;

/// Once per process, before the first connection. Returns a result code of the engine.
int joinery_register_writer_files(void);
