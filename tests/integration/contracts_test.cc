// From an agreement to a contract and its registration, through the service as it runs, on both engines.
#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "common/workdays/keep_holidays.h"
#include "google/protobuf/empty.pb.h"
#include "services/techtransfer/registration.h"
#include "tests/integration/contracts_fixture.h"
#include "tests/integration/holidays.h"

namespace duikou::testing {
namespace {

using namespace techtransfer::v1;  // NOLINT(google-build-using-namespace): the API under test.
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr auto kForbidden = absl::StatusCode::kFailedPrecondition;
constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;
constexpr auto kNotFound = absl::StatusCode::kNotFound;

INSTANTIATE_TEST_SUITE_P(Engines, ContractsTest, ::testing::Values("Sqlite", "Postgres"),
                         [](const auto& info) { return std::string(info.param); });

TEST_P(ContractsTest, FromAgreementToRegistration) {
  const std::string offer = Offer("o1");
  const std::string open = Begin(offer, "n0", kLianyungang, "xueyuan")->name();
  EXPECT_THAT(SignOn(open, "c0", LICENCE, LICENCE_ORDINARY), Fails(kForbidden, "NEGOTIATION_NOT_AGREED"));
  const std::string negotiation = Agreed(offer, "n1");
  CreateContractRequest by_buyer = ContractRequest("c1", LICENCE, LICENCE_ORDINARY);
  by_buyer.set_parent(kLianyungang);
  by_buyer.mutable_contract()->set_negotiation(negotiation);
  EXPECT_THAT(Call<Contract>(by_buyer, Buyer()), Fails(kInvalid, "REGISTERED_BY_SELLER"));
  EXPECT_THAT(SignOn(negotiation, "c1", LICENCE, ASSIGNMENT), Fails(kInvalid, "MODE_MISPLACED"));
  EXPECT_THAT(Works(kYingkou, Office(kYingkou)), ElementsAre(pending::v1::PendingItem::RECORD_CONTRACT));
  const auto contract = SignOn(negotiation, "c1", LICENCE, LICENCE_ORDINARY);
  ASSERT_THAT(contract, IsOk());
  EXPECT_EQ(contract->state(), Contract::SIGNED);
  EXPECT_THAT(Works(kYingkou, Office(kYingkou)), ElementsAre(pending::v1::PendingItem::SUBMIT_REGISTRATION));
  EXPECT_EQ(contract->number(), "210800-HT-2026-01");
  EXPECT_EQ(contract->offer(), offer);
  EXPECT_EQ(contract->offer_title(), "丁烯氧化催化剂");
  EXPECT_EQ(contract->industry(), "C2661");
  EXPECT_EQ(contract->buyer().title(), "huagong");
  EXPECT_THAT(contract->cities(), ElementsAre(kYingkou, kLianyungang));
  EXPECT_EQ(GetNegotiation(negotiation).contract(), contract->name());
  EXPECT_THAT(SignOn(negotiation, "c2", LICENCE, LICENCE_ORDINARY), Fails(kForbidden, "CONTRACT_EXISTS"));
  BreakOffNegotiationRequest end;
  end.set_reason("反悔");
  EXPECT_THAT(Act<Negotiation>(negotiation, Buyer(), end), Fails(kForbidden, "CONTRACT_EXISTS"));
  EXPECT_EQ(Get(offer, Seller()).state(), Listing::PUBLISHED);
  EXPECT_EQ(Get(offer, Seller()).contracts(), 1);

  const std::string& name = contract->name();
  EXPECT_THAT((Act<Contract, GetContractRequest>(name, Buyer())), IsOk());
  EXPECT_THAT((Act<Contract, GetContractRequest>(name, Broker(kShenyang))), Fails(kNotFound, "NOT_FOUND"));
  EXPECT_THAT(Record<AcceptRegistrationRequest>(name), Fails(kForbidden, "CONTRACT_STATE_FORBIDS"));
  EXPECT_THAT((Act<Contract, SubmitRegistrationRequest>(name, Officer(kYingkou, "gangwu"))),
              Fails(kDenied, "UNIT_OF_OTHERS"));
  SubmitRegistrationRequest early;
  *early.mutable_date() = DateOf(2026, 3, 1);
  EXPECT_THAT(Record(name, early), Fails(kInvalid, "DATE_INVALID"));
  ASSERT_THAT(Record<SubmitRegistrationRequest>(name), IsOk());
  const auto accepted = Record<AcceptRegistrationRequest>(name);
  ASSERT_THAT(accepted, IsOk());
  EXPECT_EQ(accepted->due_date().day(), 23);
  EXPECT_TRUE(accepted->due_is_tentative());
  clock_.Set(At(10, 9));
  RequestSupplementRequest papers;
  papers.set_papers("缺委托书");
  const auto supplement = Record(name, papers);
  ASSERT_THAT(supplement, IsOk());
  EXPECT_FALSE(supplement->has_due_date());
  clock_.Set(At(16, 9));
  const auto anew = Record<AcceptRegistrationRequest>(name);
  ASSERT_THAT(anew, IsOk());
  EXPECT_EQ(absl::StrCat(anew->due_date().month(), "-", anew->due_date().day()), "4-6");
  ASSERT_THAT(Record<StartExpertReviewRequest>(name), IsOk());
  RegisterContractRequest found;
  found.set_registration_number("2026210800000001");
  *found.mutable_technology_amount() = Yuan(2'000'000);
  EXPECT_THAT(Record(name, found), Fails(kInvalid, "AMOUNT_INVALID"));
  *found.mutable_technology_amount() = Yuan(700'000);
  const auto registered = Record(name, found);
  ASSERT_THAT(registered, IsOk());
  EXPECT_EQ(registered->state(), Contract::REGISTERED);
  EXPECT_EQ(registered->register_date().day(), 16);
  EXPECT_EQ(registered->steps_size(), 7);
  EXPECT_FALSE(registered->has_due_date());
}

TEST_P(ContractsTest, AClosedOfferComesBack) {
  const std::string offer = Offer("o1");
  const std::string open = Begin(offer, "n0", kLianyungang, "xueyuan")->name();
  const std::string negotiation = Agreed(offer, "n1");
  const auto contract = SignOn(negotiation, "c1", TRANSFER, ASSIGNMENT);
  ASSERT_THAT(contract, IsOk());
  Listing closed = Get(offer, Seller());
  EXPECT_EQ(closed.state(), Listing::CLOSED);
  EXPECT_EQ(closed.closing_contract(), contract->name());
  EXPECT_THAT(closed.reason(), HasSubstr(contract->number()));
  EXPECT_THAT(Told(open, Buyer()), ElementsAre(NegotiationMessage::LISTING_CLOSED));
  EXPECT_THAT(Sign(DirectRequest("c2", offer)), Fails(kForbidden, "LISTING_STATE_FORBIDS"));

  // A changed contract lets it go, and takes it again.
  UpdateContractRequest change;
  change.mutable_contract()->set_name(contract->name());
  change.mutable_contract()->set_kind(LICENCE);
  change.mutable_contract()->set_mode(LICENCE_SOLE);
  ASSERT_THAT(Call<Contract>(change, Seller()), IsOk());
  EXPECT_EQ(Get(offer, Seller()).state(), Listing::PUBLISHED);
  change.mutable_contract()->set_mode(LICENCE_EXCLUSIVE);
  ASSERT_THAT(Call<Contract>(change, Seller()), IsOk());
  EXPECT_EQ(Get(offer, Seller()).state(), Listing::CLOSED);
  EXPECT_EQ(Get(offer, Seller()).contracts(), 1);
  EXPECT_THAT(Call<Contract>(change, Officer(kYingkou, "gangwu")), Fails(kDenied, "UNIT_OF_OTHERS"));

  DeleteContractRequest mistake;
  mistake.set_name(contract->name());
  ASSERT_THAT(Call<google::protobuf::Empty>(mistake, Broker(kYingkou)), IsOk());
  EXPECT_EQ(Get(offer, Seller()).state(), Listing::PUBLISHED);
  EXPECT_EQ(Get(offer, Seller()).closing_contract(), "");
  EXPECT_EQ(Get(offer, Seller()).contracts(), 0);
  EXPECT_EQ(GetNegotiation(negotiation).contract(), "");

  const auto second = SignOn(negotiation, "c3", TRANSFER, ASSIGNMENT);
  ASSERT_THAT(second, IsOk());
  ASSERT_THAT(Register(second->name(), "2026210800000001"), IsOk());
  EXPECT_THAT(Call<Contract>(
                  [&] {
                    change.mutable_contract()->set_name(second->name());
                    return change;
                  }(),
                  Seller()),
              Fails(kForbidden, "CONTRACT_STATE_FORBIDS"));
  mistake.set_name(second->name());
  EXPECT_THAT(Call<google::protobuf::Empty>(mistake, Broker(kYingkou)), Fails(kForbidden, "CONTRACT_STATE_FORBIDS"));
  CancelContractRequest cancel;
  cancel.set_reason("合同解除");
  const auto cancelled = Record(second->name(), cancel);
  ASSERT_THAT(cancelled, IsOk());
  EXPECT_EQ(cancelled->steps().rbegin()->note(), "合同解除");
  EXPECT_EQ(Get(offer, Seller()).state(), Listing::PUBLISHED);
  EXPECT_EQ(Get(offer, Seller()).contracts(), 0);
}

// Each of many clients sells the same offer.
TEST_P(ContractsTest, ContestedOffersAreSoldOnce) {
  constexpr int kClients = 12;
  const std::string offer = Offer("o1");
  std::atomic<int> won{0}, lost{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&, i] {
      CreateContractRequest request = DirectRequest(absl::StrCat("c", i), offer);
      request.mutable_contract()->set_kind(TRANSFER);
      request.mutable_contract()->set_mode(ASSIGNMENT);
      const auto sold = Sign(request);
      if (sold.ok()) ++won;
      if (ReasonOf(sold.status()) == "LISTING_STATE_FORBIDS") ++lost;
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(won, 1);
  EXPECT_EQ(lost, kClients - 1);
  EXPECT_EQ(Get(offer, Seller()).contracts(), 1);
}

TEST_P(ContractsTest, WhoMayRecordWhat) {
  const std::string offer = Offer("o1"), others = Offer("o2", "gangwu");
  const std::string demand = PublishSample(Listing::DEMAND, kLianyungang, "huagong", "d1", "寻求催化剂");
  const std::string foreign_demand = PublishSample(Listing::DEMAND, kLianyungang, "xueyuan", "d2", "寻求助剂");
  const auto refused = [&](const char* reason, const std::function<void(Contract&)>& change,
                           absl::StatusCode code = kInvalid) {
    CreateContractRequest request = DirectRequest("c1", offer);
    change(*request.mutable_contract());
    EXPECT_THAT(Sign(request), Fails(code, reason));
  };
  refused("PARTY_MISSING", [](Contract& contract) { contract.clear_buyer(); });
  refused("SAME_PARTY", [](Contract& contract) { *contract.mutable_buyer() = contract.seller(); });
  refused(
      "UNIT_OF_OTHERS", [](Contract& contract) { contract.mutable_seller()->set_unit("cities/210800/units/gangwu"); },
      kDenied);
  refused("CREDIT_CODE_INVALID",
          [](Contract& contract) { contract.mutable_buyer()->set_credit_code("91350100M000100Y44"); });
  refused("AMOUNT_INVALID", [](Contract& contract) { contract.mutable_amount()->set_fen(1); });
  refused("SIGN_DATE_INVALID", [](Contract& contract) { *contract.mutable_sign_date() = DateOf(2026, 3, 3); });
  refused("SIGN_DATE_INVALID", [](Contract& contract) { *contract.mutable_end_date() = DateOf(2026, 3, 1); });
  refused("OFFER_OF_OTHERS", [&](Contract& contract) { contract.set_offer(others); });
  refused("SAME_KIND", [&](Contract& contract) { contract.set_offer(demand); });
  refused("DEMAND_OF_OTHERS", [&](Contract& contract) { contract.set_demand(foreign_demand); });
  refused("REFERENCE_UNKNOWN", [&](Contract& contract) { contract.set_negotiation("cities/210800/negotiations/no"); });
  EXPECT_EQ(Get(offer, Seller()).contracts(), 0);
  CreateContractRequest good = DirectRequest("c1", offer);
  good.mutable_contract()->set_demand(demand);
  good.mutable_contract()->mutable_buyer()->set_credit_code("91350100M000100Y43");
  const auto contract = Sign(good);
  ASSERT_THAT(contract, IsOk());
  EXPECT_EQ(contract->buyer().city(), kLianyungang);
  EXPECT_EQ(Get(demand, Buyer()).contracts(), 1);
  EXPECT_EQ(Get(demand, Buyer()).state(), Listing::PUBLISHED);

  CreateContractRequest import = ContractRequest("i1", LICENCE, LICENCE_ORDINARY);
  import.set_parent(kLianyungang);
  import.mutable_contract()->mutable_seller()->set_title("Kyoto Catalyst");
  import.mutable_contract()->mutable_seller()->set_country("JP");
  import.mutable_contract()->mutable_buyer()->set_unit("cities/320700/units/huagong");
  const auto imported = Call<Contract>(import, Buyer());
  ASSERT_THAT(imported, IsOk());
  EXPECT_THAT(imported->cities(), ElementsAre(kLianyungang));
}

TEST_P(ContractsTest, AnAgreedPriceOfAUniversityIsPublicisedFirst) {
  const std::string offer = Offer("o1", "univ1");
  CreateContractRequest request = DirectRequest("c1", offer);
  request.mutable_contract()->mutable_seller()->set_unit(absl::StrCat(kYingkou, "/units/univ1"));
  const auto sign = [&](int month, int day) {
    *request.mutable_contract()->mutable_sign_date() = DateOf(2026, month, day);
    return Call<Contract>(request, Officer(kYingkou, "univ1"));
  };
  EXPECT_THAT(sign(3, 2), Fails(kForbidden, "PUBLICITY_MISSING"));
  PubliciseListingRequest publicise;
  *publicise.mutable_price() = Yuan(1'000'000);
  publicise.set_note("协议定价");
  ASSERT_THAT(Act<Listing>(offer, Officer(kYingkou, "univ1"), publicise), IsOk());
  EXPECT_THAT(sign(3, 2), Fails(kForbidden, "PUBLICITY_RUNS"));
  WithdrawListingRequest withdraw;
  withdraw.set_reason("自用");
  EXPECT_THAT(Act<Listing>(offer, Officer(kYingkou, "univ1"), withdraw), Fails(kForbidden, "PUBLICITY_RUNS"));
  clock_.Set(At(18, 9));
  EXPECT_THAT(sign(3, 17), Fails(kForbidden, "PUBLICITY_RUNS"));
  const auto contract = sign(3, 18);
  ASSERT_THAT(contract, IsOk());
  UpdateContractRequest earlier;
  earlier.mutable_contract()->set_name(contract->name());
  *earlier.mutable_contract()->mutable_sign_date() = DateOf(2026, 3, 17);
  EXPECT_THAT(Call<Contract>(earlier, Officer(kYingkou, "univ1")), Fails(kForbidden, "PUBLICITY_RUNS"));
}

TEST_P(ContractsTest, EachIsCountedOnce) {
  const std::string offer = Offer("o1");
  ASSERT_THAT(Sign(DirectRequest("c1", offer)), IsOk());
  CreateContractRequest service = DirectRequest("c2", "");
  service.mutable_contract()->set_kind(SERVICE);
  service.mutable_contract()->clear_mode();
  ASSERT_THAT(Sign(service), IsOk());
  EXPECT_EQ(Count(kYingkou, CountContractsRequest::KIND, Office(kYingkou)).total().contracts(), 0);
  ASSERT_THAT(Register(absl::StrCat(kYingkou, "/contracts/c1"), "2026210800000001"), IsOk());
  EXPECT_THAT(Register(absl::StrCat(kYingkou, "/contracts/c2"), "2026210800000001"),
              Fails(absl::StatusCode::kAlreadyExists, "ALREADY_EXISTS"));
  RegisterContractRequest again;
  again.set_registration_number("2026210800000002");
  clock_.Set(absl::FromCivil(absl::CivilHour(2026, 4, 1, 9), ShanghaiTime()));
  ASSERT_THAT(Record(absl::StrCat(kYingkou, "/contracts/c2"), again), IsOk());
  for (const char* city : {kYingkou, kLianyungang}) {
    for (const std::string& parent : {std::string(city), std::string("cities/-")}) {
      const auto counted = Count(parent, CountContractsRequest::CITY_PAIR, Office(city));
      EXPECT_EQ(counted.total().contracts(), 2) << city << " of " << parent;
      ASSERT_EQ(counted.rows_size(), 1);
      EXPECT_EQ(counted.rows(0).key(), "210800→320700");
      EXPECT_EQ(counted.rows(0).technology_amount_fen(), 2 * 80'000'000);
    }
  }
  EXPECT_EQ(Count(kYingkou, CountContractsRequest::KIND, Office(kShenyang)).total().contracts(), 0)
      << "who is no party sees none of them";
  CountContractsRequest march;
  march.set_parent(kLianyungang);
  march.set_group_by(CountContractsRequest::MONTH);
  *march.mutable_from_date() = DateOf(2026, 3, 1);
  *march.mutable_until_date() = DateOf(2026, 3, 31);
  const auto counted = Call<CountContractsResponse>(march, Office(kLianyungang));
  ASSERT_THAT(counted, IsOk());
  ASSERT_EQ(counted->rows_size(), 1);
  EXPECT_EQ(counted->rows(0).key(), "2026-03");
  EXPECT_EQ(counted->total().contracts(), 1);
  march.set_parent("cities/320700/units/huagong");
  EXPECT_EQ(Call<CountContractsResponse>(march, Office(kLianyungang)).status().code(), kInvalid);
  march.set_parent(kLianyungang);
  *march.mutable_until_date() = DateOf(2026, 2, 28);
  EXPECT_THAT(Call<CountContractsResponse>(march, Office(kLianyungang)), Fails(kInvalid, "RANGE_INVALID"));

  AmendContractRequest amend;
  amend.set_note("金额变更");
  *amend.mutable_technology_amount() = Yuan(500'000);
  ASSERT_THAT(Record(absl::StrCat(kYingkou, "/contracts/c1"), amend), IsOk());
  EXPECT_EQ(Count(kYingkou, CountContractsRequest::KIND, Office(kYingkou)).total().technology_amount_fen(),
            130'000'000);
  CancelContractRequest cancel;
  cancel.set_reason("解除");
  ASSERT_THAT(Record(absl::StrCat(kYingkou, "/contracts/c1"), cancel), IsOk());
  EXPECT_EQ(Count(kYingkou, CountContractsRequest::KIND, Office(kYingkou)).total().contracts(), 1);
}

TEST_P(ContractsTest, NewHolidaysMoveTheDueDay) {
  const auto contract = Sign(DirectRequest("c1", Offer("o1")));
  ASSERT_THAT(contract, IsOk());
  ASSERT_THAT(Record<SubmitRegistrationRequest>(contract->name()), IsOk());
  ASSERT_THAT(Record<AcceptRegistrationRequest>(contract->name()), IsOk());
  const auto recompute = [&](const std::string& city) {
    const auto keep = workdays::KeepHolidays(HolidaysCreated(city, 2026, {absl::CivilDay(2026, 3, 23)}));
    return Take(service_->store(), [&](Txn& txn, store::Portion& portion) -> absl::Status {
      RETURN_IF_ERROR(keep(txn, portion));
      return techtransfer::RecomputeDueDates(txn, portion, city);
    });
  };
  const auto due = [&] { return *Act<Contract, GetContractRequest>(contract->name(), Seller()); };
  ASSERT_THAT(recompute(kLianyungang), IsOk());
  EXPECT_EQ(due().due_date().day(), 23) << "the holidays of another city";
  ASSERT_THAT(recompute(kYingkou), IsOk());
  EXPECT_EQ(due().due_date().day(), 24);
  EXPECT_FALSE(due().due_is_tentative());
  const std::string etag = due().etag();
  ASSERT_THAT(
      Take(service_->store(),
           [](Txn& txn, store::Portion& portion) { return techtransfer::RecomputeDueDates(txn, portion, kYingkou); }),
      IsOk());
  EXPECT_EQ(due().etag(), etag) << "what does not move is not written";
}

}  // namespace
}  // namespace duikou::testing
