#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/search/query.h"
#include "common/text/utf8.h"

namespace duikou::search {
namespace {

enum class Sign { kOther, kBlank, kOpen, kClose, kQuote, kColon, kStar };

// The sign at the beginning of `text`, in any of its forms, and its length in bytes.
std::pair<Sign, size_t> SignAt(std::string_view text) {
  // Of the ASCII form, of full width, and Chinese ones.
  static constexpr std::pair<std::string_view, Sign> kSigns[] = {
      {" ", Sign::kBlank},      {"\t", Sign::kBlank}, {"\n", Sign::kBlank},     {"\r", Sign::kBlank},
      {"\u3000", Sign::kBlank}, {"(", Sign::kOpen},   {"\uFF08", Sign::kOpen},  {")", Sign::kClose},
      {"\uFF09", Sign::kClose}, {"\"", Sign::kQuote}, {"\u201C", Sign::kQuote}, {"\u201D", Sign::kQuote},
      {"\uFF02", Sign::kQuote}, {":", Sign::kColon},  {"\uFF1A", Sign::kColon}, {"*", Sign::kStar},
      {"\uFF0A", Sign::kStar}};
  for (const auto& [form, sign] : kSigns) {
    if (text.starts_with(form)) return {sign, form.size()};
  }
  return {Sign::kOther, 1};
}

// A field that the words to come are searched in.
struct Place {
  int text = -1;
  int value = -1;
};

class QueryParser {
 public:
  QueryParser(const Schema& schema, std::string_view text) : schema_(schema), text_(text) {}

  absl::StatusOr<Query> Parse() {
    if (text_.size() > kMaxQueryBytes) {
      at_ = kMaxQueryBytes;
      return Wrong("检索式过长,请缩短", "the query is too long: shorten it");
    }
    SkipBlanks();
    if (AtEnd()) return Query{};
    ASSIGN_OR_RETURN(std::optional<Query> query, Either({}, 0));
    if (!AtEnd())
      return Wrong("多余的右括号:请删去,或补上左括号", "a bracket is closed that was not opened: remove it");
    if (!query)
      return Wrong("没有可检索的字词:请输入文字或数字", "there is no word to search for: write letters or digits");
    return *std::move(query);
  }

 private:
  absl::Status Wrong(std::string_view zh, std::string_view en) const {
    const size_t character = text::CodePoints(text_.substr(0, at_)) + 1;
    return BadField("query",
                    {absl::StrCat("检索式第 ", character, " 个字符处:", std::string(zh), "。"),
                     absl::StrCat("at character ", character, " of the query: ", std::string(en), ".")},
                    "QUERY_INVALID");
  }

  bool AtEnd() const { return at_ >= text_.size(); }
  Sign Here() const { return AtEnd() ? Sign::kBlank : SignAt(text_.substr(at_)).first; }
  void Skip() { at_ += SignAt(text_.substr(at_)).second; }

  void SkipBlanks() {
    while (!AtEnd() && Here() == Sign::kBlank) Skip();
  }

  // Whether the operator stands here as a word of its own; goes behind it if so.
  bool TakeOperator(std::string_view name) {
    if (!text_.substr(at_).starts_with(name)) return false;
    const std::string_view after = text_.substr(at_ + name.size());
    const Sign next = after.empty() ? Sign::kBlank : SignAt(after).first;
    if (next == Sign::kOther || next == Sign::kStar || next == Sign::kColon) return false;
    at_ += name.size();
    SkipBlanks();
    return true;
  }

  // Each level gives nothing where there was only punctuation, which finds nothing and excludes nothing.
  using Part = absl::StatusOr<std::optional<Query>>;

  Part Either(Place place, size_t depth) {
    if (depth > kMaxQueryDepth)
      return Wrong("括号层数过多,请拆分", "too many brackets within each other: split the query");
    std::vector<Query> any;
    do {
      ASSIGN_OR_RETURN(std::optional<Query> next, Both(place, depth));
      if (next) any.push_back(*std::move(next));
    } while (TakeOperator("OR"));
    return Joined(std::move(any), &AnyOf);
  }

