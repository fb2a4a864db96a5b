#ifndef DUIKOU_COMMON_RPC_CHANGE_LOG_METHODS_H_
#define DUIKOU_COMMON_RPC_CHANGE_LOG_METHODS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/host.h"
#include "duikou/log/v1/change_log.pb.h"
#include "duikou/lookup/v1/lookup.pb.h"

namespace duikou::rpc {

// The methods that every service has: ListChanges, Reconcile, GetHead, GetReceiptKey, ListCodeLists, BatchGetRecords.
// (Watch is change_watch.h.)
absl::Status ServeKernelMethods(Host& host, telemetry::Metrics* metrics);

// A record as other services are answered it: personal fields masked, which changes `record`.
duikou::lookup::v1::BatchGetRecordsResponse::Record AnswerLookup(const std::string& name, int64_t version,
                                                                 google::protobuf::Message& record);

}  // namespace duikou::rpc

#endif  // DUIKOU_COMMON_RPC_CHANGE_LOG_METHODS_H_
