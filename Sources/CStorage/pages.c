#include "pages.h"

#include "files.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

const char *const joinery_sealed_magic = "Joinery sealed 1";

static const char plain_magic[16] = "SQLite format 3";
static const char checksum_format[4] = "JNC1";
static const char seal_format[4] = "JNS1";

enum {
  content_bytes = joinery_page_bytes - joinery_page_reserve,
  id_at = content_bytes + 4,
  nonce_at = content_bytes + 8,
  tag_at = content_bytes + 32,
  nonce_bytes = 24,
  tag_bytes = 16,
  /// Of page 1, where it is sealed.
  magic_bytes = 16,
  clear_bytes = 24,
};

// MARK: Keys

typedef struct {
  uint8_t id[joinery_key_id_bytes];
  uint8_t bytes[joinery_key_bytes];
} page_key;

/// What was in use at some time; a thread may still be reading it.
typedef struct key_list {
  struct key_list *before;
  size_t count;
  page_key keys[];
} key_list;

struct joinery_pages {
  _Atomic(key_list *) keys;
  atomic_int owners;
  void (*reread)(void *context, int attempt);
  void *reread_context;
};

joinery_pages *joinery_pages_create(void) {
  joinery_pages *pages = calloc(1, sizeof *pages);
  if (pages != NULL) atomic_init(&pages->owners, 1);
  return pages;
}

void joinery_pages_retain(joinery_pages *pages) { atomic_fetch_add(&pages->owners, 1); }

void joinery_pages_release(joinery_pages *pages) {
  if (atomic_fetch_sub(&pages->owners, 1) > 1) return;
  key_list *list = atomic_load(&pages->keys);
  while (list != NULL) {
    key_list *before = list->before;
    OPENSSL_cleanse(list->keys, list->count * sizeof(page_key));
    free(list);
    list = before;
  }
  free(pages);
}

bool joinery_pages_use(joinery_pages *pages, const uint8_t *keys, size_t count) {
  key_list *list = malloc(sizeof *list + count * sizeof(page_key));
  if (list == NULL) return false;
  list->count = count;
  if (count > 0) memcpy(list->keys, keys, count * sizeof(page_key));
  list->before = atomic_load(&pages->keys);
  while (!atomic_compare_exchange_weak(&pages->keys, &list->before, list)) {}
  return true;
}

void joinery_pages_tell_rereads(
    joinery_pages *pages, void (*told)(void *context, int attempt), void *context) {
  pages->reread_context = context;
  pages->reread = told;
}

void joinery_pages_reread(joinery_pages *pages, int attempt) {
  if (pages->reread != NULL) pages->reread(pages->reread_context, attempt);
}

static const page_key *newest_key(joinery_pages *pages) {
  const key_list *list = atomic_load_explicit(&pages->keys, memory_order_acquire);
  return list != NULL && list->count > 0 ? &list->keys[0] : NULL;
}

static const page_key *key_named(joinery_pages *pages, const uint8_t *id) {
  const key_list *list = atomic_load_explicit(&pages->keys, memory_order_acquire);
  for (size_t index = 0; list != NULL && index < list->count; index++) {
    if (memcmp(list->keys[index].id, id, joinery_key_id_bytes) == 0) return &list->keys[index];
  }
  return NULL;
}

bool joinery_pages_seals(joinery_pages *pages, uint8_t id[joinery_key_id_bytes]) {
  const page_key *key = newest_key(pages);
  if (key != NULL) memcpy(id, key->id, joinery_key_id_bytes);
  return key != NULL;
}

bool joinery_pages_have(joinery_pages *pages, const uint8_t id[joinery_key_id_bytes]) {
  return key_named(pages, id) != NULL;
}

// MARK: Cipher

/// What a thread encrypts with: made once, since making it costs more than a page.
typedef struct {
  EVP_CIPHER_CTX *gcm;
  /// Has the key of zeros.
  EVP_CIPHER_CTX *checksum;
  /// Has `block_key`.
  EVP_CIPHER_CTX *block;
  bool has_block_key;
  uint8_t block_key[joinery_key_bytes];
  /// K1 of CMAC under it (NIST SP 800-38B, section 6.1).
  uint8_t subkey[16];
} cipher;

static EVP_CIPHER *aes_gcm;
static EVP_CIPHER *aes_block;
static pthread_key_t cipher_of_thread;
static pthread_once_t is_set_up = PTHREAD_ONCE_INIT;

