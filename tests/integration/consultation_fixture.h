#ifndef DUIKOU_TESTS_INTEGRATION_CONSULTATION_FIXTURE_H_
#define DUIKOU_TESTS_INTEGRATION_CONSULTATION_FIXTURE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/workday.h"
#include "duikou/consultation/v1/calendars.pb.h"
#include "duikou/consultation/v1/consultations.pb.h"
#include "duikou/consultation/v1/proceedings.pb.h"
#include "duikou/consultation/v1/rotation.pb.h"
#include "duikou/pending/v1/pending.pb.h"
#include "duikou/type/v1/role.pb.h"
#include "services/consultation/rules/moments.h"
#include "services/consultation/service.h"
#include "tests/integration/directory_record.h"
#include "tests/integration/served_fixture.h"

namespace duikou::testing {

inline const char kYingkou[] = "cities/210800";
inline const char kLianyungang[] = "cities/320700";
inline const char kShenyang[] = "cities/210100";

// A directory in which everything exists but what is called "nobody", titled by its last segment.
class DirectoryOfAll : public rpc::Peers {
 public:
  absl::StatusOr<rpc::PeerRecords> Find(const std::string&, const std::vector<std::string>& names) override {
    rpc::PeerRecords records;
    for (const std::string& name : names) {
      auto& record = records.emplace_back();
      if (!absl::EndsWith(name, "/nobody")) record = DirectoryRecord(name);
    }
    return records;
  }
  std::optional<rpc::PeerRecords> FindInMemory(const std::string&, const std::vector<std::string>&) override {
    return std::nullopt;
  }
  absl::Status Call(const std::string&, const google::protobuf::Message&, google::protobuf::Message*,
                    const rpc::CallOptions&) override {
    return absl::UnavailableError("it only knows names");
  }
};

// The consultation service on a port of its own over one of the engines, and a client. The clock stands at Monday,
// 2026-03-02 08:00 in Shanghai. Yingkou hosts, Lianyungang comes.
class ConsultationTest : public ServedTest {
 protected:
  using Consultation = consultation::v1::Consultation;

  ConsultationTest() : ServedTest(consultation::Definition(), At(2, 8)) {}
  std::unique_ptr<rpc::Peers> MakePeers() const override { return std::make_unique<DirectoryOfAll>(); }

  rpc::CallOptions As(const std::string& city, const std::string& account, const std::vector<int>& roles) const {
    return SignedIn(city, account, "fagaiwei", roles, Locale::kZhCn);
  }
  rpc::CallOptions Host() const { return As(kYingkou, "sun", {type::v1::SCHEDULER, type::v1::COORDINATOR}); }
  rpc::CallOptions Guest() const { return As(kLianyungang, "qian", {type::v1::SCHEDULER, type::v1::COORDINATOR}); }
  rpc::CallOptions Third() const { return As(kShenyang, "zhou", {type::v1::SCHEDULER, type::v1::COORDINATOR}); }

  // Of a method that asks for the name of a consultation at least.
  template <class Request>
  absl::StatusOr<Consultation> Act(const std::string& name, const rpc::CallOptions& options, Request request = {}) {
    request.set_name(name);
    return Call<Consultation>(request, options);
  }
  Consultation Get(const std::string& name) {
    const auto found = Act<consultation::v1::GetConsultationRequest>(name, Host());
    EXPECT_THAT(found, IsOk());
    return found.ok() ? *found : Consultation();
  }

  // In Shanghai, of March 2026.
  static absl::Time At(int day, int hour, int minute = 0) {
    return absl::FromCivil(absl::CivilMinute(2026, 3, day, hour, minute), ShanghaiTime());
  }
  static google::protobuf::Timestamp Stamp(absl::Time time) { return consultation::rules::ToTimestamp(time); }

