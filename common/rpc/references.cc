#include "common/rpc/references.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/error.h"
#include "common/base/failpoint.h"
#include "common/base/status_macros.h"
#include "common/schema/visit_path.h"

namespace duikou::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using schema::Place;
using schema::ReferenceField;

// What a request names of one service: the n-th use is of the n-th name.
struct Use {
  const ReferenceField* reference;
  Message* owner;
  int index;  // In a repeated field, else 0.
};
struct Named {
  std::vector<std::string> names;
  std::vector<Use> uses;
};

std::map<std::string, Named> NamesIn(absl::Span<const ReferenceField> references, Message& request) {
  std::map<std::string, Named> by_service;
  for (const ReferenceField& reference : references) {
    Named& named = by_service[reference.type.substr(0, reference.type.find('/'))];
    schema::VisitPath(request, reference.fields, [&](Message& owner, const FieldDescriptor* field, const Place&) {
      const auto* reflection = owner.GetReflection();
      const int count = field->is_repeated() ? reflection->FieldSize(owner, field) : 1;
      for (int i = 0; i < count; ++i) {
        std::string name =
            field->is_repeated() ? reflection->GetRepeatedString(owner, field, i) : reflection->GetString(owner, field);
        if (name.empty()) continue;
        named.names.push_back(std::move(name));
        named.uses.push_back({&reference, &owner, i});
      }
    });
  }
  return by_service;
}

// Whether a record is of the type that a reference says, "directory/unit": the last word of its message's name. The
// message itself need not be known here.
bool IsOfType(const PeerRecord& record, const std::string& type) {
  const std::string& url = record.record.type_url();
  return absl::EqualsIgnoreCase(url.substr(url.rfind('.') + 1),
                                absl::StrReplaceAll(type.substr(type.find('/') + 1), {{"_", ""}}));
}

// Where a use stands, looked for again: only what is unknown needs it.
std::string PlaceOf(const Use& use, Message& request) {
  std::string text;
  schema::VisitPath(request, use.reference->fields, [&](Message& owner, const FieldDescriptor* field, const Place& at) {
    if (&owner != use.owner) return;
    text = at.Text();
    if (field->is_repeated()) absl::StrAppend(&text, "[", use.index, "]");
  });
  return text;
}

}  // namespace

absl::StatusOr<bool> ResolveReferences(Peers& peers, absl::Span<const ReferenceField> references, Reach reach,
                                       Message& request,
                                       absl::flat_hash_map<std::string, google::protobuf::Any>& referred) {
  const std::map<std::string, Named> by_service = NamesIn(references, request);
  std::vector<std::pair<const Named*, PeerRecords>> found;
  for (const auto& [service, named] : by_service) {
    if (named.names.empty()) continue;
    if (reach == Reach::kMemory) {
      std::optional<PeerRecords> records = peers.FindInMemory(service, named.names);
      if (!records) return false;
      found.emplace_back(&named, *std::move(records));
    } else {
      ASSIGN_OR_RETURN(PeerRecords records, peers.Find(service, named.names));
      found.emplace_back(&named, std::move(records));
    }
  }
  FieldViolations violations;
  for (const auto& [named, records] : found) {
    for (size_t i = 0; i < records.size(); ++i) {
      const Use& use = named->uses[i];
      const bool known = records[i] && IsOfType(*records[i], use.reference->type);
      if (!known && testing::Bug("reference_unchecked")) continue;
      if (!known) {
        violations.Add(PlaceOf(use, request), {absl::StrCat("没有“", named->names[i], "”。"),
                                               absl::StrCat("there is no \"", named->names[i], "\".")});
      } else if (use.reference->display != nullptr) {
        use.owner->GetReflection()->SetString(use.owner, use.reference->display, records[i]->title);
      }
    }
  }
  RETURN_IF_ERROR(violations.ToStatus("REFERENCE_UNKNOWN"));
  for (auto& [named, records] : found) {
    for (size_t i = 0; i < records.size(); ++i) {
      if (records[i]) referred.try_emplace(named->names[i], std::move(records[i]->record));
    }
  }
  return true;
}

}  // namespace duikou::rpc
