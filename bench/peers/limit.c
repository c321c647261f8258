/* The machine's limit for the small cases of linear.py beside it: the same gradient descent with the runs across SIMD lanes.
 *
 *   gcc -O3 -march=native -ffast-math -fopenmp -DN=2 -DM=2 -DD=2 limit.c -o limit -lm && ./limit RUNS STEPS
 *
 * State W[D][D] per run; embeddings and step size differ per run; p(x) ~ 1/(x+1); y(x) = x mod M. Lanes: 8 runs (AVX2).
 * Prints seconds, nanoseconds per step and run, and the mean last loss (so that nothing is optimised away).
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#ifndef N
#define N 5
#define M 5
#define D 5
#endif
#define L 8
typedef float v8 __attribute__((vector_size(32)));
typedef int v8i __attribute__((vector_size(32)));

static inline v8 splat(float a) { return (v8){a, a, a, a, a, a, a, a}; }
static inline v8 vmax(v8 a, v8 b) { v8i m = a > b; return (v8)(((v8i)a & m) | ((v8i)b & ~m)); }
/* exp by range reduction and a degree-6 polynomial; relative error below 2e-7 on [-87, 0]. */
static inline v8 vexp(v8 x) {
  x = vmax(x, splat(-87.0f));
  v8 t = x * splat(1.44269504f);
  v8i k = __builtin_convertvector(t + splat(-0.5f), v8i);
  v8 f = x - __builtin_convertvector(k, v8) * splat(0.693147181f);
  v8 p = splat(1.0f / 720);
  p = p * f + splat(1.0f / 120); p = p * f + splat(1.0f / 24); p = p * f + splat(1.0f / 6);
  p = p * f + splat(0.5f); p = p * f + splat(1.0f); p = p * f + splat(1.0f);
  return p * (v8)((k + 127) << 23);
}

int main(int argc, char **argv) {
  int runs = argc > 1 ? atoi(argv[1]) : 1000, steps = argc > 2 ? atoi(argv[2]) : 1000, groups = (runs + L - 1) / L;
  v8(*E)[N][D] = aligned_alloc(32, sizeof(v8[groups][N][D])), (*U)[M][D] = aligned_alloc(32, sizeof(v8[groups][M][D]));
  v8 *eta = aligned_alloc(32, sizeof(v8[groups])), *last = aligned_alloc(32, sizeof(v8[groups]));
  float p[N], total = 0;
  for (int x = 0; x < N; x++) total += p[x] = 1.0f / (x + 1);
  for (int x = 0; x < N; x++) p[x] /= total;
  srand(1);
  for (int g = 0; g < groups; g++) {
    for (int l = 0; l < L; l++) {
      for (int x = 0; x < N; x++) { float s = 0; for (int i = 0; i < D; i++) { float a = rand() / (float)RAND_MAX - 0.5f; E[g][x][i][l] = a; s += a * a; } for (int i = 0; i < D; i++) E[g][x][i][l] /= sqrtf(s); }
      for (int y = 0; y < M; y++) { float s = 0; for (int i = 0; i < D; i++) { float a = rand() / (float)RAND_MAX - 0.5f; U[g][y][i][l] = a; s += a * a; } for (int i = 0; i < D; i++) U[g][y][i][l] /= sqrtf(s); }
      eta[g][l] = 0.1f + 10.0f * (rand() / (float)RAND_MAX);
    }
  }
  struct timespec a, b;
  clock_gettime(CLOCK_MONOTONIC, &a);
#pragma omp parallel for schedule(static)
  for (int g = 0; g < groups; g++) {
    v8 W[D][D] = {0}, loss = splat(0);
    for (int t = 0; t < steps; t++) {
      v8 G[D][D] = {0};
      loss = splat(0);
      for (int x = 0; x < N; x++) {
        v8 h[D], s[M], q[D], m, z = splat(0);
        for (int o = 0; o < D; o++) { h[o] = splat(0); for (int i = 0; i < D; i++) h[o] += E[g][x][i] * W[i][o]; }
        for (int y = 0; y < M; y++) { s[y] = splat(0); for (int o = 0; o < D; o++) s[y] += h[o] * U[g][y][o]; }
        m = s[0];
        for (int y = 1; y < M; y++) m = vmax(m, s[y]);
        v8 sy = s[x % M] - m;
        for (int y = 0; y < M; y++) z += s[y] = vexp(s[y] - m);
        v8 r = splat(p[x]) / z;
        for (int l = 0; l < L; l++) loss[l] += t == steps - 1 ? p[x] * (logf(z[l]) - sy[l]) : 0;
        for (int y = 0; y < M; y++) s[y] = s[y] * r - (y == x % M ? splat(p[x]) : splat(0));
        for (int o = 0; o < D; o++) { q[o] = splat(0); for (int y = 0; y < M; y++) q[o] += s[y] * U[g][y][o]; }
        for (int i = 0; i < D; i++) for (int o = 0; o < D; o++) G[i][o] += E[g][x][i] * q[o];
      }
      for (int i = 0; i < D; i++) for (int o = 0; o < D; o++) W[i][o] -= eta[g] * G[i][o];
    }
    last[g] = loss;
  }
  clock_gettime(CLOCK_MONOTONIC, &b);
  double s = b.tv_sec - a.tv_sec + 1e-9 * (b.tv_nsec - a.tv_nsec), mean = 0;
  for (int g = 0; g < groups; g++) for (int l = 0; l < L; l++) mean += last[g][l];
  printf("N=%d M=%d D=%d runs=%d steps=%d: %.4f s, %.1f ns per step and run, mean last loss %.5f\n", N, M, D, groups * L, steps, s, 1e9 * s / ((double)groups * L * steps), mean / (groups * L));
  return 0;
}
