/* Random numbers from counters, and dropout.
 *
 * Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as
 * easy as 1, 2, 3", SC11) makes four words of 32 bits from a key and a
 * counter, so that any element can be drawn by itself. With word i meaning
 * word i % 4 of block i / 4:
 *   uniform   element i: the upper 24 bits of word i (float32), or the upper
 *             53 of word 2i+1 : word 2i (float64), as a fraction
 *   normal    elements i, i+1 (i even), from the uniforms u, v of the same
 *             numbers: sqrt(-2 log(u + one unit)) times cos, sin of 2 pi v
 *             (Box and Muller, 1958)
 *   dropout   element i is kept if word i >= rate * 2^32, for either dtype
 */
#include "ks_common.h"

/* A multiplication fused with an addition rounds once and not twice. Not
 * fusing them gives the same numbers on every instruction set: the same seed
 * makes the same initial weights on every machine. */
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off")
#endif

#if defined(__SSE2__)
#include <immintrin.h>
#endif

#include "ks_math.h"
#include "ks_ops.h"
#include "ks_tiles.h"

/* Compiled for every dtype, because the optional table entries are by dtype;
 * the state is int64 in each. */
ks_status KS_NAME(random_advance_forward)(ks_node *node, const ks_context *context) {
  (void)context;
  const int64_t *state = node->in[0].data;
  int64_t *next = node->out[0].data;
  next[0] = state[0];
  next[1] = (int64_t)((uint64_t)state[1] + 1);
  return KS_OK;
}

#if KS_FLOATING

#define LANES 16          /* blocks of one call: enough to overlap the multiplications */
#define WORDS (4 * LANES) /* words of one call */

typedef struct {
  const int64_t *state; /* key and counter */
  const real *x;
  real *y;
  uint8_t *mask;
  real low, scale; /* y = low + scale * u */
  real most;       /* the largest result of random_uniform */
  uint32_t threshold;
} draw_job;

/* A register of 64-bit lanes, one block each. In plain C, GCC makes a
 * 32 x 32 -> 64 bit product out of permutations or a full 64-bit one: dropout
 * of 65,536 elements took 137, 135, 73 us at v2, v3, v4, and takes 110, 75, 47
 * with this one intrinsic. */
#if defined(__AVX512F__)
typedef uint64_t lanes __attribute__((vector_size(64)));
#define MULTIPLY(a, b) (lanes) _mm512_mul_epu32((__m512i)(a), (__m512i)(b))
#elif defined(__AVX2__)
typedef uint64_t lanes __attribute__((vector_size(32)));
#define MULTIPLY(a, b) (lanes) _mm256_mul_epu32((__m256i)(a), (__m256i)(b))
#elif defined(__SSE2__)
typedef uint64_t lanes __attribute__((vector_size(16)));
#define MULTIPLY(a, b) (lanes) _mm_mul_epu32((__m128i)(a), (__m128i)(b))
#else
typedef uint64_t lanes __attribute__((vector_size(16)));
#define MULTIPLY(a, b) (((a) & 0xFFFFFFFFu) * ((b) & 0xFFFFFFFFu))
#endif
#define WIDTH ((int)(sizeof(lanes) / sizeof(uint64_t)))

/* Ten rounds on the low halves of the lanes. The high halves fill with
 * rubbish, which the multiplication ignores and the end cuts off. Word pairs
 * 0, 1 and 2, 3 of each block come back in w[0] and w[1]. */
static inline void philox(lanes w[4], uint64_t key) {
  const lanes zero = {0}, multiplier0 = zero + 0xD2511F53u, multiplier1 = zero + 0xCD9E8D57u;
  uint32_t key0 = (uint32_t)key, key1 = (uint32_t)(key >> 32);
  for (int round = 0; round < 10; round++) {
    lanes product0 = MULTIPLY(multiplier0, w[0]), product1 = MULTIPLY(multiplier1, w[2]);
    w[0] = (product1 >> 32) ^ w[1] ^ (zero + key0);
    w[1] = product1;
    w[2] = (product0 >> 32) ^ w[3] ^ (zero + key1);
    w[3] = product0;
    key0 += 0x9E3779B9u; /* the golden ratio */
    key1 += 0xBB67AE85u; /* sqrt(3) - 1 */
  }
  w[0] = (w[0] & 0xFFFFFFFFu) | w[1] << 32;
  w[1] = (w[2] & 0xFFFFFFFFu) | w[3] << 32;
}

