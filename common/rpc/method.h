#ifndef DUIKOU_COMMON_RPC_METHOD_H_
#define DUIKOU_COMMON_RPC_METHOD_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/auth/method_rule.h"
#include "common/rpc/shown_fields.h"
#include "common/schema/references.h"
#include "common/schema/resource_type.h"
#include "common/store/txn.h"
#include "common/telemetry/metrics.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace duikou::rpc {

class Context;

// Gives the serialized response, as a list is put together from stored bytes.
using ReadFunction =
    std::function<absl::StatusOr<std::string>(const View&, const Caller&, const google::protobuf::Message&)>;
using WriteFunction =
    std::function<absl::Status(Txn&, const Caller&, const google::protobuf::Message&, google::protobuf::Message&)>;
using FlowFunction =
    std::function<absl::Status(Context&, const Caller&, const google::protobuf::Message&, google::protobuf::Message&)>;

// A method as the adapter runs it: what its descriptor says, worked out once at start, and its function.
struct Method {
  // Fails for a method without a rule.
  static absl::StatusOr<std::unique_ptr<Method>> Of(const google::protobuf::MethodDescriptor* descriptor);

  // Forgets what a caller said of output-only fields in the resource that the request, of these bytes, carries.
  void ClearOutputOnly(absl::string_view bytes, google::protobuf::Message& request) const;
  // The record or parent that a request is about: its name, parent or account, or the name in the resource that it
  // carries.
  std::string TargetOf(const google::protobuf::Message& request) const;
  std::string RequestIdOf(const google::protobuf::Message& request) const;
  bool takes_request_id() const { return request_id_field_ != nullptr; }  // As each write does.
  bool ValidateOnly(const google::protobuf::Message& request) const;
  store::ScopeCheck ScopeOf(const google::protobuf::Message& request) const;

  const google::protobuf::MethodDescriptor* descriptor = nullptr;
  std::string path;  // "/duikou.taskregistry.v1.TaskRegistry/IssueTask"
  auth::MethodRule rule;
  const google::protobuf::Message* request_prototype = nullptr;
  const google::protobuf::Message* response_prototype = nullptr;
  bool takes_personal_fields = false;
  bool answers_personal_fields = false;
  bool answers_concealed_fields = false;  // Its answer may have to go through Concealments.
  bool is_update = false;                 // Required fields of its resource are checked after the merge.
  std::vector<schema::ReferenceField> external_references;
  // Of a standard Get that may be answered with stored bytes; nullptr for all others.
  const schema::ResourceType* get_type = nullptr;
  std::shared_ptr<ShownFields> shows;  // Of such a Get: what is answered beside them; nullptr for nothing.
  telemetry::MethodMetrics* metrics = nullptr;

  // One of these is set.
  ReadFunction read;
  WriteFunction write;
  FlowFunction flow;

 private:
  std::vector<const google::protobuf::FieldDescriptor*>
      resource_fields_;  // Those of the request that carry a resource.
  const google::protobuf::FieldDescriptor* target_field_ = nullptr;
  const google::protobuf::FieldDescriptor* resource_name_field_ =
      nullptr;  // In the resource, when target_field_ is one.
  const google::protobuf::FieldDescriptor* request_id_field_ = nullptr;
  const google::protobuf::FieldDescriptor* validate_only_field_ = nullptr;
};

}  // namespace duikou::rpc

#endif  // DUIKOU_COMMON_RPC_METHOD_H_
