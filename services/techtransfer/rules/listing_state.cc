#include "services/techtransfer/rules/listing_state.h"

#include "common/base/state_table.h"

namespace duikou::techtransfer::rules {
namespace {

using v1::Listing;

// The state machine of domain.md, techtransfer: each action, its name, and the states that allow it.
constexpr StateTable<Listing::State, ListingAction, kListingActions> kTable({{
    {ListingAction::kEdit, "修改", "change it", In({Listing::DRAFT, Listing::RETURNED, Listing::EXPIRED})},
    {ListingAction::kDelete, "删除", "delete it", In({Listing::DRAFT})},
    {ListingAction::kSubmit, "提交审核", "submit it", In({Listing::DRAFT, Listing::RETURNED, Listing::EXPIRED})},
    {ListingAction::kPublish, "审核通过", "publish it", In({Listing::UNDER_REVIEW})},
    {ListingAction::kReturn, "审核退回", "return it", In({Listing::UNDER_REVIEW})},
    {ListingAction::kWithdraw, "撤回", "withdraw it", In({Listing::PUBLISHED})},
    {ListingAction::kClose, "标为已解决", "close it", In({Listing::PUBLISHED})},
    {ListingAction::kPublicise, "公示", "publicise its price", In({Listing::PUBLISHED})},
    {ListingAction::kObject, "提出异议", "object to its price", In({Listing::PUBLISHED})},
    {ListingAction::kSettle, "处理异议", "settle the objection", In({Listing::PUBLISHED})},
    {ListingAction::kNegotiate, "发起洽谈", "begin a negotiation", In({Listing::PUBLISHED})},
    {ListingAction::kBid, "揭榜", "bid", In({Listing::PUBLISHED})},
    {ListingAction::kAward, "授榜", "award it", In({Listing::PUBLISHED, Listing::EXPIRED})},
    {ListingAction::kContract, "据以签订合同", "conclude a contract on it", In({Listing::PUBLISHED})},
    {ListingAction::kMatch, "匹配", "match it", In({Listing::PUBLISHED})},
    {ListingAction::kExpire, "到期", "let it expire", In({Listing::PUBLISHED}), false},
    {ListingAction::kReopen, "恢复发布", "publish it again", In({Listing::CLOSED}), false},
}});

}  // namespace

Text NameOf(Listing::Kind kind) { return kind == Listing::OFFER ? Text{"成果", "OFFER"} : Text{"需求", "DEMAND"}; }

Text NameOf(Listing::State state) {
  switch (state) {
    case Listing::DRAFT:
      return {"草稿", "DRAFT"};
    case Listing::UNDER_REVIEW:
      return {"审核中", "UNDER_REVIEW"};
    case Listing::PUBLISHED:
      return {"已发布", "PUBLISHED"};
    case Listing::RETURNED:
      return {"已退回", "RETURNED"};
    case Listing::EXPIRED:
      return {"已过期", "EXPIRED"};
    case Listing::WITHDRAWN:
      return {"已撤回", "WITHDRAWN"};
    case Listing::CLOSED:
      return {"已成交", "CLOSED"};
    default:
      return {"未知", "STATE_UNSPECIFIED"};
  }
}

Text NameOf(v1::TransferMode mode) {
  switch (mode) {
    case v1::ASSIGNMENT:
      return {"转让", "ASSIGNMENT"};
    case v1::LICENCE_ORDINARY:
      return {"普通许可", "LICENCE_ORDINARY"};
    case v1::LICENCE_SOLE:
      return {"排他许可", "LICENCE_SOLE"};
    case v1::LICENCE_EXCLUSIVE:
      return {"独占许可", "LICENCE_EXCLUSIVE"};
    case v1::EQUITY:
      return {"作价投资", "EQUITY"};
    case v1::COOPERATION:
      return {"合作实施", "COOPERATION"};
    default:
      return {"未知", "TRANSFER_MODE_UNSPECIFIED"};
  }
}

Text NameOf(ListingAction action) { return kTable.NameOf(action); }

bool Allows(Listing::State state, ListingAction action) { return kTable.Allows(state, action); }

absl::Status CheckAllowed(const Listing& listing, ListingAction action) {
  return kTable.Check(listing.state(), action,
                      {.reason = "LISTING_STATE_FORBIDS",
                       .type = "listing",
                       .noun = {"该供需信息", "The listing"},
                       .state = NameOf(listing.state()),
                       .name = listing.name()});
}

}  // namespace duikou::techtransfer::rules
