// What a service hands to the index: a schema once, and a document for each record.
#ifndef DUIKOU_COMMON_SEARCH_DOCUMENT_H_
#define DUIKOU_COMMON_SEARCH_DOCUMENT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace duikou::search {

inline constexpr size_t kMaxTextFields = 8;
inline constexpr size_t kMaxValueFields = 255;

// A text that words are searched in.
struct TextField {
  std::string name;
  double weight = 1;                 // Of an occurrence here beside one in a field of weight 1: 1/16 to 16.
  double typical_length = 160;       // In tokens: occurrences in a longer text count less, in a shorter one more.
  std::vector<std::string> aliases;  // Other names in queries: 标题.
};

// Short values that are compared whole (after folding): for field:value, facets and conditions.
struct ValueField {
  std::string name;
  std::vector<std::string> aliases;
  bool in_queries = true;  // Otherwise only code can ask for it: who may see a record, for instance.
};

struct Schema {
  std::vector<TextField> texts;
  std::vector<ValueField> values;

  // The position of a field by name or alias; -1 without one.
  int FindText(std::string_view name) const;
  int FindValue(std::string_view name) const;
};

// A record as it is searched. Fields are those of the schema; a field given twice has two values, which no phrase
// spans.
struct Document {
  explicit Document(std::string name, int64_t order = 0) : key(std::move(name)), rank(order) {}

  Document& Text(std::string_view field, std::string_view text) {
    texts.emplace_back(field, text);
    return *this;
  }
  Document& Value(std::string_view field, std::string_view value) {
    values.emplace_back(field, value);
    return *this;
  }

  std::string key;   // The name of the record.
  int64_t rank = 0;  // Among equal scores the higher comes first, then the smaller key: a time of publication, say.
  std::vector<std::pair<std::string, std::string>> texts;
  std::vector<std::pair<std::string, std::string>> values;
};

}  // namespace duikou::search

#endif  // DUIKOU_COMMON_SEARCH_DOCUMENT_H_
