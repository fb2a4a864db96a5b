// Numbers of a spreadsheet as people read them: the file keeps days as counts and shares as fractions, and the format
// of the cell says which it is.
#ifndef DUIKOU_COMMON_TABULAR_NUMBER_FORMAT_H_
#define DUIKOU_COMMON_TABULAR_NUMBER_FORMAT_H_

#include <string>
#include <string_view>

namespace duikou::tabular {

enum class NumberKind { kPlain, kShare, kMoment };

// Of a format that the standard numbers (ECMA-376, 18.8.30, with those of the Chinese editions).
NumberKind KindOfBuiltIn(int format);
// Of a format code: "0.00%", "yyyy\"年\"m\"月\"d\"日\"".
NumberKind KindOfCode(std::string_view code);

// The value in words. Moments count days from 1900 (with the 29 February 1900 that Excel believes in, which is given
// back as its number) or from 1904, up to the year 9999; "2026-03-01", with a time of day "2026-03-01 09:30". A number
// that is none is given back as it is.
std::string NumberText(std::string_view value, NumberKind kind, bool from_1904);
// The count from 1900 of a day after February 1900.
double CountOfDay(int year, int month, int day);

}  // namespace duikou::tabular

#endif  // DUIKOU_COMMON_TABULAR_NUMBER_FORMAT_H_