  std::string AddPerson(const std::string& city, const std::string& id, const std::string& liaison = "") {
    consultation::v1::CreateCalendarRequest request;
    request.set_parent(city);
    request.set_calendar_id(id);
    request.mutable_calendar()->set_kind(consultation::v1::Calendar::PERSON);
    request.mutable_calendar()->set_title(id);
    if (!liaison.empty()) request.mutable_calendar()->add_liaisons(absl::StrCat(city, "/accounts/", liaison));
    EXPECT_THAT(Call<consultation::v1::Calendar>(request, city == kYingkou ? Host() : Guest()), IsOk());
    return absl::StrCat(city, "/calendars/", id);
  }
  std::string AddRoom(const std::string& id, int seats) {
    consultation::v1::CreateCalendarRequest request;
    request.set_parent(kYingkou);
    request.set_calendar_id(id);
    request.mutable_calendar()->set_kind(consultation::v1::Calendar::ROOM);
    request.mutable_calendar()->set_title(id);
    request.mutable_calendar()->set_seats(seats);
    EXPECT_THAT(Call<consultation::v1::Calendar>(request, Host()), IsOk());
    return absl::StrCat(kYingkou, "/calendars/", id);
  }
  void MakeBusy(const std::string& calendar, absl::Time start, absl::Time end) {
    consultation::v1::CreateBusySourceRequest request;
    request.set_parent(calendar);
    auto& block = *request.mutable_busy_source()->add_blocks();
    *block.mutable_start_time() = Stamp(start);
    *block.mutable_end_time() = Stamp(end);
    block.set_title("体检");
    EXPECT_THAT(Call<consultation::v1::BusySource>(request, absl::StartsWith(calendar, kYingkou) ? Host() : Guest()),
                IsOk());
  }
  // An hour of 4 or 5 March by video, between the mayors.
  consultation::v1::CreateConsultationRequest DraftOf(const std::string& host_calendar,
                                                      const std::string& guest_calendar) {
    consultation::v1::CreateConsultationRequest request;
    request.set_parent(kYingkou);
    Consultation& consultation = *request.mutable_consultation();
    consultation.set_kind(Consultation::MEETING);
    consultation.set_tier(Consultation::DECISION);
    consultation.set_topic("对口合作年度会商");
    consultation.set_mode(Consultation::VIDEO);
    consultation.set_length_minutes(60);
    for (const char* city : {kYingkou, kLianyungang}) {
      auto& party = *consultation.add_parties();
      party.set_city(city);
      party.set_quorum(1);
    }
    auto& window = *consultation.add_windows();
    *window.mutable_start_time() = Stamp(At(4, 0));
    *window.mutable_end_time() = Stamp(At(6, 0));
    for (const std::string& calendar : {host_calendar, guest_calendar}) {
      auto& participant = *consultation.add_participants();
      participant.set_calendar(calendar);
      participant.set_role(Consultation::Participant::PRINCIPAL);
    }
    return request;
  }
  // The same with somebody who may stand in for the guest.
  consultation::v1::CreateConsultationRequest DraftOf(const std::string& host_calendar,
                                                      const std::string& guest_calendar,
                                                      const std::string& alternate_calendar) {
    consultation::v1::CreateConsultationRequest request = DraftOf(host_calendar, guest_calendar);
    auto& alternate = *request.mutable_consultation()->add_participants();
    alternate.set_calendar(alternate_calendar);
    alternate.set_role(Consultation::Participant::ALTERNATE);
    alternate.set_alternate_for(guest_calendar);
    return request;
  }
  // Drafted by the host; then the guest names those of its city.
  std::string Create(consultation::v1::CreateConsultationRequest request, const std::string& id) {
    request.set_consultation_id(id);
    consultation::v1::NameParticipantsRequest guests;
    guests.set_quorum(1);
    const Consultation whole = request.consultation();
    request.mutable_consultation()->clear_participants();
    for (const auto& participant : whole.participants()) {
      const bool guest = absl::StartsWith(participant.calendar(), kLianyungang);
      *(guest ? guests.add_participants() : request.mutable_consultation()->add_participants()) = participant;
    }
    const auto created = Call<Consultation>(request, Host());
    EXPECT_THAT(created, IsOk());
    if (!created.ok()) return "";
    EXPECT_THAT(Act(created->name(), Guest(), guests), IsOk());
    return created->name();
  }
  absl::StatusOr<Consultation> Propose(const std::string& name, absl::Time start, const rpc::CallOptions& options) {
    consultation::v1::ProposeConsultationRequest request;
    *request.mutable_start_time() = Stamp(start);
    return Act(name, options, std::move(request));
  }
  absl::StatusOr<Consultation> Answer(const std::string& name, const std::string& calendar,
                                      Consultation::Answer::Kind kind, const rpc::CallOptions& options) {
    consultation::v1::AnswerConsultationRequest request;
    request.set_calendar(calendar);
    request.mutable_answer()->set_kind(kind);
    return Act(name, options, std::move(request));
  }
  std::vector<int> Works(const std::string& city, const rpc::CallOptions& options) {
    pending::v1::ListPendingRequest request;
    request.set_parent(city);
    const auto pending = Call<pending::v1::ListPendingResponse>(request, options);
    EXPECT_THAT(pending, IsOk());
    std::vector<int> works;
    if (!pending.ok()) return works;
    for (const auto& item : pending->items()) works.push_back(item.work());
    return works;
  }
  size_t Holds(const std::string& calendar) {
    consultation::v1::GetCalendarRequest request;
    request.set_name(calendar);
    const auto found =
        Call<consultation::v1::Calendar>(request, absl::StartsWith(calendar, kYingkou) ? Host() : Guest());
    EXPECT_THAT(found, IsOk());
    return found.ok() ? static_cast<size_t>(found->holds_size()) : 99;
  }
};

}  // namespace duikou::testing

#endif  // DUIKOU_TESTS_INTEGRATION_CONSULTATION_FIXTURE_H_
