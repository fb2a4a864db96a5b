#include "common/rpc/client.h"

#include <grpcpp/channel.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/impl/rpc_method.h>
#include <grpcpp/support/proto_buffer_reader.h>
#include <grpcpp/support/proto_buffer_writer.h>
#include <grpcpp/support/sync_stream.h>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/credentials.h"
#include "common/rpc/status_details.h"
#include "duikou/options/v1/options.pb.h"

namespace duikou::rpc {
namespace {

using google::protobuf::FileDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

grpc::ByteBuffer ToBuffer(const Message& message) {
  const std::string bytes = message.SerializeAsString();
  const grpc::Slice slice(bytes);
  return {&slice, 1};
}

absl::Status FromBuffer(grpc::ByteBuffer& buffer, Message* message) {
  grpc::ProtoBufferReader reader(&buffer);
  if (!reader.status().ok() || !message->ParseFromZeroCopyStream(&reader)) {
    return absl::InternalError(absl::StrCat("cannot parse a ", message->GetDescriptor()->full_name()));
  }
  return absl::OkStatus();
}

void Prepare(grpc::ClientContext& context, const CallOptions& options) {
  if (options.deadline != absl::InfiniteFuture()) context.set_deadline(absl::ToChronoTime(options.deadline));
  if (!options.authorization.empty()) context.AddMetadata("authorization", options.authorization);
  if (!options.on_behalf_of.empty()) context.AddMetadata("on-behalf-of", options.on_behalf_of);
  if (!options.service.empty()) context.AddMetadata("duikou-service", options.service);
  if (!options.traceparent.empty()) context.AddMetadata("traceparent", options.traceparent);
  context.AddMetadata("accept-language", options.locale == Locale::kEn ? "en" : "zh-CN");
}

std::string PathOf(const MethodDescriptor* method) {
  return absl::StrCat("/", method->service()->full_name(), "/", method->name());
}

const MethodDescriptor* FindIn(const FileDescriptor* file, const google::protobuf::Descriptor* request) {
  for (int s = 0; s < file->service_count(); ++s) {
    for (int m = 0; m < file->service(s)->method_count(); ++m) {
      if (file->service(s)->method(m)->input_type() == request) return file->service(s)->method(m);
    }
  }
  return nullptr;
}

}  // namespace

const MethodDescriptor* MethodOf(const google::protobuf::Descriptor* request) {
  static absl::Mutex mutex(absl::kConstInit);
  static auto& known = *new absl::flat_hash_map<const google::protobuf::Descriptor*, const MethodDescriptor*>();
  absl::MutexLock lock(&mutex);
  auto [slot, fresh] = known.try_emplace(request, nullptr);
  if (!fresh) return slot->second;
  const FileDescriptor* file = request->file();
  if (const std::string& service = file->options().GetExtension(options::v1::taken_by); !service.empty()) {
    const auto* taker = file->pool()->FindServiceByName(service);
    file = taker == nullptr ? file : taker->file();
  }
  return slot->second = FindIn(file, request);
}

absl::StatusOr<std::unique_ptr<Client>> Client::Connect(const Options& options) {
  std::shared_ptr<grpc::ChannelCredentials> credentials = grpc::InsecureChannelCredentials();
  if (!options.ca_file.empty()) {
    ASSIGN_OR_RETURN(credentials,
                     ChannelTls({.cert = options.cert_file, .key = options.key_file, .ca = options.ca_file}));
  }
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(options.max_message_bytes);
  // Several replicas behind one name share the load; one that is gone is left, and found again within seconds.
  arguments.SetLoadBalancingPolicyName("round_robin");
  arguments.SetInt(GRPC_ARG_DNS_MIN_TIME_BETWEEN_RESOLUTIONS_MS, 1000);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 2000);  // The time for one attempt, too.
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 2000);
  // A replica that was cut off does not say so: a stream to it ends within 20 s.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 15000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 5000);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  if (!options.server_name.empty()) arguments.SetSslTargetNameOverride(options.server_name);
  return std::unique_ptr<Client>(new Client(grpc::CreateCustomChannel(options.address, credentials, arguments)));
}

absl::Status Client::Call(const MethodDescriptor* method, const Message& request, Message* response,
                          const CallOptions& options) {
  if (method == nullptr)
    return InternalError(absl::StrCat(request.GetDescriptor()->full_name(), " is no method's request"));
  grpc::ClientContext context;
  Prepare(context, options);
  grpc::GenericStub stub(channel_);
  const grpc::ByteBuffer sent = ToBuffer(request);
  grpc::ByteBuffer received;
  absl::Notification finished;
  grpc::Status status;
  stub.UnaryCall(&context, PathOf(method), grpc::StubOptions(), &sent, &received, [&](grpc::Status ended) {
    status = std::move(ended);
    finished.Notify();
  });
  finished.WaitForNotification();
  RETURN_IF_ERROR(FromGrpcStatus(status));
  return FromBuffer(received, response);
}

absl::Status Client::Stream(const MethodDescriptor* method, const Message& request, const Message& response_prototype,
                            absl::FunctionRef<bool(const Message&)> on_message, const CallOptions& options) {
  grpc::ClientContext context;
  Prepare(context, options);
  const std::string path = PathOf(method);
  const grpc::internal::RpcMethod rpc(path.c_str(), grpc::internal::RpcMethod::SERVER_STREAMING);
  const std::unique_ptr<grpc::ClientReader<grpc::ByteBuffer>> reader(
      grpc::internal::ClientReaderFactory<grpc::ByteBuffer>::Create(channel_.get(), rpc, &context, ToBuffer(request)));
  grpc::ByteBuffer received;
  while (reader->Read(&received)) {
    const std::unique_ptr<Message> message(response_prototype.New());
    RETURN_IF_ERROR(FromBuffer(received, message.get()));
    if (!on_message(*message)) {
      context.TryCancel();
      while (reader->Read(&received)) {
      }
      (void)reader->Finish();
      return absl::OkStatus();
    }
  }
  return FromGrpcStatus(reader->Finish());
}

}  // namespace duikou::rpc
