#ifndef DUIKOU_COMMON_DOCUMENT_MARKDOWN_H_
#define DUIKOU_COMMON_DOCUMENT_MARKDOWN_H_

#include <string>

#include "common/document/document.h"

namespace duikou::document {

std::string ToMarkdown(const Document& document);

}  // namespace duikou::document

#endif  // DUIKOU_COMMON_DOCUMENT_MARKDOWN_H_
