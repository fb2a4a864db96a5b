#include "common/rpc/shared_change.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/schema/record_fields.h"

namespace duikou::rpc {
namespace {

using duikou::log::v1::Change;
using duikou::log::v1::ChangeHeader;
using google::protobuf::Message;
using schema::MaySee;

constexpr size_t kMaxSeenWith = 100000;
constexpr size_t kMarkBytes = 8;
constexpr char kCursorInvalid[] = "CURSOR_INVALID";

// Puts a record whose personal fields lie open into an Any, these masked.
absl::Status PackOpen(const schema::ResourceType& type, std::string open, google::protobuf::Any& packed) {
  packed.set_type_url(absl::StrCat("type.googleapis.com/", type.descriptor()->full_name()));
  if (type.has_personal_fields()) {
    const std::unique_ptr<Message> record(type.prototype().New());
    if (!record->ParseFromString(open)) return InternalError(absl::StrCat("cannot parse a ", type.type()));
    schema::MaskPersonalFields(*record);
    open = record->SerializeAsString();
  }
  packed.set_value(std::move(open));
  return absl::OkStatus();
}

// The message of an entry, as it lies in the store.
absl::Status PackEntry(const View& view, const schema::ResourceType& type, const store::LogEntry& entry,
                       google::protobuf::Any& packed) {
  std::string open = entry.message;
  if (type.has_personal_fields()) RETURN_IF_ERROR(view.tables().seal().Open(type, entry.name, entry.sequence, open));
  return PackOpen(type, std::move(open), packed);
}

struct SeenWith {
  const schema::ResourceType* type = nullptr;
  std::string name;
  std::string record;
};

// The query for the records of a type that are seen with this one; nullopt when the type's are not.
std::optional<store::ListQuery> SeenWithQuery(const schema::ResourceType& type, const schema::ResourceType& above,
                                              const std::string& name) {
  if (type.seen_with() == nullptr || type.confined()) return std::nullopt;
  if (type.pattern().depth() == above.pattern().depth() + 1 && type.pattern().MatchParent(name))
    return store::ListQuery{.parent = name};
  if (type.pattern().depth() > 2) return std::nullopt;
  return store::ListQuery{.parent = absl::StrCat("cities/", schema::CityOf(name)),
                          .where = {{type.seen_with()->name(), store::Value(name)}}};
}

// Whether records of a type may be seen with this one, or with what lies below it.
bool MayBeSeenWith(const schema::Schema& schema, const schema::ResourceType& type, const schema::ResourceType& above,
                   const std::string& name) {
  if (SeenWithQuery(type, above, name)) return true;
  return std::any_of(schema.types().begin(), schema.types().end(), [&](const auto& between) {
    return between->pattern().depth() == above.pattern().depth() + 1 && SeenWithQuery(*between, above, name) &&
           MayBeSeenWith(schema, type, *between, absl::StrCat(name, "/", between->pattern().collection(), "/-"));
  });
}

// A record as an entry of its city's log found it, and as it came into being where that was later; nullopt where it was
// gone or its content is.
absl::StatusOr<std::optional<std::string>> VersionAt(const View& view, const schema::ResourceType& type,
                                                     const std::string& name, int64_t sequence) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const store::StoredRecord> now, view.LoadStored(type, name));
  if (now == nullptr) return std::optional<std::string>();
  if (now->version <= sequence) return std::optional<std::string>(now->bytes);
  const std::string city(schema::CityOf(name));
  for (int64_t at = now->version;;) {
    ASSIGN_OR_RETURN(std::optional<store::LogEntry> entry, store::ReadLogEntry(view.connection(), city, at));
    if (!entry || entry->message.empty()) return std::optional<std::string>();
    if (entry->sequence <= sequence || entry->previous == 0)
      return std::optional<std::string>(std::move(entry->message));
    at = entry->previous;
  }
}

