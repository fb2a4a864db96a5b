#ifndef DUIKOU_TESTS_INTEGRATION_CONTRACTS_FIXTURE_H_
#define DUIKOU_TESTS_INTEGRATION_CONTRACTS_FIXTURE_H_

#include <string>
#include <utility>
#include <vector>

#include "tests/integration/techtransfer_fixture.h"

namespace duikou::testing {

// An institute of Yingkou, "yjy", and a works of Lianyungang, "huagong", each with an officer.
class ContractsTest : public TechTransferTest {
 protected:
  using Contract = techtransfer::v1::Contract;
  using Negotiation = techtransfer::v1::Negotiation;

  rpc::CallOptions Officer(const std::string& city, const std::string& unit) const {
    return As(city, absl::StrCat(unit, "-officer"), {type::v1::UNIT_OFFICER}, unit);
  }
  rpc::CallOptions Seller() const { return Officer(kYingkou, "yjy"); }
  rpc::CallOptions Buyer() const { return Officer(kLianyungang, "huagong"); }

  std::string Offer(const std::string& id, const std::string& owner = "yjy") {
    Listing offer = SampleOf(Listing::OFFER, kYingkou, owner, "丁烯氧化催化剂");
    offer.add_industries("C2661");
    return Publish(kYingkou, id, offer);
  }
  absl::StatusOr<Negotiation> Begin(const std::string& listing, const std::string& id, const std::string& city,
                                    const std::string& unit, const std::string& counter = "") {
    techtransfer::v1::CreateNegotiationRequest request;
    request.set_parent(city);
    request.set_negotiation_id(id);
    request.mutable_negotiation()->set_listing(listing);
    request.mutable_negotiation()->set_unit(absl::StrCat(city, "/units/", unit));
    request.mutable_negotiation()->set_counter_listing(counter);
    return Call<Negotiation>(request, Officer(city, unit));
  }
  absl::StatusOr<Negotiation> Propose(const std::string& name, techtransfer::v1::ContractKind kind,
                                      techtransfer::v1::TransferMode mode, const rpc::CallOptions& options) {
    techtransfer::v1::ProposeTermsRequest request;
    request.mutable_terms()->set_text("一次总付");
    request.mutable_terms()->set_kind(kind);
    request.mutable_terms()->set_mode(mode);
    return Act<Negotiation>(name, options, request);
  }
  absl::StatusOr<Negotiation> Accept(const std::string& name, int version, const rpc::CallOptions& options) {
    techtransfer::v1::AcceptTermsRequest request;
    request.set_terms_version(version);
    return Act<Negotiation>(name, options, request);
  }
  // Of the works about an offer, with terms that the institute accepted.
  std::string Agreed(const std::string& offer, const std::string& id, const std::string& buyer = "huagong") {
    const auto begun = Begin(offer, id, kLianyungang, buyer);
    EXPECT_THAT(begun, IsOk());
    if (!begun.ok()) return "";
    EXPECT_THAT(Propose(begun->name(), techtransfer::v1::LICENCE, techtransfer::v1::LICENCE_ORDINARY,
                        Officer(kLianyungang, buyer)),
                IsOk());
    EXPECT_THAT(Accept(begun->name(), 1, Seller()), IsOk());
    return begun->name();
  }
  techtransfer::v1::CreateContractRequest ContractRequest(const std::string& id, techtransfer::v1::ContractKind kind,
                                                          techtransfer::v1::TransferMode mode) const {
    techtransfer::v1::CreateContractRequest request;
    request.set_parent(kYingkou);
    request.set_contract_id(id);
    Contract& contract = *request.mutable_contract();
    contract.set_title("催化剂合同");
    contract.set_kind(kind);
    contract.set_mode(mode);
    *contract.mutable_sign_date() = DateOf(2026, 3, 2);
    *contract.mutable_amount() = Yuan(1'000'000);
    *contract.mutable_technology_amount() = Yuan(800'000);
    return request;
  }
  // Between the institute and the works, without a negotiation.
  techtransfer::v1::CreateContractRequest DirectRequest(const std::string& id, const std::string& offer) const {
    techtransfer::v1::CreateContractRequest request =
        ContractRequest(id, techtransfer::v1::LICENCE, techtransfer::v1::LICENCE_ORDINARY);
    request.mutable_contract()->mutable_seller()->set_unit(absl::StrCat(kYingkou, "/units/yjy"));
    request.mutable_contract()->mutable_buyer()->set_unit(absl::StrCat(kLianyungang, "/units/huagong"));
    request.mutable_contract()->set_offer(offer);
    return request;
  }
  absl::StatusOr<Contract> Sign(const techtransfer::v1::CreateContractRequest& request) {
    return Call<Contract>(request, Seller());
  }
  absl::StatusOr<Contract> SignOn(const std::string& negotiation, const std::string& id,
                                  techtransfer::v1::ContractKind kind, techtransfer::v1::TransferMode mode) {
    techtransfer::v1::CreateContractRequest request = ContractRequest(id, kind, mode);
    request.mutable_contract()->set_negotiation(negotiation);
    return Sign(request);
  }
  template <class Request>
  absl::StatusOr<Contract> Record(const std::string& name, Request request = {}) {
    return Act<Contract>(name, Seller(), std::move(request));
  }
  absl::StatusOr<Contract> Register(const std::string& name, const std::string& number) {
    EXPECT_THAT(Record<techtransfer::v1::SubmitRegistrationRequest>(name), IsOk());
    EXPECT_THAT(Record<techtransfer::v1::AcceptRegistrationRequest>(name), IsOk());
    techtransfer::v1::RegisterContractRequest request;
    request.set_registration_number(number);
    return Record(name, request);
  }
  std::vector<int> Told(const std::string& negotiation, const rpc::CallOptions& options) {
    techtransfer::v1::ListNegotiationMessagesRequest request;
    request.set_parent(negotiation);
    const auto listed = Call<techtransfer::v1::ListNegotiationMessagesResponse>(request, options);
    EXPECT_THAT(listed, IsOk());
    std::vector<int> kinds;
    if (!listed.ok()) return kinds;
    for (const auto& message : listed->negotiation_messages()) kinds.push_back(message.kind());
    return kinds;
  }
  Negotiation GetNegotiation(const std::string& name) {
    const auto found = Act<Negotiation, techtransfer::v1::GetNegotiationRequest>(name, Buyer());
    EXPECT_THAT(found, IsOk());
    return found.ok() ? *found : Negotiation();
  }
  techtransfer::v1::CountContractsResponse Count(const std::string& parent,
                                                 techtransfer::v1::CountContractsRequest::GroupBy group_by,
                                                 const rpc::CallOptions& options) {
    techtransfer::v1::CountContractsRequest request;
    request.set_parent(parent);
    request.set_group_by(group_by);
    const auto counted = Call<techtransfer::v1::CountContractsResponse>(request, options);
    EXPECT_THAT(counted, IsOk());
    return counted.ok() ? *counted : techtransfer::v1::CountContractsResponse();
  }
};

}  // namespace duikou::testing

#endif  // DUIKOU_TESTS_INTEGRATION_CONTRACTS_FIXTURE_H_
