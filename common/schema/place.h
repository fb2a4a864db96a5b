#ifndef DUIKOU_COMMON_SCHEMA_PLACE_H_
#define DUIKOU_COMMON_SCHEMA_PLACE_H_

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"

namespace duikou::schema {

// Where one stands in a message: a chain on the stack, written out only for somebody who must be told.
class Place {
 public:
  explicit Place(absl::string_view prefix) : prefix_(prefix) {}
  // `index` is that of an element of a repeated field; none for the field itself.
  Place(const Place& above, const google::protobuf::FieldDescriptor* field, int index = kNone)
      : above_(&above), field_(field), index_(index) {}

  // "task.duties[2].unit"
  std::string Text() const {
    if (above_ == nullptr) return std::string(prefix_);
    std::string text = above_->Text();
    absl::StrAppend(&text, text.empty() ? "" : ".", field_->name());
    if (index_ != kNone) absl::StrAppend(&text, "[", index_, "]");
    return text;
  }

 private:
  static constexpr int kNone = -1;

  const Place* above_ = nullptr;
  const google::protobuf::FieldDescriptor* field_ = nullptr;
  int index_ = kNone;
  absl::string_view prefix_;
};

}  // namespace duikou::schema

#endif  // DUIKOU_COMMON_SCHEMA_PLACE_H_
