#ifndef DUIKOU_COMMON_RPC_STANDARD_METHODS_H_
#define DUIKOU_COMMON_RPC_STANDARD_METHODS_H_

#include "common/rpc/host.h"
#include "common/rpc/method.h"

namespace duikou::rpc {

// What a type shows beside the bytes of a stored record, to be appended to them: of two messages one after the other
// the reader makes one, the second merged into the first. Empty without functions; see Shown.
absl::StatusOr<std::string> ShownBeside(const ShowFunctions& show, const schema::ResourceType& type, const View* view,
                                        Locale locale, const std::string& stored);
// The same for a record in memory, which keeps it; nullptr without functions.
absl::StatusOr<std::shared_ptr<const store::Beside>> ShownBeside(const ShowFunctions& show, Locale locale,
                                                                 const store::CachedRecord& record);

// Sets the function of a method that is a standard method (AIP-131 to 135) of the type: GetX, ListXs, CreateX, UpdateX,
// DeleteX, told by its name and its messages. False for all others. `update` is the type's UpdateX, nullptr where it
// has none: what a partner system creates again by its external id becomes one.
bool SetStandardFunction(const schema::ResourceType& type, const Host::ErasedHooks& hooks, const Method* update,
                         Method& method);

}  // namespace duikou::rpc

#endif  // DUIKOU_COMMON_RPC_STANDARD_METHODS_H_
