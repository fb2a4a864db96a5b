#include "services/directory/unit_names.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/text/fold.h"

namespace duikou::directory {
namespace {

bool TakePrefix(std::string& text, const std::string& prefix) {
  if (prefix.empty() || text.rfind(prefix, 0) != 0 || text.size() == prefix.size()) return false;
  text.erase(0, prefix.size());
  return true;
}

// Without the place that it belongs to: names of one city differ in what follows.
std::string WithoutPlace(std::string folded, const v1::City& city) {
  for (const std::string& place :
       {text::Fold(city.title()), text::Fold(city.province()), std::string("市"), std::string("省")}) {
    if (TakePrefix(folded, place)) break;
  }
  return folded;
}

std::vector<std::string> Characters(const std::string& utf8) {
  std::vector<std::string> characters;
  for (const char c : utf8) {
    if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) characters.emplace_back();
    if (!characters.empty()) characters.back().push_back(c);
  }
  return characters;
}

size_t CommonSubsequence(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<size_t> row(b.size() + 1, 0);
  for (const std::string& c : a) {
    size_t diagonal = 0;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t above = row[j];
      row[j] = c == b[j - 1] ? diagonal + 1 : std::max(row[j], row[j - 1]);
      diagonal = above;
    }
  }
  return row.back();
}

}  // namespace

void FoldAliases(v1::Unit& unit) {
  const bool known = std::any_of(unit.aliases().begin(), unit.aliases().end(),
                                 [&](const auto& alias) { return alias.text() == unit.title(); });
  if (!known) unit.add_aliases()->set_text(unit.title());
  for (v1::Unit::Alias& alias : *unit.mutable_aliases()) alias.set_folded(text::Fold(alias.text()));
}

std::vector<std::string> NameForms(const std::string& text, const v1::City& city) {
  const std::string folded = text::Fold(text);
  std::vector<std::string> forms{folded};
  const auto exchange = [&](const std::string& from, const std::string& to) {
    std::string rest = folded;
    if (!to.empty() && TakePrefix(rest, from)) forms.push_back(to + rest);
  };
  const std::string title = text::Fold(city.title()), province = text::Fold(city.province());
  exchange("市", title);
  exchange(title, "市");
  exchange("省", province);
  exchange(province, "省");
  return forms;
}

double Likeness(const std::string& text, const v1::Unit& unit, const v1::City& city) {
  const std::vector<std::string> wanted = Characters(WithoutPlace(text::Fold(text), city));
  double best = 0;
  for (const v1::Unit::Alias& alias : unit.aliases()) {
    const std::vector<std::string> name = Characters(WithoutPlace(alias.folded(), city));
    if (wanted.empty() || name.empty()) continue;
    const double common = static_cast<double>(CommonSubsequence(wanted, name));
    best = std::max(best, 2 * common / static_cast<double>(wanted.size() + name.size()));
  }
  return best;
}

}  // namespace duikou::directory
