// Records as tables and as a list of their fields, whatever their type.
#ifndef DUIKOU_CLIENTS_CLI_RECORD_VIEW_H_
#define DUIKOU_CLIENTS_CLI_RECORD_VIEW_H_

#include <string>
#include <vector>

#include "clients/cli/table.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace duikou::cli {

// The columns that a listing of a type shows unless others are asked for: paths of fields, "id" being the last segment
// of the name.
std::vector<std::string> DefaultColumns(const google::protobuf::Descriptor& type);

// A table with these columns, with heads in the language of the user.
Table TableOf(const std::vector<std::string>& columns);

// The row of a record for these columns.
std::vector<std::string> RowOf(const google::protobuf::Message& record, const std::vector<std::string>& columns);

// All fields of a record that are set, a line each; repeated messages as tables below.
std::string DetailOf(const google::protobuf::Message& record, size_t width);

}  // namespace duikou::cli

#endif  // DUIKOU_CLIENTS_CLI_RECORD_VIEW_H_
