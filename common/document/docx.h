#ifndef DUIKOU_COMMON_DOCUMENT_DOCX_H_
#define DUIKOU_COMMON_DOCUMENT_DOCX_H_

#include <string>

#include "absl/status/statusor.h"
#include "common/document/document.h"

namespace duikou::document {

// Office Open XML (ECMA-376 part 1, 17). The same document gives the same bytes.
absl::StatusOr<std::string> ToDocx(const Document& document);

}  // namespace duikou::document

#endif  // DUIKOU_COMMON_DOCUMENT_DOCX_H_
