#include "services/techtransfer/rules/contract_parties.h"

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/workday.h"
#include "services/techtransfer/rules/contract_state.h"
#include "services/techtransfer/rules/dates.h"
#include "services/techtransfer/rules/ownership.h"

namespace duikou::techtransfer::rules {
namespace {

using v1::Contract;
using Party = v1::Contract::Party;

bool IsLicence(v1::TransferMode mode) {
  return mode == v1::LICENCE_ORDINARY || mode == v1::LICENCE_SOLE || mode == v1::LICENCE_EXCLUSIVE;
}

bool IsForeign(const Party& party) {
  return party.unit().empty() && !party.country().empty() && party.country() != "CN";
}

bool SameParty(const Party& a, const Party& b) {
  if (!a.unit().empty() && !b.unit().empty()) return a.unit() == b.unit();
  if (!a.credit_code().empty() && !b.credit_code().empty()) return a.credit_code() == b.credit_code();
  const bool elsewhere = !a.city().empty() && !b.city().empty() && a.city() != b.city();
  return a.title() == b.title() && IsForeign(a) == IsForeign(b) && !elsewhere;
}

absl::Status CheckNamed(const Party& party, const std::string& field) {
  if (!party.unit().empty() || !party.title().empty()) return absl::OkStatus();
  return BadField(field,
                  {"请填写单位,或不在名录中的当事人的名称。",
                   "is missing: name its unit, or the title of one that is not in the directory."},
                  "PARTY_MISSING");
}

// What a party of the directory is, its unit says.
void Fill(Party& party) {
  if (party.unit().empty()) return;
  party.set_city(CityOf(party.unit()));
  party.set_country("CN");
}

absl::Status CheckRegisteredHere(const Contract& contract, const std::string& city) {
  const bool import = IsForeign(contract.seller());
  const Party& party = RegisteredBy(contract);
  if (!IsForeign(party) && party.city() == city) return absl::OkStatus();
  if (import) {
    return BadField("contract.buyer",
                    {absl::StrCat("进口技术合同由境内受让方所在城市登记,不在“", city, "”。"),
                     absl::StrCat("has imports registered, in its city in China, which is not \"", city, "\".")},
                    "REGISTERED_BY_SELLER");
  }
  return BadField("contract.seller",
                  {absl::StrCat("技术合同由出让方所在城市登记,不在“", city, "”;请由该城市登记。"),
                   absl::StrCat("has it registered, in its own city, which is not \"", city, "\": record it there.")},
                  "REGISTERED_BY_SELLER");
}

void TakeSide(Party& party, const v1::Negotiation::Side& side) {
  party.set_unit(side.unit());
  party.set_title(side.unit_title());
}

void KeepTitle(const Party& before, Party& after) {
  if (!after.unit().empty() && after.unit() == before.unit()) after.set_title(before.title());
}

}  // namespace

absl::Status CheckMode(v1::ContractKind kind, v1::TransferMode mode, const std::string& field) {
  const Text name = NameOf(kind);
  if (kind == v1::TRANSFER) {
    if (mode == v1::ASSIGNMENT) return absl::OkStatus();
    return BadField(field, {"技术转让合同的方式应为转让(ASSIGNMENT)。", "must be ASSIGNMENT, of a TRANSFER."},
                    "MODE_MISPLACED");
  }
  if (kind == v1::LICENCE) {
    if (IsLicence(mode)) return absl::OkStatus();
    return BadField(field,
                    {"技术许可合同的方式应为普通、排他或独占许可之一。",
                     "must be LICENCE_ORDINARY, LICENCE_SOLE or LICENCE_EXCLUSIVE, of a LICENCE."},
                    "MODE_MISPLACED");
  }
  if (mode != v1::ASSIGNMENT && !IsLicence(mode)) return absl::OkStatus();
  return BadField(field,
                  {absl::StrCat(name.zh, "合同不能为转让或许可;请留空,或填作价投资、合作实施。"),
                   absl::StrCat("must be EQUITY, COOPERATION or left out, of ", name.en, ".")},
                  "MODE_MISPLACED");
}

bool IsCny(const duikou::type::v1::Money& money) { return money.currency().empty() || money.currency() == "CNY"; }

absl::Status CheckAmounts(const Contract& contract, const std::string& prefix) {
  const auto& amount = contract.amount();
  const auto& technology = contract.technology_amount();
  if (amount.fen() <= 0) {
    return BadField(prefix + "amount", {"成交额应大于零。", "must be more than nothing."}, "AMOUNT_INVALID");
  }
  const bool same = IsCny(amount) ? IsCny(technology) : amount.currency() == technology.currency();
  if (!same) {
    return BadField(prefix + "technology_amount",
                    {"技术交易额应与成交额同一币种。", "must be in the currency of the amount."}, "AMOUNT_INVALID");
  }
  if (technology.fen() >= 0 && technology.fen() <= amount.fen()) return absl::OkStatus();
  return BadField(prefix + "technology_amount",
                  {"技术交易额不能大于成交额。", "is a part of the amount: it must not be more."}, "AMOUNT_INVALID");
}

absl::Status CheckSigned(const Contract& contract, absl::CivilDay today) {
  const absl::CivilDay signed_on = ToCivil(contract.sign_date());
  if (signed_on > today) {
    return BadField("contract.sign_date",
                    {absl::StrCat("不能晚于今天(", FormatDay(today), ")。"),
                     absl::StrCat("must not lie after today, ", FormatDay(today), ".")},
                    "SIGN_DATE_INVALID");
  }
  for (const Contract::Step& step : contract.steps()) {
    if (step.state() == Contract::SIGNED || signed_on <= ToCivil(step.date())) continue;
    const std::string day = FormatDay(ToCivil(step.date()));
    return BadField("contract.sign_date",
                    {absl::StrCat("不能晚于 ", day, " 已登记的“", NameOf(step.state()).zh, "”。"),
                     absl::StrCat("must not lie after ", day, ", when it was ", NameOf(step.state()).en, ".")},
                    "SIGN_DATE_INVALID");
  }
  if (!contract.has_end_date() || ToCivil(contract.end_date()) >= signed_on) return absl::OkStatus();
  return BadField("contract.end_date", {"不能早于签订日期。", "must not lie before the day of signing."},
                  "SIGN_DATE_INVALID");
}

void TakeSides(Contract& contract, const v1::Negotiation& negotiation) {
  TakeSide(*contract.mutable_seller(), negotiation.seller());
  TakeSide(*contract.mutable_buyer(), negotiation.buyer());
  if (!negotiation.seller().listing().empty()) contract.set_offer(negotiation.seller().listing());
  if (!negotiation.buyer().listing().empty()) contract.set_demand(negotiation.buyer().listing());
}

void KeepTitles(const Contract& before, Contract& after) {
  KeepTitle(before.seller(), *after.mutable_seller());
  KeepTitle(before.buyer(), *after.mutable_buyer());
}

const Party& RegisteredBy(const Contract& contract) {
  return IsForeign(contract.seller()) ? contract.buyer() : contract.seller();
}

absl::Status CheckActsForContract(const Contract& contract, const Caller& by) {
  const std::string& unit = RegisteredBy(contract).unit();
  return unit.empty() ? absl::OkStatus() : CheckActsFor(by, unit);
}

absl::Status ArrangeParties(Contract& contract, const Caller& by) {
  RETURN_IF_ERROR(CheckNamed(contract.seller(), "contract.seller"));
  RETURN_IF_ERROR(CheckNamed(contract.buyer(), "contract.buyer"));
  Fill(*contract.mutable_seller());
  Fill(*contract.mutable_buyer());
  const std::string city = CityOf(contract.name());
  // It lies under the city of who has it registered: one outside the directory need not name that again.
  Party& registers = IsForeign(contract.seller()) ? *contract.mutable_buyer() : *contract.mutable_seller();
  if (registers.city().empty()) registers.set_city(city);
  if (SameParty(contract.seller(), contract.buyer())) {
    return BadField("contract.buyer", {"不能与出让方相同。", "must be another one than the seller."}, "SAME_PARTY");
  }
  RETURN_IF_ERROR(CheckRegisteredHere(contract, city));
  RETURN_IF_ERROR(CheckActsForContract(contract, by));
  contract.clear_cities();
  for (const Party* party : {&contract.seller(), &contract.buyer()}) {
    const bool known = contract.cities_size() == 1 && contract.cities(0) == party->city();
    if (!party->city().empty() && !known) contract.add_cities(party->city());
  }
  return absl::OkStatus();
}

}  // namespace duikou::techtransfer::rules
