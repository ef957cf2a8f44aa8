/* Philox4x32-10, from figure 2 and section 4.2 of Salmon, Moraes, Dror and
 * Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11. */
#ifndef KS_REFERENCE_PHILOX_H
#define KS_REFERENCE_PHILOX_H

#include <stdint.h>

typedef struct {
  uint32_t word[4];
} philox_block;

/* One round: (L0, R0, L1, R1) and the round's key to the next four words. */
static inline philox_block philox_round(philox_block x, uint32_t key0, uint32_t key1) {
  uint64_t product0 = (uint64_t)0xD2511F53u * x.word[0];
  uint64_t product1 = (uint64_t)0xCD9E8D57u * x.word[2];
  philox_block y;
  y.word[0] = (uint32_t)(product1 >> 32) ^ x.word[1] ^ key0;
  y.word[1] = (uint32_t)product1;
  y.word[2] = (uint32_t)(product0 >> 32) ^ x.word[3] ^ key1;
  y.word[3] = (uint32_t)product0;
  return y;
}

static inline philox_block philox(philox_block counter, uint32_t key0, uint32_t key1) {
  for (int round = 0; round < 10; round++) {
    counter = philox_round(counter, key0, key1);
    key0 += 0x9E3779B9u; /* the golden ratio */
    key1 += 0xBB67AE85u; /* sqrt(3) - 1 */
  }
  return counter;
}

/* Block `number` of the draw that the state (key, counter) stands for. */
static inline philox_block philox_draw(const int64_t *state, int64_t number) {
  uint64_t key = (uint64_t)state[0], counter = (uint64_t)state[1], b = (uint64_t)number;
  philox_block words = {
      {(uint32_t)b, (uint32_t)(b >> 32), (uint32_t)counter, (uint32_t)(counter >> 32)}};
  return philox(words, (uint32_t)key, (uint32_t)(key >> 32));
}

#endif
