#include "common/store/view.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace duikou::store {
namespace {

using google::protobuf::Message;
using schema::AccessFacts;
using schema::ResourceType;

constexpr size_t kSeenWithKept = 64;
constexpr int kFetch = 200;  // Rows fetched at a time beyond what a page needs.

// Ids are lower case; a 编号 begins with a capital or is written with one.
bool LooksLikeNumber(absl::string_view id) {
  return std::any_of(id.begin(), id.end(), [](char c) { return absl::ascii_isupper(static_cast<unsigned char>(c)); }) ||
         (id.size() > 6 && id.find('-') != absl::string_view::npos &&
          absl::ascii_isdigit(static_cast<unsigned char>(id[0])));
}

struct ListedRow {
  StoredRecord stored;
  std::vector<Value> at;  // The values that it is ordered by, its city and its id.
};

// What a page token is bound to.
std::string Question(const ResourceType& type, const ListQuery& query, const Caller& caller) {
  std::vector<Value> parts{type.type(), query.parent, query.filter, query.order_by, caller.name};
  for (const auto& [path, value] : query.where) {
    parts.emplace_back(path);
    parts.push_back(value);
  }
  return EncodeValues(parts);
}

absl::StatusOr<int> PageSize(int asked) {
  if (asked < 0) return BadField("page_size", {"不能为负数。", "must not be negative."});
  return asked == 0 ? kDefaultPageSize : std::min(asked, kMaxPageSize);
}

}  // namespace

absl::StatusOr<std::string> View::CanonicalName(const ResourceType& type, const std::string& name) const {
  const auto key = type.pattern().Match(name);
  if (!key) return name;
  if (type.pattern().depth() > 2) {
    const std::string above = type.pattern().ParentOf(name);
    ASSIGN_OR_RETURN(const std::string canonical, CanonicalParent(above));
    return canonical + name.substr(above.size());
  }
  if (type.number_field() == nullptr || !LooksLikeNumber(key->id)) return name;
  ASSIGN_OR_RETURN(std::optional<std::string> id,
                   parts_.tables.FindNumber(parts_.connection, type, key->city, key->id));
  return id ? type.pattern().Format({key->city, *id}) : name;
}

absl::StatusOr<std::string> View::CanonicalParent(const std::string& parent) const {
  const ResourceType* type = parts_.schema.ByName(parent);
  if (type == nullptr) return parent;
  return CanonicalName(*type, parent);
}

absl::Status View::Unreadable(const ResourceType& type) {
  return InternalError(absl::StrCat("cannot parse a ", type.type()));
}

absl::Status View::TooManyRecords(size_t limit) {
  return MakeError(absl::StatusCode::kResourceExhausted,
                   {.reason = "TOO_MANY_RECORDS",
                    .text = {absl::StrCat("涉及的记录超过 ", limit, " 条,无法一次办理:请缩小范围,或联系系统管理员。"),
                             absl::StrCat("It concerns more than ", limit,
                                          " records, too many at once: narrow it down, or ask your administrator.")}});
}

absl::StatusOr<std::shared_ptr<const StoredRecord>> View::LoadStored(const ResourceType& type,
                                                                     const std::string& name) const {
  ASSIGN_OR_RETURN(const std::string canonical, CanonicalName(type, name));
  const auto key = type.pattern().Match(canonical);
  if (!key) return nullptr;
  if (parts_.known != nullptr) {
    if (auto known = parts_.known->FindRecord(canonical); known != nullptr) return known;
  }
  ASSIGN_OR_RETURN(std::optional<StoredRecord> read, parts_.tables.Get(parts_.connection, type, *key));
  if (!read) return nullptr;
  auto stored = std::make_shared<const StoredRecord>(*std::move(read));
  if (parts_.known != nullptr) parts_.known->KeepRecord(canonical, stored);
  return stored;
}

absl::StatusOr<std::unique_ptr<Message>> View::LoadUnchecked(const ResourceType& type, const std::string& name,
                                                             int64_t* version) const {
  ASSIGN_OR_RETURN(const std::shared_ptr<const StoredRecord> stored, LoadStored(type, name));
  if (stored == nullptr) return nullptr;
  std::unique_ptr<Message> record(type.prototype().New());
  if (!record->ParseFromString(stored->bytes)) return Unreadable(type);
  if (version != nullptr) *version = stored->version;
  return record;
}

absl::StatusOr<std::shared_ptr<const StoredRecord>> View::GetStored(const ResourceType& type,
                                                                    const std::string& name) const {
  ASSIGN_OR_RETURN(std::shared_ptr<const StoredRecord> stored, LoadStored(type, name));
  if (stored == nullptr) return NotFound(name);
  ASSIGN_OR_RETURN(const AccessFacts facts, FactsOf(type, stored->bytes));
  if (!schema::MaySee(caller_, type, facts)) return NotFound(name);
  if (scope_.demand != ScopeCheck::Demand::kNone && name == scope_.name) {
    ASSIGN_OR_RETURN(const AccessFacts own, schema::AccessFactsOf(type, stored->bytes));
    RETURN_IF_ERROR(CheckScope(own));
    scope_checked_ = true;
  }
  return stored;
}

