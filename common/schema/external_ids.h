#ifndef DUIKOU_COMMON_SCHEMA_EXTERNAL_IDS_H_
#define DUIKOU_COMMON_SCHEMA_EXTERNAL_IDS_H_

#include <string>

#include "absl/status/status.h"
#include "common/base/caller.h"
#include "google/protobuf/message.h"

namespace duikou::schema {

inline constexpr char kExternalId[] = "external_id";

// Ids of partner systems are kept with the system in front, "lyg-oa:2026-17": each has its own, and who reads one knows
// whose it is. Puts it there, in a record that a partner system gives in the field `carried` of its request. The id
// that the record has already, `known`, is left as it is: another's, that came back with the whole record. Whatever
// creates records otherwise than by a standard method calls it. INVALID_ARGUMENT: with the system in front it is too
// long.
absl::Status OwnExternalId(const Caller& caller, const std::string& known, const std::string& carried,
                           google::protobuf::Message& record);

}  // namespace duikou::schema

#endif  // DUIKOU_COMMON_SCHEMA_EXTERNAL_IDS_H_
