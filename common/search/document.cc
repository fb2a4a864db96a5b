#include "common/search/document.h"

#include <algorithm>

namespace duikou::search {
namespace {

template <typename Field>
int Find(const std::vector<Field>& fields, std::string_view name) {
  for (size_t i = 0; i < fields.size(); ++i) {
    const auto& aliases = fields[i].aliases;
    if (fields[i].name == name || std::find(aliases.begin(), aliases.end(), name) != aliases.end()) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

}  // namespace

int Schema::FindText(std::string_view name) const { return Find(texts, name); }

int Schema::FindValue(std::string_view name) const { return Find(values, name); }

}  // namespace duikou::search
