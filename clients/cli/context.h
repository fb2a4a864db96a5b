// What the commands share: the options before the command, and the command that was chosen.
#ifndef DUIKOU_CLIENTS_CLI_CONTEXT_H_
#define DUIKOU_CLIENTS_CLI_CONTEXT_H_

#include <functional>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "clients/cli/suite.h"
#include "clients/cli/table.h"
#include "google/protobuf/message.h"

namespace duikou::cli {

class Context {
 public:
  Settings settings;
  std::string output = "table";  // or "json"
  // The chosen command; set by the callback of a subcommand, run once the whole command line is read.
  std::function<absl::Status()> run;

  bool json() const { return output == "json"; }
  Suite& suite();

  // Writes to stdout.
  void Print(absl::string_view text) const;
  void Print(const Table& table) const { Print(table.Render(TerminalWidth())); }
  // A record or response as JSON.
  void PrintJson(const google::protobuf::Message& message) const;

 private:
  std::unique_ptr<Suite> suite_;
};

// A subcommand with its summary in the language of the user and an example below its options.
CLI::App* AddCommand(CLI::App& parent, const std::string& name, absl::string_view zh, absl::string_view en,
                     absl::string_view example = "");

void AddSessionCommands(CLI::App& app, Context& context);
void AddResourceCommands(CLI::App& app, Context& context);
void AddActionCommands(CLI::App& app, Context& context);
void AddPlanCommands(CLI::App& app, Context& context);
void AddAttachmentCommands(CLI::App& app, Context& context);
void AddOverviewCommands(CLI::App& app, Context& context);
void AddFiguresCommands(CLI::App& app, Context& context);
void AddLedgerCommands(CLI::App& app, Context& context);
void AddExchangeCommands(CLI::App& app, Context& context);
void AddConsultationCommands(CLI::App& app, Context& context);
void AddSuperviseCommand(CLI::App& app, Context& context);
void AddLogCommands(CLI::App& app, Context& context);
void AddStoreCommands(CLI::App& app, Context& context);
void AddHealthCommand(CLI::App& app, Context& context);
void AddCertsCommand(CLI::App& app, Context& context);

}  // namespace duikou::cli

#endif  // DUIKOU_CLIENTS_CLI_CONTEXT_H_
