#ifndef DUIKOU_BENCH_LOAD_HISTOGRAM_H_
#define DUIKOU_BENCH_LOAD_HISTOGRAM_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace duikou::bench {

// Times in microseconds with an error of at most 1/32: each power of two is split in 32 equal parts.
class Histogram {
 public:
  void Add(int64_t us) {
    ++counts_[IndexOf(us < 0 ? 0 : static_cast<uint64_t>(us))];
    ++total_;
  }

  // The upper bound of the part that holds the given share of all times; 0 if there are none.
  int64_t Quantile(double share) const {
    auto wanted = static_cast<int64_t>(share * static_cast<double>(total_));
    int64_t seen = 0;
    for (size_t i = 0; i < counts_.size(); ++i) {
      seen += counts_[i];
      if (seen > wanted) return UpperBound(i);
    }
    return 0;
  }

  int64_t total() const { return total_; }

 private:
  static constexpr size_t kPartBits = 5;
  static constexpr size_t kParts = size_t{1} << kPartBits;
  static constexpr size_t kPowers = 40;

  static size_t IndexOf(uint64_t us) {
    if (us < kParts) return static_cast<size_t>(us);
    size_t power = static_cast<size_t>(std::bit_width(us)) - kPartBits;
    if (power >= kPowers) power = kPowers - 1;
    return power * kParts + (static_cast<size_t>(us >> (power - 1)) & (kParts - 1));
  }

  static int64_t UpperBound(size_t index) {
    size_t power = index / kParts, part = index % kParts;
    if (power == 0) return static_cast<int64_t>(part);
    return static_cast<int64_t>((kParts + part + 1) << (power - 1)) - 1;
  }

  std::array<int64_t, kParts * kPowers> counts_{};
  int64_t total_ = 0;
};

}  // namespace duikou::bench

#endif  // DUIKOU_BENCH_LOAD_HISTOGRAM_H_
