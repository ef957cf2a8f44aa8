/* The routines of scipy-openblas32 that the BLAS table points to. Its symbols
 * carry a prefix, so that they cannot be mistaken for another BLAS's. */
#ifndef KS_OPENBLAS_H
#define KS_OPENBLAS_H

void scipy_cblas_sgemm(int, int, int, int, int, int, float, const float *, int, const float *, int,
                       float, float *, int);
void scipy_cblas_dgemm(int, int, int, int, int, int, double, const double *, int, const double *,
                       int, double, double *, int);
void scipy_cblas_sgemv(int, int, int, int, float, const float *, int, const float *, int, float,
                       float *, int);
void scipy_cblas_dgemv(int, int, int, int, double, const double *, int, const double *, int, double,
                       double *, int);
void scipy_openblas_set_num_threads(int);
char *scipy_openblas_get_config(void);
char *scipy_openblas_get_corename(void);

#define KS_SGEMM ((void *)scipy_cblas_sgemm)
#define KS_DGEMM ((void *)scipy_cblas_dgemm)
#define KS_SGEMV ((void *)scipy_cblas_sgemv)
#define KS_DGEMV ((void *)scipy_cblas_dgemv)

/* Work is shared out by our own pool; OpenBLAS's waiting threads spin. */
static void ks_openblas_one_thread(void) { scipy_openblas_set_num_threads(1); }
static char *ks_openblas_config(void) { return scipy_openblas_get_config(); }
static char *ks_openblas_core(void) { return scipy_openblas_get_corename(); }

#endif
