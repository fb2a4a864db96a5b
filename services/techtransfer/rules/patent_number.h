#ifndef DUIKOU_SERVICES_TECHTRANSFER_RULES_PATENT_NUMBER_H_
#define DUIKOU_SERVICES_TECHTRANSFER_RULES_PATENT_NUMBER_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "duikou/techtransfer/v1/listing.pb.h"

namespace duikou::techtransfer::rules {

// An application number of a Chinese patent (ZC 0006-2003). From October 2003 on: year, kind, 7 digits of a running
// number and a check character, "201710601862.3". Before: the same with 2 digits of the year and 5 of the number,
// "95115608.X"; the longest term, 20 years, has run out for all of these.
struct PatentNumber {
  std::string text;  // As it is written here: without "ZL" or "CN", with the point.
  v1::Listing::PatentKind kind = v1::Listing::PATENT_KIND_UNSPECIFIED;
  bool lapsed = false;
};

// nullopt: not of this shape, of no known kind, or its check character does not hold. "ZL" and "CN" in front, a missing
// point and a small x are taken.
std::optional<PatentNumber> ParsePatentNumber(absl::string_view text);

}  // namespace duikou::techtransfer::rules

#endif  // DUIKOU_SERVICES_TECHTRANSFER_RULES_PATENT_NUMBER_H_
