#include "common/base/id.h"

#include <sys/random.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "absl/synchronization/mutex.h"

namespace duikou {
namespace {

// 128 bits in base32hex, most significant first: 26 characters, the first of which holds 3 bits.
std::string Encode(uint64_t high, uint64_t low) {
  static constexpr char kDigits[] = "0123456789abcdefghijklmnopqrstuv";
  std::string out(26, '0');
  unsigned __int128 value = static_cast<unsigned __int128>(high) << 64 | low;
  for (int i = 25; i >= 0; --i) {
    out[static_cast<size_t>(i)] = kDigits[static_cast<unsigned>(value) & 31U];
    value >>= 5;
  }
  return out;
}

}  // namespace

std::string RandomBytes(size_t count) {
  std::string bytes(count, '\0');
  size_t filled = 0;
  while (filled < count) {
    const ssize_t got = getrandom(bytes.data() + filled, count - filled, 0);
    if (got > 0) filled += static_cast<size_t>(got);
  }
  return bytes;
}

std::string NewId(absl::Time now) {
  static absl::Mutex mutex(absl::kConstInit);
  static uint64_t last_ms = 0;
  static uint64_t counter = 0;  // 12 bits of rand_a and 62 of rand_b would be overkill: 74 bits, the upper 12 count.
  static uint64_t pool[64];
  static size_t next_in_pool = 64;

  absl::MutexLock lock(&mutex);
  if (next_in_pool == 64) {
    const std::string fresh = RandomBytes(sizeof(pool));
    std::copy(fresh.begin(), fresh.end(), reinterpret_cast<char*>(pool));
    next_in_pool = 0;
  }
  const uint64_t random = pool[next_in_pool++];
  const uint64_t ms = static_cast<uint64_t>(std::max<int64_t>(0, absl::ToUnixMillis(now)));
  if (ms > last_ms) {
    last_ms = ms;
    counter = random >> 53;  // 11 random bits leave room to count.
  } else if (++counter > 0xfff) {
    ++last_ms;
    counter = 0;
  }
  const uint64_t high = last_ms << 16 | 0x7000U | (counter & 0xfffU);
  const uint64_t low = (random & 0x3fffffffffffffffULL) | 0x8000000000000000ULL;
  return Encode(high, low);
}

}  // namespace duikou
