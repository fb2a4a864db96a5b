#include "common/store/txn.h"

#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/failpoint.h"
#include "common/base/id.h"
#include "common/schema/record_fields.h"
#include "common/schema/visit_path.h"

namespace duikou::store {
namespace {

using duikou::log::v1::ChangeHeader;
using duikou::type::v1::Access;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using schema::AccessFacts;
using schema::RecordKey;
using schema::ReferenceField;
using schema::ResourceType;

// A record that another refers to is shown by its title.
std::string TitleOf(const Message& record) {
  const FieldDescriptor* title = record.GetDescriptor()->FindFieldByName("title");
  return title == nullptr ? "" : record.GetReflection()->GetString(record, title);
}

// Each once.
void AddAudiences(const std::vector<AccessFacts>& facts, ChangeHeader& header) {
  std::set<std::string> known;
  for (const AccessFacts& one : facts) {
    duikou::log::v1::Audience audience;
    audience.mutable_access()->set_disclosure(static_cast<Access::Disclosure>(one.disclosure));
    audience.mutable_access()->set_sharing(static_cast<Access::Sharing>(one.sharing));
    for (const std::string& city : one.shared_with) audience.mutable_access()->add_shared_with(city);
    for (const std::string& party : one.parties) audience.add_parties(party);
    if (known.insert(audience.SerializeAsString()).second) *header.add_audiences() = std::move(audience);
  }
}

// `whose` stands beside the name where that is of a city, and not of the record itself.
absl::Status ReferredBy(const std::string& referrer, const Text& whose) {
  return StateForbids("RECORD_REFERRED",
                      {absl::StrCat("“", referrer, "”", whose.zh, "仍引用此记录,不能删除。"),
                       absl::StrCat(whose.en, "\"", referrer, "\" still refers to it, so it cannot be deleted.")},
                      {{"referrer", referrer}});
}

absl::Status ReferredByOneOf(absl::string_view city) {
  return ReferredBy(absl::StrCat("cities/", city), {"市的记录", "a record of "});
}

using Titles = absl::flat_hash_map<std::string, std::string>;

// What a record refers to by this reference, and the title that is kept beside each.
Titles TitlesBeside(const ReferenceField& reference, const Message& record) {
  Titles titles;
  schema::VisitPath(
      record, reference.fields, [&](const Message& owner, const FieldDescriptor* field, const schema::Place& place) {
        const auto* reflection = owner.GetReflection();
        const int count = field->is_repeated() ? reflection->FieldSize(owner, field) : 1;
        for (int i = 0; i < count; ++i) {
          titles.try_emplace(field->is_repeated() ? reflection->GetRepeatedString(owner, field, i)
                                                  : reflection->GetString(owner, field),
                             reference.display == nullptr ? "" : reflection->GetString(owner, reference.display));
        }
      });
  return titles;
}

struct ReferredRecord {
  std::string name;   // With its id in place of a 编号.
  std::string title;  // Where it was asked for: it takes the whole record apart, which may be a plan with its text.
};

absl::StatusOr<std::optional<ReferredRecord>> FindReferred(const View& view, const ResourceType& type,
                                                           const std::string& name, bool with_title) {
  ReferredRecord referred;
  ASSIGN_OR_RETURN(referred.name, view.CanonicalName(type, name));
  if (with_title) {
    ASSIGN_OR_RETURN(const std::unique_ptr<Message> record, view.LoadUnchecked(type, referred.name, nullptr));
    if (record == nullptr) return std::optional<ReferredRecord>();
    referred.title = TitleOf(*record);
  } else {
    ASSIGN_OR_RETURN(const std::shared_ptr<const StoredRecord> stored, view.LoadStored(type, referred.name));
    if (stored == nullptr) return std::optional<ReferredRecord>();
  }
  return std::optional<ReferredRecord>(std::move(referred));
}

}  // namespace

std::string Txn::NewId() const { return duikou::NewId(now()); }

absl::StatusOr<int64_t> Txn::NextNumber(const std::string& city, const std::string& counter) {
  mutated_ = true;
  return log_.NextNumber(city, counter);
}

absl::Status Txn::InsertRecord(const ResourceType& type, Message& record) {
  const std::string& name = type.NameOf(record);
  const auto key = type.pattern().Match(name);
  if (!key)
    return BadField("name",
                    {absl::StrCat("“", name, "”不是有效的名称。"), absl::StrCat("\"", name, "\" is no valid name.")});
  RETURN_IF_ERROR(CheckReferences(type, /*before=*/nullptr, record));
  ASSIGN_OR_RETURN(const int64_t version, log_.NextSequence(key->city));
  const int64_t micros = absl::ToUnixMicros(now());
  type.SetEtag(record, absl::StrCat(version));
  type.SetTimes(record, micros, micros);
  ASSIGN_OR_RETURN(StoredRecord stored, tables().seal().Seal(type, name, version, record));
  mutated_ = true;
  absl::Status inserted = tables().Insert(connection(), type, *key, record, stored);
  if (absl::IsAlreadyExists(inserted)) {
    // Which key it was is asked only now: nearly all new names are new.
    ASSIGN_OR_RETURN(const std::optional<StoredRecord> present, tables().Get(connection(), type, *key));
    if (present) return AlreadyExists(name);
    return MakeError(
        absl::StatusCode::kAlreadyExists,
        {.reason = "ALREADY_EXISTS",
         .text = {"编号或外部标识与已有记录重复。", "Its number or external id is that of another record."},
         .metadata = {{"name", name}}});
  }
  RETURN_IF_ERROR(inserted);
  return Log(ChangeHeader::CREATED, type, key->city, name, std::move(stored), 0);
}

absl::Status Txn::UpdateRecord(const ResourceType& type, Message& record, const std::string& etag) {
  const std::string& name = type.NameOf(record);
  int64_t old_version = 0;
  ASSIGN_OR_RETURN(std::unique_ptr<Message> old_record, LoadUnchecked(type, name, &old_version));
  if (old_record == nullptr) return NotFound(name);
  if (!etag.empty() && etag != type.EtagOf(*old_record) && !testing::Bug("etag_ignored")) return EtagStale(name);
  RETURN_IF_ERROR(CheckReferences(type, old_record.get(), record));
  const RecordKey key = *type.pattern().Match(name);
  ASSIGN_OR_RETURN(const int64_t version, log_.NextSequence(key.city));
  type.SetEtag(record, absl::StrCat(version));
  type.SetTimes(record, type.CreateTimeOf(*old_record), absl::ToUnixMicros(now()));
  ASSIGN_OR_RETURN(StoredRecord stored, tables().seal().Seal(type, name, version, record));
  mutated_ = true;
  ForgetKnown(name);
  absl::Status updated = tables().Update(connection(), type, key, *old_record, record, stored);
  if (absl::IsAlreadyExists(updated)) {
    return MakeError(absl::StatusCode::kAlreadyExists,
                     {.reason = "ALREADY_EXISTS",
                      .text = {"外部标识与已有记录重复。", "Its external id is that of another record."},
                      .metadata = {{"name", name}}});
  }
  RETURN_IF_ERROR(updated);
  // It is often read again: a quota by the next proposal, a person by the reference that follows.
  KeepKnown(name, stored);
  return Log(ChangeHeader::UPDATED, type, key.city, name, std::move(stored), old_version);
}

absl::Status Txn::CheckUnreferred(const ResourceType& type, const RecordKey& key, const std::string& name) {
  if (testing::Bug("referrers_ignored")) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::string referrer, tables().FindBelow(connection(), type, key, name));
  if (referrer.empty() && tables().IsReferredTo(type)) {
    ASSIGN_OR_RETURN(referrer, tables().FindReferrer(connection(), type, name, key.city));
    ASSIGN_OR_RETURN(const std::vector<std::string> written, ReadCities(connection()));
    std::set<std::string> others(written.begin(), written.end());
    for (std::string& begun : log_.Cities()) others.insert(std::move(begun));  // First written to in this transaction.
    others.erase(key.city);
    for (auto city = others.begin(); referrer.empty() && city != others.end(); ++city) {
      ASSIGN_OR_RETURN(const std::string found, tables().FindReferrer(connection(), type, name, *city));
      // Which of another city's records it is is not his to know.
      if (!found.empty()) return ReferredByOneOf(*city);
    }
  }
  if (referrer.empty()) return absl::OkStatus();
  const bool seen = !absl::IsNotFound(GetStored(*schema().ByName(referrer), referrer).status());
  return seen ? ReferredBy(referrer, {}) : ReferredByOneOf(key.city);
}

