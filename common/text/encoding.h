// Reading a document whose encoding nobody told us: the texts that offices exchange are UTF-8, UTF-16 ("Unicode" in
// Windows Notepad) or GB18030 ("ANSI" there; GB 18030-2005, with GBK and GB 2312 as its subsets).
#ifndef DUIKOU_COMMON_TEXT_ENCODING_H_
#define DUIKOU_COMMON_TEXT_ENCODING_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace duikou::text {

// A document larger than this, in bytes as given, is refused before it is looked at: 16 MiB.
inline constexpr size_t kMaxDocumentBytes = size_t{16} << 20;

// `bytes` as valid UTF-8 without byte order mark and with LF as its only line end (CR LF, CR, VT, FF, NEL, U+2028 and
// U+2029 become LF). A byte order mark decides; without one UTF-8 is taken if all of it is well formed, UTF-16 if
// nearly all code units are such as Chinese text has, else GB18030.
//
// InvalidArgument, in both languages with a sentence that names the fix: DOCUMENT_EMPTY (nothing but white space),
// DOCUMENT_TOO_LARGE, DOCUMENT_NOT_TEXT (a file of a word processor, PDF, archive or other binary; control characters:
// all below U+0020 but tab and line ends, and U+007F), DOCUMENT_BROKEN (UTF-8 or UTF-16 with broken sequences; the line
// is named), DOCUMENT_ENCODING_UNKNOWN (none of the encodings explains it).
absl::StatusOr<std::string> DecodeDocument(std::string_view bytes);

// `text` with LF as its only line end, as a document is given.
std::string FoldLineEnds(std::string_view text);

}  // namespace duikou::text

#endif  // DUIKOU_COMMON_TEXT_ENCODING_H_
