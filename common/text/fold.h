// Folding of names for comparison: 營口市工信局(本級), 营口市工信局(本级) and full or half width forms become one text.
#ifndef DUIKOU_COMMON_TEXT_FOLD_H_
#define DUIKOU_COMMON_TEXT_FOLD_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "common/text/utf8.h"

namespace duikou::text {

// NFKC_Casefold (Unicode UAX #31: compatibility forms, case, invisible characters) followed by Traditional to
// Simplified (OpenCC t2s, by phrases). Two names are the same name if their foldings are equal; the result is for
// comparing and indexing, not for showing. Folding a folded text changes nothing but in rare phrases, and where a
// letter has more than 30 marks, which are folded in pieces. A broken byte of UTF-8 folds to U+FFFD. Thread-safe, and
// linear in time. About 0.5 µs for a name in Simplified characters, 1 µs a character where OpenCC
// has to look at it.
std::string Fold(std::string_view utf8);

// FailedPrecondition with the fix if OpenCC's dictionaries are not installed, in which case Fold leaves Traditional
// characters as they are. A service asks this once at start.
absl::Status FoldingReady();

}  // namespace duikou::text

#endif  // DUIKOU_COMMON_TEXT_FOLD_H_
