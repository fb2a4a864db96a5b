#include "common/rpc/concealment.h"

#include <memory>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace duikou::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Adds a type and those of the messages in it.
void CollectTypes(const Descriptor* type, absl::flat_hash_set<const Descriptor*>& found) {
  if (!found.insert(type).second) return;
  for (int i = 0; i < type->field_count(); ++i) {
    if (const Descriptor* within = type->field(i)->message_type()) CollectTypes(within, found);
  }
}

}  // namespace

bool Concealments::Concern(const Descriptor* type) const {
  absl::flat_hash_set<const Descriptor*> types;
  CollectTypes(type, types);
  for (const auto& [concealed, conceal] : by_type_) {
    if (types.contains(concealed)) return true;
  }
  return false;
}

void Concealments::Apply(const Caller& caller, Message& message) const {
  if (caller.IsService()) return;
  if (const auto conceal = by_type_.find(message.GetDescriptor()); conceal != by_type_.end())
    return conceal->second(caller, message);
  const auto* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->message_type() == nullptr) continue;
    if (!field->is_repeated()) {
      Apply(caller, *reflection->MutableMessage(&message, field));
      continue;
    }
    for (int i = 0; i < reflection->FieldSize(message, field); ++i)
      Apply(caller, *reflection->MutableRepeatedMessage(&message, field, i));
  }
}

void Concealments::AddActions(const google::protobuf::ServiceDescriptor* service) {
  for (int i = 0; i < service->method_count(); ++i)
    answers_[service->method(i)->name()] = service->method(i)->output_type();
}

bool Concealments::TellsAction(const Descriptor* type, const std::string& action) const {
  if (!by_type_.contains(type)) return true;
  // Its own methods answer with it, or name it (DeleteEvent, ImportListings). What is no method is the service's own
  // work, as of a day.
  const auto method = answers_.find(action);
  return method == answers_.end() || method->second == type || absl::StrContains(action, type->name());
}

absl::Status Concealments::ApplyTo(const Caller& caller, const Message& prototype,
                                   google::protobuf::Any& packed) const {
  if (caller.IsService() || !by_type_.contains(prototype.GetDescriptor())) return absl::OkStatus();
  const std::unique_ptr<Message> record(prototype.New());
  if (!packed.UnpackTo(record.get()))
    return InternalError(absl::StrCat("cannot parse a ", prototype.GetDescriptor()->name()));
  Apply(caller, *record);
  packed.PackFrom(*record);
  return absl::OkStatus();
}

}  // namespace duikou::rpc