// Who might see the version of a record that an entry of the log wrote, when it was written: of what is seen with
// another record, that one as it was then.
absl::StatusOr<schema::AccessFacts> FactsAt(const View& view, const schema::ResourceType& type,
                                            absl::string_view stored, const store::LogEntry& entry) {
  if (type.seen_with() == nullptr) return view.FactsOf(type, stored);
  ASSIGN_OR_RETURN(const std::string above, schema::SeenWithOf(type, stored));
  const schema::ResourceType* above_type = view.schema().ByName(above);
  if (above_type == nullptr)
    return InternalError(absl::StrCat(type.type(), " is seen with the unknown record ", above));
  const std::string city(schema::CityOf(above));
  // The logs of two cities have no common order.
  if (city != entry.city) return view.FactsOf(type, stored);
  ASSIGN_OR_RETURN(const std::optional<std::string> version, VersionAt(view, *above_type, above, entry.sequence));
  if (!version) return schema::AccessFacts{.city = city};
  return FactsAt(view, *above_type, *version, entry);
}

// All that is seen with a record, as far as the view's caller sees it, and with that in turn.
absl::Status CollectSeenWith(const View& view, const schema::ResourceType& above, const std::string& name,
                             std::vector<SeenWith>& found) {
  for (const auto& type : view.schema().types()) {
    std::optional<store::ListQuery> query = SeenWithQuery(*type, above, name);
    if (!query) continue;
    query->page_size = store::kMaxPageSize;
    do {
      ASSIGN_OR_RETURN(store::RecordPage page, view.ListRecords(*type, *query));
      for (std::string& record : page.items) {
        const std::unique_ptr<Message> parsed(type->prototype().New());
        if (!parsed->ParseFromString(record)) return InternalError(absl::StrCat("cannot parse a ", type->type()));
        const std::string own = type->NameOf(*parsed);
        if (found.size() >= kMaxSeenWith)
          return absl::ResourceExhaustedError(absl::StrCat("too much is seen with ", name));
        found.push_back({type.get(), own, std::move(record)});
        RETURN_IF_ERROR(CollectSeenWith(view, *type, own, found));
      }
      query->page_token = std::move(page.next_page_token);
    } while (!query->page_token.empty());
  }
  return absl::OkStatus();
}

// Request ids are their own city's.
std::optional<Change> AsToldTo(bool from_outside, const JudgedChange& judged) {
  Change change = judged.change;
  if (from_outside) change.clear_request_id();
  return change;
}

// Who did what and why, to another record: that one's entry tells those who see it.
void ConcealAction(Change& change) {
  change.clear_action();
  change.clear_actor();
  change.clear_on_behalf_of();
  change.clear_note();
  change.clear_request_id();
}

// Whether what decides who may see a record may differ from one version of it to the next.
bool HasFactsOfItsOwn(const schema::ResourceType& type) {
  return type.seen_with() == nullptr && type.visibility() == duikou::options::v1::Resource::BY_ACCESS;
}

// Its name alone: what took it away is not his business any more.
Change Withdrawal(const JudgedChange& judged) {
  Change withdrawn;
  withdrawn.set_kind(ChangeHeader::UNSHARED);
  withdrawn.set_name(judged.change.name());
  *withdrawn.mutable_time() = judged.change.time();
  return withdrawn;
}

// Of the versions that an erasure took the content of.
std::vector<schema::AccessFacts> ErasedFacts(const ChangeHeader& header) {
  std::vector<schema::AccessFacts> facts;
  for (const auto& audience : header.audiences()) {
    const auto& access = audience.access();
    facts.push_back({.city = header.city(),
                     .disclosure = access.disclosure(),
                     .sharing = access.sharing(),
                     .shared_with = {access.shared_with().begin(), access.shared_with().end()},
                     .parties = {audience.parties().begin(), audience.parties().end()}});
  }
  return facts;
}

// The change of the record itself for a caller; nullopt for none.
std::optional<Change> OwnChange(const Caller& caller, const JudgedChange& judged) {
  const auto sees = [&](const schema::AccessFacts& facts) { return MaySee(caller, *judged.type, facts); };
  const bool seen = judged.then && sees(*judged.then);
  const bool from_outside = !caller.IsService() && caller.city != judged.city;
  if (judged.change.kind() == ChangeHeader::DELETED) return seen ? AsToldTo(from_outside, judged) : std::nullopt;
  const bool was_seen = judged.before && sees(*judged.before);
  if (!seen && was_seen) return Withdrawal(judged);
  const bool seen_now = judged.now && sees(*judged.now);
  // The entries that withdrew or deleted it say nothing any more.
  if (!seen_now && std::any_of(judged.erased.begin(), judged.erased.end(), sees)) return Withdrawal(judged);
  if (!seen || (judged.now && !seen_now)) return std::nullopt;
  // Whether another city might have seen it until its end is not known any more: its deletion alone is told.
  if (!judged.now && from_outside) return std::nullopt;
  std::optional<Change> change = AsToldTo(from_outside, judged);
  if (judged.before && !was_seen) change->set_kind(ChangeHeader::SHARED);
  return change;
}

}  // namespace