absl::StatusOr<std::unique_ptr<Message>> View::GetRecord(const ResourceType& type, const std::string& name) const {
  ASSIGN_OR_RETURN(const std::shared_ptr<const StoredRecord> stored, GetStored(type, name));
  std::unique_ptr<Message> record(type.prototype().New());
  if (!record->ParseFromString(stored->bytes)) return Unreadable(type);
  return record;
}

absl::Status View::CheckScope(const AccessFacts& facts) const {
  if (caller_.IsService()) return absl::OkStatus();
  if (scope_.demand == ScopeCheck::Demand::kParty && !schema::IsParty(caller_, facts)) {
    return PermissionDenied("NOT_A_PARTY", {"只有参与方可以办理此事。", "Only a party of this record may do this."});
  }
  if (scope_.demand == ScopeCheck::Demand::kUnitParty && !schema::IsUnitParty(caller_, facts)) {
    return PermissionDenied("UNIT_NOT_A_PARTY", {"您的单位不承担此事项,不能办理。",
                                                 "Your unit has no part in this record, so it cannot do this."});
  }
  return absl::OkStatus();
}

absl::StatusOr<AccessFacts> View::FactsOf(const ResourceType& type, absl::string_view stored) const {
  if (type.seen_with() == nullptr) return schema::AccessFactsOf(type, stored);
  ASSIGN_OR_RETURN(const std::string above, schema::SeenWithOf(type, stored));
  const auto known =
      std::find_if(seen_with_.begin(), seen_with_.end(), [&](const auto& entry) { return entry.first == above; });
  if (known != seen_with_.end()) return known->second;
  const ResourceType* above_type = parts_.schema.ByName(above);
  if (above_type == nullptr)
    return InternalError(absl::StrCat(type.type(), " is seen with the unknown record ", above));
  ASSIGN_OR_RETURN(const std::shared_ptr<const StoredRecord> above_record, LoadStored(*above_type, above));
  // A record whose superior is gone is left to its own city.
  AccessFacts facts{.city = std::string(schema::CityOf(above))};
  if (above_record != nullptr) {
    // That one may be seen with another in turn: a file with a report, which is seen with its task.
    ASSIGN_OR_RETURN(facts, FactsOf(*above_type, above_record->bytes));
  }
  if (seen_with_.size() >= kSeenWithKept) seen_with_.clear();
  seen_with_.emplace_back(above, facts);
  return facts;
}

absl::StatusOr<RecordPage> View::ListRecords(const ResourceType& type, const ListQuery& query) const {
  ASSIGN_OR_RETURN(const int page_size, PageSize(query.page_size));
  const std::string question = Question(type, query, caller_);
  std::vector<Value> place;
  if (!query.page_token.empty()) {
    ASSIGN_OR_RETURN(place, parts_.tokens.Read(query.page_token, question, "page_token", "PAGE_TOKEN_INVALID"));
  }
  ListQuery canonical = query;
  ASSIGN_OR_RETURN(canonical.parent, CanonicalParent(query.parent));
  RecordPage page;
  bool more_rows = true;
  for (int looked_at = 0; more_rows;) {
    if (query.max_rows > 0 && looked_at >= query.max_rows) {
      page.next_page_token = parts_.tokens.Make(question, place);
      return page;
    }
    const int wanted = page_size - static_cast<int>(page.items.size()) + 1;
    const int limit = looked_at == 0 ? wanted : std::max(wanted, kFetch);
    ASSIGN_OR_RETURN(CompiledQuery compiled, Compile(type, canonical, place, limit));
    std::vector<Param> params(compiled.params.begin(), compiled.params.end());
    std::vector<ListedRow> rows;
    RETURN_IF_ERROR(parts_.connection.Query(compiled.sql, params, [&](const Row& row) {
      std::vector<Value> at;
      for (size_t i = 0; i < compiled.order_columns + 2; ++i) at.push_back(row.Get(static_cast<int>(i) + 2));
      rows.push_back({{.bytes = std::string(row.Bytes(0)), .version = row.Integer(1)}, std::move(at)});
      return true;
    }));
    more_rows = rows.size() == static_cast<size_t>(limit);
    looked_at += limit;
    for (auto& [stored, at] : rows) {
      ASSIGN_OR_RETURN(const AccessFacts facts, FactsOf(type, stored.bytes));
      const bool seen = schema::MaySee(caller_, type, facts);
      if (seen && page.items.size() == static_cast<size_t>(page_size)) {
        page.next_page_token = parts_.tokens.Make(question, place);
        return page;
      }
      if (seen && type.has_personal_fields()) {
        const schema::RecordKey key{std::get<std::string>(at[at.size() - 2]), std::get<std::string>(at.back())};
        RETURN_IF_ERROR(parts_.tables.seal().Open(type, type.pattern().Format(key), stored.version, stored.bytes));
      }
      if (seen) page.items.push_back(std::move(stored.bytes));
      place = std::move(at);
    }
  }
  return page;
}

}  // namespace duikou::store
