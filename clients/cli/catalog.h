// What the suite offers, read from the descriptors of its protos: the types of resources with their standard methods,
// and the methods beyond these. A new resource or method in a proto is in the command line without a line of code.
#ifndef DUIKOU_CLIENTS_CLI_CATALOG_H_
#define DUIKOU_CLIENTS_CLI_CATALOG_H_

#include <cstddef>
#include <iterator>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"

namespace duikou::cli {

enum class Peer { kDirectory, kTaskRegistry, kPersonnel, kConsultation, kTechTransfer };
inline constexpr Peer kPeers[] = {Peer::kDirectory, Peer::kTaskRegistry, Peer::kPersonnel, Peer::kConsultation,
                                  Peer::kTechTransfer};
inline constexpr size_t kPeerCount = std::size(kPeers);

// "directory", "taskregistry", "personnel", "consultation", "techtransfer".
absl::string_view PeerName(Peer peer);
// The names of all, and the peer of a name that is one of them.
std::vector<std::string> PeerNames();
Peer PeerNamed(absl::string_view name);

// The service that answers a method, by the method's package.
Peer PeerOf(const google::protobuf::MethodDescriptor& method);

struct ResourceType {
  const google::protobuf::Descriptor* message = nullptr;
  std::string type;      // "progress_report", as other protos refer to it
  std::string pattern;   // "cities/{city}/tasks/{task}/reports/{report}"
  std::string singular;  // "progress-report", for commands
  std::string plural;    // "progress-reports"
  // Null where the type has no such method.
  const google::protobuf::MethodDescriptor* get = nullptr;
  const google::protobuf::MethodDescriptor* list = nullptr;
  const google::protobuf::MethodDescriptor* create = nullptr;
  const google::protobuf::MethodDescriptor* update = nullptr;
  const google::protobuf::MethodDescriptor* remove = nullptr;
};

class Catalog {
 public:
  // The catalog of the protos linked in.
  static const Catalog& Get();

  const std::vector<ResourceType>& types() const { return types_; }
  // By type, singular or plural; null if there is none.
  const ResourceType* Find(absl::string_view name) const;
  // By the full name of a record: "cities/210800/tasks/t7" is a task; null if none fits.
  const ResourceType* FindByRecord(absl::string_view record) const;
  // Methods that are no standard method of a resource.
  const std::vector<const google::protobuf::MethodDescriptor*>& actions() const { return actions_; }
  // A method by its full name, "duikou.taskregistry.v1.TaskRegistry.IssueTask". Null if there is none.
  static const google::protobuf::MethodDescriptor* Method(absl::string_view full_name);

 private:
  Catalog();
  void Read(const google::protobuf::ServiceDescriptor& service);

  std::vector<ResourceType> types_;
  std::vector<const google::protobuf::MethodDescriptor*> actions_;
};

// The full name of a record from what a person types, in a pattern: with pattern cities/{city}/tasks/{task} and city
// 210800, "t7", "YK-2022-01-03", "tasks/t7" and the full name itself all give a full name. Several ids, from the
// outermost, are joined by slashes: "t7/r1". InvalidArgument if there are too many or too few.
absl::StatusOr<std::string> FullName(absl::string_view pattern, absl::string_view city, absl::string_view typed);

// The pattern of a type's parent: "cities/{city}" for a task; empty for a city.
std::string ParentPattern(absl::string_view pattern);

// The last segment of a name.
absl::string_view LastSegment(absl::string_view name);

// "ProgressReport", "progress_report" as "progress-report".
std::string Kebab(absl::string_view name);

}  // namespace duikou::cli

#endif  // DUIKOU_CLIENTS_CLI_CATALOG_H_