absl::Status Txn::DeleteRecord(const ResourceType& type, const std::string& name, const std::string& etag) {
  int64_t old_version = 0;
  ASSIGN_OR_RETURN(std::unique_ptr<Message> old_record, LoadUnchecked(type, name, &old_version));
  if (old_record == nullptr) return NotFound(name);
  if (!etag.empty() && etag != type.EtagOf(*old_record)) return EtagStale(name);
  const std::string& canonical = type.NameOf(*old_record);
  const RecordKey key = *type.pattern().Match(canonical);
  RETURN_IF_ERROR(CheckUnreferred(type, key, canonical));
  mutated_ = true;
  ForgetKnown(canonical);
  RETURN_IF_ERROR(tables().Remove(connection(), type, key, *old_record));
  if (testing::Bug("delete_not_logged")) return absl::OkStatus();
  return Log(ChangeHeader::DELETED, type, key.city, canonical, {}, old_version);
}

absl::StatusOr<std::vector<AccessFacts>> Txn::EraseLog(const ResourceType& type, const std::string& city,
                                                       const std::string& name) {
  static const Sql kFind(
      "SELECT sequence, message FROM changes WHERE city = ?1 AND name = ?2 AND LENGTH(message) > 0 ORDER BY sequence");
  static const Sql kErase("UPDATE changes SET message = ?3, salt = ?3 WHERE city = ?1 AND sequence = ?2");
  std::vector<std::pair<int64_t, std::string>> versions;
  RETURN_IF_ERROR(connection().Query(kFind, {Param(city), Param(name)}, [&](const Row& row) {
    versions.emplace_back(row.Integer(0), std::string(row.Bytes(1)));
    return true;
  }));
  if (versions.empty()) return NotFound(name);
  mutated_ = true;
  std::vector<AccessFacts> audiences;
  for (const auto& [sequence, message] : versions) {
    ASSIGN_OR_RETURN(audiences.emplace_back(), FactsOf(type, message));
    RETURN_IF_ERROR(connection().Execute(kErase, {Param(city), Param(sequence), Param::Blob("")}));
  }
  return audiences;
}

