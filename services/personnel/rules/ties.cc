#include "services/personnel/rules/ties.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "services/personnel/rules/engagement_state.h"

namespace duikou::personnel::rules {
namespace {

using v1::Engagement;
using Tie = v1::Engagement::Tie;

Text NameOf(Tie::Kind kind) {
  switch (kind) {
    case Tie::SPOUSE:
      return {"夫妻关系", "a spouse"};
    case Tie::LINEAL:
      return {"直系血亲关系", "a lineal relative"};
    case Tie::COLLATERAL:
      return {"三代以内旁系血亲关系", "a collateral relative within three generations"};
    case Tie::AFFINITY:
      return {"近姻亲关系", "a close in-law"};
    default:
      return {"其他关系", "another tie"};
  }
}

bool HasOtherTie(const Engagement::Terms& terms) {
  return std::any_of(terms.ties().begin(), terms.ties().end(), [](const Tie& tie) { return tie.kind() == Tie::OTHER; });
}

bool Decided(const Engagement& engagement, Engagement::Side side, int version) {
  return std::any_of(engagement.tie_decisions().begin(), engagement.tie_decisions().end(),
                     [&](const auto& made) { return made.side() == side && made.terms_version() == version; });
}

}  // namespace

absl::Status CheckTies(const Engagement::Terms& terms, const std::string& prefix) {
  for (int i = 0; i < terms.ties_size(); ++i) {
    const Tie& tie = terms.ties(i);
    if (tie.kind() == Tie::OTHER || tie.line() == Tie::NO_LINE || !tie.variation_document().empty()) continue;
    const Text kind = NameOf(tie.kind());
    const bool direct = tie.line() == Tie::DIRECT_COMMAND;
    return StateForbids(
        "TIE_FORBIDS",
        {absl::StrCat(
             "与“", tie.relative(), "”有", kind.zh, ",",
             direct ? "且有直接隶属或直接上下级领导关系" : "且在其领导下从事组织、人事、纪检、监察、审计或财务工作",
             ",依公务员法第七十四条应当回避;确有省级变通规定的,请填写文件号。"),
         absl::StrCat("\"", tie.relative(), "\" is ", kind.en, " ",
                      direct ? "in a direct line of command" : "and leads the control post",
                      ", which the Civil Servant Law, art. 74, forbids; where a provincial variation applies, fill in "
                      "its document's number.")},
        {{"field", absl::StrCat(prefix, "ties[", i, "]")}});
  }
  return absl::OkStatus();
}

absl::Status CheckTiesDecided(const Engagement& engagement, const Engagement::Terms& waiting) {
  if (!HasOtherTie(waiting)) return absl::OkStatus();
  for (const Engagement::Side side : {Engagement::HOME_SIDE, Engagement::HOST_SIDE}) {
    if (Decided(engagement, side, waiting.version())) continue;
    const Text name = NameOf(side);
    return StateForbids("TIE_UNDECIDED",
                        {absl::StrCat("申报了其他需说明的关系,须先由", name.zh, "组织人事部门作出书面决定。"),
                         absl::StrCat("A tie is declared, so the personnel officer of the ", name.en,
                                      " side must record a decision about it first.")},
                        {{"engagement", engagement.name()}, {"side", Engagement::Side_Name(side)}});
  }
  return absl::OkStatus();
}

bool AwaitsTieDecision(const Engagement& engagement, Engagement::Side side) {
  const Engagement::Terms& waiting = WaitingTerms(engagement);
  return HasOtherTie(waiting) && !Decided(engagement, side, waiting.version());
}

absl::Status DecideTies(Engagement& engagement, Engagement::Side side, const std::string& decision, const Caller& by,
                        absl::Time now) {
  const Engagement::Terms& waiting = WaitingTerms(engagement);
  if (!HasOtherTie(waiting)) {
    return StateForbids("TIE_MISSING",
                        {"待批准的条件中没有需要决定的关系。", "The waiting terms declare no tie to decide about."},
                        {{"engagement", engagement.name()}});
  }
  auto& made = *engagement.mutable_tie_decisions();
  made.erase(
      std::remove_if(made.begin(), made.end(),
                     [&](const auto& one) { return one.side() == side && one.terms_version() == waiting.version(); }),
      made.end());
  Engagement::TieDecision* fresh = engagement.add_tie_decisions();
  fresh->set_side(side);
  fresh->set_terms_version(waiting.version());
  fresh->set_account(by.name);
  fresh->mutable_time()->set_seconds(absl::ToUnixSeconds(now));
  fresh->set_decision(decision);
  return absl::OkStatus();
}

}  // namespace duikou::personnel::rules
