#ifndef DUIKOU_COMMON_RPC_STATUS_DETAILS_H_
#define DUIKOU_COMMON_RPC_STATUS_DETAILS_H_

#include <string>

#include "absl/status/status.h"
#include "common/base/caller.h"
#include "duikou/options/v1/options.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"

namespace duikou::rpc {

// A status as the wire carries it: google.rpc.ErrorInfo, BadRequest, LocalizedMessage and RetryInfo. INTERNAL and
// UNKNOWN tell the trace id alone: their text is for the log.
google::rpc::Status ToRpcStatus(const absl::Status& status, Locale locale, const std::string& trace_id);
grpc::Status ToGrpcStatus(const absl::Status& status, Locale locale, const std::string& trace_id);

// A status as a client gets it: with the facts of common/base/error.h (the text in the language that it came in), and
// the details as payloads under their type URLs ("type.googleapis.com/google.rpc.ErrorInfo").
absl::Status FromGrpcStatus(const grpc::Status& status);

}  // namespace duikou::rpc

#endif  // DUIKOU_COMMON_RPC_STATUS_DETAILS_H_
