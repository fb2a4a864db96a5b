#ifndef DUIKOU_SERVICES_CONSULTATION_NEXT_TURN_FLOW_H_
#define DUIKOU_SERVICES_CONSULTATION_NEXT_TURN_FLOW_H_

#include "common/rpc/context.h"
#include "duikou/consultation/v1/consultation.pb.h"
#include "duikou/consultation/v1/rotation.pb.h"

namespace duikou::consultation {

// Asks the directory for the names of the hosts: nobody wrote the draft's parties, so nobody had them looked up.
absl::StatusOr<v1::Consultation> ProposeNextTurn(rpc::Context& context, const Caller& caller,
                                                 const v1::ProposeNextTurnRequest& request);

}  // namespace duikou::consultation

#endif  // DUIKOU_SERVICES_CONSULTATION_NEXT_TURN_FLOW_H_
