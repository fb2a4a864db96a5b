// duikou listing: what concerns listings and needs no server.
#ifndef DUIKOU_CLIENTS_CLI_LISTING_COMMANDS_H_
#define DUIKOU_CLIENTS_CLI_LISTING_COMMANDS_H_

#include "clients/cli/context.h"

namespace duikou::cli {

void AddListingCommands(CLI::App& app, Context& context);

}  // namespace duikou::cli

#endif  // DUIKOU_CLIENTS_CLI_LISTING_COMMANDS_H_