std::string MarkOf(absl::string_view hash) { return std::string(hash.substr(0, kMarkBytes)); }

std::string MakeCursor(const store::TokenSigner& tokens, const std::string& city, const LogPlace& place) {
  std::vector<store::Value> values{store::Value(place.sequence), store::Value(place.mark)};
  if (!place.below.empty()) values.emplace_back(place.below);
  return tokens.Make(absl::StrCat("cursor/", city), values);
}

absl::StatusOr<LogPlace> ReadCursor(const View& view, const std::string& city, const std::string& cursor) {
  if (cursor.empty()) return LogPlace();
  ASSIGN_OR_RETURN(const std::vector<store::Value> values,
                   view.tokens().Read(cursor, absl::StrCat("cursor/", city), "cursor", kCursorInvalid));
  const auto text = [&](size_t i) { return i < values.size() ? std::get_if<std::string>(&values[i]) : nullptr; };
  const int64_t* sequence = values.empty() ? nullptr : std::get_if<int64_t>(&values[0]);
  if (sequence == nullptr || text(1) == nullptr || values.size() > 3)
    return BadField("cursor", {"不是变更日志的游标。", "is no place in the change log."}, kCursorInvalid);
  LogPlace place{.sequence = *sequence, .below = text(2) == nullptr ? "" : *text(2), .mark = *text(1)};
  const int64_t last = place.sequence + (place.below.empty() ? 0 : 1);
  if (last == 0) return place;
  ASSIGN_OR_RETURN(const std::optional<store::LogEntry> entry, store::ReadLogEntry(view.connection(), city, last));
  if (!entry || MarkOf(entry->hash) != place.mark) {
    return BadField("cursor",
                    {"变更日志中没有此位置:服务可能已从备份恢复。请从空游标重新读取。",
                     "is no place of this log, which may have been restored from a backup: begin anew from the empty "
                     "cursor."},
                    kCursorInvalid);
  }
  return place;
}

absl::StatusOr<std::optional<JudgedChange>> Judge(const View& view, const store::LogEntry& entry) {
  const schema::ResourceType* type = view.schema().ByType(entry.type);
  if (type == nullptr || type->confined()) return std::optional<JudgedChange>();
  JudgedChange judged{.type = type, .city = entry.city, .sequence = entry.sequence, .mark = MarkOf(entry.hash)};
  ChangeHeader header;
  if (!header.ParseFromString(entry.header)) return InternalError("cannot parse a header of the change log");
  std::optional<store::LogEntry> before;
  if (entry.previous > 0 && (entry.message.empty() || HasFactsOfItsOwn(*type))) {
    ASSIGN_OR_RETURN(before, store::ReadLogEntry(view.connection(), entry.city, entry.previous));
  }
  if (before && !before->message.empty()) {
    ASSIGN_OR_RETURN(judged.before, FactsAt(view, *type, before->message, entry));
  }
  judged.erased = ErasedFacts(header);
  // A deletion is judged by what was deleted. What was erased is shown to nobody, but for the erasure itself.
  if (!entry.message.empty()) {
    ASSIGN_OR_RETURN(judged.then, FactsAt(view, *type, entry.message, entry));
  } else if (header.kind() == ChangeHeader::DELETED && judged.before) {
    judged.then = judged.before;
  } else if (judged.erased.empty()) {
    return std::optional<JudgedChange>();
  }
  ASSIGN_OR_RETURN(const std::shared_ptr<const store::StoredRecord> now, view.LoadStored(*type, entry.name));
  if (now != nullptr) {
    ASSIGN_OR_RETURN(judged.now, view.FactsOf(*type, now->bytes));
  }
  Change& change = judged.change;
  *change.mutable_time() = header.time();
  change.set_actor(header.actor());
  change.set_on_behalf_of(header.on_behalf_of());
  change.set_kind(header.kind());
  change.set_action(header.action());
  change.set_name(header.name());
  change.set_note(header.note());
  change.set_request_id(header.request_id());
  if (!entry.message.empty()) RETURN_IF_ERROR(PackEntry(view, *type, entry, *change.mutable_record()));
  return std::optional<JudgedChange>(std::move(judged));
}

