#include "services/techtransfer/submit_flow.h"

#include <string>
#include <utility>

#include "common/base/workday.h"
#include "common/store/find_stored.h"
#include "duikou/directory/v1/unit.pb.h"
#include "services/techtransfer/rules/listing_actions.h"
#include "services/techtransfer/rules/ownership.h"

namespace duikou::techtransfer {
namespace {

using duikou::directory::v1::Unit;
using v1::Listing;

// 国家设立的研究开发机构、高等院校 (促进科技成果转化法 art. 18), and other public institutions with them.
bool IsPublic(Unit::Kind kind) {
  return kind == Unit::PUBLIC_INSTITUTION || kind == Unit::UNIVERSITY || kind == Unit::INSTITUTE;
}

absl::StatusOr<bool> AskWhetherPublic(rpc::Context& context, const std::string& unit) {
  ASSIGN_OR_RETURN(const rpc::PeerRecords records, context.Find("directory", {unit}));
  Unit found;
  if (!records[0] || !records[0]->record.UnpackTo(&found)) return UnknownReference("listing.owner_unit", unit);
  return IsPublic(found.kind());
}

}  // namespace

absl::StatusOr<Listing> SubmitListing(rpc::Context& context, const Caller& caller,
                                      const v1::SubmitListingRequest& request) {
  std::string owner;
  RETURN_IF_ERROR(context.Read([&](const View& view) -> absl::Status {
    ASSIGN_OR_RETURN(const Listing listing, view.Get<Listing>(request.name()));
    owner = listing.owner_unit();
    return absl::OkStatus();
  }));
  ASSIGN_OR_RETURN(const bool is_public, AskWhetherPublic(context, owner));
  return context.Commit<Listing>([&](Txn& txn) -> absl::StatusOr<Listing> {
    ASSIGN_OR_RETURN(Listing listing, txn.Get<Listing>(request.name()));
    RETURN_IF_ERROR(rules::CheckActsFor(caller, listing.owner_unit()));
    if (listing.owner_unit() != owner) return EtagStale(listing.name());
    RETURN_IF_ERROR(rules::Submit(listing, is_public, caller, DayOf(txn.now())));
    return txn.Update(std::move(listing), request.etag());
  });
}

}  // namespace duikou::techtransfer
