#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// How each page of a database is protected: with a key it is encrypted and authenticated, without
/// one it carries a checksum. Either way a page that is not what was written, or not where it was
/// written, is known by that.
///
/// The last bytes of a page, which the engine leaves to us (its reserve), hold:
///
///      0   4  "JNC1" for a checksum, "JNS1" for a sealed page
///      4   4  the key's id; zeros for a checksum
///      8  24  nonce, random for each time that a page is sealed; zeros for a checksum
///     32  16  tag
///
/// Sealed is XAES-256-GCM (https://c2sp.org/XAES-256-GCM), whose nonce is long enough to be random
/// for as many pages as anybody writes: AES-256-GCM by itself has had its share of 2^32 messages of
/// one key in days. The checksum is AES-256-GMAC under a key of zeros, which everybody knows: it
/// finds what happened by accident, not what somebody did. Both also cover the page's number and
/// the reserve's first 32 bytes.
///
/// Of a sealed page 1 bytes 0 to 15, which are always the same, say that it is sealed, and bytes 16
/// to 23 (page size, versions, size of the reserve) are in clear, but covered.
typedef struct joinery_pages joinery_pages;

enum {
  joinery_page_bytes = 4096,
  joinery_page_reserve = 48,
  joinery_key_id_bytes = 4,
  joinery_key_bytes = 32,
  /// Of the engine's header of a log, and of what comes before each page in it.
  joinery_log_header_bytes = 32,
  joinery_frame_header_bytes = 24,
};

/// What page 1 begins with where it is sealed: 16 bytes.
extern const char *const joinery_sealed_magic;

typedef enum {
  joinery_page_whole,
  /// Not what was written there.
  joinery_page_damaged,
  /// Sealed with a key that is not among ours.
  joinery_page_locked,
  /// Neither sealed nor with a checksum.
  joinery_page_bare,
  /// No memory, or no random numbers.
  joinery_page_failed,
} joinery_page_state;

/// Without keys; NULL without memory. May be used by several threads at once.
joinery_pages *joinery_pages_create(void);
void joinery_pages_retain(joinery_pages *pages);
void joinery_pages_release(joinery_pages *pages);

/// From now on these keys, the newest first, each its id and the key itself; with none, checksums.
/// False without memory.
bool joinery_pages_use(joinery_pages *pages, const uint8_t *keys, size_t count);

/// From now on `told` hears that a page which is not whole is about to be read again, and for the how
/// many-th time, from 0: it may be in the middle of being written. On the thread that reads. Once, and
/// before the pages are used.
void joinery_pages_tell_rereads(
    joinery_pages *pages, void (*told)(void *context, int attempt), void *context);

/// Whether a page would be sealed, and then the id of its key.
bool joinery_pages_seals(joinery_pages *pages, uint8_t id[joinery_key_id_bytes]);

/// Whether one of the keys has that id.
bool joinery_pages_have(joinery_pages *pages, const uint8_t id[joinery_key_id_bytes]);

/// Turns a page as the engine knows it into one for the disk, in place: sealed with the newest key,
/// or with a checksum.
joinery_page_state joinery_page_seal(joinery_pages *pages, uint32_t number, uint8_t *page);

/// Turns a page of the disk into one as the engine knows it, in place, with zeros in the reserve.
/// What is not whole is undefined then.
joinery_page_state joinery_page_open(joinery_pages *pages, uint32_t number, uint8_t *page);

/// Whether a page of the disk is sealed, and then its key's id.
bool joinery_page_is_sealed(const uint8_t *page, uint8_t id[joinery_key_id_bytes]);

/// Whether a page of the disk is sealed or has a checksum, right or not.
bool joinery_page_is_protected(const uint8_t *page);

/// Encrypts (or decrypts, then against `tag`) in place; false where the tag is not the right one.
/// For the published test vectors of the construction.
bool joinery_xaes_256_gcm(
    bool encrypts, const uint8_t key[32], const uint8_t nonce[24], const uint8_t *covered,
    size_t covered_count, uint8_t *bytes, size_t count, uint8_t tag[16]);
