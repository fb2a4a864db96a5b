#include "services/taskregistry/policy/page_markup.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace duikou::policy {
namespace {

constexpr size_t kLongestTag = 4000;
constexpr size_t kLongestEntity = 10;

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

constexpr std::array<std::string_view, 18> kBlocks = {"p",     "br", "div", "tr",      "li",      "ul",
                                                      "ol",    "h1", "h2",  "h3",      "h4",      "h5",
                                                      "table", "h6", "hr",  "section", "article", "title"};

constexpr std::array<std::pair<std::string_view, char32_t>, 13> kEntities = {{{"nbsp", U' '},
                                                                              {"ensp", U' '},
                                                                              {"emsp", U' '},
                                                                              {"amp", U'&'},
                                                                              {"lt", U'<'},
                                                                              {"gt", U'>'},
                                                                              {"quot", U'"'},
                                                                              {"ldquo", U'“'},
                                                                              {"rdquo", U'”'},
                                                                              {"lsquo", U'‘'},
                                                                              {"rsquo", U'’'},
                                                                              {"middot", U'·'},
                                                                              {"mdash", U'—'}}};

// Where `</name` stands from `from` on, in letters of any case; npos for nowhere. `name` is in small letters.
size_t FindEndTag(std::string_view utf8, std::string_view name, size_t from) {
  for (size_t at = utf8.find("</", from); at != std::string_view::npos; at = utf8.find("</", at + 2)) {
    const std::string_view written = utf8.substr(at + 2, name.size());
    if (std::equal(written.begin(), written.end(), name.begin(), name.end(),
                   [](char a, char b) { return Lower(a) == b; }))
      return at;
  }
  return std::string_view::npos;
}

}  // namespace

size_t PageMarkup::NextClose(size_t i) {
  if (next_close_ < i || (next_close_ == 0 && i == 0)) next_close_ = std::min(utf8_.find('>', i), utf8_.size());
  return next_close_;
}

PageMarkup::Token PageMarkup::At(size_t i) { return utf8_[i] == '<' ? Tag(i) : Entity(i); }

PageMarkup::Token PageMarkup::Tag(size_t i) {
  size_t at = i + 1;
  if (at < utf8_.size() && utf8_[at] == '/') ++at;
  if (at >= utf8_.size() || !(IsLetter(utf8_[at]) || utf8_[at] == '!')) return {};
  const size_t close = NextClose(i);
  if (close >= utf8_.size() || close - i > kLongestTag) return {};
  std::string name;
  for (size_t k = at; k < close && name.size() < 8 && (IsLetter(utf8_[k]) || (utf8_[k] >= '0' && utf8_[k] <= '9'));
       ++k) {
    name.push_back(Lower(utf8_[k]));
  }
  size_t end = close + 1;
  if ((name == "script" || name == "style") && utf8_[i + 1] != '/' && !script_open_) {
    const size_t found = FindEndTag(utf8_, name, end);
    script_open_ = found == std::string_view::npos;
    if (!script_open_) end = found;
  }
  const bool block = std::find(kBlocks.begin(), kBlocks.end(), name) != kBlocks.end();
  const bool cell = utf8_[i + 1] == '/' && (name == "td" || name == "th");
  return {end - i, block ? U'\n' : cell ? U'\t' : U'\0'};
}

PageMarkup::Token PageMarkup::Entity(size_t i) const {
  const std::string_view rest = utf8_.substr(i + 1, kLongestEntity);
  const size_t semicolon = rest.find(';');
  if (semicolon == std::string_view::npos || semicolon == 0) return {};
  const std::string_view name = rest.substr(0, semicolon);
  for (const auto& [entity, c] : kEntities) {
    if (name == entity) return {semicolon + 2, c};
  }
  if (name.size() < 3 || name[0] != '#') return {};
  const bool hex = name[1] == 'x' || name[1] == 'X';
  char32_t value = 0;
  for (const char digit : name.substr(hex ? 2 : 1)) {
    const char low = Lower(digit);
    const int v = low >= '0' && low <= '9' ? low - '0' : hex && low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
    if (v < 0) return {};
    value = value * (hex ? 16 : 10) + static_cast<char32_t>(v);
    if (value > 0x10FFFF) return {};
  }
  if (value < 0x20 || (value >= 0xD800 && value < 0xE000)) return {semicolon + 2, U' '};
  return {semicolon + 2, value};
}

}  // namespace duikou::policy
