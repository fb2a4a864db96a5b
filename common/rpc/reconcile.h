#ifndef DUIKOU_COMMON_RPC_RECONCILE_H_
#define DUIKOU_COMMON_RPC_RECONCILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "common/rpc/read_rules.h"
#include "common/store/txn.h"
#include "duikou/log/v1/change_log.pb.h"

namespace duikou::rpc {

// 对账: what the caller sees of a type in a city, as a count and a digest that he can reckon from what he holds.
// INVALID_ARGUMENT: TYPE_UNKNOWN, CURSOR_INVALID. PERMISSION_DENIED as the rules say.
absl::StatusOr<duikou::log::v1::ReconcileResponse> Reconcile(const ReadRules& readers, const View& view,
                                                             const Caller& caller,
                                                             const duikou::log::v1::ReconcileRequest& request);

// "cities/210800" to "210800"; INVALID_ARGUMENT naming the field for what is no city.
absl::StatusOr<std::string> CityOfParent(const std::string& parent, const std::string& field = "parent");

}  // namespace duikou::rpc

#endif  // DUIKOU_COMMON_RPC_RECONCILE_H_
