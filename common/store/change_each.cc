#include "common/store/change_each.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace duikou::store {
namespace {

// Ids and page tokens have none.
constexpr char kBetween = '\n';

// A list is known by its question.
std::string ListOf(const schema::ResourceType& type, const ListQuery& query) {
  std::string name = absl::StrCat(type.type(), " ", query.parent, " ", query.filter);
  for (const auto& [field, value] : query.where) absl::StrAppend(&name, " ", field, "=", EncodeValues({value}));
  return name;
}

}  // namespace

Portion::Portion(std::string place, int records) : found_(place.empty()), left_(records) {
  const std::vector<std::string> parts = absl::StrSplit(place, absl::MaxSplits(kBetween, 1));
  token_ = parts.front();
  if (parts.size() > 1) list_ = parts.back();
}

bool Portion::Begins(const schema::ResourceType& type, ListQuery& query) {
  if (full_) return false;
  const std::string list = ListOf(type, query);
  if (!found_ && list != list_) return false;
  if (found_) token_.clear();  // Else it is the place's.
  found_ = true;
  list_ = list;
  if (left_ <= 0) {
    full_ = true;
    return false;
  }
  query.page_token = token_;
  query.page_size = std::min(left_, kMaxPageSize);
  return true;
}

void Portion::Ends(size_t records, const std::string& next_page_token) {
  // One is for the question, as many lists may be empty.
  left_ -= static_cast<int>(records) + 1;
  token_ = next_page_token;
  full_ = !next_page_token.empty();
}

std::string Portion::place() const {
  if (!full_) return "";
  return absl::StrCat(token_, absl::string_view(&kBetween, 1), list_);
}

}  // namespace duikou::store
