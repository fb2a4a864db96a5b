#ifndef DUIKOU_TESTS_INTEGRATION_PERSONNEL_FIXTURE_H_
#define DUIKOU_TESTS_INTEGRATION_PERSONNEL_FIXTURE_H_

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/workday.h"
#include "duikou/directory/v1/directory.pb.h"
#include "duikou/directory/v1/partnership.pb.h"
#include "duikou/log/v1/change_log.pb.h"
#include "duikou/personnel/v1/exchange.pb.h"
#include "duikou/personnel/v1/exchange_planning.pb.h"
#include "duikou/personnel/v1/people.pb.h"
#include "duikou/type/v1/role.pb.h"
#include "services/personnel/rules/dates.h"
#include "services/personnel/service.h"
#include "tests/integration/directory_record.h"
#include "tests/integration/served_fixture.h"

namespace duikou::testing {

inline const char kYingkou[] = "cities/210800";
inline const char kFengtai[] = "cities/110106";
inline const char kLianyungang[] = "cities/320700";
inline const char kPair[] = "cities/210800/partnerships/fengtai";      // Of these three.
inline const char kOfOthers[] = "cities/320700/partnerships/fengtai";  // Of the last two.
inline const char kEnded[] = "cities/210800/partnerships/ended";       // Of the first two, until the end of 2025.

inline directory::v1::Partnership PartnershipOf(const std::vector<std::string>& cities) {
  directory::v1::Partnership partnership;
  for (const std::string& city : cities) partnership.add_members()->set_city(city);
  return partnership;
}

// A directory in which some names exist, titled by their last segment.
class DirectoryOfNames : public rpc::Peers {
 public:
  absl::StatusOr<rpc::PeerRecords> Find(const std::string&, const std::vector<std::string>& names) override {
    static const std::set<std::string> known = {kYingkou,
                                                kFengtai,
                                                kLianyungang,
                                                kPair,
                                                kOfOthers,
                                                kEnded,
                                                "cities/210800/units/jiaoyuju",
                                                "cities/210800/units/weijianwei",
                                                "cities/110106/units/jiaowei",
                                                "cities/320700/units/jiaoyuju"};
    rpc::PeerRecords records;
    for (const std::string& name : names) {
      auto& record = records.emplace_back();
      if (!known.contains(name)) continue;
      record = DirectoryRecord(name);
      if (name == kPair) record->record.PackFrom(PartnershipOf({kYingkou, kFengtai, kLianyungang}));
      if (name == kOfOthers) record->record.PackFrom(PartnershipOf({kFengtai, kLianyungang}));
      if (name == kEnded) {
        directory::v1::Partnership ended = PartnershipOf({kYingkou, kFengtai});
        *ended.mutable_members(1)->mutable_until() = personnel::rules::ToDate(absl::CivilDay(2025, 12, 31));
        record->record.PackFrom(ended);
      }
    }
    return records;
  }
  std::optional<rpc::PeerRecords> FindInMemory(const std::string&, const std::vector<std::string>&) override {
    return std::nullopt;
  }
  // Asked which units bear names: 市教育局 is one.
  absl::Status Call(const std::string&, const google::protobuf::Message& request, google::protobuf::Message* response,
                    const rpc::CallOptions&) override {
    if (request.GetDescriptor() != directory::v1::ResolveUnitsRequest::descriptor())
      return absl::UnavailableError("its log is not followed here");
    for (const std::string& text : static_cast<const directory::v1::ResolveUnitsRequest&>(request).texts()) {
      auto* result = static_cast<directory::v1::ResolveUnitsResponse*>(response)->add_results();
      result->set_text(text);
      if (text == "市教育局") result->add_units()->set_name("cities/210800/units/jiaoyuju");
    }
    return absl::OkStatus();
  }
};

inline type::v1::Date Day(int year, int month, int day) {
  return personnel::rules::ToDate(absl::CivilDay(year, month, day));
}

// The personnel service on a port of its own over one of the engines, and a client. The clock stands at 2026-03-02
// 09:00 in Shanghai. Yingkou sends, Fengtai receives.
class PersonnelTest : public ServedTest {
 protected:
  PersonnelTest() : ServedTest(personnel::Definition(), StartOf(absl::CivilDay(2026, 3, 2)) + absl::Hours(9)) {}
  std::unique_ptr<rpc::Peers> MakePeers() const override { return std::make_unique<DirectoryOfNames>(); }

