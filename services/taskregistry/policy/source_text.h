// The text of a document as the importer reads it: code points without markup, each with its place in the bytes given.
#ifndef DUIKOU_SERVICES_TASKREGISTRY_POLICY_SOURCE_TEXT_H_
#define DUIKOU_SERVICES_TASKREGISTRY_POLICY_SOURCE_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace duikou::policy {

// A range of code points of a SourceText: [begin, end).
struct Span {
  size_t begin = 0;
  size_t end = 0;
  bool empty() const { return begin >= end; }
  size_t size() const { return empty() ? 0 : end - begin; }
};

// Two views of one text, index for index. `folded()` is what rules compare with: full-width forms are half-width, all
// kinds of brackets ( ), all kinds of blanks ' ', the traditional characters of the markers simplified. The other view
// is as written, which is what is shown.
class SourceText {
 public:
  // Reads UTF-8 of at most 4 GiB; a byte that is no UTF-8 becomes U+FFFD. Tags of a page are left out (the ends of its
  // blocks become line breaks, of its cells tabs), entities are replaced, and so are CR LF and zero-width characters.
  explicit SourceText(std::string_view utf8);

  std::u32string_view folded() const { return folded_; }
  size_t size() const { return folded_.size(); }
  char32_t at(size_t i) const { return i < folded_.size() ? folded_[i] : U'\0'; }
  std::u32string_view Folded(Span span) const;

  // As written.
  std::string Written(Span span) const;
  // As written, all white space left out.
  std::string Compact(Span span) const;
  // As written on one line: white space at the ends left out, line breaks and runs of blanks made one blank.
  std::string OneLine(Span span) const;

  // The place of code point `i` (or of the end) in the bytes given.
  uint32_t Byte(size_t i) const;

  // `span` without white space at its ends.
  Span Trim(Span span) const;

 private:
  void Append(char32_t c, size_t byte);

  std::u32string written_;
  std::u32string folded_;
  std::vector<uint32_t> bytes_;
  uint32_t total_bytes_ = 0;
};

bool IsBlank(char32_t c);        // ' ', tab or line break, of a folded text.
bool IsHan(char32_t c);          // A CJK ideograph.
bool IsDigit(char32_t c);        // 0-9, of a folded text.
bool IsClauseEnd(char32_t c);    // 。;!?,: and 、 of a folded text.
bool IsSentenceEnd(char32_t c);  // 。;!? of a folded text.
void AppendUtf8(char32_t c, std::string& out);

// Whether `text` has `word` at `at`.
bool HasAt(std::u32string_view text, size_t at, std::u32string_view word);
bool StartsWith(std::u32string_view text, std::u32string_view word);
bool EndsWith(std::u32string_view text, std::u32string_view word);
bool Contains(std::u32string_view text, std::u32string_view word);

}  // namespace duikou::policy

#endif  // DUIKOU_SERVICES_TASKREGISTRY_POLICY_SOURCE_TEXT_H_
