#ifndef KS_CLOCK_H
#define KS_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Of a clock that never goes back. */
static inline int64_t ks_nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

#endif
