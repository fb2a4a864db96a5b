#ifndef DUIKOU_SERVICES_TECHTRANSFER_NEGOTIATION_MESSAGES_H_
#define DUIKOU_SERVICES_TECHTRANSFER_NEGOTIATION_MESSAGES_H_

#include "common/base/error.h"
#include "common/store/txn.h"
#include "duikou/techtransfer/v1/negotiations.pb.h"

// What is told in a negotiation.
namespace duikou::techtransfer {

absl::StatusOr<v1::NegotiationMessage> PostMessage(Txn& txn, const Caller& caller,
                                                   const v1::PostMessageRequest& request);

// Stores a message of the caller's side, and counts it on the negotiation, which its caller stores.
absl::StatusOr<v1::NegotiationMessage> TellOtherSide(Txn& txn, const Caller& caller, v1::Negotiation& negotiation,
                                                     v1::NegotiationMessage::Kind kind, const Text& text);

// The same of the service to both sides.
absl::StatusOr<v1::NegotiationMessage> TellBothSides(Txn& txn, v1::Negotiation& negotiation,
                                                     v1::NegotiationMessage::Kind kind, const Text& text);

}  // namespace duikou::techtransfer

#endif  // DUIKOU_SERVICES_TECHTRANSFER_NEGOTIATION_MESSAGES_H_
