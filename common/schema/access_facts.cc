#include "common/schema/access_facts.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/failpoint.h"
#include "common/schema/visit_path.h"
#include "duikou/type/v1/access.pb.h"
#include "duikou/type/v1/role.pb.h"

namespace duikou::schema {
namespace {

using duikou::type::v1::Access;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

bool Contains(const std::vector<std::string>& list, absl::string_view wanted) {
  return std::find(list.begin(), list.end(), wanted) != list.end();
}

bool SharedWith(const Caller& caller, const AccessFacts& facts) {
  if (facts.sharing == Access::UNCONDITIONAL) return true;
  return facts.sharing == Access::CONDITIONAL && Contains(facts.shared_with, absl::StrCat("cities/", caller.city));
}

}  // namespace

AccessFacts AccessFactsOf(const ResourceType& type, const Message& record) {
  AccessFacts facts;
  facts.city = std::string(CityOf(type.NameOf(record)));
  if (type.access_field() != nullptr) {
    const auto& access = static_cast<const Access&>(record.GetReflection()->GetMessage(record, type.access_field()));
    facts.disclosure = access.disclosure();
    facts.sharing = access.sharing();
    facts.shared_with.assign(access.shared_with().begin(), access.shared_with().end());
  }
  for (const FieldPath& path : type.parties()) {
    VisitPath(record, path, [&](const Message& message, const FieldDescriptor* field, const Place&) {
      const auto* reflection = message.GetReflection();
      std::string scratch;
      const int count = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
      for (int i = 0; i < count; ++i) {
        const std::string& party = field->is_repeated()
                                       ? reflection->GetRepeatedStringReference(message, field, i, &scratch)
                                       : reflection->GetStringReference(message, field, &scratch);
        if (!party.empty() && !Contains(facts.parties, party)) facts.parties.push_back(party);
      }
    });
  }
  return facts;
}

bool IsUnitParty(const Caller& caller, const AccessFacts& facts) {
  return !caller.unit.empty() && Contains(facts.parties, caller.unit);
}

bool IsParty(const Caller& caller, const AccessFacts& facts) {
  if (caller.city.empty()) return false;
  if (caller.city == facts.city || IsUnitParty(caller, facts)) return true;
  // The city of a unit that is a party is one as well.
  return std::any_of(facts.parties.begin(), facts.parties.end(),
                     [&](const std::string& party) { return CityOf(party) == caller.city; });
}

bool MaySee(const Caller& caller, const ResourceType& type, const AccessFacts& facts) {
  if (caller.IsService() || testing::Bug("seen_by_everybody")) return true;
  if (type.confined()) return false;
  if (caller.kind == Caller::Kind::kAnonymous) return facts.disclosure == Access::PUBLIC;
  if (type.visibility() == duikou::options::v1::Resource::SIGNED_IN) return true;
  if (facts.disclosure == Access::PUBLIC) return true;
  if (facts.disclosure == Access::RESTRICTED) {
    if (IsUnitParty(caller, facts)) return true;
    const bool oversees = caller.Has(duikou::type::v1::COORDINATOR) || caller.Has(duikou::type::v1::SUPERVISOR);
    return oversees && IsParty(caller, facts);
  }
  return IsParty(caller, facts) || SharedWith(caller, facts);
}

}  // namespace duikou::schema
