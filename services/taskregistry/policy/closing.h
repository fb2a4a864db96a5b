// The end of a document: signature, date, and what web pages put after them.
#ifndef DUIKOU_SERVICES_TASKREGISTRY_POLICY_CLOSING_H_
#define DUIKOU_SERVICES_TASKREGISTRY_POLICY_CLOSING_H_

#include <cstddef>
#include <optional>

#include "services/taskregistry/policy/source_text.h"

namespace duikou::policy {

// A whole date: 2022年2月16日, 2022-02-16, 二〇二二年二月十六日.
struct FullDate {
  Span span;
  int year = 0;
  int month = 0;
  int day = 0;
};
std::optional<FullDate> ReadFullDate(const SourceText& text, size_t at);

// The signature at the end of a document: a name of a unit and a date that stand alone.
struct Signature {
  Span issuer;  // Empty when the date stands alone.
  FullDate date;
};
std::optional<Signature> FindSignature(const SourceText& text, Span range);

// Where the body ends: before the signature after `from`, else at the end of the text.
size_t FindClosing(const SourceText& text, size_t from);

}  // namespace duikou::policy

#endif  // DUIKOU_SERVICES_TASKREGISTRY_POLICY_CLOSING_H_
