#include "services/techtransfer/rules/bid_state.h"

#include "common/base/state_table.h"

namespace duikou::techtransfer::rules {
namespace {

using v1::Bid;

// Each action on a bid, its name, and the states that allow it.
constexpr StateTable<Bid::State, BidAction, kBidActions> kTable({{
    {BidAction::kEdit, "修改", "change it", In({Bid::SUBMITTED})},
    {BidAction::kWithdraw, "撤回", "withdraw it", In({Bid::SUBMITTED})},
    {BidAction::kScore, "评审打分", "score it", In({Bid::SUBMITTED})},
    {BidAction::kAward, "授榜", "award it", In({Bid::SUBMITTED})},
    {BidAction::kPassOver, "定为未中榜", "pass it over", In({Bid::SUBMITTED}), false},
}});

}  // namespace

Text NameOf(Bid::State state) {
  switch (state) {
    case Bid::SUBMITTED:
      return {"已提交", "SUBMITTED"};
    case Bid::AWARDED:
      return {"中榜", "AWARDED"};
    case Bid::NOT_AWARDED:
      return {"未中榜", "NOT_AWARDED"};
    case Bid::WITHDRAWN:
      return {"已撤回", "WITHDRAWN"};
    default:
      return {"未知", "STATE_UNSPECIFIED"};
  }
}

Text NameOf(BidAction action) { return kTable.NameOf(action); }

bool Allows(Bid::State state, BidAction action) { return kTable.Allows(state, action); }

absl::Status CheckAllowed(const Bid& bid, BidAction action) {
  return kTable.Check(bid.state(), action,
                      {.reason = "BID_STATE_FORBIDS",
                       .type = "bid",
                       .noun = {"该揭榜方案", "The bid"},
                       .state = NameOf(bid.state()),
                       .name = bid.name()});
}

}  // namespace duikou::techtransfer::rules