static void cipher_free(void *context) {
  cipher *own = context;
  EVP_CIPHER_CTX_free(own->gcm);
  EVP_CIPHER_CTX_free(own->checksum);
  EVP_CIPHER_CTX_free(own->block);
  OPENSSL_cleanse(own, sizeof *own);
  free(own);
}

static void set_up(void) {
  // A process that ends while threads of it still read pages would take the library from them.
  OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL);
  aes_gcm = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
  aes_block = EVP_CIPHER_fetch(NULL, "AES-256-ECB", NULL);
  pthread_key_create(&cipher_of_thread, cipher_free);
}

/// NULL without memory.
static cipher *thread_cipher(void) {
  pthread_once(&is_set_up, set_up);
  cipher *own = pthread_getspecific(cipher_of_thread);
  if (own != NULL) return own;
  own = calloc(1, sizeof *own);
  if (own == NULL) return NULL;
  static const uint8_t zeros[joinery_key_bytes];
  own->gcm = EVP_CIPHER_CTX_new();
  own->checksum = EVP_CIPHER_CTX_new();
  own->block = EVP_CIPHER_CTX_new();
  if (own->gcm != NULL && own->checksum != NULL && own->block != NULL
      && EVP_CipherInit_ex2(own->gcm, aes_gcm, zeros, zeros, 1, NULL)
      && EVP_CipherInit_ex2(own->checksum, aes_gcm, zeros, zeros, 1, NULL)
      && EVP_CipherInit_ex2(own->block, aes_block, zeros, NULL, 1, NULL)
      && pthread_setspecific(cipher_of_thread, own) == 0) {
    EVP_CIPHER_CTX_set_padding(own->block, 0);
    return own;
  }
  cipher_free(own);
  return NULL;
}

/// The key of one message: CMAC of a counter and the nonce's first half under the key.
static bool derive(
    cipher *own, const uint8_t *key, const uint8_t *nonce, uint8_t derived[joinery_key_bytes]) {
  int count = 0;
  if (!own->has_block_key || memcmp(own->block_key, key, joinery_key_bytes) != 0) {
    uint8_t zero[16] = {0};
    own->has_block_key = false;
    if (!EVP_CipherInit_ex2(own->block, NULL, key, NULL, 1, NULL)
        || !EVP_CipherUpdate(own->block, own->subkey, &count, zero, sizeof zero)) {
      return false;
    }
    const uint8_t carry = own->subkey[0] >> 7;
    for (int index = 0; index < 15; index++) {
      own->subkey[index] = (uint8_t)(own->subkey[index] << 1 | own->subkey[index + 1] >> 7);
    }
    own->subkey[15] = (uint8_t)(own->subkey[15] << 1 ^ (carry ? 0x87 : 0));
    memcpy(own->block_key, key, joinery_key_bytes);
    own->has_block_key = true;
  }
  uint8_t blocks[32] = {0};
  for (int half = 0; half < 2; half++) {
    uint8_t *block = blocks + half * 16;
    block[1] = (uint8_t)(half + 1);
    block[2] = 'X';
    memcpy(block + 4, nonce, 12);
    for (int index = 0; index < 16; index++) block[index] ^= own->subkey[index];
  }
  return EVP_CipherUpdate(own->block, derived, &count, blocks, sizeof blocks) && count == 32;
}

bool joinery_xaes_256_gcm(
    bool encrypts, const uint8_t key[32], const uint8_t nonce[24], const uint8_t *covered,
    size_t covered_count, uint8_t *bytes, size_t count, uint8_t tag[16]) {
  cipher *own = thread_cipher();
  uint8_t derived[joinery_key_bytes];
  if (own == NULL || !derive(own, key, nonce, derived)) return false;
  int done = 0;
  const bool is_done =
      EVP_CipherInit_ex2(own->gcm, NULL, derived, nonce + 12, encrypts, NULL)
      && (encrypts || EVP_CIPHER_CTX_ctrl(own->gcm, EVP_CTRL_AEAD_SET_TAG, tag_bytes, tag))
      && EVP_CipherUpdate(own->gcm, NULL, &done, covered, (int)covered_count)
      && EVP_CipherUpdate(own->gcm, bytes, &done, bytes, (int)count)
      && EVP_CipherFinal_ex(own->gcm, bytes + count, &done)
      && (!encrypts || EVP_CIPHER_CTX_ctrl(own->gcm, EVP_CTRL_AEAD_GET_TAG, tag_bytes, tag));
  OPENSSL_cleanse(derived, sizeof derived);
  return is_done;
}

// MARK: Pages

