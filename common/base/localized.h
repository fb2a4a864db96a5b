#ifndef DUIKOU_COMMON_BASE_LOCALIZED_H_
#define DUIKOU_COMMON_BASE_LOCALIZED_H_

#include <string>

#include "common/base/caller.h"
#include "common/base/error.h"

namespace duikou {

// A text in the language of who reads it.
inline const std::string& In(Locale locale, const Text& text) { return locale == Locale::kEn ? text.en : text.zh; }

}  // namespace duikou

#endif  // DUIKOU_COMMON_BASE_LOCALIZED_H_