absl::Status Txn::EraseRecord(const ResourceType& type, const std::string& name, const std::string& reason) {
  int64_t old_version = 0;
  ASSIGN_OR_RETURN(const std::unique_ptr<Message> record, LoadUnchecked(type, name, &old_version));
  const std::string canonical = record == nullptr ? name : type.NameOf(*record);
  const auto key = type.pattern().Match(canonical);
  if (!key) return NotFound(name);
  ASSIGN_OR_RETURN(const std::vector<AccessFacts> audiences, EraseLog(type, key->city, canonical));
  Note(reason);
  StoredRecord stored;
  if (record != nullptr) {
    const std::unique_ptr<Message> before(record->New()), personal(record->New());
    before->CopyFrom(*record);
    schema::MovePersonalFields(*record, *personal);
    ASSIGN_OR_RETURN(const int64_t version, log_.NextSequence(key->city));
    type.SetEtag(*record, absl::StrCat(version));
    type.SetTimes(*record, type.CreateTimeOf(*record), absl::ToUnixMicros(now()));
    ASSIGN_OR_RETURN(stored, tables().seal().Seal(type, canonical, version, *record));
    ForgetKnown(canonical);
    RETURN_IF_ERROR(tables().Update(connection(), type, *key, *before, *record, stored));
  }
  ChangeHeader header;
  header.set_kind(ChangeHeader::ERASED);
  AddAudiences(audiences, header);
  return Log(std::move(header), type, key->city, canonical, std::move(stored), old_version);
}

