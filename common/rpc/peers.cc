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

// A cached copy is the keeper's answer as it came.
absl::StatusOr<std::optional<PeerRecord>> Decode(const cache::Record& copy) {
  if (!copy.found) return std::optional<PeerRecord>();
  BatchGetRecordsResponse::Record answer;
  if (!answer.ParseFromString(copy.bytes)) return InternalError("cannot parse a cached record");
  return std::optional<PeerRecord>({.name = std::move(*answer.mutable_name()),
                                    .title = std::move(*answer.mutable_title()),
                                    .record = std::move(*answer.mutable_record())});
}

class GrpcPeers : public Peers {
 public:
  GrpcPeers(std::map<std::string, std::unique_ptr<Client>> clients, cache::RecordCache& cache)
      : clients_(std::move(clients)), cache_(cache) {}

  absl::StatusOr<PeerRecords> Find(const std::string& service, const std::vector<std::string>& names) override {
    const auto client = clients_.find(service);
    if (client == clients_.end()) return PeerUnavailable(service);
    PeerRecords records;
    for (const std::string& name : names) {
      ASSIGN_OR_RETURN(const cache::Record found, cache_.Get(cache::CacheKey(service, "record", name),
                                                             [&] { return Load(*client->second, service, name); }));
      ASSIGN_OR_RETURN(records.emplace_back(), Decode(found));
    }
    return records;
  }

  std::optional<PeerRecords> FindInMemory(const std::string& service, const std::vector<std::string>& names) override {
    PeerRecords records;
    for (const std::string& name : names) {
      const std::optional<cache::Record> found = cache_.GetLocal(cache::CacheKey(service, "record", name));
      if (!found) return std::nullopt;
      auto record = Decode(*found);
      if (!record.ok()) return std::nullopt;
      records.push_back(*std::move(record));
    }
    return records;
  }

  absl::Status Call(const std::string& service, const Message& request, Message* response,
                    const CallOptions& options) override {
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
    return cache::Record{.version = record.version(), .found = record.found(), .bytes = record.SerializeAsString()};
  }

  const std::map<std::string, std::unique_ptr<Client>> clients_;
  cache::RecordCache& cache_;
};

}  // namespace

absl::Status Peers::Call(const Message& request, Message* response, const CallOptions& options) {
  return Call(ServiceOf(request), request, response, options);
}

std::unique_ptr<Peers> ConnectPeers(std::map<std::string, std::unique_ptr<Client>> clients, cache::RecordCache& cache) {
  return std::make_unique<GrpcPeers>(std::move(clients), cache);
}

}  // namespace duikou::rpc
