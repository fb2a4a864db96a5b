#include "services/personnel/engagements.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/base/error.h"
#include "services/personnel/exchange_notices.h"
#include "services/personnel/nominations.h"
#include "services/personnel/people.h"
#include "services/personnel/quotas.h"
#include "services/personnel/rules/claims.h"
#include "services/personnel/rules/dates.h"
#include "services/personnel/rules/engagement_state.h"
#include "services/personnel/rules/terms.h"
#include "services/personnel/rules/ties.h"
#include "services/personnel/settings.h"
#include "services/personnel/subsidies.h"
#include "services/personnel/workdays.h"

namespace duikou::personnel {
namespace {

using rules::Moment;
using v1::ExchangeNotice;
using v1::ExchangeSettings;
using v1::Person;
using Terms = Engagement::Terms;

rules::Moment MomentOf(const View& view, const ExchangeSettings& settings) {
  return {.now = view.now(), .today = DayOf(view.now()), .settings = settings};
}

absl::StatusOr<Person> PersonOf(const View& view, const Engagement& engagement) {
  ASSIGN_OR_RETURN(std::optional<Person> person, FindStored<Person>(view, engagement.person()));
  if (!person) return UnknownReference("engagement.person", engagement.person());
  return *std::move(person);
}

absl::CivilDay DayOr(bool given, const duikou::type::v1::Date& date, absl::CivilDay otherwise) {
  return given ? rules::ToCivil(date) : otherwise;
}

// The steps that all actions on an engagement share: load, note the reason given, change by a rule, store with what
// follows.
template <class Request>
absl::StatusOr<Engagement> Change(Txn& txn, const Caller& caller, const Request& request, const std::string& note,
                                  absl::FunctionRef<absl::Status(Engagement&, const Moment&)> rule) {
  ASSIGN_OR_RETURN(Engagement engagement, txn.Get<Engagement>(request.name()));
  ASSIGN_OR_RETURN(const ExchangeSettings settings, SettingsOf(txn, CityNameOf(engagement.name())));
  txn.Note(note);
  RETURN_IF_ERROR(rule(engagement, MomentOf(txn, settings)));
  return Settle(txn, caller, std::move(engagement), settings, request.etag());
}

// The same for what the other side is told of.
template <class Request>
absl::StatusOr<Engagement> ChangeAndTell(Txn& txn, const Caller& caller, const Request& request,
                                         ExchangeNotice::Kind kind,
                                         absl::FunctionRef<absl::Status(Engagement&, const Moment&)> rule) {
  ASSIGN_OR_RETURN(Engagement engagement, Change(txn, caller, request, request.reason(), rule));
  ASSIGN_OR_RETURN(const Engagement::Side side, rules::SideOf(engagement, caller));
  const Engagement::Side other = side == Engagement::HOME_SIDE ? Engagement::HOST_SIDE : Engagement::HOME_SIDE;
  RETURN_IF_ERROR(Tell(txn, engagement, kind, other, DayOf(txn.now()), request.reason()));
  return engagement;
}

absl::Status CheckTerms(const Person& person, const Engagement& engagement, const Moment& moment, const char* prefix,
                        bool extension, Terms& terms) {
  return rules::CheckTerms({.person = person,
                            .settings = moment.settings,
                            .kind = engagement.kind(),
                            .prefix = prefix,
                            .today = moment.today,
                            .extension = extension},
                           terms);
}

// Who sends the person where.
absl::Status SetSides(const Person& person, Engagement& engagement) {
  engagement.set_person(person.name());
  engagement.set_home_unit(person.home_unit());
  engagement.set_home_unit_title(person.home_unit_title());
  engagement.set_host_city(CityNameOf(engagement.host_unit()));
  if (engagement.host_city() != CityNameOf(engagement.name())) return absl::OkStatus();
  return BadField(
      "engagement.host_unit",
      {"是本市单位;交流的接收单位应在其他城市。", "is a unit of your own city: the host is one of another city."},
      "SAME_CITY");
}

absl::Status Number(Txn& txn, const ExchangeSettings& settings, Engagement& engagement) {
  const std::string city(schema::CityOf(engagement.name()));
  const auto year = DayOf(txn.now()).year();
  ASSIGN_OR_RETURN(const int64_t count, txn.NextNumber(city, absl::StrCat("engagement/", year)));
  engagement.set_number(absl::StrFormat(
      "%s-JL-%d-%02d", settings.number_prefix().empty() ? city : settings.number_prefix(), year, count));
  return absl::OkStatus();
}

// What an engagement claims of its person and its quota, and what of them is to be stored.
struct Claimed {
  std::optional<Person> person;
  std::vector<v1::Quota> quotas;
};

absl::StatusOr<Claimed> ClaimFor(Txn& txn, const Caller& caller, const ExchangeSettings& settings, Person person,
                                 Engagement& engagement) {
  Claimed claimed;
  Person changed = person;
  RETURN_IF_ERROR(AddHeldElsewhere(txn, changed));
  RETURN_IF_ERROR(rules::Claim(changed, engagement, settings, caller));
  DropHeldElsewhere(changed);
  MakeKnown(changed, engagement.host_city());
  // Neither has a map, so that equal records have equal bytes.
  if (person.SerializeAsString() != changed.SerializeAsString()) claimed.person = std::move(changed);
  ASSIGN_OR_RETURN(claimed.quotas, TakeSeat(txn, engagement));
  return claimed;
}

absl::Status Store(Txn& txn, Claimed claimed) {
  if (claimed.person) RETURN_IF_ERROR(txn.Update(*std::move(claimed.person)).status());
  for (v1::Quota& quota : claimed.quotas) RETURN_IF_ERROR(txn.Update(std::move(quota)).status());
  return absl::OkStatus();
}

}  // namespace

absl::Status OnCreateEngagement(Txn& txn, const Caller& caller, Engagement& engagement) {
  auto person = txn.Get<Person>(engagement.person());
  if (!person.ok()) return UnknownReference("engagement.person", engagement.person());
  if (CityNameOf(person->name()) != CityNameOf(engagement.name()))
    return BadField("engagement.person", {"不是本市人员。", "is no person of your city."}, "OTHER_CITY");
  RETURN_IF_ERROR(CheckKept(*person));
  RETURN_IF_ERROR(SetSides(*person, engagement));
  const absl::CivilDay start = rules::ToCivil(engagement.terms().start_date());
  RETURN_IF_ERROR(CheckPartnership(txn, engagement.partnership(), CityNameOf(engagement.name()), engagement.host_city(),
                                   {start, start}, "engagement.partnership"));
  ASSIGN_OR_RETURN(const ExchangeSettings settings, SettingsOf(txn, CityNameOf(engagement.name())));
  const Moment moment = MomentOf(txn, settings);
  RETURN_IF_ERROR(CheckTerms(*person, engagement, moment, "engagement.terms.", false, *engagement.mutable_terms()));
  std::optional<v1::Nomination> nomination;
  if (!engagement.nomination().empty()) {
    ASSIGN_OR_RETURN(nomination, NominationFor(txn, engagement));
    nomination->set_state(v1::Nomination::PROPOSED);
  }
  rules::Propose(engagement, *person, moment);
  ASSIGN_OR_RETURN(Claimed claimed, ClaimFor(txn, caller, settings, *person, engagement));
  RETURN_IF_ERROR(Store(txn, std::move(claimed)));
  if (nomination) RETURN_IF_ERROR(txn.Update(*std::move(nomination)).status());
  return Number(txn, settings, engagement);
}

absl::StatusOr<Engagement> Settle(Txn& txn, const Caller& caller, Engagement engagement,
                                  const ExchangeSettings& settings, const std::string& etag) {
  ASSIGN_OR_RETURN(Person person, PersonOf(txn, engagement));
  ASSIGN_OR_RETURN(Claimed claimed, ClaimFor(txn, caller, settings, std::move(person), engagement));
  ASSIGN_OR_RETURN(Engagement stored, txn.Update(std::move(engagement), etag));
  RETURN_IF_ERROR(Store(txn, std::move(claimed)));
  if (!rules::ClaimsTime(stored)) RETURN_IF_ERROR(FreeNomination(txn, stored));
  RETURN_IF_ERROR(ReadjustSubsidies(txn, caller, stored));
  return stored;
}

absl::StatusOr<Engagement> Approve(Txn& txn, const Caller& caller, Engagement engagement, int terms_version,
                                   const std::string& comment, const std::string& etag) {
  ASSIGN_OR_RETURN(const ExchangeSettings settings, SettingsOf(txn, CityNameOf(engagement.name())));
  ASSIGN_OR_RETURN(const absl::CivilDay arrival_due, ArrivalDue(txn, engagement, settings));
  RETURN_IF_ERROR(rules::Approve(engagement, terms_version, comment, caller, arrival_due, MomentOf(txn, settings)));
  return Settle(txn, caller, std::move(engagement), settings, etag);
}

absl::StatusOr<Engagement> AmendEngagementTerms(Txn& txn, const Caller& caller,
                                                const v1::AmendEngagementTermsRequest& request) {
  return Change(txn, caller, request, "", [&](Engagement& engagement, const Moment& moment) -> absl::Status {
    RETURN_IF_ERROR(rules::CheckAllowed(engagement, rules::Action::kAmendTerms));
    Terms terms = request.terms();
    ASSIGN_OR_RETURN(const Person person, PersonOf(txn, engagement));
    RETURN_IF_ERROR(CheckTerms(person, engagement, moment, "terms.", false, terms));
    return rules::AmendTerms(engagement, std::move(terms), moment);
  });
}

absl::StatusOr<Engagement> ApproveEngagement(Txn& txn, const Caller& caller,
                                             const v1::ApproveEngagementRequest& request) {
  ASSIGN_OR_RETURN(Engagement engagement, txn.Get<Engagement>(request.name()));
  txn.Note(request.comment());
  return Approve(txn, caller, std::move(engagement), request.terms_version(), request.comment(), request.etag());
}

absl::StatusOr<Engagement> RejectEngagement(Txn& txn, const Caller& caller,
                                            const v1::RejectEngagementRequest& request) {
  return Change(txn, caller, request, request.reason(), [&](Engagement& engagement, const Moment&) {
    return rules::Reject(engagement, request.reason(), caller);
  });
}

absl::StatusOr<Engagement> WithdrawEngagement(Txn& txn, const Caller& caller,
                                              const v1::WithdrawEngagementRequest& request) {
  return Change(txn, caller, request, request.reason(), [&](Engagement& engagement, const Moment&) {
    return rules::Withdraw(engagement, request.reason(), caller);
  });
}

absl::StatusOr<Engagement> CancelEngagement(Txn& txn, const Caller& caller,
                                            const v1::CancelEngagementRequest& request) {
  return ChangeAndTell(txn, caller, request, ExchangeNotice::CANCELLED, [&](Engagement& engagement, const Moment&) {
    return rules::Cancel(engagement, request.reason(), caller);
  });
}

absl::StatusOr<Engagement> RecordArrival(Txn& txn, const Caller& caller, const v1::RecordArrivalRequest& request) {
  return Change(txn, caller, request, "", [&](Engagement& engagement, const Moment& moment) {
    return rules::RecordArrival(engagement, DayOr(request.has_date(), request.date(), moment.today), caller, moment);
  });
}

absl::StatusOr<Engagement> ProposeExtension(Txn& txn, const Caller& caller,
                                            const v1::ProposeExtensionRequest& request) {
  return Change(txn, caller, request, "", [&](Engagement& engagement, const Moment& moment) -> absl::Status {
    RETURN_IF_ERROR(rules::CheckAllowed(engagement, rules::Action::kExtend));
    Terms terms = engagement.terms();
    *terms.mutable_end_date() = request.end_date();
    ASSIGN_OR_RETURN(const Person person, PersonOf(txn, engagement));
    RETURN_IF_ERROR(CheckTerms(person, engagement, moment, "", true, terms));
    return rules::Extend(engagement, std::move(terms), moment);
  });
}

absl::StatusOr<Engagement> EndEngagementEarly(Txn& txn, const Caller& caller,
                                              const v1::EndEngagementEarlyRequest& request) {
  return ChangeAndTell(
      txn, caller, request, ExchangeNotice::ENDED_EARLY, [&](Engagement& engagement, const Moment& moment) {
        const absl::CivilDay day = DayOr(request.has_date(), request.date(), moment.today);
        return rules::EndEarly(engagement, day, request.reason(), request.own_reasons(), caller, moment);
      });
}

absl::StatusOr<Engagement> AssessEngagement(Txn& txn, const Caller& caller,
                                            const v1::AssessEngagementRequest& request) {
  return Change(txn, caller, request, "", [&](Engagement& engagement, const Moment&) {
    return rules::Assess(engagement, request.assessment(), caller);
  });
}

absl::StatusOr<Engagement> CorrectEngagement(Txn& txn, const Caller& caller,
                                             const v1::CorrectEngagementRequest& request) {
  rules::Corrected corrected;
  if (request.has_arrival_date()) corrected.arrival = rules::ToCivil(request.arrival_date());
  if (request.has_end_date()) corrected.end = rules::ToCivil(request.end_date());
  return ChangeAndTell(txn, caller, request, ExchangeNotice::CORRECTED,
                       [&](Engagement& engagement, const Moment& moment) {
                         return rules::Correct(engagement, corrected, request.reason(), caller, moment);
                       });
}

absl::StatusOr<Engagement> DecideTies(Txn& txn, const Caller& caller, const v1::DecideTiesRequest& request) {
  return Change(txn, caller, request, request.decision(),
                [&](Engagement& engagement, const Moment& moment) -> absl::Status {
                  RETURN_IF_ERROR(rules::CheckAllowed(engagement, rules::Action::kDecideTies));
                  ASSIGN_OR_RETURN(const Engagement::Side side, rules::SideOf(engagement, caller));
                  return rules::DecideTies(engagement, side, request.decision(), caller, moment.now);
                });
}

}  // namespace duikou::personnel
