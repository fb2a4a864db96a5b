// Runs of characters that Unicode normalization may join or reorder, kept short.
#ifndef DUIKOU_COMMON_TEXT_JOINED_RUNS_H_
#define DUIKOU_COMMON_TEXT_JOINED_RUNS_H_

#include <unicode/normalizer2.h>

#include <cstddef>
#include <string_view>

namespace duikou::text {

// ICU sorts the marks on a letter by walking back over all of them, in time that grows with their square: a text of
// marks alone would hold a thread for minutes. No language puts more on a letter (UAX #15, stream-safe text format).
inline constexpr size_t kMostJoined = 30;

// The longest start of valid UTF-8 in which no more than kMostJoined characters follow each other that may join with
// the one before them: all of a text that is written in any language. What follows is to be normalized on its own.
std::string_view JoinedPrefix(std::string_view utf8, const icu::Normalizer2& normalizer);

}  // namespace duikou::text

#endif  // DUIKOU_COMMON_TEXT_JOINED_RUNS_H_
