#ifndef DUIKOU_COMMON_RPC_CONCEALMENT_H_
#define DUIKOU_COMMON_RPC_CONCEALMENT_H_

#include <functional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "common/base/caller.h"
#include "google/protobuf/any.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace duikou::rpc {

// What a caller does not read of records that he sees, where it depends on what a record says: items of a list that are
// others' business. It is taken away where messages leave the service, answers and changes alike; functions see records
// whole. Other services read all.
class Concealments {
 public:
  // Takes it away from a record.
  using Conceal = std::function<void(const Caller&, google::protobuf::Message& record)>;

  void Add(const google::protobuf::Descriptor* type, Conceal conceal) { by_type_[type] = std::move(conceal); }
  // Whether a message of this type is such a record, or may have one in it.
  bool Concern(const google::protobuf::Descriptor* type) const;
  // From the message itself, or from the records in it.
  void Apply(const Caller& caller, google::protobuf::Message& message) const;
  // The methods of a service: with them it is known which actions are whose.
  void AddActions(const google::protobuf::ServiceDescriptor* service);
  // Whether whoever sees a change of a record may know who did what, and why. Of a type that something is concealed of
  // he does not where a method of other records was called, which changes this one as well: the listing that somebody
  // bids for.
  bool TellsAction(const google::protobuf::Descriptor* type, const std::string& action) const;
  // From a packed record of this type.
  absl::Status ApplyTo(const Caller& caller, const google::protobuf::Message& prototype,
                       google::protobuf::Any& packed) const;

 private:
  absl::flat_hash_map<const google::protobuf::Descriptor*, Conceal> by_type_;
  absl::flat_hash_map<std::string, const google::protobuf::Descriptor*> answers_;  // By the method's name.
};

}  // namespace duikou::rpc

#endif  // DUIKOU_COMMON_RPC_CONCEALMENT_H_
