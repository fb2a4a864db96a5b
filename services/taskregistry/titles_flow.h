#ifndef DUIKOU_SERVICES_TASKREGISTRY_TITLES_FLOW_H_
#define DUIKOU_SERVICES_TASKREGISTRY_TITLES_FLOW_H_

#include <string>

#include "common/rpc/context.h"

namespace duikou::taskregistry {

// The title of a record of the directory: 营口市. Its id where the directory cannot tell now, as what is read does not
// wait for it; empty for no name.
std::string TitleOf(rpc::Context& context, const std::string& name);

}  // namespace duikou::taskregistry

#endif  // DUIKOU_SERVICES_TASKREGISTRY_TITLES_FLOW_H_
