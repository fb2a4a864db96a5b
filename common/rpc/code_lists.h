#ifndef DUIKOU_COMMON_RPC_CODE_LISTS_H_
#define DUIKOU_COMMON_RPC_CODE_LISTS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "duikou/code/v1/code_list.pb.h"
#include "google/protobuf/descriptor.h"

namespace duikou::rpc {

// The enums that the methods of these services take and answer, at any depth, in the order of their names.
duikou::code::v1::ListCodeListsResponse CodeListsOf(
    const std::vector<const google::protobuf::ServiceDescriptor*>& services);

// All of them, or the one of that name: NOT_FOUND.
absl::StatusOr<duikou::code::v1::ListCodeListsResponse> CodeListNamed(
    const duikou::code::v1::ListCodeListsResponse& all, const std::string& name);

}  // namespace duikou::rpc

#endif  // DUIKOU_COMMON_RPC_CODE_LISTS_H_
