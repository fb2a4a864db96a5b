#include "common/rpc/code_lists.h"

#include <map>
#include <set>

#include "common/base/error.h"
#include "common/schema/enum_label.h"

namespace duikou::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;

struct Found {
  std::set<const Descriptor*> messages;
  std::map<std::string, const EnumDescriptor*> enums;

  void Take(const Descriptor* message) {
    if (!messages.insert(message).second) return;
    for (int i = 0; i < message->field_count(); ++i) {
      if (const EnumDescriptor* codes = message->field(i)->enum_type()) enums.emplace(codes->full_name(), codes);
      if (const Descriptor* below = message->field(i)->message_type()) Take(below);
    }
  }
};

}  // namespace

duikou::code::v1::ListCodeListsResponse CodeListsOf(
    const std::vector<const google::protobuf::ServiceDescriptor*>& services) {
  Found found;
  for (const auto* service : services) {
    for (int i = 0; i < service->method_count(); ++i) {
      found.Take(service->method(i)->input_type());
      found.Take(service->method(i)->output_type());
    }
  }
  duikou::code::v1::ListCodeListsResponse response;
  for (const auto& [name, codes] : found.enums) {
    auto* list = response.add_code_lists();
    list->set_name(name);
    for (int i = 0; i < codes->value_count(); ++i) {
      if (codes->value(i)->number() == 0) continue;  // Unspecified: no code.
      auto* code = list->add_codes();
      code->set_value(codes->value(i)->name());
      code->set_number(codes->value(i)->number());
      code->set_title(schema::LabelOf(*codes->value(i), Locale::kZhCn));
      code->set_title_en(schema::LabelOf(*codes->value(i), Locale::kEn));
    }
  }
  return response;
}

absl::StatusOr<duikou::code::v1::ListCodeListsResponse> CodeListNamed(
    const duikou::code::v1::ListCodeListsResponse& all, const std::string& name) {
  if (name.empty()) return all;
  for (const auto& list : all.code_lists()) {
    if (list.name() != name) continue;
    duikou::code::v1::ListCodeListsResponse one;
    *one.add_code_lists() = list;
    return one;
  }
  return NotFound(name);
}

}  // namespace duikou::rpc
