// What the commands that read the change log share.
#ifndef DUIKOU_CLIENTS_CLI_LOG_COMMANDS_H_
#define DUIKOU_CLIENTS_CLI_LOG_COMMANDS_H_

#include "clients/cli/context.h"

namespace duikou::cli {

// Served by every service of the suite.
inline constexpr char kChangeLog[] = "duikou.log.v1.ChangeLog.";

void AddVerifyCommand(CLI::App& app, Context& context);
void AddBundleCommand(CLI::App& app, Context& context);

}  // namespace duikou::cli

#endif  // DUIKOU_CLIENTS_CLI_LOG_COMMANDS_H_
