#include "common/schema/references.h"

#include "duikou/options/v1/options.pb.h"

namespace duikou::schema {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

constexpr size_t kMaxDepth = 8;

void Walk(const Descriptor* message, std::vector<const FieldDescriptor*>& above, std::vector<ReferenceField>& found) {
  if (above.size() >= kMaxDepth) return;
  for (int i = 0; i < message->field_count(); ++i) {
    const FieldDescriptor* field = message->field(i);
    const auto& options = field->options().GetExtension(duikou::options::v1::field);
    if (options.output_only() || field->is_map()) continue;
    above.push_back(field);
    if (!options.reference().empty()) {
      found.push_back(
          {.fields = above, .type = options.reference(), .display = message->FindFieldByName(options.display())});
    }
    if (field->message_type() != nullptr && field->message_type()->file()->package().rfind("duikou.", 0) == 0) {
      Walk(field->message_type(), above, found);
    }
    above.pop_back();
  }
}

}  // namespace

std::vector<ReferenceField> ReferencesIn(const Descriptor* descriptor) {
  std::vector<ReferenceField> found;
  std::vector<const FieldDescriptor*> above;
  Walk(descriptor, above, found);
  return found;
}

}  // namespace duikou::schema
