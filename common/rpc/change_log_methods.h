#ifndef DUIKOU_COMMON_RPC_CHANGE_LOG_METHODS_H_
#define DUIKOU_COMMON_RPC_CHANGE_LOG_METHODS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/rpc/host.h"
#include "common/schema/access_facts.h"
#include "common/store/change_log.h"
#include "duikou/log/v1/change_log.pb.h"
#include "duikou/lookup/v1/lookup.pb.h"

namespace duikou::rpc {

// The methods that every service has: ListChanges, GetHead, BatchGetRecords. (Watch is change_watch.h.)
absl::Status ServeKernelMethods(Host& host, telemetry::Metrics* metrics);

// An entry of the log with what decides who may see it: judged at the stricter of then and now.
struct JudgedChange {
  const schema::ResourceType* type = nullptr;
  std::string city;
  schema::AccessFacts then;
  std::optional<schema::AccessFacts> now;  // nullopt: the record is gone.
  duikou::log::v1::Change change;          // Personal fields masked.
};
// nullopt for what nobody is shown. `view` may be anybody's.
absl::StatusOr<std::optional<JudgedChange>> Judge(const View& view, const store::LogEntry& entry);
// The change as a caller may see it, nullopt if he may not.
std::optional<duikou::log::v1::Change> ChangeFor(const Caller& caller, const JudgedChange& judged);

// A record as other services are answered it: personal fields masked, which changes `record`.
duikou::lookup::v1::BatchGetRecordsResponse::Record AnswerLookup(const std::string& name, int64_t version,
                                                                 google::protobuf::Message& record);

// A place in the log of a city as callers hold it.
std::string MakeCursor(const store::TokenSigner& tokens, const std::string& city, int64_t sequence);
// CURSOR_INVALID. The empty cursor is the beginning.
absl::StatusOr<int64_t> ReadCursor(const store::TokenSigner& tokens, const std::string& city,
                                   const std::string& cursor);

}  // namespace duikou::rpc

#endif  // DUIKOU_COMMON_RPC_CHANGE_LOG_METHODS_H_
