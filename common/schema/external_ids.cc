#include "common/schema/external_ids.h"

#include <cstdint>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/schema/field_limits.h"
#include "duikou/options/v1/options.pb.h"
#include "google/protobuf/descriptor.h"

namespace duikou::schema {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

absl::Status OwnExternalId(const Caller& caller, const std::string& known, const std::string& carried,
                           Message& record) {
  const FieldDescriptor* field = record.GetDescriptor()->FindFieldByName(kExternalId);
  if (field == nullptr || caller.kind != Caller::Kind::kPartner) return absl::OkStatus();
  const auto* reflection = record.GetReflection();
  const std::string id = reflection->GetString(record, field);
  const std::string prefix = absl::StrCat(caller.name.substr(caller.name.rfind('/') + 1), ":");
  if (id.empty() || id == known || absl::StartsWith(id, prefix)) return absl::OkStatus();
  const std::string own = absl::StrCat(prefix, id);
  const int64_t longest = field->options().GetExtension(duikou::options::v1::field).max_length();
  if (longest > 0 && CodePoints(own) > longest) {
    const int64_t left = longest - static_cast<int64_t>(prefix.size());
    return BadField(absl::StrCat(carried, ".", kExternalId),
                    {absl::StrCat("前面要加上“", prefix, "”保存,因此最多 ", left, " 个字符。"),
                     absl::StrCat("is kept with \"", prefix, "\" in front: at most ", left, " characters.")});
  }
  reflection->SetString(&record, field, own);
  return absl::OkStatus();
}

}  // namespace duikou::schema