/* Words 4 * block .. 4 * block + WORDS - 1. */
static void draw_words(uint32_t *restrict words, const int64_t *state, int64_t block) {
  const uint64_t key = (uint64_t)state[0], counter = (uint64_t)state[1];
  uint64_t number[LANES], pair[2][LANES];
  for (int l = 0; l < LANES; l++) number[l] = (uint64_t)block + (uint64_t)l;
  for (int l = 0; l < LANES; l += WIDTH) {
    lanes w[4];
    memcpy(&w[0], number + l, sizeof w[0]);
    w[1] = w[0] >> 32;
    w[2] = w[0] * 0 + counter;
    w[3] = w[2] >> 32;
    philox(w, key);
    memcpy(pair[0] + l, &w[0], sizeof w[0]);
    memcpy(pair[1] + l, &w[1], sizeof w[1]);
  }
  for (int l = 0; l < LANES; l++) {
    words[4 * l] = (uint32_t)pair[0][l];
    words[4 * l + 1] = (uint32_t)(pair[0][l] >> 32);
    words[4 * l + 2] = (uint32_t)pair[1][l];
    words[4 * l + 3] = (uint32_t)(pair[1][l] >> 32);
  }
}

#if KS_SINGLE
#define NUMBERS WORDS /* uniform numbers of WORDS words */
#define UNIT 0x1p-24f
#define NEXT nextafterf
#else
#define NUMBERS (WORDS / 2)
#define UNIT 0x1p-53
#define NEXT nextafter
#endif

/* NUMBERS uniform numbers in [0, 1), from element `first`, a multiple of
 * NUMBERS, on. Exact: no rounding takes place. The conversions are of signed
 * 32-bit integers, the only ones that every level has as vectors. */
static void draw_uniform(real *restrict u, const int64_t *state, int64_t first) {
  uint32_t words[WORDS];
  draw_words(words, state, first / NUMBERS * LANES);
  for (int i = 0; i < NUMBERS; i++) {
#if KS_SINGLE
    u[i] = (real)(int32_t)(words[i] >> 8) * UNIT;
#else
    real upper = (real)(int32_t)(words[2 * i + 1] ^ 0x80000000u) + 0x1p31;
    u[i] = (upper * 0x1p21 + (real)(int32_t)(words[2 * i] >> 11)) * UNIT;
#endif
  }
}

static void uniform_range(void *arg, int64_t begin, int64_t end) {
  const draw_job *job = arg;
  real u[NUMBERS];
  for (int64_t first = begin; first < end; first += NUMBERS) {
    int n = (int)(end - first < NUMBERS ? end - first : NUMBERS);
    draw_uniform(u, job->state, first);
    for (int i = 0; i < NUMBERS; i++) {
      u[i] = job->low + job->scale * u[i];
      u[i] = u[i] > job->most ? job->most : u[i];
    }
    memcpy(job->y + first, u, (size_t)n * sizeof(real));
  }
}

ks_status KS_NAME(random_uniform_forward)(ks_node *node, const ks_context *context) {
  draw_job job = {.state = node->in[0].data, .y = node->out[0].data};
  real high = (real)node->attr[1];
  job.low = (real)node->attr[0];
  job.scale = high - job.low;
  /* Rounding may reach the bound, which does not belong to the range. */
  job.most = high > job.low ? NEXT(high, job.low) : job.low;
  ks_parallel_range(context, node->out[0].count, KS_TILE_ELEMENTS, uniform_range, &job);
  return KS_OK;
}

/* cos and sin of 2 pi u, 0 <= u < 1. 4u = q + r, |r| <= 1/2, is exact; the
 * polynomials are Moshier's (Cephes) and FreeBSD's (msun), for |a| <= pi/4. */
static inline void circle(real u, real *cosine, real *sine) {
  real q = (4 * u + KS_ROUNDER) - KS_ROUNDER;
  real a = (4 * u - q) * (real)1.57079632679489661923, z = a * a;
#if KS_SINGLE
  real s = ((-1.9515296e-4f * z + 8.3321609e-3f) * z - 1.6666655e-1f) * z * a + a;
  real c = ((2.4433157e-5f * z - 1.3887316e-3f) * z + 4.1666646e-2f) * z * z - 0.5f * z + 1;
#else
  real s = 1.58969099521155010221e-10;
  s = s * z - 2.50507602534068634195e-08;
  s = s * z + 2.75573137070700676789e-06;
  s = s * z - 1.98412698298579493134e-04;
  s = s * z + 8.33333333332248946124e-03;
  s = (s * z - 1.66666666666666324348e-01) * z * a + a;
  real c = -1.13596475577881948265e-11;
  c = c * z + 2.08757232129817482790e-09;
  c = c * z - 2.75573143513906633035e-07;
  c = c * z + 2.48015872894767294178e-05;
  c = c * z - 1.38888888888741095749e-03;
  c = (c * z + 4.16666666666666019037e-02) * z * z - 0.5 * z + 1;
#endif
  int swapped = q == 1 || q == 3;
  real x = swapped ? s : c, y = swapped ? c : s;
  *cosine = q == 1 || q == 2 ? -x : x; /* q = 4 is q = 0 */
  *sine = q == 2 || q == 3 ? -y : y;
}

