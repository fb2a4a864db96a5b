#include "common/store/filter.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace duikou::store {
namespace {

constexpr int kMaxRestrictions = 100;
constexpr int kMaxDepth = 20;

bool IsWordByte(char c) {
  // Everything that is not an operator, a bracket, a quote or a blank; bytes above 0x7f are part of UTF-8 words.
  return !absl::ascii_isspace(static_cast<unsigned char>(c)) && !absl::ascii_iscntrl(static_cast<unsigned char>(c)) &&
         absl::string_view("()=<>!:\"'").find(c) == absl::string_view::npos;
}

class FilterParser {
 public:
  explicit FilterParser(absl::string_view text) : text_(text) {}

  absl::StatusOr<Filter> Parse() {
    SkipBlanks();
    if (at_ == text_.size()) return Filter{};
    ASSIGN_OR_RETURN(Filter filter, Expression(0));
    SkipBlanks();
    if (at_ != text_.size()) return Wrong("多余的内容", "nothing more");
    return filter;
  }

 private:
  absl::Status Wrong(absl::string_view zh, absl::string_view en) const {
    return BadField("filter",
                    {absl::StrCat("筛选条件第 ", at_ + 1, " 字节处有误,此处应为:", zh,
                                  "。例:state = ISSUED AND due_date < \"2026-03-01\""),
                     absl::StrCat("wrong at byte ", at_ + 1, ", expected ", en,
                                  "; for example: state = ISSUED AND due_date < \"2026-03-01\"")},
                    "FILTER_INVALID");
  }

  // expression: factor-or-sequence {AND …}; side by side means AND too.
  absl::StatusOr<Filter> Expression(int depth) {
    if (depth > kMaxDepth) return Wrong("少于 20 层括号", "at most 20 levels of brackets");
    Filter all{.kind = Filter::Kind::kAnd};
    while (true) {
      ASSIGN_OR_RETURN(Filter next, Factor(depth));
      all.children.push_back(std::move(next));
      SkipBlanks();
      if (at_ == text_.size() || text_[at_] == ')') break;
      TakeWord("AND");
    }
    return all.children.size() == 1 ? std::move(all.children.front()) : std::move(all);
  }

  absl::StatusOr<Filter> Factor(int depth) {
    Filter any{.kind = Filter::Kind::kOr};
    do {
      ASSIGN_OR_RETURN(Filter next, Term(depth));
      any.children.push_back(std::move(next));
    } while (TakeWord("OR"));
    return any.children.size() == 1 ? std::move(any.children.front()) : std::move(any);
  }

  absl::StatusOr<Filter> Term(int depth) {
    SkipBlanks();
    const bool minus = at_ < text_.size() && text_[at_] == '-';
    if (minus) ++at_;
    if (minus || TakeWord("NOT")) {
      Filter negation{.kind = Filter::Kind::kNot};
      ASSIGN_OR_RETURN(Filter inner, Simple(depth));
      negation.children.push_back(std::move(inner));
      return negation;
    }
    return Simple(depth);
  }

  absl::StatusOr<Filter> Simple(int depth) {
    SkipBlanks();
    if (at_ < text_.size() && text_[at_] == '(') {
      ++at_;
      ASSIGN_OR_RETURN(Filter inner, Expression(depth + 1));
      SkipBlanks();
      if (at_ == text_.size() || text_[at_] != ')') return Wrong("右括号", "a closing bracket");
      ++at_;
      return inner;
    }
    return Restriction();
  }

  absl::StatusOr<Filter> Restriction() {
    if (++restrictions_ > kMaxRestrictions) return Wrong("不超过 100 个条件", "at most 100 restrictions");
    Filter compare{.kind = Filter::Kind::kCompare};
    compare.path = std::string(Word());
    if (compare.path.empty()) return Wrong("字段名", "a field");
    ASSIGN_OR_RETURN(compare.op, Comparator());
    SkipBlanks();
    if (at_ < text_.size() && (text_[at_] == '"' || text_[at_] == '\'')) {
      ASSIGN_OR_RETURN(compare.value, Quoted());
      compare.quoted = true;
      return compare;
    }
    compare.value = std::string(Word());
    if (compare.value.empty()) return Wrong("值", "a value");
    return compare;
  }

  absl::StatusOr<Filter::Operator> Comparator() {
    using Operator = Filter::Operator;
    static constexpr std::pair<const char*, Operator> kOperators[] = {
        {"!=", Operator::kNotEqual}, {"<=", Operator::kLessEqual}, {">=", Operator::kGreaterEqual},
        {"=", Operator::kEqual},     {"<", Operator::kLess},       {">", Operator::kGreater},
        {":", Operator::kHas}};
    SkipBlanks();
    for (const auto& [sign, op] : kOperators) {
      if (absl::StartsWith(text_.substr(at_), sign)) {
        at_ += absl::string_view(sign).size();
        return op;
      }
    }
    return Wrong("= != < <= > >= :", "one of = != < <= > >= :");
  }

  absl::StatusOr<std::string> Quoted() {
    const char quote = text_[at_++];
    std::string value;
    while (at_ < text_.size() && text_[at_] != quote) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      value.push_back(text_[at_++]);
    }
    if (at_ == text_.size()) return Wrong("右引号", "a closing quote");
    ++at_;
    return value;
  }

  absl::string_view Word() {
    SkipBlanks();
    const size_t begin = at_;
    while (at_ < text_.size() && IsWordByte(text_[at_])) ++at_;
    return text_.substr(begin, at_ - begin);
  }

  // Takes a keyword that stands alone.
  bool TakeWord(absl::string_view keyword) {
    SkipBlanks();
    const absl::string_view rest = text_.substr(at_);
    if (!absl::StartsWith(rest, keyword)) return false;
    if (rest.size() > keyword.size() && rest[keyword.size()] != '(' && IsWordByte(rest[keyword.size()])) return false;
    at_ += keyword.size();
    return true;
  }

  void SkipBlanks() {
    while (at_ < text_.size() && absl::ascii_isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
  }

  absl::string_view text_;
  size_t at_ = 0;
  int restrictions_ = 0;
};

}  // namespace

absl::StatusOr<Filter> ParseFilter(absl::string_view text) { return FilterParser(text).Parse(); }

}  // namespace duikou::store
