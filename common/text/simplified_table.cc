#include "common/text/simplified_table.h"

#include <unicode/utf8.h>

#include <algorithm>
#include <exception>
#include <opencc/Config.hpp>
#include <opencc/Conversion.hpp>
#include <opencc/ConversionChain.hpp>
#include <opencc/Converter.hpp>
#include <opencc/Dict.hpp>
#include <opencc/DictEntry.hpp>
#include <opencc/Lexicon.hpp>
#include <utility>

namespace duikou::text {
namespace {

std::u32string ToCodePoints(const std::string& utf8) {
  std::u32string out;
  const auto length = static_cast<int32_t>(utf8.size());
  for (int32_t i = 0; i < length;) {
    UChar32 c;
    U8_NEXT_OR_FFFD(utf8.data(), i, length, c);
    out.push_back(static_cast<char32_t>(c));
  }
  return out;
}

}  // namespace

const SimplifiedTable& SimplifiedTable::Get() {
  static const auto* table = new SimplifiedTable;
  return *table;
}

SimplifiedTable::SimplifiedTable() : marks_(kPlane) {
  try {
    Load();
  } catch (const std::exception&) {  // The dictionaries are missing: FoldingReady tells.
    entries_.clear();
  }
  for (auto& [first, entries] : entries_) {
    if (first < kPlane) marks_[first] = 1;
    std::stable_sort(entries.begin(), entries.end(),
                     [](const Entry& a, const Entry& b) { return a.key.size() > b.key.size(); });
  }
}

void SimplifiedTable::Load() {
  std::vector<Entry> phrases;
  const auto converter = opencc::Config().NewFromFile("t2s.json");
  for (const auto& conversion : converter->GetConversionChain()->GetConversions()) {
    const opencc::LexiconPtr lexicon = conversion->GetDict()->GetLexicon();
    for (const auto& read : *lexicon) {
      Entry entry{ToCodePoints(read->Key()), ToCodePoints(read->GetDefault())};
      if (entry.key.size() > 1) {
        phrases.push_back(std::move(entry));
      } else if (!entry.key.empty() && entry.key != entry.value) {
        entries_[entry.key.front()].push_back(std::move(entry));
      }
    }
  }
  std::vector<Entry> complete;
  for (Entry& phrase : phrases) {
    phrase.value = ByCharacters(phrase.value);
    if (phrase.value != ByCharacters(phrase.key)) complete.push_back(std::move(phrase));
  }
  for (Entry& phrase : complete) {
    const char32_t first = phrase.key.front();
    entries_[first].push_back(std::move(phrase));
  }
}

std::u32string SimplifiedTable::ByCharacters(const std::u32string& text) const {
  std::u32string out;
  for (const char32_t c : text) {
    const auto found = entries_.find(c);
    if (found == entries_.end()) {
      out.push_back(c);
    } else {
      out += found->second.front().value;  // Only characters are there while phrases are made.
    }
  }
  return out;
}

SimplifiedTable::Change SimplifiedTable::Longest(std::u32string_view text) const {
  const auto found = entries_.find(text.front());
  for (const Entry& entry : found->second) {
    if (text.substr(0, entry.key.size()) == entry.key) return {entry.key.size(), &entry.value};
  }
  return {};
}

}  // namespace duikou::text
