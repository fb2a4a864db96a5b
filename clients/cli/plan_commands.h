// What the commands under `duikou plan` share.
#ifndef DUIKOU_CLIENTS_CLI_PLAN_COMMANDS_H_
#define DUIKOU_CLIENTS_CLI_PLAN_COMMANDS_H_

#include <string>

#include "absl/status/statusor.h"
#include "clients/cli/context.h"

namespace duikou::cli {

// The full name of a plan typed as its id, number or name.
absl::StatusOr<std::string> PlanName(Context& context, const std::string& typed);

// The positional argument PLAN.
void AddPlanName(CLI::App& command, std::string& into);

// `duikou plan units` and `duikou plan link`.
void AddPlanUnitCommands(CLI::App& plan, Context& context);
// `duikou plan projects`.
void AddPlanProjectCommand(CLI::App& plan, Context& context);

}  // namespace duikou::cli

#endif  // DUIKOU_CLIENTS_CLI_PLAN_COMMANDS_H_
