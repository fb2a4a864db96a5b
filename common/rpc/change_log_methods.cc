#include "common/rpc/change_log_methods.h"

#include <algorithm>
#include <memory>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/rpc/code_lists.h"
#include "common/rpc/receipt.h"
#include "common/rpc/reconcile.h"
#include "common/rpc/shared_change.h"
#include "common/schema/record_fields.h"
#include "duikou/lookup/v1/lookup.pb.h"
#include "duikou/type/v1/role.pb.h"

namespace duikou::rpc {
namespace {

using duikou::code::v1::ListCodeListsRequest;
using duikou::code::v1::ListCodeListsResponse;
using duikou::log::v1::Change;
using duikou::log::v1::GetHeadRequest;
using duikou::log::v1::GetReceiptKeyRequest;
using duikou::log::v1::Head;
using duikou::log::v1::ListChangesRequest;
using duikou::log::v1::ListChangesResponse;
using duikou::log::v1::ReceiptKey;
using duikou::log::v1::ReconcileRequest;
using duikou::log::v1::ReconcileResponse;
using duikou::lookup::v1::BatchGetRecordsRequest;
using duikou::lookup::v1::BatchGetRecordsResponse;
using google::protobuf::Message;

constexpr int kDefaultPage = 100;
constexpr int kMaxPage = 1000;
constexpr int kScanned = 5000;  // Entries looked at for one page, so that a narrow question costs no more than others.
// A page may exceed it by its last change: what gRPC's clients take by default (4 MiB) is not to be exceeded by both.
constexpr size_t kMaxPageBytes = size_t{1} << 20;

bool MayReadHeaders(const Caller& caller, const std::string& city) {
  if (caller.IsService()) return true;
  const bool role = caller.Has(duikou::type::v1::AUDITOR) || caller.Has(duikou::type::v1::COORDINATOR) ||
                    caller.Has(duikou::type::v1::SUPERVISOR);
  return role && caller.city == city;
}

// A page of changes as it fills.
struct ChangePage {
  size_t wanted = 0;
  ChangeFilter filter;
  const Concealments& concealments;
  ListChangesResponse response = {};
  size_t bytes = 0;

  bool full() const { return static_cast<size_t>(response.changes_size()) >= wanted || bytes >= kMaxPageBytes; }

  absl::StatusOr<LogPlace> AddHeader(const View& view, const store::LogEntry& entry) {
    const LogPlace after{entry.sequence, "", MarkOf(entry.hash)};
    if (!filter.Wants(entry.type, entry.name)) return after;
    Change* change = response.add_changes();
    change->set_header(entry.header);
    change->set_hash(entry.hash);
    change->set_cursor(MakeCursor(view.tokens(), entry.city, after));
    bytes += entry.header.size();
    return after;
  }

  // Where the page then ends: after the entry, or within what appears with it.
  absl::StatusOr<LogPlace> AddRecords(const View& view, const Caller& caller, const store::LogEntry& entry,
                                      const std::string& below) {
    const LogPlace after{entry.sequence, "", MarkOf(entry.hash)};
    if (!filter.MayWant(view.schema(), entry)) return after;
    ASSIGN_OR_RETURN(const std::optional<JudgedChange> judged, Judge(view, entry));
    if (!judged) return after;
    ASSIGN_OR_RETURN(std::vector<ReaderChange> changes,
                     ChangesFor(view, {caller, filter, concealments}, *judged, below));
    for (ReaderChange& one : changes) {
      bytes += one.change.ByteSizeLong();
      *response.add_changes() = std::move(one.change);
      if (full()) return one.place;
    }
    return after;
  }
};

absl::StatusOr<ListChangesResponse> ListChanges(const ReadRules& readers, const Concealments& concealments,
                                                const View& view, const Caller& caller,
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
  ASSIGN_OR_RETURN(LogPlace place, ReadCursor(view, city, request.cursor()));
  const size_t wanted = request.page_size() == 0 ? kDefaultPage : std::min(request.page_size(), kMaxPage);
  std::vector<std::string> types(request.types().begin(), request.types().end());
  if (!headers) {
    ASSIGN_OR_RETURN(types, readers.Readable(caller, city, std::move(types)));
  }
  ChangePage page{.wanted = wanted, .filter = {std::move(types), request.name()}, .concealments = concealments};
  int scanned = 0;
  while (!page.full() && scanned < kScanned && !page.response.end()) {
    const int fetch = std::min<int>(static_cast<int>(wanted), 200);
    ASSIGN_OR_RETURN(const std::vector<store::LogEntry> entries,
                     store::ReadLog(view.connection(), city, place.sequence, fetch));
    page.response.set_end(entries.size() < static_cast<size_t>(fetch));
    for (const store::LogEntry& entry : entries) {
      if (page.full()) {
        page.response.set_end(false);
        break;
      }
      ++scanned;
      ASSIGN_OR_RETURN(place,
                       headers ? page.AddHeader(view, entry) : page.AddRecords(view, caller, entry, place.below));
    }
  }
  if (!place.below.empty()) page.response.set_end(false);
  page.response.set_next_cursor(MakeCursor(view.tokens(), city, place));
  return std::move(page.response);
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

absl::Status ServeKernelMethods(Host& host, telemetry::Metrics* metrics) {
  const auto* log = duikou::log::v1::Head::descriptor()->file();
  const auto* lookup = BatchGetRecordsRequest::descriptor()->file();
  RETURN_IF_ERROR(host.Serve(log->service(0), metrics));
  RETURN_IF_ERROR(host.Serve(lookup->service(0), metrics));
  RETURN_IF_ERROR(host.Serve(ListCodeListsRequest::descriptor()->file()->service(0), metrics));
  ASSIGN_OR_RETURN(ReadRules readers, ReadRules::Of(host.environment().store->schema(), host.descriptors()));
  host.LimitReaders(std::move(readers));
  for (const auto* service : host.descriptors()) host.environment().concealments->AddActions(service);
  host.Read<ListChangesRequest, ListChangesResponse>(
      [rules = host.environment().readers, concealments = host.environment().concealments](
          const View& view, const Caller& caller, const ListChangesRequest& request) {
        return ListChanges(*rules, *concealments, view, caller, request);
      });
  host.Read(BatchGetRecords);
  host.Read<ReconcileRequest, ReconcileResponse>(
      [rules = host.environment().readers](const View& view, const Caller& caller, const ReconcileRequest& request) {
        return Reconcile(*rules, view, caller, request);
      });
  const auto code_lists = std::make_shared<const ListCodeListsResponse>(CodeListsOf(host.descriptors()));
  host.Read<ListCodeListsRequest, ListCodeListsResponse>(
      [code_lists](const View&, const Caller&, const ListCodeListsRequest& request) {
        return CodeListNamed(*code_lists, request.name());
      });
  host.Flow<GetReceiptKeyRequest, ReceiptKey>(
      [store = host.environment().store, service = host.environment().service](
          Context&, const Caller&, const GetReceiptKeyRequest&) { return ReceiptKeyOf(*store, service); });
  host.Flow<GetHeadRequest, Head>([store = host.environment().store](
                                      Context&, const Caller&, const GetHeadRequest& request) -> absl::StatusOr<Head> {
    ASSIGN_OR_RETURN(const std::string city, CityOfParent(request.name(), "name"));
    return store->SignedHead(city);
  });
  return absl::OkStatus();
}

}  // namespace duikou::rpc
