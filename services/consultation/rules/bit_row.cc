#include "services/consultation/rules/bit_row.h"

#include <algorithm>

namespace duikou::consultation::rules {

void SetBits(uint64_t* words, size_t begin, size_t end) {
  if (begin >= end) return;
  const size_t first = begin / BitRow::kWordBits, last = (end - 1) / BitRow::kWordBits;
  const uint64_t from = ~uint64_t{0} << begin % BitRow::kWordBits;
  const uint64_t to = ~uint64_t{0} >> (BitRow::kWordBits - 1 - (end - 1) % BitRow::kWordBits);
  if (first == last) {
    words[first] |= from & to;
    return;
  }
  words[first] |= from;
  for (size_t i = first + 1; i < last; ++i) words[i] = ~uint64_t{0};
  words[last] |= to;
}

bool BitRow::Any() const {
  return std::any_of(words_.begin(), words_.end(), [](uint64_t word) { return word != 0; });
}

size_t BitRow::Count() const {
  size_t count = 0;
  for (const uint64_t word : words_) count += static_cast<size_t>(std::popcount(word));
  return count;
}

void BitRow::Set(int64_t begin, int64_t end) {
  begin = std::max<int64_t>(begin, 0);
  end = std::min(end, static_cast<int64_t>(bits()));
  if (begin < end) SetBits(words_.data(), static_cast<size_t>(begin), static_cast<size_t>(end));
}

void BitRow::Reset() { std::fill(words_.begin(), words_.end(), 0); }

void BitRow::Invert() {
  for (uint64_t& word : words_) word = ~word;
}

BitRow& BitRow::operator|=(const BitRow& other) {
  for (size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
  return *this;
}

BitRow& BitRow::operator&=(const BitRow& other) {
  for (size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
  return *this;
}

BitRow& BitRow::Without(const BitRow& other) {
  for (size_t i = 0; i < words_.size(); ++i) words_[i] &= ~other.words_[i];
  return *this;
}

void BitRow::KeepRuns(size_t length) {
  // Runs of `have` known at each bit give those of up to twice the length.
  for (size_t have = 1; have < length;) {
    const size_t step = std::min(have, length - have);
    const size_t whole = step / kWordBits, part = step % kWordBits;
    const size_t size = words_.size();
    const size_t inside = size > whole + 1 ? size - whole - 1 : 0;
    if (part == 0) {
      for (size_t i = 0; i + whole < size; ++i) words_[i] &= words_[i + whole];
    } else {
      for (size_t i = 0; i < inside; ++i)
        words_[i] &= words_[i + whole] >> part | words_[i + whole + 1] << (kWordBits - part);
      if (whole < size) words_[inside] &= words_[size - 1] >> part;
    }
    std::fill(words_.begin() + static_cast<ptrdiff_t>(size - std::min(whole, size)), words_.end(), 0);
    have += step;
  }
}

void BitRow::ShiftUp(size_t count) {
  const size_t whole = count / kWordBits, part = count % kWordBits;
  for (size_t i = words_.size(); i-- > 0;) {
    uint64_t word = i >= whole ? words_[i - whole] << part : 0;
    if (part != 0 && i > whole) word |= words_[i - whole - 1] >> (kWordBits - part);
    words_[i] = word;
  }
}

BitCounter::BitCounter(const BitRow& needed) : needed_(&needed) {
  for (size_t i = 0; i < needed.words(); ++i) {
    if (needed.word(i) != 0) counted_.push_back(i);
  }
}

void BitCounter::Add(const BitRow& row) {
  for (const size_t i : counted_) {
    uint64_t carry = row.word(i);
    for (size_t digit = 0; carry != 0; ++digit) {
      if (digit == digits_.size()) digits_.emplace_back(needed_->words());
      uint64_t& word = digits_[digit].begin_of_words()[i];
      const uint64_t both = word & carry;
      word ^= carry;
      carry = both;
    }
  }
}

int BitCounter::CountAt(size_t bit) const {
  int count = 0;
  for (size_t digit = 0; digit < digits_.size(); ++digit) count |= (digits_[digit].Test(bit) ? 1 : 0) << digit;
  return count;
}

BitRow BitCounter::AtLeast(int least) const {
  BitRow result(needed_->words());
  if (least <= 0) {
    result = *needed_;
    return result;
  }
  const auto wanted = static_cast<uint32_t>(least);
  if (digits_.size() < 32 && wanted >> digits_.size() != 0) return result;  // More digits than any count has.
  // From the highest digit down: above as soon as a digit is larger, and equal so far.
  for (const size_t i : counted_) {
    uint64_t above = 0, equal = needed_->word(i);
    for (size_t digit = digits_.size(); digit-- > 0;) {
      const uint64_t word = digits_[digit].word(i);
      if ((wanted >> digit & 1U) != 0) {
        equal &= word;
      } else {
        above |= equal & word;
        equal &= ~word;
      }
    }
    result.begin_of_words()[i] = above | equal;
  }
  return result;
}

}  // namespace duikou::consultation::rules
