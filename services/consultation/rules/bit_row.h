#ifndef DUIKOU_SERVICES_CONSULTATION_RULES_BIT_ROW_H_
#define DUIKOU_SERVICES_CONSULTATION_RULES_BIT_ROW_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace duikou::consultation::rules {

// Sets bits [begin, end) of words; nothing when there are none.
void SetBits(uint64_t* words, size_t begin, size_t end);

// A row of bits, one for each quantum of a search.
class BitRow {
 public:
  static constexpr size_t kWordBits = 64;

  BitRow() = default;
  explicit BitRow(size_t words, bool ones = false) : words_(words, ones ? ~uint64_t{0} : 0) {}

  size_t words() const { return words_.size(); }
  size_t bits() const { return words_.size() * kWordBits; }
  uint64_t word(size_t i) const { return words_[i]; }
  uint64_t* begin_of_words() { return words_.data(); }
  bool Test(size_t bit) const { return (words_[bit / kWordBits] >> bit % kWordBits & 1U) != 0; }
  bool Any() const;
  size_t Count() const;

  // Sets bits [begin, end), cut to the row.
  void Set(int64_t begin, int64_t end);

  void Reset();
  void Invert();
  BitRow& operator|=(const BitRow& other);
  BitRow& operator&=(const BitRow& other);
  // Clears what is set in `other`.
  BitRow& Without(const BitRow& other);

  // Leaves a bit where a run of `length` set bits begins; length >= 1. Beyond the row nothing is set.
  void KeepRuns(size_t length);
  // Moves every bit up by `count`.
  void ShiftUp(size_t count);

  // Calls `each` with every set bit in ascending order, until it answers false.
  template <class Each>
  void ForEach(Each each) const {
    for (size_t i = 0; i < words_.size(); ++i) {
      for (uint64_t word = words_[i]; word != 0; word &= word - 1) {
        if (!each(i * kWordBits + static_cast<size_t>(std::countr_zero(word)))) return;
      }
    }
  }

  friend bool operator==(const BitRow&, const BitRow&) = default;

 private:
  std::vector<uint64_t> words_;
};

// Counts, for each bit, in how many rows it is set: binary digits of the counts stand in rows of their own.
class BitCounter {
 public:
  // Words in which `needed` has no bit are not counted.
  explicit BitCounter(const BitRow& needed);

  void Add(const BitRow& row);
  int CountAt(size_t bit) const;
  // Where the count is `least` or more, among the bits needed.
  BitRow AtLeast(int least) const;

 private:
  const BitRow* needed_;
  std::vector<size_t> counted_;  // The words that are.
  std::vector<BitRow> digits_;   // The lowest first.
};

}  // namespace duikou::consultation::rules

#endif  // DUIKOU_SERVICES_CONSULTATION_RULES_BIT_ROW_H_
