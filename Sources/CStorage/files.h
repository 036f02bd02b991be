#pragma once

#include "database_files.h"
#include "pages.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

// What the kinds of files of our virtual file system share.

/// Of a kind's struct the first member is the engine's and the second the platform's file, which
/// lies in the memory behind the struct.
sqlite3_vfs *joinery_platform(void);

/// How often a page that is not whole is read again: it may be in the middle of being sealed anew.
enum { joinery_read_attempts = 6 };
void joinery_await_write(joinery_pages *pages, int attempt);

/// Tells whoever wants to know of it, see `joinery_pages_tell_rereads`.
void joinery_pages_reread(joinery_pages *pages, int attempt);

/// Notes it for `joinery_take_damage` and returns the engine's code for it.
int joinery_note_damage(
    joinery_page_state state, uint32_t number, bool is_in_log, const uint8_t *page);

/// Memory of the calling thread, for a frame of a log.
uint8_t *joinery_scratch(void);

/// Of the file that a log belongs to, by the log's name as the engine gives it; NULL where its
/// pages are not protected.
joinery_pages *joinery_pages_of_log(const char *name);

size_t joinery_log_file_bytes(void);
int joinery_open_log(const char *name, sqlite3_file *file, int flags, int *out_flags);
int joinery_open_undo_log(sqlite3_file *file, int flags, int *out_flags);
