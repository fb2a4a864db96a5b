#ifndef DUIKOU_SERVICES_CONSULTATION_RULES_TIME_GRID_H_
#define DUIKOU_SERVICES_CONSULTATION_RULES_TIME_GRID_H_

#include <cstdint>
#include <vector>

#include "absl/time/time.h"

// The grid of 15 minutes on which consultations begin and end, counted from 1970-01-01T00:00:00Z. Every time zone's
// offset in use is a multiple of it, so that a local quarter of an hour lies on it.
namespace duikou::consultation::rules {

inline constexpr int64_t kQuantumSeconds = 900;
inline constexpr int64_t kQuantumMinutes = 15;

// Division that rounds down and up, for moments before 1970 as well.
constexpr int64_t FloorDiv(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }
constexpr int64_t CeilDiv(int64_t a, int64_t b) { return a / b + (a % b > 0 ? 1 : 0); }

// Quanta from `begin` to before `end`.
struct Span {
  int64_t begin = 0;
  int64_t end = 0;
  friend bool operator==(const Span&, const Span&) = default;
};

// A range of moments in seconds, half-open.
struct Seconds {
  int64_t begin = 0;
  int64_t end = 0;
  friend bool operator==(const Seconds&, const Seconds&) = default;
};

inline absl::Time TimeOf(int64_t quantum) { return absl::FromUnixSeconds(quantum * kQuantumSeconds); }

// The quanta that a range touches: what ends at 10:00 leaves the one from 10:00 on free.
constexpr Span Outward(Seconds range) {
  return {FloorDiv(range.begin, kQuantumSeconds), CeilDiv(range.end, kQuantumSeconds)};
}

// The quanta that lie within a range as a whole.
constexpr Span Inward(Seconds range) {
  return {CeilDiv(range.begin, kQuantumSeconds), FloorDiv(range.end, kQuantumSeconds)};
}

// A length in minutes as quanta, rounded up.
constexpr int64_t QuantaOf(int64_t minutes) { return CeilDiv(minutes, kQuantumMinutes); }

// The busy time of one calendar, a bit for each quantum: made once for a version of the calendar, and searched many
// times. Words lie on multiples of 64 quanta from the grid's beginning, so that a search takes them over as they are.
class BusyGrid {
 public:
  BusyGrid() = default;
  // Covers the quanta of `range`; what is added outside of it is left out.
  explicit BusyGrid(Span range);
  BusyGrid(Span range, const std::vector<Seconds>& busy);

  // Rounded outward.
  void Add(Seconds busy);
  bool IsBusy(int64_t quantum) const;
  // ORs the words from `first_word` (quantum / 64) on into `count` words; where nothing is known, it is free.
  void OrInto(int64_t first_word, uint64_t* words, size_t count) const;
  size_t bytes() const { return words_.size() * sizeof(uint64_t); }

 private:
  int64_t first_word_ = 0;
  std::vector<uint64_t> words_;
};

}  // namespace duikou::consultation::rules

#endif  // DUIKOU_SERVICES_CONSULTATION_RULES_TIME_GRID_H_
