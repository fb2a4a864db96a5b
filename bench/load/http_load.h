// Load on one resource of an HTTP/1.1 service: one thread, connections that are kept alive with one call at a time on
// each, a fresh request for every call. Only an answer with a status of 200 to 299 counts as done.
#ifndef DUIKOU_BENCH_LOAD_HTTP_LOAD_H_
#define DUIKOU_BENCH_LOAD_HTTP_LOAD_H_

#include "absl/status/statusor.h"
#include "bench/load/load_run.h"

namespace duikou::bench {

enum class HttpMethod {
  kGet,   // What the source appends comes after the path.
  kPost,  // What the source appends is the body, of type application/json.
};

// As many connections as calls in flight. The server must give the length of each answer; a connection whose answer
// cannot be understood is lost, and with it its call. Unavailable if the server cannot be reached or drops all
// connections.
absl::StatusOr<LoadResult> RunHttpLoad(const LoadOptions& options, HttpMethod method, const RequestSource& source,
                                       const ResponseSink& sink = {});

}  // namespace duikou::bench

#endif  // DUIKOU_BENCH_LOAD_HTTP_LOAD_H_