static void normal_range(void *arg, int64_t begin, int64_t end) {
  const draw_job *job = arg;
  real u[NUMBERS];
  for (int64_t first = begin; first < end; first += NUMBERS) {
    int n = (int)(end - first < NUMBERS ? end - first : NUMBERS);
    draw_uniform(u, job->state, first);
    for (int i = 0; i < NUMBERS / 2; i++) {
      real radius = ks_sqrt(-2 * ks_log(u[2 * i] + UNIT)), cosine, sine;
      circle(u[2 * i + 1], &cosine, &sine);
      u[2 * i] = job->low + job->scale * (radius * cosine);
      u[2 * i + 1] = job->low + job->scale * (radius * sine);
    }
    memcpy(job->y + first, u, (size_t)n * sizeof(real));
  }
}

ks_status KS_NAME(random_normal_forward)(ks_node *node, const ks_context *context) {
  draw_job job = {.state = node->in[0].data, .y = node->out[0].data};
  job.low = (real)node->attr[0];
  job.scale = (real)node->attr[1];
  ks_parallel_range(context, node->out[0].count, KS_TILE_ELEMENTS, normal_range, &job);
  return KS_OK;
}

/* A dropped element is chosen and not multiplied by 0: 0 * nan is nan. */
static void choose(real *restrict y, const real *restrict x, const uint8_t *restrict mask,
                   real scale, int64_t n) {
  for (int64_t i = 0; i < n; i++) {
    real kept = x[i] * scale; /* outside of the choice: SSE has no conditional load */
    y[i] = mask[i] ? kept : 0;
  }
}

static void dropout_range(void *arg, int64_t begin, int64_t end) {
  const draw_job *job = arg;
  uint32_t words[WORDS];
  uint8_t keep[WORDS];
  for (int64_t first = begin; first < end; first += WORDS) {
    int64_t n = end - first < WORDS ? end - first : WORDS;
    draw_words(words, job->state, first / 4);
    for (int i = 0; i < WORDS; i++) keep[i] = words[i] >= job->threshold;
    memcpy(job->mask + first, keep, (size_t)n);
    choose(job->y + first, job->x + first, job->mask + first, job->scale, n);
  }
}

static real kept_scale(const ks_node *node) { return (real)(1 / (1 - node->attr[0])); }

ks_status KS_NAME(dropout_forward)(ks_node *node, const ks_context *context) {
  draw_job job = {.state = node->in[1].data, .x = node->in[0].data, .y = node->out[0].data};
  job.mask = node->scratch;
  double threshold = ceil(node->attr[0] * 0x1p32);
  job.threshold = threshold < 0x1p32 ? (uint32_t)threshold : UINT32_MAX;
  job.scale = kept_scale(node);
  ks_parallel_range(context, node->out[0].count, KS_TILE_ELEMENTS, dropout_range, &job);
  return KS_OK;
}

typedef struct {
  real *dx;
  const real *dy;
  const uint8_t *mask;
  real scale;
  int add;
} dropout_gradient_job;

static void dropout_gradient_range(void *arg, int64_t begin, int64_t end) {
  const dropout_gradient_job *job = arg;
  real *restrict dx = job->dx;
  const real *restrict dy = job->dy;
  const uint8_t *restrict mask = job->mask;
  if (!job->add) {
    choose(dx + begin, dy + begin, mask + begin, job->scale, end - begin);
    return;
  }
  for (int64_t i = begin; i < end; i++) {
    real kept = dy[i] * job->scale;
    dx[i] += mask[i] ? kept : 0;
  }
}

ks_status KS_NAME(dropout_backward)(ks_node *node, const ks_context *context) {
  dropout_gradient_job job = {node->in[0].grad, node->out[0].grad, node->scratch, kept_scale(node),
                              node->in[0].add};
  if (job.dx)
    ks_parallel_range(context, node->in[0].count, KS_TILE_ELEMENTS, dropout_gradient_range, &job);
  return KS_OK;
}
#endif
