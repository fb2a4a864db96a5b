#ifndef DUIKOU_COMMON_RPC_READ_RULES_H_
#define DUIKOU_COMMON_RPC_READ_RULES_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/auth/method_rule.h"
#include "common/schema/resource_type.h"
#include "google/protobuf/descriptor.h"

namespace duikou::rpc {

// Who reads records of a type from the change log: whom the rule of its Get admits. The roles of a rule say which kinds
// of records are somebody's business, and MaySee which of them; so the log opens to nobody what no other method does.
class ReadRules {
 public:
  // Of the types of the schema by the methods of these services. Fails for a method without a rule. Records of a type
  // without a Get are read by services alone.
  static absl::StatusOr<ReadRules> Of(const schema::Schema& schema,
                                      const std::vector<const google::protobuf::ServiceDescriptor*>& services);

  // PERMISSION_DENIED where the caller may not read records of the type in the city: ROLE_MISSING, OTHER_CITY.
  absl::Status Check(const Caller& caller, absl::string_view city, absl::string_view type) const;
  // The types that the caller reads of those that he asks for, or of all where he names none; empty for all of them.
  // As Check, for one that he names; ROLE_MISSING where there is nothing for him.
  absl::StatusOr<std::vector<std::string>> Readable(const Caller& caller, absl::string_view city,
                                                    std::vector<std::string> asked) const;

 private:
  std::map<std::string, auth::MethodRule, std::less<>> by_type_;
  std::vector<std::string> unserved_;  // Types without a Get.
};

}  // namespace duikou::rpc

#endif  // DUIKOU_COMMON_RPC_READ_RULES_H_
