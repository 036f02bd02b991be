#pragma once
#include <zlib.h>

// What Swift cannot import: zlib's init functions are macros over ones that check the header's
// version.

static inline int joinery_inflate_init(z_stream *stream, int window_bits) {
  return inflateInit2(stream, window_bits);
}

static inline int joinery_deflate_init(
    z_stream *stream, int level, int window_bits, int memory_level) {
  return deflateInit2(stream, level, Z_DEFLATED, window_bits, memory_level, Z_DEFAULT_STRATEGY);
}
