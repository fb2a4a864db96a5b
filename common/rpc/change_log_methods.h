#ifndef DUIKOU_COMMON_RPC_CHANGE_LOG_METHODS_H_
#define DUIKOU_COMMON_RPC_CHANGE_LOG_METHODS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/rpc/host.h"
#include "common/store/change_log.h"
#include "duikou/log/v1/change_log.pb.h"
#include "duikou/lookup/v1/lookup.pb.h"

namespace duikou::rpc {

// The methods that every service has: ListChanges, GetHead, BatchGetRecords. (Watch is change_watch.h.)
absl::Status ServeKernelMethods(Host& host, telemetry::Metrics* metrics);

// An entry as the viewer may see it: the record masked, judged at the stricter of then and now; nullopt for what he may
// not see.
absl::StatusOr<std::optional<duikou::log::v1::Change>> VisibleChange(const View& view, const store::LogEntry& entry);

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
