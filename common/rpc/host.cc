#include "common/rpc/host.h"

#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/rpc_service_method.h>
#include <grpcpp/impl/service_type.h>
#include <grpcpp/support/server_callback.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/rpc/change_watch.h"
#include "common/rpc/standard_methods.h"

namespace duikou::rpc {

// A gRPC service made from its descriptor: every method takes and gives bytes, and is run by Call. It stands where
// generated code would, so that the adapter knows the method's name, sees the request's bytes, and can answer with
// stored ones.
class Host::ServiceAdapter : public grpc::Service {
 public:
  absl::Status Add(const google::protobuf::MethodDescriptor* descriptor, const Environment& environment,
                   telemetry::Metrics* metrics) {
    ASSIGN_OR_RETURN(std::unique_ptr<Method> method, Method::Of(descriptor));
    method->metrics = metrics->ForMethod(environment.service, descriptor->name());
    const auto kind = descriptor->server_streaming() ? grpc::internal::RpcMethod::SERVER_STREAMING
                                                     : grpc::internal::RpcMethod::NORMAL_RPC;
    AddMethod(new grpc::internal::RpcServiceMethod(method->path.c_str(), kind, nullptr));
    const int index = static_cast<int>(methods_.size());
    if (descriptor->server_streaming()) {
      MarkMethodRawCallback(
          index,
          new grpc::internal::CallbackServerStreamingHandler<grpc::ByteBuffer, grpc::ByteBuffer>(
              [&environment, m = method.get()](grpc::CallbackServerContext* context, const grpc::ByteBuffer* request) {
                return StartWatch(environment, *m, context, request);
              }));
    } else {
      MarkMethodRawCallback(
          index, new grpc::internal::CallbackUnaryHandler<grpc::ByteBuffer, grpc::ByteBuffer>(
                     [&environment, m = method.get()](grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request, grpc::ByteBuffer* response) {
                       return Call::Start(environment, *m, context, request, response);
                     }));
    }
    methods_.push_back(std::move(method));
    return absl::OkStatus();
  }

  const std::vector<std::unique_ptr<Method>>& methods() const { return methods_; }

 private:
  std::vector<std::unique_ptr<Method>> methods_;
};

Host::Host(Environment environment) : environment_(std::move(environment)) {}
Host::~Host() = default;

absl::Status Host::Serve(const google::protobuf::ServiceDescriptor* service, telemetry::Metrics* metrics) {
  auto adapter = std::make_unique<ServiceAdapter>();
  for (int i = 0; i < service->method_count(); ++i) {
    RETURN_IF_ERROR(adapter->Add(service->method(i), environment_, metrics));
    Method* method = adapter->methods().back().get();
    if (!by_request_.emplace(service->method(i)->input_type(), method).second) {
      mistakes_.push_back(absl::StrCat(service->method(i)->full_name(), " shares its request with another method"));
    }
  }
  services_.push_back(std::move(adapter));
  return absl::OkStatus();
}

Method* Host::Find(const Descriptor* request, const Descriptor* response) {
  const auto found = by_request_.find(request);
  if (found == by_request_.end()) {
    mistakes_.push_back(absl::StrCat(request->full_name(), " is the request of no method served"));
    return nullptr;
  }
  if (found->second->descriptor->output_type() != response) {
    mistakes_.push_back(absl::StrCat(found->second->path, " answers with ",
                                     found->second->descriptor->output_type()->full_name(), ", its function with ",
                                     response->full_name()));
    return nullptr;
  }
  return found->second;
}

void Host::SetRead(const Descriptor* request, const Descriptor* response, ReadFunction function) {
  Method* method = Find(request, response);
  if (method == nullptr) return;
  method->read = std::move(function);
  method->get_type = nullptr;  // A standard Get whose place it takes answers stored bytes.
}

void Host::SetWrite(const Descriptor* request, const Descriptor* response, WriteFunction function) {
  if (Method* method = Find(request, response)) method->write = std::move(function);
}

void Host::SetFlow(const Descriptor* request, const Descriptor* response, FlowFunction function) {
  if (Method* method = Find(request, response)) method->flow = std::move(function);
}

void Host::SetStandard(const Descriptor* resource, ErasedHooks hooks) {
  const schema::ResourceType* type = environment_.store->schema().ByMessage(resource);
  if (type == nullptr) {
    mistakes_.push_back(absl::StrCat(resource->full_name(), " is not among the resources of the store"));
    return;
  }
  const Method* update = nullptr;
  for (const auto& service : services_) {
    for (const auto& method : service->methods()) {
      if (method->descriptor->name() == absl::StrCat("Update", resource->name())) update = method.get();
    }
  }
  bool any = false;
  for (const auto& service : services_) {
    for (const auto& method : service->methods()) any |= SetStandardFunction(*type, hooks, update, *method);
  }
  if (!any) mistakes_.push_back(absl::StrCat(resource->full_name(), " has no standard method"));
  if (hooks.conceal != nullptr) SetConceal(resource, std::move(hooks.conceal));
}

void Host::SetConceal(const Descriptor* resource, Concealments::Conceal conceal) {
  environment_.concealments->Add(resource, std::move(conceal));
  for (const auto& service : services_) {
    for (const auto& method : service->methods()) {
      if (environment_.concealments->Concern(method->descriptor->output_type()))
        method->answers_concealed_fields = true;
    }
  }
}

absl::Status Host::Ready() const {
  std::vector<std::string> mistakes = mistakes_;
  for (const auto& service : services_) {
    for (const auto& method : service->methods()) {
      const bool streams = method->descriptor->server_streaming();
      if (!streams && method->read == nullptr && method->write == nullptr && method->flow == nullptr) {
        mistakes.push_back(absl::StrCat(method->path, " has no function"));
      }
    }
  }
  if (mistakes.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrJoin(mistakes, "; "));
}

std::vector<const google::protobuf::ServiceDescriptor*> Host::descriptors() const {
  std::vector<const google::protobuf::ServiceDescriptor*> out;
  for (const auto& service : services_) {
    if (!service->methods().empty()) out.push_back(service->methods().front()->descriptor->service());
  }
  return out;
}

std::vector<grpc::Service*> Host::services() {
  std::vector<grpc::Service*> out;
  for (const auto& service : services_) out.push_back(service.get());
  return out;
}

}  // namespace duikou::rpc
