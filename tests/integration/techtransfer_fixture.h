#ifndef DUIKOU_TESTS_INTEGRATION_TECHTRANSFER_FIXTURE_H_
#define DUIKOU_TESTS_INTEGRATION_TECHTRANSFER_FIXTURE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/workday.h"
#include "duikou/directory/v1/directory.pb.h"
#include "duikou/directory/v1/unit.pb.h"
#include "duikou/pending/v1/pending.pb.h"
#include "duikou/techtransfer/v1/challenges.pb.h"
#include "duikou/techtransfer/v1/contracts.pb.h"
#include "duikou/techtransfer/v1/events.pb.h"
#include "duikou/techtransfer/v1/listings.pb.h"
#include "duikou/techtransfer/v1/matching.pb.h"
#include "duikou/techtransfer/v1/negotiations.pb.h"
#include "duikou/type/v1/role.pb.h"
#include "services/techtransfer/rules/dates.h"
#include "services/techtransfer/service.h"
#include "tests/integration/directory_record.h"
#include "tests/integration/served_fixture.h"

namespace duikou::testing {

inline const char kYingkou[] = "cities/210800";
inline const char kLianyungang[] = "cities/320700";
inline const char kShenyang[] = "cities/210100";

// A directory in which everything exists but what is called "nobody", titled by its last segment. Units whose id begins
// with "univ" are universities, all others enterprises; a unit is found by its id.
class DirectoryOfUnits : public rpc::Peers {
 public:
  absl::StatusOr<rpc::PeerRecords> Find(const std::string&, const std::vector<std::string>& names) override {
    rpc::PeerRecords records;
    for (const std::string& name : names) {
      auto& record = records.emplace_back();
      const std::string id = name.substr(name.rfind('/') + 1);
      if (id == "nobody") continue;
      record = DirectoryRecord(name);
      directory::v1::Unit unit;
      unit.set_name(name);
      unit.set_title(id);
      unit.set_kind(absl::StartsWith(id, "univ") ? directory::v1::Unit::UNIVERSITY : directory::v1::Unit::ENTERPRISE);
      if (absl::StrContains(name, "/units/")) record->record.PackFrom(unit);
    }
    return records;
  }
  std::optional<rpc::PeerRecords> FindInMemory(const std::string&, const std::vector<std::string>&) override {
    return std::nullopt;
  }
  absl::Status Call(const std::string&, const google::protobuf::Message& request, google::protobuf::Message* response,
                    const rpc::CallOptions&) override {
    if (request.GetDescriptor() != directory::v1::ResolveUnitsRequest::descriptor())
      return absl::UnavailableError("it only knows names and units");
    const auto& asked = static_cast<const directory::v1::ResolveUnitsRequest&>(request);
    if (asked.texts_size() > 1000) return absl::InvalidArgumentError("at most 1,000 names");
    for (const std::string& text : asked.texts()) {
      auto& result = *static_cast<directory::v1::ResolveUnitsResponse*>(response)->add_results();
      result.set_text(text);
      if (text == "nobody") continue;
      auto& unit = *result.add_units();
      unit.set_name(absl::StrCat(asked.parent(), "/units/", text));
      unit.set_title(text);
    }
    return absl::OkStatus();
  }
};

// The service on a port of its own over one of the engines, and a client. The clock stands at Monday, 2026-03-02 08:00
// in Shanghai. Yingkou offers, Lianyungang wants.
class TechTransferTest : public ServedTest {
 protected:
  using Listing = techtransfer::v1::Listing;

  TechTransferTest() : ServedTest(techtransfer::Definition(), At(2, 8)) {}
  std::unique_ptr<rpc::Peers> MakePeers() const override { return std::make_unique<DirectoryOfUnits>(); }

  static absl::Time At(int day, int hour, int minute = 0) {
    return absl::FromCivil(absl::CivilMinute(2026, 3, day, hour, minute), ShanghaiTime());
  }
  static google::protobuf::Timestamp Stamp(absl::Time time) { return techtransfer::rules::ToTimestamp(time); }
  static duikou::type::v1::Date DateOf(int year, int month, int day) {
    return techtransfer::rules::ToDate(absl::CivilDay(year, month, day));
  }
  static duikou::type::v1::Money Yuan(int64_t yuan) {
    duikou::type::v1::Money money;
    money.set_fen(yuan * 100);
    return money;
  }

  rpc::CallOptions As(const std::string& city, const std::string& account, const std::vector<int>& roles,
                      const std::string& unit = "dwlb") const {
    return SignedIn(city, account, unit, roles, Locale::kEn);
  }
  rpc::CallOptions Broker(const std::string& city) const { return As(city, "broker", {type::v1::TECH_BROKER}); }
  rpc::CallOptions Office(const std::string& city) const { return As(city, "office", {type::v1::COORDINATOR}); }

  template <class Response, class Request>
  absl::StatusOr<Response> Act(const std::string& name, const rpc::CallOptions& options, Request request = {}) {
    request.set_name(name);
    return Call<Response>(request, options);
  }

  // A listing that lacks nothing; `owner` is the id of a unit of the city.
  static Listing SampleOf(Listing::Kind kind, const std::string& city, const std::string& owner,
                          const std::string& title) {
    Listing listing;
    listing.set_kind(kind);
    listing.set_title(title);
    listing.set_abstract(absl::StrCat(title, "的说明"));
    listing.set_owner_unit(absl::StrCat(city, "/units/", owner));
    if (kind == Listing::OFFER) {
      listing.add_modes(techtransfer::v1::ASSIGNMENT);
      listing.add_modes(techtransfer::v1::LICENCE_ORDINARY);
      listing.set_pricing(Listing::NEGOTIATED);
    }
    listing.mutable_publication()->set_disclosure(type::v1::Access::INTERNAL);
    listing.mutable_publication()->set_sharing(type::v1::Access::UNCONDITIONAL);
    return listing;
  }
  // By the city's broker.
  std::string Draft(const std::string& city, const std::string& id, const Listing& listing) {
    techtransfer::v1::CreateListingRequest request;
    request.set_parent(city);
    request.set_listing_id(id);
    *request.mutable_listing() = listing;
    const auto created = Call<Listing>(request, Broker(city));
    EXPECT_THAT(created, IsOk());
    return created.ok() ? created->name() : "";
  }
  // Submitted by the broker, published by the office.
  std::string Publish(const std::string& city, const std::string& id, const Listing& listing) {
    const std::string name = Draft(city, id, listing);
    EXPECT_THAT((Act<Listing, techtransfer::v1::SubmitListingRequest>(name, Broker(city))), IsOk());
    EXPECT_THAT((Act<Listing, techtransfer::v1::PublishListingRequest>(name, Office(city))), IsOk());
    return name;
  }
  std::string PublishSample(Listing::Kind kind, const std::string& city, const std::string& owner,
                            const std::string& id, const std::string& title) {
    return Publish(city, id, SampleOf(kind, city, owner, title));
  }
  Listing Get(const std::string& name, const rpc::CallOptions& options) {
    const auto listing = Act<Listing, techtransfer::v1::GetListingRequest>(name, options);
    EXPECT_THAT(listing, IsOk());
    return listing.ok() ? *listing : Listing();
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
};

}  // namespace duikou::testing

#endif  // DUIKOU_TESTS_INTEGRATION_TECHTRANSFER_FIXTURE_H_
