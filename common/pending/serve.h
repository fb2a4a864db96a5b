#ifndef DUIKOU_COMMON_PENDING_SERVE_H_
#define DUIKOU_COMMON_PENDING_SERVE_H_

#include <functional>
#include <string>
#include <vector>

#include "common/auth/access_token.h"
#include "common/pending/item.h"
#include "common/rpc/host.h"

namespace duikou::pending {

// What waits in a city, "cities/210800", for a caller: in any order.
using Gather =
    std::function<absl::StatusOr<std::vector<Item>>(const View& view, const Caller& caller, const std::string& city)>;

// For Definition's services.
const google::protobuf::ServiceDescriptor* Descriptor();
// Answers ListPending: for the caller and those whose deputy he is today, in order, in pages.
void Serve(rpc::Host& host, auth::TokenVerifier& tokens, Gather gather);

}  // namespace duikou::pending

#endif  // DUIKOU_COMMON_PENDING_SERVE_H_
