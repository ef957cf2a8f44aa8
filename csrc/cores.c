#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

#include "ks_cores.h"

#ifdef __linux__
/* Whole cores that the cgroup's quota grants, at least 1; 0: no quota. */
static int quota_cores(void) {
  long long quota = -1, period = 0;
  FILE *file = fopen("/sys/fs/cgroup/cpu.max", "r");
  if (file) {
    if (fscanf(file, "%lld %lld", &quota, &period) != 2) quota = -1; /* "max" */
    fclose(file);
  } else {
    file = fopen("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "r");
    if (!file) return 0;
    if (fscanf(file, "%lld", &quota) != 1) quota = -1;
    fclose(file);
    file = fopen("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "r");
    if (!file) return 0;
    if (fscanf(file, "%lld", &period) != 1) quota = -1;
    fclose(file);
  }
  if (quota <= 0 || period <= 0) return 0;
  return quota < period ? 1 : (int)(quota / period);
}
#endif

int ks_usable_cores(void) {
  int cores = 1;
#ifdef __linux__
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) cores = CPU_COUNT(&set);
  int quota = quota_cores();
  if (quota > 0 && quota < cores) cores = quota;
#elif defined(_SC_NPROCESSORS_ONLN)
  cores = (int)sysconf(_SC_NPROCESSORS_ONLN);
#endif
  return cores < 1 ? 1 : cores;
}