  rpc::CallOptions As(const std::string& city, const std::string& unit, int role, Locale locale = Locale::kZhCn) const {
    return As(city, unit, role, "zuzhi", locale);
  }
  rpc::CallOptions As(const std::string& city, const std::string& unit, int role, const std::string& account,
                      Locale locale = Locale::kZhCn) const {
    return SignedIn(city, account, unit, {role}, locale);
  }
  rpc::CallOptions Home(Locale locale = Locale::kZhCn) const {
    return As(kYingkou, "zuzhibu", type::v1::PERSONNEL_OFFICER, locale);
  }
  rpc::CallOptions Host(Locale locale = Locale::kZhCn) const {
    return As(kFengtai, "zuzhibu", type::v1::PERSONNEL_OFFICER, locale);
  }

  std::string AddPerson(const std::string& id) {
    personnel::v1::CreatePersonRequest request;
    request.set_parent(kYingkou);
    request.set_person_id(id);
    personnel::v1::Person& person = *request.mutable_person();
    person.set_title("王小明");
    person.set_sex(personnel::v1::Person::MALE);
    *person.mutable_birth_date() = Day(1985, 5, 20);
    person.set_home_unit("cities/210800/units/jiaoyuju");
    person.set_rank("正科级");
    EXPECT_THAT(Call<personnel::v1::Person>(request, Home()), IsOk());
    return absl::StrCat(kYingkou, "/persons/", id);
  }
  static personnel::v1::CreateEngagementRequest ProposalFor(const std::string& person) {
    personnel::v1::CreateEngagementRequest request;
    request.set_parent(kYingkou);
    personnel::v1::Engagement& engagement = *request.mutable_engagement();
    engagement.set_kind(personnel::v1::SECONDMENT);
    engagement.set_person(person);
    engagement.set_partnership(kPair);
    engagement.set_host_unit("cities/110106/units/jiaowei");
    *engagement.mutable_terms()->mutable_start_date() = Day(2026, 3, 16);
    *engagement.mutable_terms()->mutable_end_date() = Day(2027, 3, 15);
    return request;
  }
  personnel::v1::Engagement Propose(const std::string& person) {
    const auto proposed = Call<personnel::v1::Engagement>(ProposalFor(person), Home());
    EXPECT_THAT(proposed, IsOk());
    return proposed.ok() ? *proposed : personnel::v1::Engagement();
  }
  // Any method that asks for the name of an engagement and a reason at most.
  template <class Request>
  absl::StatusOr<personnel::v1::Engagement> Act(const std::string& name, const rpc::CallOptions& options,
                                                Request request = {}) {
    request.set_name(name);
    return Call<personnel::v1::Engagement>(request, options);
  }
  template <class Request>
  static Request WithReason(const std::string& reason) {
    Request request;
    request.set_reason(reason);
    return request;
  }
  absl::StatusOr<personnel::v1::Engagement> Approve(const std::string& name, const rpc::CallOptions& options,
                                                    int version = 1) {
    personnel::v1::ApproveEngagementRequest request;
    request.set_terms_version(version);
    return Act(name, options, std::move(request));
  }
  personnel::v1::Engagement Get(const std::string& name, const rpc::CallOptions& options) {
    const auto found = Act<personnel::v1::GetEngagementRequest>(name, options);
    EXPECT_THAT(found, IsOk());
    return found.ok() ? *found : personnel::v1::Engagement();
  }
  // An engagement that is ACTIVE since 2026-03-16, on which the clock then stands.
  personnel::v1::Engagement Activate(const std::string& person) {
    const std::string name = Propose(person).name();
    EXPECT_THAT(Approve(name, Home()), IsOk());
    EXPECT_THAT(Approve(name, Host()), IsOk());
    SetDay(2026, 3, 16);
    const auto active = Act<personnel::v1::RecordArrivalRequest>(name, Host());
    EXPECT_THAT(active, IsOk());
    return active.ok() ? *active : personnel::v1::Engagement();
  }
  std::string AddQuota(int seats) {
    personnel::v1::CreateQuotaRequest request;
    request.set_parent(kYingkou);
    request.set_quota_id("q2026");
    personnel::v1::Quota& quota = *request.mutable_quota();
    quota.set_partnership(kPair);
    quota.set_host_city(kFengtai);
    quota.set_year(2026);
    quota.set_kind(personnel::v1::SECONDMENT);
    quota.set_seats(seats);
    EXPECT_THAT(Call<personnel::v1::Quota>(request, Home()), IsOk());
    return absl::StrCat(kYingkou, "/quotas/q2026");
  }
  // Of Fengtai, open and shared.
  std::string AddPost(const std::string& id, int seats, personnel::v1::ExchangeKind kind = personnel::v1::SECONDMENT) {
    personnel::v1::CreatePostRequest request;
    request.set_parent(kFengtai);
    request.set_post_id(id);
    personnel::v1::Post& post = *request.mutable_post();
    post.set_title("教委副主任(挂职)");
    post.set_host_unit("cities/110106/units/jiaowei");
    post.set_kind(kind);
    post.set_seats(seats);
    *post.mutable_start_date() = Day(2026, 3, 16);
    *post.mutable_end_date() = Day(2027, 3, 15);
    post.mutable_access()->set_sharing(type::v1::Access::UNCONDITIONAL);
    EXPECT_THAT(Call<personnel::v1::Post>(request, Host()), IsOk());
    return absl::StrCat(kFengtai, "/posts/", id);
  }
  absl::StatusOr<personnel::v1::Nomination> Nominate(const std::string& id, const std::string& person,
                                                     const std::string& post) {
    personnel::v1::CreateNominationRequest request;
    request.set_parent(kYingkou);
    request.set_nomination_id(id);
    request.mutable_nomination()->set_person(person);
    request.mutable_nomination()->set_post(post);
    return Call<personnel::v1::Nomination>(request, Home());
  }
  // "reserved/consumed of seats"
  std::string Seats(const std::string& name) {
    personnel::v1::GetQuotaRequest request;
    request.set_name(name);
    const auto quota = Call<personnel::v1::Quota>(request, Home());
    EXPECT_THAT(quota, IsOk());
    return quota.ok() ? absl::StrCat(quota->reserved(), "/", quota->consumed(), " of ", quota->seats()) : "";
  }
  std::vector<personnel::v1::ExchangeNotice> Told(const std::string& city) {
    personnel::v1::ListExchangeNoticesRequest request;
    request.set_parent("cities/-");
    request.set_filter(absl::StrCat("city = \"", city, "\""));
    const auto told =
        Call<personnel::v1::ListExchangeNoticesResponse>(request, As(city, "zuzhibu", type::v1::PERSONNEL_OFFICER));
    EXPECT_THAT(told, IsOk());
    if (!told.ok()) return {};
    return {told->notices().begin(), told->notices().end()};
  }
  // Moves the clock, and works off the days up to then.
  void RunUpTo(int year, int month, int day) {
    SetDay(year, month, day);
    CatchUpDays();
  }
  void SetDay(int year, int month, int day) { clock_.Set(StartOf(absl::CivilDay(year, month, day)) + absl::Hours(9)); }
};

}  // namespace duikou::testing

#endif  // DUIKOU_TESTS_INTEGRATION_PERSONNEL_FIXTURE_H_
