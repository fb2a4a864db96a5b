#include "common/rpc/reconcile.h"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/crypto/digest.h"
#include "common/rpc/shared_change.h"

namespace duikou::rpc {
namespace {

using duikou::log::v1::ReconcileRequest;
using duikou::log::v1::ReconcileResponse;

constexpr size_t kDigestBytes = 32;
// Entries looked at after the caller's cursor: where more wait, he has to read them anyway.
constexpr int kLookedAt = 1000;

void AddTo(std::string& digest, absl::string_view name, absl::string_view etag) {
  const std::string one = crypto::Sha256({name, "\n", etag, "\n"});
  for (size_t i = 0; i < kDigestBytes; ++i) digest[i] = static_cast<char>(digest[i] ^ one[i]);
}

// Whether the caller has not read all that he may see. Entries that are nothing to him do not count: that there are
// some is not his business.
absl::StatusOr<bool> IsBehind(const View& view, const Caller& caller, const ChangeFilter& filter,
                              const std::string& city, const LogPlace& place) {
  if (!place.below.empty()) return true;
  const Concealments none;  // What is kept from him of a change does not matter: it is one.
  ASSIGN_OR_RETURN(const std::vector<store::LogEntry> entries,
                   store::ReadLog(view.connection(), city, place.sequence, kLookedAt));
  for (const store::LogEntry& entry : entries) {
    ASSIGN_OR_RETURN(const std::optional<JudgedChange> judged, Judge(view, entry));
    if (!judged) continue;
    ASSIGN_OR_RETURN(const std::vector<ReaderChange> changes, ChangesFor(view, {caller, filter, none}, *judged, ""));
    if (!changes.empty()) return true;
  }
  return entries.size() == kLookedAt;
}

}  // namespace

absl::StatusOr<std::string> CityOfParent(const std::string& parent, const std::string& field) {
  const std::string city(schema::CityOf(parent));
  if (city.empty() || parent != absl::StrCat("cities/", city)) {
    return BadField(field, {"应为一个城市,如 cities/210800。", "must be a city like cities/210800."});
  }
  return city;
}

absl::StatusOr<ReconcileResponse> Reconcile(const ReadRules& readers, const View& view, const Caller& caller,
                                            const ReconcileRequest& request) {
  ASSIGN_OR_RETURN(const std::string city, CityOfParent(request.parent()));
  const schema::ResourceType* type = view.schema().ByType(request.type());
  if (type == nullptr || type->confined()) {
    return BadField("type",
                    {absl::StrCat("本服务没有“", request.type(), "”这类记录;应形如 task。"),
                     absl::StrCat("this service has no records of \"", request.type(), "\"; write it like task.")},
                    "TYPE_UNKNOWN");
  }
  RETURN_IF_ERROR(readers.Check(caller, city, type->type()));
  ReconcileResponse response;
  if (!request.cursor().empty()) {
    ASSIGN_OR_RETURN(const LogPlace place, ReadCursor(view, city, request.cursor()));
    ASSIGN_OR_RETURN(std::vector<std::string> types, readers.Readable(caller, city, {}));
    ASSIGN_OR_RETURN(const bool behind, IsBehind(view, caller, {std::move(types), ""}, city, place));
    response.set_behind(behind);
  }
  std::string digest(kDigestBytes, '\0');
  store::ListQuery query{.parent = request.parent(), .page_size = store::kMaxPageSize};
  const std::unique_ptr<google::protobuf::Message> record(type->prototype().New());
  do {
    ASSIGN_OR_RETURN(store::RecordPage page, view.ListRecords(*type, query));
    for (const std::string& item : page.items) {
      if (!record->ParseFromString(item)) return InternalError(absl::StrCat("cannot parse a ", type->type()));
      AddTo(digest, type->NameOf(*record), type->EtagOf(*record));
    }
    response.set_count(response.count() + static_cast<int64_t>(page.items.size()));
    query.page_token = std::move(page.next_page_token);
  } while (!query.page_token.empty());
  response.set_digest(digest);
  return response;
}

}  // namespace duikou::rpc
