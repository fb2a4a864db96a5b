#include "common/rpc/method.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/schema/record_fields.h"
#include "duikou/options/v1/options.pb.h"

namespace duikou::rpc {
namespace {

using duikou::options::v1::Rule;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

const FieldDescriptor* StringField(const Descriptor* descriptor, const char* name) {
  const FieldDescriptor* field = descriptor->FindFieldByName(name);
  return field != nullptr && field->type() == FieldDescriptor::TYPE_STRING && !field->is_repeated() ? field : nullptr;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Method>> Method::Of(const google::protobuf::MethodDescriptor* descriptor) {
  auto method = std::make_unique<Method>();
  method->descriptor = descriptor;
  method->path = absl::StrCat("/", descriptor->service()->full_name(), "/", descriptor->name());
  ASSIGN_OR_RETURN(method->rule, auth::MethodRule::Of(descriptor));
  auto* factory = google::protobuf::MessageFactory::generated_factory();
  const Descriptor* request = descriptor->input_type();
  method->request_prototype = factory->GetPrototype(request);
  method->response_prototype = factory->GetPrototype(descriptor->output_type());
  method->takes_personal_fields = schema::HasPersonalFields(descriptor->input_type());
  method->answers_personal_fields = schema::HasPersonalFields(descriptor->output_type());
  method->is_update = absl::StartsWith(descriptor->name(), "Update");
  for (schema::ReferenceField& reference : schema::ReferencesIn(request)) {
    if (reference.external()) method->external_references.push_back(std::move(reference));
  }
  for (const char* name : {"name", "parent", "account"}) {
    if (method->target_field_ == nullptr) method->target_field_ = StringField(request, name);
  }
  for (int i = 0; i < request->field_count(); ++i) {
    const Descriptor* type = request->field(i)->message_type();
    if (type == nullptr || request->field(i)->is_repeated()) continue;
    if (type->options().HasExtension(duikou::options::v1::resource))
      method->resource_fields_.push_back(request->field(i));
  }
  if (method->target_field_ == nullptr && !method->resource_fields_.empty()) {
    method->target_field_ = method->resource_fields_.front();
    method->resource_name_field_ = method->target_field_->message_type()->FindFieldByName("name");
  }
  method->request_id_field_ = StringField(request, "request_id");
  method->validate_only_field_ = request->FindFieldByName("validate_only");
  return method;
}

std::string Method::TargetOf(const Message& request) const {
  if (target_field_ == nullptr) return "";
  const auto* reflection = request.GetReflection();
  if (resource_name_field_ == nullptr) return reflection->GetString(request, target_field_);
  const Message& resource = reflection->GetMessage(request, target_field_);
  return resource.GetReflection()->GetString(resource, resource_name_field_);
}

void Method::ClearOutputOnly(absl::string_view bytes, Message& request) const {
  if (resource_fields_.empty() || !schema::HasOutputOnly(descriptor->input_type(), bytes)) return;
  for (const FieldDescriptor* field : resource_fields_) {
    if (request.GetReflection()->HasField(request, field)) {
      schema::ClearOutputOnly(*request.GetReflection()->MutableMessage(&request, field));
    }
  }
}

std::string Method::RequestIdOf(const Message& request) const {
  return request_id_field_ == nullptr ? "" : request.GetReflection()->GetString(request, request_id_field_);
}

bool Method::ValidateOnly(const Message& request) const {
  return validate_only_field_ != nullptr && request.GetReflection()->GetBool(request, validate_only_field_);
}

store::ScopeCheck Method::ScopeOf(const Message& request) const {
  using Demand = store::ScopeCheck::Demand;
  switch (rule.scope()) {
    case Rule::PARTY:
      return {.demand = Demand::kParty, .name = TargetOf(request)};
    case Rule::OWN_UNIT:
      return {.demand = Demand::kUnitParty, .name = TargetOf(request)};
    default:
      return {};
  }
}

}  // namespace duikou::rpc
