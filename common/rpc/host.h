#ifndef DUIKOU_COMMON_RPC_HOST_H_
#define DUIKOU_COMMON_RPC_HOST_H_

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "common/rpc/context.h"
#include "common/rpc/method.h"

namespace grpc {
class Service;
}

namespace duikou::rpc {

// What Get and List show beside what is stored. It rests on the record, the language and what `version` counts alone.
template <class T>
struct Shown {
  // Sets fields of `shown`, an empty record that is merged into the one read. First called with nullptr; where it
  // cannot do without a view, it fails and is called again with one.
  std::function<absl::Status(const View* view, Locale, const T& record, T& shown)> fields;
  // Equal numbers, equal fields: what was computed without a view is kept as long as this stays the same. Never comes
  // back to a number that it had before.
  std::function<uint64_t()> version;
};

// What a resource adds to its standard methods. Each may be empty. They run in the transaction, before the record is
// stored or removed.
template <class T>
struct Hooks {
  std::function<absl::Status(Txn&, const Caller&, T& record)> create;
  std::function<absl::Status(Txn&, const Caller&, const T& before, T& after)> update;
  std::function<absl::Status(Txn&, const Caller&, const T& record)> remove;
  Shown<T> show;
  // Takes away what this caller does not read of a record that he sees (Concealments): from what any method answers,
  // and from changes. Fields that it looks at or takes away must not be indexed, nor anything be shown that rests on
  // them.
  std::function<void(const Caller&, T& record)> conceal;
};

// Turns functions into gRPC services. A method is found by its request message, which is its own; so that
//
//   host.Serve(TaskRegistry::descriptor);  host.Standard<Task>({.create = …});  host.Write(IssueTask);
//
// is all that a service says. Ready checks that each method of the services served has a rule and a function.
class Host {
 public:
  explicit Host(Environment environment);
  ~Host();

  absl::Status Serve(const google::protobuf::ServiceDescriptor* service, telemetry::Metrics* metrics);

  template <class Request, class Response>
  void Read(absl::StatusOr<Response> (*function)(const View&, const Caller&, const Request&)) {
    Read<Request, Response>(std::function(function));
  }
  template <class Request, class Response>
  void Read(std::function<absl::StatusOr<Response>(const View&, const Caller&, const Request&)> function) {
    SetRead(Request::descriptor(), Response::descriptor(),
            [function = std::move(function)](const View& view, const Caller& caller,
                                             const Message& request) -> absl::StatusOr<std::string> {
              ASSIGN_OR_RETURN(const Response response, function(view, caller, static_cast<const Request&>(request)));
              return response.SerializeAsString();
            });
  }
  template <class Request, class Response>
  void Write(absl::StatusOr<Response> (*function)(Txn&, const Caller&, const Request&)) {
    SetWrite(Request::descriptor(), Response::descriptor(), Erase<Txn, Request, Response>(std::function(function)));
  }
  template <class Request, class Response>
  void Flow(absl::StatusOr<Response> (*function)(Context&, const Caller&, const Request&)) {
    Flow<Request, Response>(std::function(function));
  }
  template <class Request, class Response>
  void Flow(std::function<absl::StatusOr<Response>(Context&, const Caller&, const Request&)> function) {
    SetFlow(Request::descriptor(), Response::descriptor(), Erase<Context, Request, Response>(std::move(function)));
  }

  // The standard methods of a resource that the services served have: get, list, create, update, delete.
  template <class T>
  void Standard(Hooks<T> hooks = {}) {
    SetStandard(T::descriptor(), {.create = EraseHook<T>(std::move(hooks.create)),
                                  .update = EraseUpdate<T>(std::move(hooks.update)),
                                  .remove = EraseRemove<T>(std::move(hooks.remove)),
                                  .conceal = EraseConceal<T>(std::move(hooks.conceal)),
                                  .shows = EraseShow<T>(std::move(hooks.show))});
  }

  // Lets the change log be read by these rules alone.
  void LimitReaders(ReadRules rules) { environment_.readers = std::make_shared<const ReadRules>(std::move(rules)); }

