#include "services/techtransfer/listing_files_flow.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/workday.h"
#include "common/schema/external_ids.h"
#include "common/store/find_stored.h"
#include "common/tabular/read_table.h"
#include "common/tabular/write_table.h"
#include "common/text/utf8.h"
#include "duikou/directory/v1/directory.pb.h"
#include "google/protobuf/util/message_differencer.h"
#include "services/techtransfer/listing_table.h"
#include "services/techtransfer/listings.h"

namespace duikou::techtransfer {
namespace {

using duikou::directory::v1::ResolveUnitsRequest;
using duikou::directory::v1::ResolveUnitsResponse;
using v1::ImportListingsResponse;
using v1::Listing;

constexpr size_t kMaxExported = 20'000;
// Of ResolveUnits: names in a call, characters in a name.
constexpr int kMostAsked = 1000;
constexpr size_t kLongestUnit = 200;

struct NamedUnit {
  std::string name;
  std::string title;
};

absl::StatusOr<std::map<std::string, ResolveUnitsResponse::Result>> Resolve(rpc::Context& context,
                                                                            const std::string& city,
                                                                            const std::vector<ListingRow>& rows) {
  std::map<std::string, ResolveUnitsResponse::Result> results;
  ResolveUnitsRequest request;
  const auto ask = [&]() -> absl::Status {
    request.set_parent(city);
    ASSIGN_OR_RETURN(const auto response, context.Call<ResolveUnitsResponse>(request));
    for (const auto& result : response.results()) results[result.text()] = result;
    request.Clear();
    return absl::OkStatus();
  };
  for (const ListingRow& row : rows) {
    if (row.unit.empty() || text::CodePoints(row.unit) > kLongestUnit) continue;
    if (results.try_emplace(row.unit).second) request.add_texts(row.unit);
    if (request.texts_size() == kMostAsked) RETURN_IF_ERROR(ask());
  }
  if (!request.texts().empty()) RETURN_IF_ERROR(ask());
  return results;
}

absl::StatusOr<NamedUnit> UnitOfAll(rpc::Context& context, const std::string& unit) {
  if (unit.empty()) return NamedUnit{};
  ASSIGN_OR_RETURN(const rpc::PeerRecords records, context.Find("directory", {unit}));
  if (!records[0]) return UnknownReference("owner_unit", unit);
  return NamedUnit{records[0]->name, records[0]->title};
}

// Gives each row its owner; rows whose unit is not found are bad.
absl::Status SetOwners(rpc::Context& context, const v1::ImportListingsRequest& request, ListingRows& rows) {
  ASSIGN_OR_RETURN(const NamedUnit of_all, UnitOfAll(context, request.owner_unit()));
  ASSIGN_OR_RETURN(auto results, Resolve(context, request.parent(), rows.good));
  std::vector<ListingRow> good;
  for (ListingRow& row : rows.good) {
    NamedUnit owner = of_all;
    if (!row.unit.empty()) {
      const auto& found = results[row.unit].units();
      if (found.size() != 1) {
        rows.bad.push_back(BadAt(
            rows.columns, row.row, ListingColumn::kUnit, "UNIT_UNKNOWN",
            found.empty() ? Text{"名录中没有该单位,请核对名称。", "is no unit of the directory: check the name."}
                          : Text{"该名称对应多个单位,请写全称。", "is the name of several units: write it in full."}));
        continue;
      }
      owner = {found[0].name(), found[0].title()};
    }
    if (owner.name.empty()) {
      rows.bad.push_back(BadAt(rows.columns, row.row, ListingColumn::kUnit, "UNIT_MISSING",
                               {"请填写单位,或在导入时指定。", "must name the unit, or the import for all rows."}));
      continue;
    }
    row.listing.set_owner_unit(owner.name);
    row.listing.set_owner_unit_title(owner.title);
    if (request.has_publication()) *row.listing.mutable_publication() = request.publication();
    good.push_back(std::move(row));
  }
  rows.good = std::move(good);
  return absl::OkStatus();
}

absl::StatusOr<std::optional<Listing>> FindBy(const View& view, const std::string& city, const char* field,
                                              const std::string& id) {
  if (id.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(std::vector<Listing> found,
                   view.ListAll<Listing>({.parent = city, .where = {{field, store::Value(id)}}}));
  if (found.empty()) return std::nullopt;
  return std::move(found[0]);
}

// The record that a row is about: by its number, else by its external_id, which of partner systems is made their own.
absl::StatusOr<std::optional<Listing>> FindKnown(const Txn& txn, const Caller& caller, const std::string& city,
                                                 Listing& row) {
  ASSIGN_OR_RETURN(std::optional<Listing> known, FindBy(txn, city, "number", row.number()));
  if (!row.number().empty() && !known) {
    return BadField("listing.number",
                    {"本市没有该编号;新建的行请留空。", "is no listing of the city: leave it empty in new rows."},
                    "REFERENCE_UNKNOWN");
  }
  RETURN_IF_ERROR(schema::OwnExternalId(caller, known ? known->external_id() : "", "listing", row));
  ASSIGN_OR_RETURN(const auto taken, FindBy(*WholeView(txn), city, schema::kExternalId, row.external_id()));
  if (!taken || (known && known->name() == taken->name())) return known;
  if (!known) {
    ASSIGN_OR_RETURN(known, FindBy(txn, city, schema::kExternalId, row.external_id()));
    if (known) return known;
  }
  return BadField("listing.external_id", {"与已有记录重复。", "is that of another record."}, "EXTERNAL_ID_TAKEN");
}

// What a table has no column for stays as it is: rights that are no patents, titles of patents.
void KeepWhatTablesLack(const Listing& before, Listing& after) {
  google::protobuf::RepeatedPtrField<Listing::Right> rights;
  for (const Listing::Right& right : before.rights()) {
    const bool named = std::any_of(after.rights().begin(), after.rights().end(),
                                   [&](const auto& one) { return one.number() == right.number(); });
    if (right.kind() != Listing::Right::PATENT || named) *rights.Add() = right;
  }
  for (const Listing::Right& right : after.rights()) {
    const bool kept =
        std::any_of(rights.begin(), rights.end(), [&](const auto& one) { return one.number() == right.number(); });
    if (!kept) *rights.Add() = right;
  }
  *after.mutable_rights() = std::move(rights);
}

// `before` as a row says. Where a cell says what it would say of `before`, the field stays as it is, with what cells do
// not carry.
Listing Changed(const Listing& before, const ListingRow& row) {
  const ListingRow carried = AsRead(before);
  Listing after = before, says = row.listing;
  google::protobuf::util::MessageDifferencer differencer;
  const auto take = [&](const char* name, bool same) {
    const auto* field = Listing::descriptor()->FindFieldByName(name);
    Listing::GetReflection()->ClearField(same ? &says : &after, field);
  };
  for (const char* name : {"title", "abstract", "keywords", "discipline", "maturity", "ipc", "industries", "modes",
                           "pricing", "price", "budget", "rights", "expire_date", "contact"}) {
    const auto* field = Listing::descriptor()->FindFieldByName(name);
    take(name, differencer.CompareWithFields(carried.listing, row.listing, {field}, {field}));
  }
  const bool same_unit = (!row.unit.empty() && row.unit == carried.unit) || says.owner_unit() == before.owner_unit();
  for (const char* name : {"owner_unit", "owner_unit_title"}) take(name, same_unit);
  // Merged, an earlier publication would stay beside the new one: the cities of both.
  if (says.has_publication()) after.clear_publication();
  after.MergeFrom(says);
  after.set_number(before.number());
  KeepWhatTablesLack(before, after);
  return after;
}

enum class Stored { kCreated, kUpdated, kUnchanged };

// A new draft, or the one that the row names as it says.
absl::StatusOr<Stored> StoreRow(Txn& txn, const Caller& caller, const std::string& city, ListingRow row,
                                std::set<std::string>& seen, Listing& stored) {
  Listing& listing = row.listing;
  ASSIGN_OR_RETURN(const std::optional<Listing> before, FindKnown(txn, caller, city, listing));
  if (!listing.external_id().empty() && !seen.insert(listing.external_id()).second) {
    return BadField("listing.external_id", {"表中已有一行用此外部编号。", "stands in an earlier row of the table too."},
                    "LISTING_TWICE");
  }
  if (before && !seen.insert(before->name()).second)
    return BadField("listing.number", {"表中已有一行是该记录。", "stands in an earlier row of the table too."},
                    "LISTING_TWICE");
  if (!before) {
    listing.set_name(absl::StrCat(city, "/listings/", txn.NewId()));
    RETURN_IF_ERROR(OnCreateListing(txn, caller, listing));
    ASSIGN_OR_RETURN(stored, txn.Insert(std::move(listing)));
    return Stored::kCreated;
  }
  if (before->kind() != listing.kind()) {
    return BadField("listing.kind", {"与已有记录的类型不同。", "differs from the record that the row names."},
                    "KIND_CHANGED");
  }
  Listing after = Changed(*before, row);
  stored = *before;
  // A listing has no map, so that equal ones have equal bytes.
  if (after.SerializeAsString() == before->SerializeAsString()) return Stored::kUnchanged;
  RETURN_IF_ERROR(OnUpdateListing(txn, caller, *before, after));
  ASSIGN_OR_RETURN(stored, txn.Update(std::move(after)));
  return Stored::kUpdated;
}

// Of a row, where rules refuse it; other failures are the import's.
bool IsOfRow(const absl::Status& status) {
  return absl::IsInvalidArgument(status) || absl::IsFailedPrecondition(status) || absl::IsPermissionDenied(status);
}

absl::StatusOr<ImportListingsResponse> Store(Txn& txn, const Caller& caller, const v1::ImportListingsRequest& request,
                                             ListingRows rows) {
  ImportListingsResponse response;
  std::set<std::string> seen;
  for (const ListingRow& row : rows.good) {
    Listing stored;
    // A row is checked whole before it writes anything.
    const absl::StatusOr<Stored> done = StoreRow(txn, caller, request.parent(), row, seen, stored);
    if (!done.ok() && !IsOfRow(done.status())) return done.status();
    if (!done.ok()) {
      rows.bad.push_back(BadAt(rows.columns, row.row, done.status()));
      continue;
    }
    response.add_listings(stored.name());
    if (*done == Stored::kCreated) response.set_created(response.created() + 1);
    if (*done == Stored::kUpdated) response.set_updated(response.updated() + 1);
    if (*done == Stored::kUnchanged) response.set_unchanged(response.unchanged() + 1);
  }
  if (!rows.bad.empty() && !request.only_good_rows() && !request.validate_only()) return RowsBad(rows.bad);
  response.set_good_rows(response.listings_size());
  for (BadListingCell& bad : rows.bad) *response.add_bad_cells() = std::move(bad);
  return response;
}

}  // namespace

absl::StatusOr<ImportListingsResponse> ImportListings(rpc::Context& context, const Caller& caller,
                                                      const v1::ImportListingsRequest& request) {
  ASSIGN_OR_RETURN(const tabular::Sheet sheet, tabular::ReadTable(request.content()));
  ASSIGN_OR_RETURN(ListingRows rows, ReadListings(sheet, request.kind()));
  RETURN_IF_ERROR(SetOwners(context, request, rows));
  if (!rows.bad.empty() && !request.only_good_rows() && !request.validate_only()) return RowsBad(rows.bad);
  return context.Commit<ImportListingsResponse>([&](Txn& txn) { return Store(txn, caller, request, rows); });
}

absl::StatusOr<v1::ExportListingsResponse> ExportListings(const View& view, const Caller& caller,
                                                          const v1::ExportListingsRequest& request) {
  const absl::StatusOr<std::vector<Listing>> listings =
      view.ListAll<Listing>({.parent = request.parent(), .filter = request.filter()}, kMaxExported);
  if (absl::IsResourceExhausted(listings.status())) {
    return BadField("filter",
                    {absl::StrCat("超过 ", kMaxExported, " 条,请用筛选条件分批导出。"),
                     absl::StrCat("leaves more than ", kMaxExported, " listings: export fewer at a time.")},
                    "EXPORT_TOO_LARGE");
  }
  RETURN_IF_ERROR(listings.status());
  const tabular::Table table = WriteListings(*listings, caller.locale, FormatDay(DayOf(view.now())));
  v1::ExportListingsResponse response;
  response.set_title(table.title);
  response.set_rows(static_cast<int32_t>(table.rows.size()));
  ASSIGN_OR_RETURN(*response.mutable_content(), tabular::WriteTable(table, request.csv()));
  return response;
}

}  // namespace duikou::techtransfer
