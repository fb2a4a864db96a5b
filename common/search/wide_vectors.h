// For functions whose loops compare many numbers at once.
#ifndef DUIKOU_COMMON_SEARCH_WIDE_VECTORS_H_
#define DUIKOU_COMMON_SEARCH_WIDE_VECTORS_H_

// A function so marked is compiled twice, for every processor and for those with AVX2 (which have POPCNT too), and the
// one that fits is chosen when the program is loaded: Debian's baseline knows neither unsigned comparisons of vectors
// nor the counting of bits. What it calls is compiled with it where that is DUIKOU_INTO_VECTORS. Sanitizers are not
// ready yet when it is chosen.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define DUIKOU_WIDE_VECTORS __attribute__((target_clones("avx2", "default")))
#define DUIKOU_INTO_VECTORS inline __attribute__((always_inline))
#else
#define DUIKOU_WIDE_VECTORS
#define DUIKOU_INTO_VECTORS inline
#endif

#endif  // DUIKOU_COMMON_SEARCH_WIDE_VECTORS_H_
