#ifndef DUIKOU_COMMON_RPC_STANDARD_METHODS_H_
#define DUIKOU_COMMON_RPC_STANDARD_METHODS_H_

#include "common/rpc/host.h"
#include "common/rpc/method.h"

namespace duikou::rpc {

// Sets the function of a method that is a standard method (AIP-131 to 135) of the type: GetX, ListXs, CreateX, UpdateX,
// DeleteX, told by its name and its messages. False for all others. `update` is the type's UpdateX, nullptr where it
// has none: what a partner system creates again by its external id becomes one.
bool SetStandardFunction(const schema::ResourceType& type, const Host::ErasedHooks& hooks, const Method* update,
                         Method& method);

}  // namespace duikou::rpc

#endif  // DUIKOU_COMMON_RPC_STANDARD_METHODS_H_
