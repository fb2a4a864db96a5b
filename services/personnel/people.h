#ifndef DUIKOU_SERVICES_PERSONNEL_PEOPLE_H_
#define DUIKOU_SERVICES_PERSONNEL_PEOPLE_H_

#include <string>

#include "common/store/txn.h"
#include "duikou/personnel/v1/people.pb.h"

// Who could be sent, and where to.
namespace duikou::personnel {

// That the person was not erased: of nobody there is nothing to propose. Reasons: PERSON_ERASED.
absl::Status CheckKept(const v1::Person& person);

absl::Status OnCreatePerson(Txn& txn, const Caller& caller, v1::Person& person);
absl::Status OnUpdatePerson(Txn& txn, const Caller& caller, const v1::Person& before, v1::Person& after);
// Puts the keyed digest of an identity number in its place. Reasons: those of identity.h, PERSON_TWICE.
absl::Status TakeIdentity(Txn& txn, v1::Person& person);
absl::StatusOr<v1::ExportPersonResponse> ExportPerson(const View& view, const Caller& caller,
                                                      const v1::ExportPersonRequest& request);
absl::StatusOr<v1::Person> ErasePerson(Txn& txn, const Caller& caller, const v1::ErasePersonRequest& request);
// Everywhere in the store, for good; of a person that was deleted only the name is given. Reasons: PERSON_IN_EXCHANGE.
absl::StatusOr<v1::Person> Erase(Txn& txn, const std::string& name, const std::string& reason);
// While a rule looks: has the person hold, too, the time and the months that the records of the same person in other
// cities hold, found by the identity number; and takes these off again.
absl::Status AddHeldElsewhere(const View& view, v1::Person& person);
void DropHeldElsewhere(v1::Person& person);
// Lets a city see a person from now on.
void MakeKnown(v1::Person& person, const std::string& city);

absl::Status OnCreatePost(Txn& txn, const Caller& caller, v1::Post& post);
absl::Status OnUpdatePost(Txn& txn, const Caller& caller, const v1::Post& before, v1::Post& after);
absl::StatusOr<v1::Post> ClosePost(Txn& txn, const Caller& caller, const v1::ClosePostRequest& request);
absl::StatusOr<v1::Post> ReopenPost(Txn& txn, const Caller& caller, const v1::ReopenPostRequest& request);

}  // namespace duikou::personnel

#endif  // DUIKOU_SERVICES_PERSONNEL_PEOPLE_H_
