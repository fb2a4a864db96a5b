// What a contract must keep to on its own: parties, amounts, days and mode.
#include "absl/strings/str_cat.h"
#include "services/techtransfer/rules/contract_parties.h"
#include "services/techtransfer/rules/contract_state.h"
#include "services/techtransfer/rules/negotiation_actions.h"
#include "tests/unit/negotiation_samples.h"
#include "tests/unit/status_matchers.h"

namespace duikou::techtransfer::rules {
namespace {

using duikou::testing::BadFields;
using duikou::testing::BrokerOf;
using duikou::testing::DraftNegotiation;
using duikou::testing::Fails;
using duikou::testing::IsOk;
using duikou::testing::kBuyerUnit;
using duikou::testing::kDemandName;
using duikou::testing::kOfferName;
using duikou::testing::kOtherUnit;
using duikou::testing::kSampleDay;
using duikou::testing::kSellerUnit;
using duikou::testing::OfferOf;
using duikou::testing::OfficerOf;
using duikou::testing::SignedContract;
using ::testing::ElementsAre;
using v1::Contract;

constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
constexpr auto kDenied = absl::StatusCode::kPermissionDenied;

TEST(ModeTest, EveryKindWithEveryMode) {
  // - none, A assignment, O S X licences (ordinary, sole, exclusive), E equity, C cooperation.
  const std::pair<v1::ContractKind, const char*> rows[] = {//                               -AOSXEC
                                                           {v1::COMMISSIONED_DEVELOPMENT, "+....++"},
                                                           {v1::COOPERATIVE_DEVELOPMENT, "+....++"},
                                                           {v1::TRANSFER, ".+....."},
                                                           {v1::LICENCE, "..+++.."},
                                                           {v1::CONSULTING, "+....++"},
                                                           {v1::SERVICE, "+....++"}};
  for (const auto& [kind, modes] : rows) {
    for (int mode = 0; mode < v1::TransferMode_ARRAYSIZE; ++mode) {
      const absl::Status checked = CheckMode(kind, static_cast<v1::TransferMode>(mode), "contract.mode");
      const std::string cell = absl::StrCat(NameOf(kind).en, " with mode ", mode);
      if (modes[mode] == '+') {
        EXPECT_THAT(checked, IsOk()) << cell;
      } else {
        EXPECT_THAT(checked, Fails(kInvalid, "MODE_MISPLACED")) << cell;
        EXPECT_THAT(BadFields(checked), ElementsAre("contract.mode"));
      }
    }
  }
}

TEST(AmountsTest, TheTechnologyIsAPartOfTheWhole) {
  const struct {
    int64_t fen;
    const char* currency;
    int64_t technology_fen;
    const char* technology_currency;
    const char* bad;  // Empty: none.
  } rows[] = {
      {100, "", 100, "", ""},
      {100, "", 0, "", ""},
      {100, "CNY", 99, "", ""},
      {100, "", 99, "CNY", ""},
      {100, "USD", 50, "USD", ""},
      {100, "", 101, "", "contract.technology_amount"},
      {100, "USD", 50, "", "contract.technology_amount"},
      {100, "", 50, "USD", "contract.technology_amount"},
      {100, "USD", 50, "EUR", "contract.technology_amount"},
      {0, "", 0, "", "contract.amount"},
  };
  for (const auto& row : rows) {
    Contract contract = SignedContract();
    contract.mutable_amount()->set_fen(row.fen);
    contract.mutable_amount()->set_currency(row.currency);
    contract.mutable_technology_amount()->set_fen(row.technology_fen);
    contract.mutable_technology_amount()->set_currency(row.technology_currency);
    const absl::Status checked = CheckAmounts(contract, "contract.");
    const std::string what = absl::StrCat(row.fen, row.currency, " / ", row.technology_fen, row.technology_currency);
    if (*row.bad == 0) {
      EXPECT_THAT(checked, IsOk()) << what;
    } else {
      EXPECT_THAT(checked, Fails(kInvalid, "AMOUNT_INVALID")) << what;
      EXPECT_THAT(BadFields(checked), ElementsAre(row.bad)) << what;
    }
  }
}

TEST(SignDateTest, TodayAtTheLatestAndBeforeItsEnd) {
  Contract contract = SignedContract();
  EXPECT_THAT(CheckSigned(contract, kSampleDay), IsOk());
  EXPECT_THAT(CheckSigned(contract, kSampleDay - 1), Fails(kInvalid, "SIGN_DATE_INVALID"));
  *contract.mutable_end_date() = ToDate(kSampleDay);
  EXPECT_THAT(CheckSigned(contract, kSampleDay), IsOk());
  *contract.mutable_end_date() = ToDate(kSampleDay - 1);
  EXPECT_THAT(CheckSigned(contract, kSampleDay), Fails(kInvalid, "SIGN_DATE_INVALID"));
  EXPECT_THAT(BadFields(CheckSigned(contract, kSampleDay)), ElementsAre("contract.end_date"));
  contract.clear_end_date();
  Contract::Step& step = *contract.add_steps();
  step.set_state(Contract::SIGNED);
  *step.mutable_date() = ToDate(kSampleDay - 3);
  EXPECT_THAT(CheckSigned(contract, kSampleDay), IsOk()) << "the day of signing itself may be corrected";
  *contract.add_steps() = step;
  contract.mutable_steps(1)->set_state(Contract::SUBMITTED);
  EXPECT_THAT(CheckSigned(contract, kSampleDay), Fails(kInvalid, "SIGN_DATE_INVALID"));
}

TEST(PartiesTest, TheSellerRegistersInItsCity) {
  Contract contract = SignedContract();
  ASSERT_THAT(ArrangeParties(contract, OfficerOf(kSellerUnit)), IsOk());
  EXPECT_EQ(contract.seller().city(), "cities/210800");
  EXPECT_EQ(contract.buyer().city(), "cities/320700");
  EXPECT_THAT(contract.cities(), ElementsAre("cities/210800", "cities/320700"));
  EXPECT_THAT(ArrangeParties(contract, OfficerOf(kOtherUnit)), Fails(kDenied, "UNIT_OF_OTHERS"));
  EXPECT_THAT(ArrangeParties(contract, BrokerOf("210800")), IsOk());
  Contract elsewhere = SignedContract();
  elsewhere.set_name("cities/320700/contracts/c1");
  const absl::Status refused = ArrangeParties(elsewhere, OfficerOf(kBuyerUnit));
  EXPECT_THAT(refused, Fails(kInvalid, "REGISTERED_BY_SELLER"));
  EXPECT_THAT(BadFields(refused), ElementsAre("contract.seller"));
  Contract lies = SignedContract();
  lies.mutable_buyer()->set_city("cities/210100");
  ASSERT_THAT(ArrangeParties(lies, BrokerOf("210800")), IsOk());
  EXPECT_EQ(lies.buyer().city(), "cities/320700") << "a unit's city is its own";
  Contract within = SignedContract();
  within.mutable_buyer()->set_unit(kOtherUnit);
  ASSERT_THAT(ArrangeParties(within, BrokerOf("210800")), IsOk());
  EXPECT_THAT(within.cities(), ElementsAre("cities/210800"));
}

TEST(PartiesTest, OfImportsTheBuyerRegisters) {
  Contract contract = SignedContract();
  contract.set_name("cities/320700/contracts/c1");
  contract.mutable_seller()->Clear();
  contract.mutable_seller()->set_title("Kyoto Catalyst");
  contract.mutable_seller()->set_country("JP");
  ASSERT_THAT(ArrangeParties(contract, OfficerOf(kBuyerUnit)), IsOk());
  EXPECT_THAT(contract.cities(), ElementsAre("cities/320700"));
  EXPECT_EQ(&RegisteredBy(contract), &contract.buyer());
  contract.set_name("cities/210800/contracts/c1");
  const absl::Status refused = ArrangeParties(contract, BrokerOf("210800"));
  EXPECT_THAT(refused, Fails(kInvalid, "REGISTERED_BY_SELLER"));
  EXPECT_THAT(BadFields(refused), ElementsAre("contract.buyer"));
  Contract abroad = contract;
  abroad.mutable_buyer()->Clear();
  abroad.mutable_buyer()->set_title("Osaka Works");
  abroad.mutable_buyer()->set_country("JP");
  EXPECT_THAT(ArrangeParties(abroad, BrokerOf("210800")), Fails(kInvalid, "REGISTERED_BY_SELLER"));
  for (const char* country : {"", "CN"}) {
    contract.mutable_seller()->set_country(country);
    contract.mutable_seller()->set_city("cities/320700");
    EXPECT_THAT(ArrangeParties(contract, BrokerOf("210800")), Fails(kInvalid, "REGISTERED_BY_SELLER")) << country;
  }
}

TEST(PartiesTest, WhoIsNotInTheDirectory) {
  Contract contract = SignedContract();
  contract.mutable_seller()->Clear();
  EXPECT_THAT(ArrangeParties(contract, BrokerOf("210800")), Fails(kInvalid, "PARTY_MISSING"));
  contract.mutable_seller()->set_title("辽河科技有限公司");
  ASSERT_THAT(ArrangeParties(contract, OfficerOf(kOtherUnit)), IsOk()) << "anybody of the city records it";
  EXPECT_EQ(contract.seller().city(), "cities/210800");
  contract.mutable_seller()->set_city("cities/210100");
  EXPECT_THAT(ArrangeParties(contract, BrokerOf("210800")), Fails(kInvalid, "REGISTERED_BY_SELLER"));
  contract = SignedContract();
  contract.mutable_buyer()->Clear();
  EXPECT_THAT(ArrangeParties(contract, BrokerOf("210800")), Fails(kInvalid, "PARTY_MISSING"));
  EXPECT_THAT(BadFields(ArrangeParties(contract, BrokerOf("210800"))), ElementsAre("contract.buyer"));
}

TEST(PartiesTest, NobodySellsToHimself) {
  const auto party = [](const char* unit, const char* title, const char* code = "", const char* city = "") {
    Contract::Party made;
    made.set_unit(unit);
    made.set_title(title);
    made.set_credit_code(code);
    made.set_city(city);
    return made;
  };
  const struct {
    Contract::Party seller, buyer;
    bool same;
  } rows[] = {
      {party(kSellerUnit, "研究院"), party(kSellerUnit, "研究院"), true},
      {party(kSellerUnit, "科技局"), party(kBuyerUnit, "科技局"), false},
      {party("", "辽河公司"), party("", "辽河公司"), true},
      {party("", "辽河公司"), party("", "辽河公司", "", "cities/320700"), false},
      {party("", "辽河公司", "91210800A"), party("", "辽河有限公司", "91210800A"), true},
      {party("", "辽河公司", "91210800A"), party("", "辽河公司", "91210800B"), false},
      {party(kSellerUnit, "研究院"), party("", "研究院"), true},
  };
  for (size_t i = 0; i < std::size(rows); ++i) {
    Contract contract = SignedContract();
    *contract.mutable_seller() = rows[i].seller;
    *contract.mutable_buyer() = rows[i].buyer;
    const absl::Status arranged = ArrangeParties(contract, BrokerOf("210800"));
    if (rows[i].same) {
      EXPECT_THAT(arranged, Fails(kInvalid, "SAME_PARTY")) << i;
    } else {
      EXPECT_THAT(arranged, IsOk()) << i;
    }
  }
}

TEST(PartiesTest, TheSidesOfANegotiation) {
  v1::Negotiation negotiation = DraftNegotiation();
  ASSERT_THAT(Begin(negotiation, OfferOf(), nullptr, OfficerOf(kBuyerUnit)), IsOk());
  Contract contract = SignedContract();
  contract.mutable_seller()->set_unit(kOtherUnit);
  contract.mutable_seller()->set_credit_code("91350100M000100Y43");
  contract.set_offer("cities/210800/listings/another");
  contract.set_demand(kDemandName);
  TakeSides(contract, negotiation);
  EXPECT_EQ(contract.seller().unit(), kSellerUnit);
  EXPECT_EQ(contract.seller().title(), "研究院");
  EXPECT_EQ(contract.seller().credit_code(), "91350100M000100Y43");
  EXPECT_EQ(contract.buyer().unit(), kBuyerUnit);
  EXPECT_EQ(contract.offer(), kOfferName);
  EXPECT_EQ(contract.demand(), kDemandName) << "the buyer has no listing of its own in the negotiation";
}

TEST(PartiesTest, UnitsKeepTheirTitles) {
  const Contract before = SignedContract();
  Contract after = before;
  after.mutable_seller()->set_title("假名");
  after.mutable_buyer()->set_unit(kOtherUnit);
  after.mutable_buyer()->set_title("港务集团");
  KeepTitles(before, after);
  EXPECT_EQ(after.seller().title(), "研究院");
  EXPECT_EQ(after.buyer().title(), "港务集团");
}

}  // namespace
}  // namespace duikou::techtransfer::rules
