#include "common/rpc/change_log_methods.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/schema/record_fields.h"
#include "duikou/lookup/v1/lookup.pb.h"
#include "duikou/type/v1/role.pb.h"

namespace duikou::rpc {
namespace {

using duikou::log::v1::Change;
using duikou::log::v1::ChangeHeader;
using duikou::log::v1::GetHeadRequest;
using duikou::log::v1::Head;
using duikou::log::v1::ListChangesRequest;
using duikou::log::v1::ListChangesResponse;
using duikou::lookup::v1::BatchGetRecordsRequest;
using duikou::lookup::v1::BatchGetRecordsResponse;
using google::protobuf::Message;

constexpr int kDefaultPage = 100;
constexpr int kMaxPage = 1000;
constexpr int kScanned = 5000;  // Entries looked at for one page, so that a narrow question costs no more than others.
constexpr size_t kMaxPageBytes = size_t{2} << 20;

absl::StatusOr<std::string> CityOfParent(const std::string& parent) {
  const std::string city(schema::CityOf(parent));
  if (city.empty() || parent != absl::StrCat("cities/", city)) {
    return BadField("parent", {"应为一个城市,如 cities/210800。", "must be a city like cities/210800."});
  }
  return city;
}

bool MayReadHeaders(const Caller& caller, const std::string& city) {
  if (caller.IsService()) return true;
  const bool role = caller.Has(duikou::type::v1::AUDITOR) || caller.Has(duikou::type::v1::COORDINATOR) ||
                    caller.Has(duikou::type::v1::SUPERVISOR);
  return role && caller.city == city;
}

bool Wanted(const ListChangesRequest& request, const store::LogEntry& entry) {
  if (!request.name().empty() && entry.name != request.name() &&
      !absl::StartsWith(entry.name, absl::StrCat(request.name(), "/")))
    return false;
  return request.types().empty() ||
         std::find(request.types().begin(), request.types().end(), entry.type) != request.types().end();
}

absl::StatusOr<ListChangesResponse> ListChanges(const View& view, const Caller& caller,
                                                const ListChangesRequest& request) {
  ASSIGN_OR_RETURN(const std::string city, CityOfParent(request.parent()));
  if (request.page_size() < 0) return BadField("page_size", {"不能为负数。", "must not be negative."});
  const bool headers = request.view() == ListChangesRequest::HEADERS;
  if (headers && !MayReadHeaders(caller, city)) {
    return PermissionDenied("ROLE_MISSING",
                            {"只有本市的审计管理员、对口办和督查室可以查看日志链。",
                             "Only the city's AUDITOR, COORDINATOR and SUPERVISOR may read the chain."});
  }
  if (!headers && caller.Has(duikou::type::v1::AUDITOR)) {
    return PermissionDenied("ROLE_MISSING", {"审计管理员只能查看日志链(HEADERS),不能查看业务内容。",
                                             "An AUDITOR reads the chain (HEADERS), not the records."});
  }
  ASSIGN_OR_RETURN(int64_t after, ReadCursor(view.tokens(), city, request.cursor()));
  const int wanted = request.page_size() == 0 ? kDefaultPage : std::min(request.page_size(), kMaxPage);
  ListChangesResponse response;
  size_t bytes = 0;
  int scanned = 0;
  while (response.changes_size() < wanted && scanned < kScanned && bytes < kMaxPageBytes && !response.end()) {
    const int fetch = std::min(wanted, 200);
    ASSIGN_OR_RETURN(const std::vector<store::LogEntry> entries, store::ReadLog(view.connection(), city, after, fetch));
    response.set_end(entries.size() < static_cast<size_t>(fetch));
    for (const store::LogEntry& entry : entries) {
      if (response.changes_size() == wanted || bytes >= kMaxPageBytes) {
        response.set_end(false);
        break;
      }
      after = entry.sequence;
      ++scanned;
      if (!Wanted(request, entry)) continue;
      if (headers) {
        Change* change = response.add_changes();
        change->set_header(entry.header);
        change->set_hash(entry.hash);
        change->set_cursor(MakeCursor(view.tokens(), city, entry.sequence));
      } else {
        ASSIGN_OR_RETURN(const std::optional<JudgedChange> judged, Judge(view, entry));
        std::optional<Change> change = judged ? ChangeFor(caller, *judged) : std::nullopt;
        if (change) *response.add_changes() = *std::move(change);
      }
      bytes += entry.message.size() + entry.header.size();
    }
  }
  response.set_next_cursor(MakeCursor(view.tokens(), city, after));
  return response;
}

absl::StatusOr<BatchGetRecordsResponse> BatchGetRecords(const View& view, const Caller&,
                                                        const BatchGetRecordsRequest& request) {
  BatchGetRecordsResponse response;
  for (const std::string& name : request.names()) {
    auto* answer = response.add_records();
    answer->set_name(name);
    const schema::ResourceType* type = view.schema().ByName(name);
    if (type == nullptr || type->confined()) continue;
    int64_t version = 0;
    ASSIGN_OR_RETURN(const std::unique_ptr<Message> record, view.LoadUnchecked(*type, name, &version));
    if (record == nullptr) continue;
    *answer = AnswerLookup(name, version, *record);
  }
  return response;
}

// Puts the message of an entry, as it was read, into an Any, its personal fields masked.
absl::Status PackMasked(const View& view, const schema::ResourceType& type, const store::LogEntry& entry,
                        google::protobuf::Any& packed) {
  packed.set_type_url(absl::StrCat("type.googleapis.com/", type.descriptor()->full_name()));
  packed.set_value(entry.message);
  if (!type.has_personal_fields()) return absl::OkStatus();
  std::string stored = entry.message;
  RETURN_IF_ERROR(view.tables().seal().Open(type, entry.name, entry.sequence, stored));
  const std::unique_ptr<Message> record(type.prototype().New());
  if (!record->ParseFromString(stored)) return InternalError(absl::StrCat("cannot parse a ", type.type()));
  schema::MaskPersonalFields(*record);
  packed.set_value(record->SerializeAsString());
  return absl::OkStatus();
}

}  // namespace

BatchGetRecordsResponse::Record AnswerLookup(const std::string& name, int64_t version, Message& record) {
  schema::MaskPersonalFields(record);
  BatchGetRecordsResponse::Record answer;
  answer.set_name(name);
  answer.set_found(true);
  answer.set_version(version);
  const auto* title = record.GetDescriptor()->FindFieldByName("title");
  if (title != nullptr) answer.set_title(record.GetReflection()->GetString(record, title));
  answer.mutable_record()->PackFrom(record);
  return answer;
}

std::string MakeCursor(const store::TokenSigner& tokens, const std::string& city, int64_t sequence) {
  return tokens.Make(absl::StrCat("cursor/", city), {store::Value(sequence)});
}

absl::StatusOr<int64_t> ReadCursor(const store::TokenSigner& tokens, const std::string& city,
                                   const std::string& cursor) {
  if (cursor.empty()) return 0;
  ASSIGN_OR_RETURN(const std::vector<store::Value> place,
                   tokens.Read(cursor, absl::StrCat("cursor/", city), "cursor", "CURSOR_INVALID"));
  const int64_t* sequence = place.size() == 1 ? std::get_if<int64_t>(&place[0]) : nullptr;
  if (sequence == nullptr)
    return BadField("cursor", {"不是变更日志的游标。", "is no place in the change log."}, "CURSOR_INVALID");
  return *sequence;
}

absl::StatusOr<std::optional<JudgedChange>> Judge(const View& view, const store::LogEntry& entry) {
  const schema::ResourceType* type = view.schema().ByType(entry.type);
  if (type == nullptr || type->confined()) return std::optional<JudgedChange>();
  JudgedChange judged{.type = type, .city = entry.city};
  ChangeHeader header;
  if (!header.ParseFromString(entry.header)) return InternalError("cannot parse a header of the change log");
  // A deletion is judged by what was deleted. What was erased is shown to nobody.
  std::optional<store::LogEntry> before;
  if (entry.message.empty()) {
    if (header.kind() != ChangeHeader::DELETED) return std::optional<JudgedChange>();
    ASSIGN_OR_RETURN(before, store::ReadLogEntry(view.connection(), entry.city, entry.previous));
    if (!before || before->message.empty()) return std::optional<JudgedChange>();
  }
  ASSIGN_OR_RETURN(judged.then, view.FactsOf(*type, before ? before->message : entry.message));
  ASSIGN_OR_RETURN(const std::optional<store::StoredRecord> now, view.LoadStored(*type, entry.name));
  if (now) {
    ASSIGN_OR_RETURN(judged.now, view.FactsOf(*type, now->bytes));
  }
  Change& change = judged.change;
  change.set_cursor(MakeCursor(view.tokens(), entry.city, entry.sequence));
  *change.mutable_time() = header.time();
  change.set_actor(header.actor());
  change.set_on_behalf_of(header.on_behalf_of());
  change.set_kind(header.kind());
  change.set_action(header.action());
  change.set_name(header.name());
  change.set_note(header.note());
  change.set_request_id(header.request_id());
  if (!entry.message.empty()) RETURN_IF_ERROR(PackMasked(view, *type, entry, *change.mutable_record()));
  return std::optional<JudgedChange>(std::move(judged));
}

std::optional<Change> ChangeFor(const Caller& caller, const JudgedChange& judged) {
  if (!schema::MaySee(caller, *judged.type, judged.then)) return std::nullopt;
  if (judged.now && !schema::MaySee(caller, *judged.type, *judged.now)) return std::nullopt;
  Change change = judged.change;
  if (!caller.IsService() && caller.city != judged.city) change.clear_request_id();
  return change;
}

absl::Status ServeKernelMethods(Host& host, telemetry::Metrics* metrics) {
  const auto* log = duikou::log::v1::Head::descriptor()->file();
  const auto* lookup = BatchGetRecordsRequest::descriptor()->file();
  RETURN_IF_ERROR(host.Serve(log->service(0), metrics));
  RETURN_IF_ERROR(host.Serve(lookup->service(0), metrics));
  host.Read(ListChanges);
  host.Read(BatchGetRecords);
  host.Flow<GetHeadRequest, Head>([store = host.environment().store](
                                      Context&, const Caller&, const GetHeadRequest& request) -> absl::StatusOr<Head> {
    ASSIGN_OR_RETURN(const std::string city, CityOfParent(request.name()));
    return store->SignedHead(city);
  });
  return absl::OkStatus();
}

}  // namespace duikou::rpc