absl::Status Txn::CheckReferences(const ResourceType& type, const Message* before, Message& record) {
  FieldViolations violations;
  absl::Status failed;
  for (const ReferenceField& reference : type.references()) {
    if (reference.external()) continue;  // Resolved by the adapter before the transaction.
    const ResourceType* target = schema().ByType(reference.type);
    if (target == nullptr)
      return InternalError(absl::StrCat(type.type(), " refers to the unknown type ", reference.type));
    const Titles known = before == nullptr ? Titles() : TitlesBeside(reference, *before);
    schema::VisitPath(
        record, reference.fields, [&](Message& owner, const FieldDescriptor* field, const schema::Place& place) {
          const auto* reflection = owner.GetReflection();
          const int count = field->is_repeated() ? reflection->FieldSize(owner, field) : 1;
          for (int i = 0; i < count && failed.ok(); ++i) {
            const std::string name = field->is_repeated() ? reflection->GetRepeatedString(owner, field, i)
                                                          : reflection->GetString(owner, field);
            if (name.empty()) continue;
            const auto kept = known.find(name);
            if (kept != known.end() && (reference.display == nullptr || !kept->second.empty())) {
              if (reference.display != nullptr) reflection->SetString(&owner, reference.display, kept->second);
              continue;
            }
            const auto found = FindReferred(*this, *target, name, reference.display != nullptr);
            if (!found.ok()) {
              failed = found.status();
            } else if (!*found) {
              violations.Add(absl::StrCat(type.type(), ".", place.Text()),
                             {absl::StrCat("没有“", name, "”。"), absl::StrCat("there is no \"", name, "\".")});
            } else {
              const ReferredRecord& referred = **found;
              if (!field->is_repeated() && referred.name != name) reflection->SetString(&owner, field, referred.name);
              if (reference.display != nullptr) reflection->SetString(&owner, reference.display, referred.title);
            }
          }
        });
  }
  RETURN_IF_ERROR(failed);
  return violations.ToStatus("REFERENCE_UNKNOWN");
}

absl::Status Txn::Log(ChangeHeader::Kind kind, const ResourceType& type, const std::string& city,
                      const std::string& name, StoredRecord stored, int64_t previous) {
  ChangeHeader header;
  header.set_kind(kind);
  return Log(std::move(header), type, city, name, std::move(stored), previous);
}

absl::Status Txn::Log(ChangeHeader header, const ResourceType& type, const std::string& city, const std::string& name,
                      StoredRecord stored, int64_t previous) {
  const int64_t micros = absl::ToUnixMicros(now());
  header.mutable_time()->set_seconds(micros / 1000000);
  header.mutable_time()->set_nanos(static_cast<int32_t>(micros % 1000000 * 1000));
  header.set_actor(caller().name);
  header.set_on_behalf_of(caller().on_behalf_of);
  header.set_action(facts_.action);
  header.set_type(type.type());
  header.set_name(name);
  header.set_request_id(facts_.request_id);
  header.set_note(note_);
  return log_.Append(std::move(header), {.city = city,
                                         .type = type.type(),
                                         .name = name,
                                         .salt = std::move(stored.salt),
                                         .message = type.confined() ? std::string() : std::move(stored.bytes),
                                         .at_rest = std::move(stored.at_rest),
                                         .previous = previous});
}

}  // namespace duikou::store
