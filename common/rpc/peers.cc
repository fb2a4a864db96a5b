#include "common/rpc/peers.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/cache/record_cache.h"
#include "duikou/lookup/v1/lookup.pb.h"
#include "google/protobuf/descriptor.h"

namespace duikou::rpc {
namespace {

using duikou::lookup::v1::BatchGetRecordsRequest;
using duikou::lookup::v1::BatchGetRecordsResponse;
using google::protobuf::Message;

constexpr absl::Duration kLookUpTimeout = absl::Seconds(3);

absl::Status PeerUnavailable(absl::string_view service) {
  return Unavailable("PEER_UNAVAILABLE",
                     {absl::StrCat("暂时无法连接 ", service, " 服务,请稍后重试。"),
                      absl::StrCat("The service ", service, " cannot be reached: retry after a moment.")});
}

// The service that a message's package belongs to: "duikou.directory.v1" is "directory"; tokens are the directory's as
// well.
std::string ServiceOf(const Message& request) {
  const std::vector<std::string> parts = absl::StrSplit(request.GetDescriptor()->file()->package(), '.');
  if (parts.size() < 2) return "";
  return parts[1] == "auth" ? "directory" : parts[1];
}

// The title of a packed record, found through its descriptor.
std::string TitleOf(const google::protobuf::Any& packed) {
  const std::string type = packed.type_url().substr(packed.type_url().rfind('/') + 1);
  const auto* descriptor = google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(type);
  const auto* title = descriptor == nullptr ? nullptr : descriptor->FindFieldByName("title");
  if (title == nullptr) return "";
  const std::unique_ptr<Message> record(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(descriptor)->New());
  return packed.UnpackTo(record.get()) ? record->GetReflection()->GetString(*record, title) : "";
}

class GrpcPeers : public Peers {
 public:
  GrpcPeers(std::map<std::string, std::unique_ptr<Client>> clients, cache::RecordCache& cache)
      : clients_(std::move(clients)), cache_(cache) {}

  absl::StatusOr<std::vector<std::optional<PeerRecord>>> Find(const std::string& service,
                                                              const std::vector<std::string>& names) override {
    const auto client = clients_.find(service);
    if (client == clients_.end()) return PeerUnavailable(service);
    std::vector<std::optional<PeerRecord>> records;
    for (const std::string& name : names) {
      ASSIGN_OR_RETURN(const cache::Record found, cache_.Get(cache::CacheKey(service, "record", name),
                                                             [&] { return Load(*client->second, service, name); }));
      std::optional<PeerRecord>& record = records.emplace_back();
      if (!found.found) continue;
      record.emplace(PeerRecord{.name = name});
      if (!record->record.ParseFromString(found.bytes)) return InternalError("cannot parse a cached record");
      record->title = TitleOf(record->record);
    }
    return records;
  }

  absl::Status Call(const Message& request, Message* response, const CallOptions& options) override {
    const std::string service = ServiceOf(request);
    const auto client = clients_.find(service);
    if (client == clients_.end()) return PeerUnavailable(service);
    absl::Status status = client->second->Call(MethodOf(request.GetDescriptor()), request, response, options);
    if (absl::IsUnavailable(status) && ReasonOf(status).empty()) return PeerUnavailable(service);
    return status;
  }

 private:
  static absl::StatusOr<cache::Record> Load(Client& client, const std::string& service, const std::string& name) {
    BatchGetRecordsRequest request;
    request.add_names(name);
    auto response = client.Call<BatchGetRecordsResponse>(request, {.deadline = absl::Now() + kLookUpTimeout});
    if (absl::IsUnavailable(response.status()) || absl::IsDeadlineExceeded(response.status()))
      return PeerUnavailable(service);
    RETURN_IF_ERROR(response.status());
    if (response->records_size() != 1) return InternalError("a look-up gave another number of records");
    const auto& record = response->records(0);
    return cache::Record{
        .version = record.version(), .found = record.found(), .bytes = record.record().SerializeAsString()};
  }

  const std::map<std::string, std::unique_ptr<Client>> clients_;
  cache::RecordCache& cache_;
};

}  // namespace

std::unique_ptr<Peers> ConnectPeers(std::map<std::string, std::unique_ptr<Client>> clients, cache::RecordCache& cache) {
  return std::make_unique<GrpcPeers>(std::move(clients), cache);
}

}  // namespace duikou::rpc