  Part Both(Place place, size_t depth) {
    std::vector<Query> all;
    do {
      if (EndsHere()) return MissingOperand();
      ASSIGN_OR_RETURN(std::optional<Query> next, Negation(place, depth));
      if (next) all.push_back(*std::move(next));
      SkipBlanks();
    } while (TakeOperator("AND") || !EndsHere());
    return Joined(std::move(all), &AllOf);
  }

  // Whether no operand can begin here.
  bool EndsHere() {
    if (AtEnd() || Here() == Sign::kClose) return true;
    const size_t before = at_;
    const bool is_operator = TakeOperator("OR") || TakeOperator("AND");
    at_ = before;
    return is_operator;
  }

  absl::Status MissingOperand() const {
    return Wrong("此处缺少检索词:请在 AND、OR、NOT 或括号旁补上,或给这些词加引号",
                 "a word is missing here: add one beside AND, OR, NOT or within the brackets, or quote these words");
  }

  static std::optional<Query> Joined(std::vector<Query> parts, Query (*join)(std::vector<Query>)) {
    if (parts.empty()) return std::nullopt;
    return parts.size() == 1 ? std::move(parts.front()) : join(std::move(parts));
  }

  Part Negation(Place place, size_t depth) {
    const bool minus = !AtEnd() && text_[at_] == '-';
    if (minus) ++at_;
    if (!minus && !TakeOperator("NOT")) return Operand(place, depth);
    if (depth > kMaxQueryDepth) return Wrong("NOT 层数过多,请简化", "too many NOT within each other: write less");
    if (EndsHere() && !minus) return MissingOperand();
    ASSIGN_OR_RETURN(std::optional<Query> query, Negation(place, depth + 1));
    if (!query) return std::nullopt;
    return Not(*std::move(query));
  }

  Part Operand(Place place, size_t depth) {
    if (AtEnd()) return std::nullopt;
    switch (Here()) {
      case Sign::kOpen:
        return Brackets(place, depth);
      case Sign::kQuote:
        return Phrase(place);
      case Sign::kColon:
        return Wrong("冒号前缺少字段名:请补上,或给冒号所在的文字加引号",
                     "the name of a field is missing before the colon: add it, or quote the text with the colon");
      case Sign::kStar:
        return Wrong("* 只能写在词尾,如 农业*", "* stands only at the end of a word, as in agri*");
      default:
        return Word(place, depth);
    }
  }

  Part Brackets(Place place, size_t depth) {
    const size_t open = at_;
    Skip();
    SkipBlanks();
    if (EndsHere()) return MissingOperand();
    ASSIGN_OR_RETURN(std::optional<Query> inside, Either(place, depth + 1));
    if (Here() != Sign::kClose || AtEnd()) {
      at_ = open;
      return Wrong("左括号没有对应的右括号:请补上", "this bracket is not closed: close it");
    }
    Skip();
    SkipBlanks();
    return inside;
  }

  Part Phrase(Place place) {
    const size_t open = at_;
    Skip();
    const size_t begin = at_;
    while (!AtEnd() && Here() != Sign::kQuote) Skip();
    if (AtEnd()) {
      at_ = open;
      return Wrong("引号没有结束:请补上右引号", "this quotation mark is not closed: close it");
    }
    const std::string_view quoted = text_.substr(begin, at_ - begin);
    Skip();
    bool prefix = false;
    if (Here() == Sign::kStar && !AtEnd()) {
      prefix = true;
      Skip();
    }
    return Leaf(place, open, quoted, prefix);
  }