/// What is covered beside the content: number, reserve up to the tag, of page 1 what is in clear.
enum { covered_most = 4 + 32 + 8 };

static size_t cover(uint8_t covered[covered_most], uint32_t number, const uint8_t *page) {
  for (int index = 0; index < 4; index++) covered[index] = (uint8_t)(number >> (24 - 8 * index));
  memcpy(covered + 4, page + content_bytes, 32);
  if (number != 1) return 4 + 32;
  memcpy(covered + 4 + 32, page + magic_bytes, clear_bytes - magic_bytes);
  return covered_most;
}

static bool checksum(uint32_t number, const uint8_t *page, uint8_t tag[tag_bytes]) {
  static const uint8_t zeros[12];
  cipher *own = thread_cipher();
  if (own == NULL) return false;
  uint8_t covered[covered_most];
  const size_t count = cover(covered, number, page);
  uint8_t nothing[16];
  int done = 0;
  return EVP_CipherInit_ex2(own->checksum, NULL, NULL, zeros, 1, NULL)
      && EVP_CipherUpdate(own->checksum, NULL, &done, covered, (int)count)
      && EVP_CipherUpdate(own->checksum, NULL, &done, page, content_bytes)
      && EVP_CipherFinal_ex(own->checksum, nothing, &done)
      && EVP_CIPHER_CTX_ctrl(own->checksum, EVP_CTRL_AEAD_GET_TAG, tag_bytes, tag);
}

joinery_page_state joinery_page_seal(joinery_pages *pages, uint32_t number, uint8_t *page) {
  const page_key *key = newest_key(pages);
  memset(page + content_bytes, 0, joinery_page_reserve);
  if (key == NULL) {
    memcpy(page + content_bytes, checksum_format, sizeof checksum_format);
    return checksum(number, page, page + tag_at) ? joinery_page_whole : joinery_page_failed;
  }
  memcpy(page + content_bytes, seal_format, sizeof seal_format);
  memcpy(page + id_at, key->id, joinery_key_id_bytes);
  if (getrandom(page + nonce_at, nonce_bytes, 0) != nonce_bytes) return joinery_page_failed;
  const int start = number == 1 ? clear_bytes : 0;
  if (number == 1) memcpy(page, joinery_sealed_magic, magic_bytes);
  uint8_t covered[covered_most];
  const size_t count = cover(covered, number, page);
  return joinery_xaes_256_gcm(
             true, key->bytes, page + nonce_at, covered, count, page + start,
             (size_t)(content_bytes - start), page + tag_at)
      ? joinery_page_whole
      : joinery_page_failed;
}

bool joinery_page_is_sealed(const uint8_t *page, uint8_t id[joinery_key_id_bytes]) {
  if (memcmp(page + content_bytes, seal_format, sizeof seal_format) != 0) return false;
  memcpy(id, page + id_at, joinery_key_id_bytes);
  return true;
}

bool joinery_page_is_protected(const uint8_t *page) {
  return memcmp(page + content_bytes, seal_format, sizeof seal_format) == 0
      || memcmp(page + content_bytes, checksum_format, sizeof checksum_format) == 0;
}

joinery_page_state joinery_page_open(joinery_pages *pages, uint32_t number, uint8_t *page) {
  uint8_t id[joinery_key_id_bytes];
  if (joinery_page_is_sealed(page, id)) {
    const page_key *key = key_named(pages, id);
    if (key == NULL) return joinery_page_locked;
    if (thread_cipher() == NULL) return joinery_page_failed;
    if (number == 1 && memcmp(page, joinery_sealed_magic, magic_bytes) != 0) {
      return joinery_page_damaged;
    }
    const int start = number == 1 ? clear_bytes : 0;
    uint8_t covered[covered_most];
    const size_t count = cover(covered, number, page);
    if (!joinery_xaes_256_gcm(
            false, key->bytes, page + nonce_at, covered, count, page + start,
            (size_t)(content_bytes - start), page + tag_at)) {
      return joinery_page_damaged;
    }
    if (number == 1) memcpy(page, plain_magic, magic_bytes);
  } else if (memcmp(page + content_bytes, checksum_format, sizeof checksum_format) == 0) {
    uint8_t tag[tag_bytes];
    if (!checksum(number, page, tag)) return joinery_page_failed;
    if (memcmp(tag, page + tag_at, tag_bytes) != 0) return joinery_page_damaged;
  } else {
    return joinery_page_bare;
  }
  memset(page + content_bytes, 0, joinery_page_reserve);
  return joinery_page_whole;
}
