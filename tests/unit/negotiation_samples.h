#ifndef DUIKOU_TESTS_UNIT_NEGOTIATION_SAMPLES_H_
#define DUIKOU_TESTS_UNIT_NEGOTIATION_SAMPLES_H_

#include <string>

#include "common/base/caller.h"
#include "common/base/workday.h"
#include "duikou/techtransfer/v1/contract.pb.h"
#include "duikou/techtransfer/v1/listing.pb.h"
#include "duikou/techtransfer/v1/negotiation.pb.h"
#include "duikou/type/v1/role.pb.h"
#include "services/techtransfer/rules/dates.h"

// An institute of Yingkou offers, a works of Lianyungang buys.
namespace duikou::testing {

inline const char kSellerUnit[] = "cities/210800/units/yjy", kOtherUnit[] = "cities/210800/units/gangwu";
inline const char kBuyerUnit[] = "cities/320700/units/huagong";
inline const char kOfferName[] = "cities/210800/listings/o1", kDemandName[] = "cities/320700/listings/d1";
inline const absl::CivilDay kSampleDay(2026, 3, 2);

inline absl::Time MorningOf(absl::CivilDay day) { return StartOf(day) + absl::Hours(8); }

inline Caller PersonOf(const std::string& unit, int role, const std::string& account = "wang") {
  const std::string city = unit.substr(7, 6);
  return {.kind = Caller::Kind::kPerson,
          .name = "cities/" + city + "/accounts/" + account,
          .city = city,
          .unit = unit,
          .roles = 1U << role};
}
inline Caller OfficerOf(const std::string& unit) { return PersonOf(unit, duikou::type::v1::UNIT_OFFICER); }
// Acts for all units of his city.
inline Caller BrokerOf(const std::string& city) {
  return PersonOf("cities/" + city + "/units/jishushichang", duikou::type::v1::TECH_BROKER, "jin");
}

inline techtransfer::v1::Listing OfferOf(const std::string& unit = kSellerUnit) {
  using techtransfer::v1::Listing;
  Listing offer;
  offer.set_name(kOfferName);
  offer.set_kind(Listing::OFFER);
  offer.set_title("丁烯氧化催化剂");
  offer.set_owner_unit(unit);
  offer.set_owner_unit_title("研究院");
  offer.set_pricing(Listing::LISTED);
  offer.set_state(Listing::PUBLISHED);
  offer.add_industries("C26");
  return offer;
}
inline techtransfer::v1::Listing DemandOf(const std::string& unit = kBuyerUnit) {
  using techtransfer::v1::Listing;
  Listing demand;
  demand.set_name(kDemandName);
  demand.set_kind(Listing::DEMAND);
  demand.set_title("寻求催化剂");
  demand.set_owner_unit(unit);
  demand.set_owner_unit_title("化工厂");
  demand.set_state(Listing::PUBLISHED);
  return demand;
}

// A new one of the works about the offer, as its caller sends it.
inline techtransfer::v1::Negotiation DraftNegotiation() {
  techtransfer::v1::Negotiation negotiation;
  negotiation.set_name("cities/320700/negotiations/n1");
  negotiation.set_listing(kOfferName);
  negotiation.set_unit(kBuyerUnit);
  negotiation.set_unit_title("化工厂");
  return negotiation;
}

// A licence that the works signed, not yet submitted.
inline techtransfer::v1::Contract SignedContract() {
  using techtransfer::v1::Contract;
  Contract contract;
  contract.set_name("cities/210800/contracts/c1");
  contract.set_number("YK-HT-2026-01");
  contract.set_title("催化剂许可");
  contract.set_kind(techtransfer::v1::LICENCE);
  contract.set_mode(techtransfer::v1::LICENCE_ORDINARY);
  contract.mutable_seller()->set_unit(kSellerUnit);
  contract.mutable_seller()->set_title("研究院");
  contract.mutable_buyer()->set_unit(kBuyerUnit);
  contract.mutable_buyer()->set_title("化工厂");
  *contract.mutable_sign_date() = techtransfer::rules::ToDate(kSampleDay);
  contract.mutable_amount()->set_fen(100'000'00);
  contract.mutable_technology_amount()->set_fen(80'000'00);
  contract.set_state(Contract::SIGNED);
  return contract;
}

}  // namespace duikou::testing

#endif  // DUIKOU_TESTS_UNIT_NEGOTIATION_SAMPLES_H_
