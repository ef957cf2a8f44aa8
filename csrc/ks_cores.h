#ifndef KS_CORES_H
#define KS_CORES_H

/* Cores that this process may use: affinity, and the cgroup's quota. */
int ks_usable_cores(void);

#endif
