// What the command line says when it was typed wrongly.
#ifndef DUIKOU_CLIENTS_CLI_USAGE_H_
#define DUIKOU_CLIENTS_CLI_USAGE_H_

#include <string>

#include "CLI/CLI.hpp"

namespace duikou::cli {

// What is wrong and where the help on it is, in the current language.
std::string UsageError(const CLI::App* app, const CLI::Error& error);

}  // namespace duikou::cli

#endif  // DUIKOU_CLIENTS_CLI_USAGE_H_
