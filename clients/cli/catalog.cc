#include "clients/cli/catalog.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "clients/cli/language.h"
#include "duikou/consultation/v1/calendars.pb.h"
#include "duikou/consultation/v1/consultations.pb.h"
#include "duikou/consultation/v1/proceedings.pb.h"
#include "duikou/consultation/v1/rotation.pb.h"
#include "duikou/directory/v1/directory.pb.h"
#include "duikou/directory/v1/holidays.pb.h"
#include "duikou/directory/v1/partner_systems.pb.h"
#include "duikou/log/v1/change_log.pb.h"
#include "duikou/options/v1/options.pb.h"
#include "duikou/personnel/v1/exchange.pb.h"
#include "duikou/personnel/v1/exchange_planning.pb.h"
#include "duikou/personnel/v1/people.pb.h"
#include "duikou/personnel/v1/subsidies.pb.h"
#include "duikou/taskregistry/v1/registry.pb.h"
#include "duikou/taskregistry/v1/supervision.pb.h"
#include "duikou/techtransfer/v1/challenges.pb.h"
#include "duikou/techtransfer/v1/contracts.pb.h"
#include "duikou/techtransfer/v1/events.pb.h"
#include "duikou/techtransfer/v1/listings.pb.h"
#include "duikou/techtransfer/v1/matching.pb.h"
#include "duikou/techtransfer/v1/negotiations.pb.h"