bool ChangeFilter::Wants(absl::string_view type, absl::string_view record) const {
  if (!name.empty() && record != name && !absl::StartsWith(record, absl::StrCat(name, "/"))) return false;
  return types.empty() || std::find(types.begin(), types.end(), type) != types.end();
}

bool ChangeFilter::MayWantWith(const schema::Schema& schema, const schema::ResourceType& above,
                               const std::string& record) const {
  if (!name.empty() && !absl::StartsWith(name, absl::StrCat(record, "/")) &&
      !absl::StartsWith(absl::StrCat(record, "/"), absl::StrCat(name, "/"))) {
    const schema::ResourceType* named = schema.ByName(name);
    return named != nullptr && SeenWithQuery(*named, above, record).has_value();
  }
  return std::any_of(schema.types().begin(), schema.types().end(), [&](const auto& type) {
    return (types.empty() || std::find(types.begin(), types.end(), type->type()) != types.end()) &&
           MayBeSeenWith(schema, *type, above, record);
  });
}

bool ChangeFilter::MayWant(const schema::Schema& schema, const store::LogEntry& entry) const {
  if (Wants(entry.type, entry.name)) return true;
  const schema::ResourceType* above = schema.ByType(entry.type);
  return above != nullptr && MayWantWith(schema, *above, entry.name);
}

absl::StatusOr<std::vector<ReaderChange>> ChangesFor(const View& view, const ChangeReader& reader,
                                                     const JudgedChange& judged, const std::string& below) {
  std::vector<ReaderChange> changes;
  std::optional<Change> own = OwnChange(reader.caller, judged);
  if (!own) return changes;
  if (!reader.caller.IsService() && !reader.concealments.TellsAction(judged.type->descriptor(), own->action()))
    ConcealAction(*own);
  // Who has read nothing of it before an erasure finds no older version that would show him what is seen with it.
  const bool appears =
      own->kind() == ChangeHeader::SHARED || (own->kind() == ChangeHeader::ERASED && own->has_record());
  const bool goes = own->kind() == ChangeHeader::UNSHARED || own->kind() == ChangeHeader::DELETED;
  const std::string name = own->name();
  const auto time = own->time();
  const ChangeFilter& filter = reader.filter;
  const auto conceal = [&](const schema::ResourceType& type, Change& change) -> absl::Status {
    if (!change.has_record()) return absl::OkStatus();
    return reader.concealments.ApplyTo(reader.caller, type.prototype(), *change.mutable_record());
  };
  if (below.empty() &&
      (filter.Wants(judged.type->type(), name) || (goes && filter.MayWantWith(view.schema(), *judged.type, name)))) {
    RETURN_IF_ERROR(conceal(*judged.type, *own));
    changes.push_back({*std::move(own), {judged.sequence - 1, LogPlace::kItself, judged.mark}});
  }
  if (appears) {
    std::vector<SeenWith> more;
    RETURN_IF_ERROR(CollectSeenWith(view, *judged.type, name, more));
    std::sort(more.begin(), more.end(), [](const SeenWith& a, const SeenWith& b) { return a.name < b.name; });
    for (SeenWith& one : more) {
      if (one.name <= below || !filter.Wants(one.type->type(), one.name)) continue;
      ReaderChange& change = changes.emplace_back(ReaderChange{.place = {judged.sequence - 1, one.name, judged.mark}});
      change.change.set_kind(ChangeHeader::SHARED);
      change.change.set_name(one.name);
      *change.change.mutable_time() = time;
      RETURN_IF_ERROR(PackOpen(*one.type, std::move(one.record), *change.change.mutable_record()));
      RETURN_IF_ERROR(conceal(*one.type, change.change));
    }
  }
  if (!changes.empty()) changes.back().place = {judged.sequence, "", judged.mark};
  for (ReaderChange& one : changes) one.change.set_cursor(MakeCursor(view.tokens(), judged.city, one.place));
  return changes;
}

}  // namespace duikou::rpc
