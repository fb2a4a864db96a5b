#include "services/personnel/nominations.h"

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "services/personnel/people.h"
#include "services/personnel/settings.h"

namespace duikou::personnel {
namespace {

using v1::Nomination;

Text NameOf(Nomination::State state) {
  switch (state) {
    case Nomination::SUBMITTED:
      return {"已报送", "SUBMITTED"};
    case Nomination::PROPOSED:
      return {"已提出交流", "PROPOSED"};
    case Nomination::DECLINED:
      return {"接收方不考虑", "DECLINED"};
    default:
      return {"撤回", "WITHDRAWN"};
  }
}

absl::Status CheckSubmitted(const Nomination& nomination) {
  if (nomination.state() == Nomination::SUBMITTED) return absl::OkStatus();
  const Text state = NameOf(nomination.state());
  return StateForbids("NOMINATION_STATE_FORBIDS",
                      {absl::StrCat("该推荐处于“", state.zh, "”状态,不能再办理。"),
                       absl::StrCat("The nomination is ", state.en, ", so nothing can be done with it.")},
                      {{"nomination", nomination.name()}, {"state", state.en}});
}

absl::Status CheckHost(const Nomination& nomination, const Caller& caller) {
  if (nomination.host_city() == absl::StrCat("cities/", caller.city)) return absl::OkStatus();
  return PermissionDenied("OTHER_SIDE", {"此事由接收方办理。", "This is for the host side to do."});
}

absl::Status CheckFirst(Txn& txn, const Nomination& nomination) {
  ASSIGN_OR_RETURN(const auto others, txn.ListAll<Nomination>({.parent = CityNameOf(nomination.name()),
                                                               .where = {{"person", store::Value(nomination.person())},
                                                                         {"post", store::Value(nomination.post())}}}));
  for (const Nomination& other : others) {
    if (other.state() != Nomination::SUBMITTED && other.state() != Nomination::PROPOSED) continue;
    return StateForbids("NOMINATED_TWICE",
                        {absl::StrCat("该人员已被推荐到此岗位:“", other.name(), "”。"),
                         absl::StrCat("The person is nominated for this post already: \"", other.name(), "\".")},
                        {{"nomination", other.name()}});
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status OnCreateNomination(Txn& txn, const Caller&, Nomination& nomination) {
  auto person = txn.Get<v1::Person>(nomination.person());
  auto post = txn.Get<v1::Post>(nomination.post());
  if (!person.ok()) return UnknownReference("nomination.person", nomination.person());
  if (!post.ok()) return UnknownReference("nomination.post", nomination.post());
  RETURN_IF_ERROR(CheckKept(*person));
  nomination.set_person(person->name());
  nomination.set_post(post->name());
  if (CityNameOf(person->name()) != CityNameOf(nomination.name()))
    return BadField("nomination.person", {"不是本市人员。", "is no person of your city."}, "OTHER_CITY");
  if (CityNameOf(post->name()) == CityNameOf(nomination.name()))
    return BadField("nomination.post",
                    {"是本市岗位;请选择合作城市的岗位。", "is a post of your own city: choose one of a partner city."},
                    "OTHER_CITY");
  if (post->state() != v1::Post::OPEN) {
    return StateForbids("POST_STATE_FORBIDS",
                        {"该岗位已关闭,不再接受推荐。", "The post is CLOSED and takes no more nominations."},
                        {{"post", post->name()}, {"state", "CLOSED"}});
  }
  RETURN_IF_ERROR(CheckFirst(txn, nomination));
  nomination.set_state(Nomination::SUBMITTED);
  nomination.set_host_city(CityNameOf(post->name()));
  MakeKnown(*person, nomination.host_city());
  return txn.Update(*std::move(person)).status();
}

absl::StatusOr<Nomination> WithdrawNomination(Txn& txn, const Caller&, const v1::WithdrawNominationRequest& request) {
  ASSIGN_OR_RETURN(Nomination nomination, txn.Get<Nomination>(request.name()));
  RETURN_IF_ERROR(CheckSubmitted(nomination));
  txn.Note(request.reason());
  nomination.set_state(Nomination::WITHDRAWN);
  return txn.Update(std::move(nomination), request.etag());
}

absl::StatusOr<Nomination> DeclineNomination(Txn& txn, const Caller& caller,
                                             const v1::DeclineNominationRequest& request) {
  ASSIGN_OR_RETURN(Nomination nomination, txn.Get<Nomination>(request.name()));
  RETURN_IF_ERROR(CheckHost(nomination, caller));
  RETURN_IF_ERROR(CheckSubmitted(nomination));
  txn.Note(request.reason());
  nomination.set_state(Nomination::DECLINED);
  return txn.Update(std::move(nomination), request.etag());
}

absl::StatusOr<Nomination> RankNomination(Txn& txn, const Caller& caller, const v1::RankNominationRequest& request) {
  ASSIGN_OR_RETURN(Nomination nomination, txn.Get<Nomination>(request.name()));
  RETURN_IF_ERROR(CheckHost(nomination, caller));
  RETURN_IF_ERROR(CheckSubmitted(nomination));
  nomination.set_host_order(request.host_order());
  return txn.Update(std::move(nomination), request.etag());
}

absl::StatusOr<Nomination> NominationFor(const View& view, const v1::Engagement& engagement) {
  auto nomination = view.Get<Nomination>(engagement.nomination());
  if (!nomination.ok()) return UnknownReference("engagement.nomination", engagement.nomination());
  ASSIGN_OR_RETURN(const auto post, FindStored<v1::Post>(view, nomination->post()));
  if (nomination->person() != engagement.person() || !post || post->host_unit() != engagement.host_unit()) {
    return BadField("engagement.nomination",
                    {"不是该人员到该单位的推荐。", "is no nomination of this person to this unit."},
                    "NOMINATION_OF_OTHERS");
  }
  RETURN_IF_ERROR(CheckSubmitted(*nomination));
  return nomination;
}

absl::Status FreeNomination(Txn& txn, const v1::Engagement& engagement) {
  if (engagement.nomination().empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::optional<Nomination> nomination, FindStored<Nomination>(txn, engagement.nomination()));
  if (!nomination || nomination->state() != Nomination::PROPOSED) return absl::OkStatus();
  nomination->set_state(Nomination::SUBMITTED);
  return txn.Update(*std::move(nomination)).status();
}

}  // namespace duikou::personnel