  // A word up to a blank, bracket or quotation mark; or the name of a field up to its colon.
  Part Word(Place place, size_t depth) {
    const size_t begin = at_;
    while (!AtEnd() && Here() == Sign::kOther) Skip();
    const std::string_view word = text_.substr(begin, at_ - begin);
    if (!AtEnd() && Here() == Sign::kColon) return InField(place, depth, begin, word);
    bool prefix = false;
    if (!AtEnd() && Here() == Sign::kStar) {
      prefix = true;
      Skip();
      if (!AtEnd() && (Here() == Sign::kOther || Here() == Sign::kStar)) {
        return Wrong("* 只能写在词尾,如 农业*", "* stands only at the end of a word, as in agri*");
      }
    }
    return Leaf(place, begin, word, prefix);
  }

  Part InField(Place place, size_t depth, size_t begin, std::string_view name) {
    if (place.text >= 0 || place.value >= 0) {
      at_ = begin;
      return Wrong("字段内不能再写字段:请分开写", "a field stands within another: write them side by side");
    }
    Place inside{schema_.FindText(name), schema_.FindValue(name)};
    if (inside.value >= 0 && !schema_.values[static_cast<size_t>(inside.value)].in_queries) inside.value = -1;
    if (inside.text < 0 && inside.value < 0) {
      at_ = begin;
      return UnknownField(name);
    }
    Skip();
    SkipBlanks();
    if (EndsHere()) return MissingOperand();
    ASSIGN_OR_RETURN(std::optional<Query> query, Operand(inside, depth));
    if (!query) {
      return Wrong("字段后缺少检索词:请补上", "a word is missing behind the name of the field: add one");
    }
    return query;
  }

  absl::Status UnknownField(std::string_view name) const {
    std::vector<std::string> known;
    for (const TextField& field : schema_.texts) known.push_back(field.name);
    for (const ValueField& field : schema_.values) {
      if (field.in_queries) known.push_back(field.name);
    }
    const std::string shown(text::Truncate(name, 40));
    const std::string names = absl::StrJoin(known, ", ");
    return Wrong(absl::StrCat("没有字段“", shown, "”(可用:", names, "):请改正,或给含冒号的文字加引号"),
                 absl::StrCat("there is no field '", shown, "' (there are ", names,
                              "): mend it, or quote the text with the colon"));
  }

  // A word, phrase or value, which began at `begin`.
  Part Leaf(Place place, size_t begin, std::string_view text, bool prefix) {
    if (++leaves_ > kMaxQueryWords) {
      at_ = begin;
      return Wrong("检索词过多,请减少", "too many words: write fewer");
    }
    std::vector<Piece> pieces = PiecesOf(text);
    const bool of_word = prefix && !pieces.empty() && pieces.back().ideograph == 0;
    if ((of_word || (prefix && place.value >= 0)) && ++prefixes_ > kMaxQueryPrefixes) {
      at_ = begin;
      return Wrong(
          absl::StrCat("带 * 的词过多(至多 ", kMaxQueryPrefixes, " 个):请减少,或写出完整的词"),
          absl::StrCat("too many words with * (at most ", kMaxQueryPrefixes, "): write fewer, or write whole words"));
    }
    Query query;
    if (place.value >= 0) {
      query = {.kind = Query::Kind::kValue, .field = place.value, .prefix = prefix, .value = FoldValue(text)};
      if (place.text < 0) return query;
    }
    if (pieces.empty()) return std::nullopt;
    if (pieces.size() > kMaxPhraseTokens) {
      at_ = begin;
      return Wrong(absl::StrCat("词或短语过长(至多 ", kMaxPhraseTokens, " 个字或词),请缩短"),
                   absl::StrCat("the word or phrase is too long (at most ", kMaxPhraseTokens, " tokens): shorten it"));
    }
    Query words{.kind = Query::Kind::kText, .field = place.text, .pieces = std::move(pieces), .prefix = of_word};
    if (place.value < 0) return words;
    return AnyOf({std::move(words), std::move(query)});
  }

  const Schema& schema_;
  std::string_view text_;
  size_t at_ = 0;
  size_t leaves_ = 0;
  size_t prefixes_ = 0;
};

}  // namespace

absl::StatusOr<Query> ParseQuery(const Schema& schema, std::string_view text) {
  return QueryParser(schema, text).Parse();
}

}  // namespace duikou::search
