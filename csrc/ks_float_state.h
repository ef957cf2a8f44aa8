/* Flush-to-zero and denormals-are-zero for the calling thread: moments of dead units decay into
 * denormals, and a step then takes twice as long. */
#ifndef KS_FLOAT_STATE_H
#define KS_FLOAT_STATE_H

#include <stdint.h>

#if defined(__x86_64__) || defined(_M_X64)
#include <immintrin.h>
#endif

/* Returns what `ks_float_state_leave` puts back. */
static inline uint32_t ks_float_state_enter(void) {
#if defined(__x86_64__) || defined(_M_X64)
  uint32_t saved = _mm_getcsr();
  _mm_setcsr(saved | 0x8040u); /* FTZ, DAZ */
  return saved;
#elif defined(__aarch64__)
  uint64_t saved;
  __asm__ volatile("mrs %0, fpcr" : "=r"(saved));
  __asm__ volatile("msr fpcr, %0" : : "r"(saved | (1u << 24)));
  return (uint32_t)saved;
#else
  return 0;
#endif
}

static inline void ks_float_state_leave(uint32_t saved) {
#if defined(__x86_64__) || defined(_M_X64)
  _mm_setcsr(saved);
#elif defined(__aarch64__)
  __asm__ volatile("msr fpcr, %0" : : "r"((uint64_t)saved));
#else
  (void)saved;
#endif
}

#endif