  // What is wrong with the services served, all of it; OK when they can start.
  absl::Status Ready() const;
  // The gRPC services, for the server's builder. They live as long as the host.
  std::vector<grpc::Service*> services();
  std::vector<const google::protobuf::ServiceDescriptor*> descriptors() const;
  const Environment& environment() const { return environment_; }

  // The hooks of a resource, without its type.
  struct ErasedHooks {
    std::function<absl::Status(Txn&, const Caller&, google::protobuf::Message&)> create;
    std::function<absl::Status(Txn&, const Caller&, const google::protobuf::Message&, google::protobuf::Message&)>
        update;
    std::function<absl::Status(Txn&, const Caller&, const google::protobuf::Message&)> remove;
    Concealments::Conceal conceal;
    std::shared_ptr<ShownFields> shows;
  };

 private:
  class ServiceAdapter;
  using Message = google::protobuf::Message;
  using Descriptor = google::protobuf::Descriptor;

  template <class Where, class Request, class Response, class Function>
  static std::function<absl::Status(Where&, const Caller&, const Message&, Message&)> Erase(Function function) {
    return [function = std::move(function)](Where& where, const Caller& caller, const Message& request,
                                            Message& response) -> absl::Status {
      ASSIGN_OR_RETURN(static_cast<Response&>(response), function(where, caller, static_cast<const Request&>(request)));
      return absl::OkStatus();
    };
  }
  template <class T>
  static std::function<absl::Status(Txn&, const Caller&, Message&)> EraseHook(
      std::function<absl::Status(Txn&, const Caller&, T&)> hook) {
    if (hook == nullptr) return nullptr;
    return [hook = std::move(hook)](Txn& txn, const Caller& caller, Message& record) {
      return hook(txn, caller, static_cast<T&>(record));
    };
  }
  template <class T>
  static std::function<absl::Status(Txn&, const Caller&, const Message&)> EraseRemove(
      std::function<absl::Status(Txn&, const Caller&, const T&)> hook) {
    if (hook == nullptr) return nullptr;
    return [hook = std::move(hook)](Txn& txn, const Caller& caller, const Message& record) {
      return hook(txn, caller, static_cast<const T&>(record));
    };
  }
  template <class T>
  static Concealments::Conceal EraseConceal(std::function<void(const Caller&, T&)> hook) {
    if (hook == nullptr) return nullptr;
    return [hook = std::move(hook)](const Caller& caller, Message& record) { hook(caller, static_cast<T&>(record)); };
  }
  template <class T>
  static std::shared_ptr<ShownFields> EraseShow(Shown<T> hook) {
    if (hook.fields == nullptr) return nullptr;
    return std::make_shared<ShownFields>(
        T::default_instance(),
        [fields = std::move(hook.fields)](const View* view, Locale locale, const Message& record, Message& shown) {
          return fields(view, locale, static_cast<const T&>(record), static_cast<T&>(shown));
        },
        std::move(hook.version));
  }
  template <class T>
  static std::function<absl::Status(Txn&, const Caller&, const Message&, Message&)> EraseUpdate(
      std::function<absl::Status(Txn&, const Caller&, const T&, T&)> hook) {
    if (hook == nullptr) return nullptr;
    return [hook = std::move(hook)](Txn& txn, const Caller& caller, const Message& before, Message& after) {
      return hook(txn, caller, static_cast<const T&>(before), static_cast<T&>(after));
    };
  }

  void SetRead(const Descriptor* request, const Descriptor* response, ReadFunction function);
  void SetWrite(const Descriptor* request, const Descriptor* response, WriteFunction function);
  void SetFlow(const Descriptor* request, const Descriptor* response, FlowFunction function);
  void SetStandard(const Descriptor* resource, ErasedHooks hooks);
  void SetConceal(const Descriptor* resource, Concealments::Conceal conceal);
  // The method with this request, nullptr (and a note for Ready) when there is none or its response is another.
  Method* Find(const Descriptor* request, const Descriptor* response);

  Environment environment_;
  std::vector<std::unique_ptr<ServiceAdapter>> services_;
  absl::flat_hash_map<const Descriptor*, Method*> by_request_;
  std::vector<std::string> mistakes_;
};

}  // namespace duikou::rpc

#endif  // DUIKOU_COMMON_RPC_HOST_H_
