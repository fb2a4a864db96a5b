// XML as a stream of events, from files that nobody vouches for.
#ifndef DUIKOU_COMMON_TABULAR_XML_EVENTS_H_
#define DUIKOU_COMMON_TABULAR_XML_EVENTS_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace duikou::tabular {

// The attributes of an element; names without namespace.
class XmlAttributes {
 public:
  explicit XmlAttributes(const char** pairs) : pairs_(pairs) {}
  // Empty when absent.
  std::string_view Get(std::string_view name) const;

 private:
  const char** pairs_;
};

// What a document says, element by element. Names come without namespace. An error ends the parse.
class XmlEvents {
 public:
  virtual ~XmlEvents() = default;
  virtual absl::Status Start(std::string_view element, const XmlAttributes& attributes) = 0;
  virtual absl::Status End(std::string_view element) = 0;
  virtual void Characters(std::string_view text) = 0;
};

// INVALID_ARGUMENT with XML_BROKEN when it is not well formed, is nested deeper than 64 or declares a document type
// (which such files never need, and attacks do). `part` is its name in that message.
absl::Status ParseXml(std::string_view xml, const std::string& part, XmlEvents& events);

}  // namespace duikou::tabular

#endif  // DUIKOU_COMMON_TABULAR_XML_EVENTS_H_
