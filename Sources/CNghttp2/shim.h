#pragma once
#include <nghttp2/nghttp2.h>

// 1.52.0-1+deb12u1 and u2 backport these two from 1.57 and 1.61; the version macro does not tell, so a
// library without them fails here, at build time, instead of running without its defences
// (CVE-2023-44487, CVE-2024-28182).
static inline void joinery_option_set_abuse_limits(nghttp2_option *option, uint64_t reset_burst,
                                                   uint64_t reset_rate, size_t continuations) {
  nghttp2_option_set_stream_reset_rate_limit(option, reset_burst, reset_rate);
  nghttp2_option_set_max_continuations(option, continuations);
}
