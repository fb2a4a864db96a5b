#include "common/schema/access_facts.h"

#include <algorithm>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "common/base/failpoint.h"
#include "common/base/status_macros.h"
#include "duikou/type/v1/access.pb.h"
#include "duikou/type/v1/role.pb.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"

namespace duikou::schema {
namespace {

using duikou::type::v1::Access;
using google::protobuf::internal::WireFormatLite;

bool Contains(const std::vector<std::string>& list, absl::string_view wanted) {
  return std::find(list.begin(), list.end(), wanted) != list.end();
}

bool SharedWith(const Caller& caller, const AccessFacts& facts) {
  if (facts.sharing == Access::UNCONDITIONAL) return true;
  return facts.sharing == Access::CONDITIONAL && Contains(facts.shared_with, absl::StrCat("cities/", caller.city));
}

// Calls visit(number, content) for each text, bytes or message field of a message on the wire, in their order, and
// passes over the others. False when the bytes are no message, or when visit gives false.
bool ForEachPart(absl::string_view message, absl::FunctionRef<bool(int, absl::string_view)> visit) {
  google::protobuf::io::CodedInputStream in(reinterpret_cast<const uint8_t*>(message.data()),
                                            static_cast<int>(message.size()));
  while (const uint32_t tag = in.ReadTag()) {
    if (WireFormatLite::GetTagWireType(tag) != WireFormatLite::WIRETYPE_LENGTH_DELIMITED) {
      if (!WireFormatLite::SkipField(&in, tag)) return false;
      continue;
    }
    uint32_t length = 0;
    if (!in.ReadVarint32(&length)) return false;
    const auto at = static_cast<size_t>(in.CurrentPosition());
    if (length > message.size() - at) return false;
    if (!visit(WireFormatLite::GetTagFieldNumber(tag), message.substr(at, length))) return false;
    in.Skip(static_cast<int>(length));
  }
  return in.ConsumedEntireMessage();
}

// Adds the texts that stand at `path`, whose first field has `part` as its content.
bool AddParties(absl::Span<const google::protobuf::FieldDescriptor* const> path, absl::string_view part,
                std::vector<std::string>& parties) {
  if (path.size() == 1) {
    if (!part.empty() && !Contains(parties, part)) parties.emplace_back(part);
    return true;
  }
  return ForEachPart(part, [&](int number, absl::string_view inner) {
    return number != path[1]->number() || AddParties(path.subspan(1), inner, parties);
  });
}

absl::Status Unreadable(const ResourceType& type) {
  return absl::DataLossError(absl::StrCat("a stored ", type.type(), " cannot be read"));
}

}  // namespace

absl::StatusOr<AccessFacts> AccessFactsOf(const ResourceType& type, absl::string_view stored) {
  AccessFacts facts;
  Access access;
  bool whole = ForEachPart(stored, [&](int number, absl::string_view part) {
    if (number == type.name_field()->number()) facts.city = std::string(CityOf(part));
    if (type.access_field() != nullptr && number == type.access_field()->number())
      return access.ParseFromArray(part.data(), static_cast<int>(part.size()));
    for (const FieldPath& path : type.parties()) {
      if (number == path.front()->number() && !AddParties(path, part, facts.parties)) return false;
    }
    return true;
  });
  if (!whole) return Unreadable(type);
  facts.disclosure = access.disclosure();
  facts.sharing = access.sharing();
  facts.shared_with.assign(access.shared_with().begin(), access.shared_with().end());
  return facts;
}

absl::StatusOr<std::string> SeenWithOf(const ResourceType& type, absl::string_view stored) {
  std::string name;
  if (type.seen_with() == nullptr) return name;
  const bool whole = ForEachPart(stored, [&](int number, absl::string_view part) {
    if (number == type.seen_with()->number()) name = std::string(part);
    return true;
  });
  if (!whole) return Unreadable(type);
  return name;
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
