#include "services/personnel/people.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/store/change_log.h"
#include "common/store/find_stored.h"
#include "duikou/personnel/v1/exchange.pb.h"
#include "duikou/personnel/v1/subsidies.pb.h"
#include "services/personnel/identity.h"
#include "services/personnel/rules/dates.h"
#include "services/personnel/settings.h"

namespace duikou::personnel {
namespace {

using v1::Engagement;
using v1::Person;
using v1::Post;

// A unit of the record's own city: another city keeps its own people and posts.
absl::Status CheckOwnUnit(const std::string& record, const std::string& unit, const std::string& field) {
  if (unit.empty() || CityNameOf(unit) == CityNameOf(record)) return absl::OkStatus();
  return BadField(field, {"不是本市单位。", "is no unit of your city."}, "OTHER_CITY");
}

absl::Status CheckPost(const Post& post) {
  RETURN_IF_ERROR(CheckOwnUnit(post.name(), post.host_unit(), "post.host_unit"));
  if (rules::ToCivil(post.start_date()) <= rules::ToCivil(post.end_date())) return absl::OkStatus();
  return BadField("post.end_date", {"结束日期不能早于开始日期。", "must not be before the start date."},
                  "PERIOD_INVALID");
}

absl::StatusOr<Post> SetState(Txn& txn, const std::string& name, const std::string& etag, Post::State from,
                              Post::State to) {
  ASSIGN_OR_RETURN(Post post, txn.Get<Post>(name));
  if (post.state() != from) {
    const bool open = post.state() == Post::OPEN;
    return StateForbids("POST_STATE_FORBIDS",
                        {absl::StrCat("该岗位已处于“", open ? "征集中" : "已关闭", "”状态。"),
                         absl::StrCat("The post is ", open ? "OPEN" : "CLOSED", " already.")},
                        {{"post", post.name()}, {"state", Post::State_Name(post.state())}});
  }
  post.set_state(to);
  return txn.Update(std::move(post), etag);
}

template <class T>
absl::StatusOr<std::vector<T>> OfPerson(const View& view, const std::string& person) {
  return view.ListAll<T>({.parent = CityNameOf(person), .where = {{"person", store::Value(person)}}});
}

template <class T>
absl::Status EraseUnder(Txn& txn, const std::string& parent, const std::string& reason) {
  ASSIGN_OR_RETURN(const std::vector<T> records, txn.ListAll<T>({.parent = parent}));
  for (const T& record : records) RETURN_IF_ERROR(txn.Erase<T>(record.name(), reason));
  return absl::OkStatus();
}

// Who is sent, or about to be, must be known.
absl::Status CheckEnded(const Engagement& engagement) {
  const bool runs = engagement.state() == Engagement::PROPOSED || engagement.state() == Engagement::APPROVED ||
                    engagement.state() == Engagement::ACTIVE;
  if (!runs) return absl::OkStatus();
  return StateForbids("PERSON_IN_EXCHANGE",
                      {absl::StrCat("此人的交流“", engagement.name(), "”尚未结束。"),
                       absl::StrCat("The person's engagement \"", engagement.name(), "\" has not ended.")},
                      {{"engagement", engagement.name()}});
}

}  // namespace

absl::Status OnCreatePerson(Txn& txn, const Caller&, Person& person) {
  RETURN_IF_ERROR(CheckOwnUnit(person.name(), person.home_unit(), "person.home_unit"));
  return TakeIdentity(txn, person);
}

absl::Status OnUpdatePerson(Txn& txn, const Caller&, const Person&, Person& after) {
  RETURN_IF_ERROR(CheckOwnUnit(after.name(), after.home_unit(), "person.home_unit"));
  return TakeIdentity(txn, after);
}

absl::Status TakeIdentity(Txn& txn, Person& person) {
  if (person.identity_number().empty()) return absl::OkStatus();
  RETURN_IF_ERROR(CheckIdentityNumber(person));
  ASSIGN_OR_RETURN(const std::vector<std::string> digests, txn.IdentityDigests(person.identity_number()));
  person.set_identity_digest(digests.front());
  person.clear_identity_number();
  const std::string city(schema::CityOf(person.name()));
  std::vector<Person> same;
  for (const std::string& digest : digests) {
    ASSIGN_OR_RETURN(const std::vector<Person> found, txn.FindBy<Person>(city, "identity_digest", digest));
    same.insert(same.end(), found.begin(), found.end());
  }
  for (const Person& other : same) {
    if (other.name() == person.name()) continue;
    return StateForbids(
        "PERSON_TWICE",
        {absl::StrCat("已登记公民身份号码相同的人员“", other.name(), "”。"),
         absl::StrCat("A person with this identity number is recorded already: \"", other.name(), "\".")},
        {{"person", other.name()}});
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::ExportPersonResponse> ExportPerson(const View& view, const Caller&,
                                                      const v1::ExportPersonRequest& request) {
  v1::ExportPersonResponse response;
  ASSIGN_OR_RETURN(*response.mutable_json(), view.Export<Person>(request.name()));
  return response;
}

absl::StatusOr<Person> ErasePerson(Txn& txn, const Caller&, const v1::ErasePersonRequest& request) {
  return Erase(txn, request.name(), request.reason());
}

absl::StatusOr<Person> Erase(Txn& txn, const std::string& name, const std::string& reason) {
  ASSIGN_OR_RETURN(const std::optional<Person> stored, FindStored<Person>(txn, name));
  if (!stored) {
    // Deleted: what referred to the person was gone by then, and what is left stands in the change log.
    RETURN_IF_ERROR(txn.Erase<Person>(name, reason));
    Person gone;
    gone.set_name(name);
    return gone;
  }
  ASSIGN_OR_RETURN(Person person, txn.Get<Person>(name));
  ASSIGN_OR_RETURN(const auto engagements, OfPerson<Engagement>(txn, name));
  for (const Engagement& engagement : engagements) RETURN_IF_ERROR(CheckEnded(engagement));
  for (const Engagement& engagement : engagements) {
    RETURN_IF_ERROR(EraseUnder<v1::Evaluation>(txn, engagement.name(), reason));
    RETURN_IF_ERROR(EraseUnder<v1::SubsidyClaim>(txn, engagement.name(), reason));
    RETURN_IF_ERROR(txn.Erase<Engagement>(engagement.name(), reason));
  }
  ASSIGN_OR_RETURN(const auto nominations, OfPerson<v1::Nomination>(txn, name));
  for (auto nomination : nominations) {
    const std::string nominated = nomination.name();
    if (nomination.state() == v1::Nomination::SUBMITTED) {
      nomination.set_state(v1::Nomination::WITHDRAWN);  // Nobody is left to go there.
      RETURN_IF_ERROR(txn.Update(std::move(nomination)).status());
    }
    RETURN_IF_ERROR(txn.Erase<v1::Nomination>(nominated, reason));
  }
  // What is kept of nobody has no period of retention.
  person.clear_retain_until();
  RETURN_IF_ERROR(txn.Update(std::move(person)).status());
  RETURN_IF_ERROR(txn.Erase<Person>(name, reason));
  return txn.Get<Person>(name);
}

absl::Status AddHeldElsewhere(const View& view, Person& person) {
  if (person.identity_digest().empty()) return absl::OkStatus();
  // After a new key a city's records are renewed one after the other: those of another may be ahead of this one. Those
  // that are behind it cannot be told from its digest; they are renewed as soon as the service has started.
  ASSIGN_OR_RETURN(std::string renewed, view.RenewIdentityDigest(person.identity_digest()));
  const std::set<std::string> digests{person.identity_digest(), std::move(renewed)};
  // Whoever asks: that somebody is engaged counts, where he is stays hidden (rules/claims.h).
  const WholeView whole(view);
  ASSIGN_OR_RETURN(const std::vector<std::string> cities, store::ReadCities(view.connection()));
  for (const std::string& city : cities) {
    if (city == schema::CityOf(person.name())) continue;
    for (const std::string& digest : digests) {
      ASSIGN_OR_RETURN(const std::vector<Person> same, whole->FindBy<Person>(city, "identity_digest", digest));
      for (const Person& other : same) {
        person.mutable_claims()->MergeFrom(other.claims());
        person.mutable_subsidised_months()->MergeFrom(other.subsidised_months());
      }
    }
  }
  return absl::OkStatus();
}

void DropHeldElsewhere(Person& person) {
  const std::string own = absl::StrCat(CityNameOf(person.name()), "/");
  auto& claims = *person.mutable_claims();
  claims.erase(std::remove_if(claims.begin(), claims.end(),
                              [&](const auto& claim) { return !absl::StartsWith(claim.engagement(), own); }),
               claims.end());
  auto& months = *person.mutable_subsidised_months();
  months.erase(std::remove_if(months.begin(), months.end(),
                              [&](const auto& month) { return !absl::StartsWith(month.claim(), own); }),
               months.end());
}

absl::Status CheckKept(const Person& person) {
  if (!person.title().empty()) return absl::OkStatus();
  return StateForbids("PERSON_ERASED",
                      {absl::StrCat("“", person.name(), "”的个人信息已删除,不能再参加交流。"),
                       absl::StrCat("\"", person.name(), "\" was erased and is exchanged no more.")},
                      {{"person", person.name()}});
}

void MakeKnown(Person& person, const std::string& city) {
  const auto& known = person.known_to();
  if (std::find(known.begin(), known.end(), city) == known.end()) person.add_known_to(city);
}

absl::Status OnCreatePost(Txn&, const Caller&, Post& post) {
  post.set_state(Post::OPEN);
  return CheckPost(post);
}

absl::Status OnUpdatePost(Txn&, const Caller&, const Post&, Post& after) { return CheckPost(after); }

absl::StatusOr<Post> ClosePost(Txn& txn, const Caller&, const v1::ClosePostRequest& request) {
  return SetState(txn, request.name(), request.etag(), Post::OPEN, Post::CLOSED);
}

absl::StatusOr<Post> ReopenPost(Txn& txn, const Caller&, const v1::ReopenPostRequest& request) {
  return SetState(txn, request.name(), request.etag(), Post::CLOSED, Post::OPEN);
}

}  // namespace duikou::personnel
