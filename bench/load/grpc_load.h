// Load on one unary gRPC method over plaintext HTTP/2: one thread, many calls in flight, a fresh request for each. Only
// an answer whose trailer says grpc-status 0 counts as done.
#ifndef DUIKOU_BENCH_LOAD_GRPC_LOAD_H_
#define DUIKOU_BENCH_LOAD_GRPC_LOAD_H_

#include "absl/status/statusor.h"
#include "bench/load/load_run.h"

namespace duikou::bench {

// Requests and responses are serialized messages. Unavailable if the server cannot be reached or drops all connections.
// A call that fails is replaced by a new one.
absl::StatusOr<LoadResult> RunGrpcLoad(const LoadOptions& options, const RequestSource& source,
                                       const ResponseSink& sink = {});

}  // namespace duikou::bench

#endif  // DUIKOU_BENCH_LOAD_GRPC_LOAD_H_
