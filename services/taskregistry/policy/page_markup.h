// Tags and entities of a web page inside a text that is mostly plain.
#ifndef DUIKOU_SERVICES_TASKREGISTRY_POLICY_PAGE_MARKUP_H_
#define DUIKOU_SERVICES_TASKREGISTRY_POLICY_PAGE_MARKUP_H_

#include <cstddef>
#include <string_view>

namespace duikou::policy {

// Reads markup front to back in time linear in the text, however many '<' stay open.
class PageMarkup {
 public:
  struct Token {
    size_t length = 0;             // Bytes taken; 0 when there is no markup.
    char32_t replacement = U'\0';  // What stands for it; NUL for nothing.
  };

  explicit PageMarkup(std::string_view utf8) : utf8_(utf8) {}

  // The tag, comment or entity that begins at `i`, where '<' or '&' stands. Calls go front to back. The whole of a
  // script or a style sheet is one token. Quotation marks of titles (<…> around Chinese) are no tags.
  Token At(size_t i);

 private:
  Token Tag(size_t i);
  Token Entity(size_t i) const;
  size_t NextClose(size_t i);

  std::string_view utf8_;
  size_t next_close_ = 0;     // The first '>' at or after the last question; utf8_.size() for none.
  bool script_open_ = false;  // A script that is never closed was met: looking again would be quadratic.
};

}  // namespace duikou::policy

#endif  // DUIKOU_SERVICES_TASKREGISTRY_POLICY_PAGE_MARKUP_H_