namespace duikou::cli {
namespace {

namespace pb = google::protobuf;

// Standard methods by the prefix of their name, and where the catalog keeps them.
struct Standard {
  absl::string_view prefix;
  const pb::MethodDescriptor* ResourceType::*slot;
};
constexpr Standard kStandard[] = {{"Get", &ResourceType::get},
                                  {"List", &ResourceType::list},
                                  {"Create", &ResourceType::create},
                                  {"Update", &ResourceType::update},
                                  {"Delete", &ResourceType::remove}};

// The message of a list response that is repeated: what it lists. Null for a response that lists no records.
const pb::Descriptor* Listed(const pb::MethodDescriptor& method) {
  const pb::Descriptor* response = method.output_type();
  for (int i = 0; i < response->field_count(); ++i) {
    if (response->field(i)->is_repeated() && response->field(i)->message_type() != nullptr)
      return response->field(i)->message_type();
  }
  return nullptr;
}

// The resource that a standard method is about; null if the method is none.
const pb::Descriptor* Subject(const pb::MethodDescriptor& method, const Standard& standard) {
  absl::string_view name = method.name();
  if (!absl::ConsumePrefix(&name, standard.prefix)) return nullptr;
  if (standard.prefix == "List") {
    const pb::Descriptor* listed = Listed(method);
    const bool is_record = listed != nullptr && listed->options().HasExtension(options::v1::resource);
    return is_record ? listed : nullptr;
  }
  const pb::Descriptor* message =
      method.file()->pool()->FindMessageTypeByName(absl::StrCat(method.file()->package(), ".", name));
  const bool is_record = message != nullptr && message->options().HasExtension(options::v1::resource);
  // One that answers with more than the record is an action.
  const bool plain = standard.prefix == "Delete" || method.output_type() == message;
  return is_record && plain ? message : nullptr;
}

bool IsVariable(absl::string_view segment) { return absl::StartsWith(segment, "{"); }

}  // namespace

absl::string_view PeerName(Peer peer) {
  static constexpr absl::string_view kNames[kPeerCount] = {"directory", "taskregistry", "personnel", "consultation",
                                                           "techtransfer"};
  return kNames[static_cast<size_t>(peer)];
}

std::vector<std::string> PeerNames() {
  std::vector<std::string> names;
  for (const Peer peer : kPeers) names.emplace_back(PeerName(peer));
  return names;
}

Peer PeerNamed(absl::string_view name) {
  for (const Peer peer : kPeers) {
    if (PeerName(peer) == name) return peer;
  }
  return Peer::kTaskRegistry;
}

Peer PeerOf(const pb::MethodDescriptor& method) {
  // "duikou.NAME.v1.Service.Method"; what all services have, as their log, is asked of the task registry unless said.
  const std::vector<absl::string_view> parts = absl::StrSplit(method.full_name(), '.');
  return PeerNamed(parts[1]);
}

std::string Kebab(absl::string_view name) {
  std::string out;
  for (size_t i = 0; i < name.size(); ++i) {
    if (i > 0 && absl::ascii_isupper(name[i]) && absl::ascii_islower(name[i - 1])) out.push_back('-');
    out.push_back(name[i] == '_' ? '-' : absl::ascii_tolower(name[i]));
  }
  return out;
}

const Catalog& Catalog::Get() {
  static const auto* catalog = new Catalog;
  return *catalog;
}

Catalog::Catalog() {
  // Naming a message of each file links its descriptors in.
  for (const pb::FileDescriptor* file :
       {directory::v1::GetCityRequest::descriptor()->file(),
        directory::v1::GetPartnerSystemRequest::descriptor()->file(),
        directory::v1::GetHolidayYearRequest::descriptor()->file(),
        taskregistry::v1::GetSettingsRequest::descriptor()->file(),
        taskregistry::v1::GetReminderRequest::descriptor()->file(),
        personnel::v1::GetPersonRequest::descriptor()->file(),
        personnel::v1::GetEngagementRequest::descriptor()->file(), personnel::v1::GetQuotaRequest::descriptor()->file(),
        personnel::v1::GetSubsidyClaimRequest::descriptor()->file(),
        consultation::v1::GetCalendarRequest::descriptor()->file(),
        consultation::v1::GetConsultationRequest::descriptor()->file(),
        consultation::v1::GetMinutesRequest::descriptor()->file(),
        consultation::v1::GetSeriesRequest::descriptor()->file(),
        techtransfer::v1::GetListingRequest::descriptor()->file(),
        techtransfer::v1::GetBidRequest::descriptor()->file(),
        techtransfer::v1::MatchListingRequest::descriptor()->file(),
        techtransfer::v1::GetNegotiationRequest::descriptor()->file(),
        techtransfer::v1::GetContractRequest::descriptor()->file(),
        techtransfer::v1::GetEventRequest::descriptor()->file()}) {
    for (int i = 0; i < file->service_count(); ++i) Read(*file->service(i));
  }
}

void Catalog::Read(const pb::ServiceDescriptor& service) {
  for (int i = 0; i < service.method_count(); ++i) {
    const pb::MethodDescriptor* method = service.method(i);
    const pb::Descriptor* subject = nullptr;
    for (const Standard& standard : kStandard) {
      subject = Subject(*method, standard);
      if (subject == nullptr) continue;
      auto it = std::find_if(types_.begin(), types_.end(), [&](const ResourceType& t) { return t.message == subject; });
      if (it == types_.end()) {
        const auto& resource = subject->options().GetExtension(options::v1::resource);
        types_.push_back({.message = subject,
                          .type = resource.type(),
                          .pattern = resource.pattern(),
                          .singular = Kebab(subject->name()),
                          .plural = Kebab(subject->name())});
        it = types_.end() - 1;
      }
      (*it).*standard.slot = method;
      if (standard.prefix == "List") it->plural = Kebab(method->name().substr(standard.prefix.size()));
      break;
    }
    if (subject == nullptr) actions_.push_back(method);
  }
}

const ResourceType* Catalog::Find(absl::string_view name) const {
  const std::string kebab = Kebab(name);
  for (const ResourceType& type : types_) {
    if (type.singular == kebab || type.plural == kebab || type.type == name) return &type;
  }
  return nullptr;
}

const ResourceType* Catalog::FindByRecord(absl::string_view record) const {
  const std::vector<absl::string_view> segments = absl::StrSplit(record, '/');
  for (const ResourceType& type : types_) {
    const std::vector<absl::string_view> pattern = absl::StrSplit(type.pattern, '/');
    bool fits = pattern.size() == segments.size();
    for (size_t i = 0; fits && i < pattern.size(); ++i) fits = IsVariable(pattern[i]) || pattern[i] == segments[i];
    if (fits) return &type;
  }
  return nullptr;
}

const pb::MethodDescriptor* Catalog::Method(absl::string_view full_name) {
  Get();
  log::v1::WatchRequest::descriptor();
  return pb::DescriptorPool::generated_pool()->FindMethodByName(std::string(full_name));
}

absl::StatusOr<std::string> FullName(absl::string_view pattern, absl::string_view city, absl::string_view typed) {
  const std::vector<absl::string_view> slots = absl::StrSplit(pattern, '/');
  const std::vector<absl::string_view> given = absl::StrSplit(typed, '/', absl::SkipEmpty());
  std::vector<std::string> name(slots.size());
  // From the right: a given segment fills a variable, or is the collection's own word and fills that.
  size_t left = given.size();
  for (size_t i = slots.size(); i-- > 0;) {
    if (!IsVariable(slots[i])) {
      name[i] = std::string(slots[i]);
      if (left > 0 && given[left - 1] == slots[i]) --left;
    } else if (left > 0) {
      name[i] = std::string(given[--left]);
    } else if (slots[i] == "{city}" && !city.empty()) {
      name[i] = std::string(city);
    } else {
      return absl::InvalidArgumentError(absl::StrCat(Say("名称“", "the name '"), typed,
                                                     Say("”不完整,应为 ", "' is not complete, expected "), pattern));
    }
  }
  if (left > 0 || given.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(Say("名称“", "the name '"), typed, Say("”不对,应为 ", "' does not fit, expected "), pattern));
  }
  return absl::StrJoin(name, "/");
}

std::string ParentPattern(absl::string_view pattern) {
  std::vector<absl::string_view> slots = absl::StrSplit(pattern, '/');
  slots.resize(slots.size() - 2);
  return absl::StrJoin(slots, "/");
}

absl::string_view LastSegment(absl::string_view name) { return name.substr(name.rfind('/') + 1); }

}  // namespace duikou::cli
