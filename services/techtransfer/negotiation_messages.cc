#include "services/techtransfer/negotiation_messages.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/techtransfer/rules/negotiation_actions.h"
#include "services/techtransfer/rules/ownership.h"

namespace duikou::techtransfer {
namespace {

using v1::Negotiation;
using v1::NegotiationMessage;

absl::StatusOr<NegotiationMessage> Store(Txn& txn, Negotiation& negotiation, NegotiationMessage message,
                                         NegotiationMessage::Kind kind, const Text& text) {
  message.set_name(absl::StrCat(negotiation.name(), "/messages/", txn.NewId()));
  message.set_negotiation(negotiation.name());
  *message.mutable_cities() = negotiation.cities();
  message.set_kind(kind);
  message.set_text(text.zh);
  message.set_text_en(text.en);
  negotiation.set_messages(negotiation.messages() + 1);
  return txn.Insert(std::move(message));
}

}  // namespace

absl::StatusOr<NegotiationMessage> TellOtherSide(Txn& txn, const Caller& caller, Negotiation& negotiation,
                                                 NegotiationMessage::Kind kind, const Text& text) {
  NegotiationMessage message;
  message.set_city(rules::CityOf(caller));
  message.set_account(caller.name);
  return Store(txn, negotiation, std::move(message), kind, text);
}

absl::StatusOr<NegotiationMessage> TellBothSides(Txn& txn, Negotiation& negotiation, NegotiationMessage::Kind kind,
                                                 const Text& text) {
  return Store(txn, negotiation, NegotiationMessage(), kind, text);
}

absl::StatusOr<NegotiationMessage> PostMessage(Txn& txn, const Caller& caller, const v1::PostMessageRequest& request) {
  ASSIGN_OR_RETURN(Negotiation negotiation, txn.Get<Negotiation>(request.name()));
  RETURN_IF_ERROR(rules::CheckPost(negotiation, caller));
  ASSIGN_OR_RETURN(NegotiationMessage message,
                   TellOtherSide(txn, caller, negotiation, NegotiationMessage::TEXT, {.zh = request.text(), .en = ""}));
  RETURN_IF_ERROR(txn.Update(std::move(negotiation), request.etag()).status());
  return message;
}

}  // namespace duikou::techtransfer
