#ifndef DUIKOU_SERVICES_PERSONNEL_PEOPLE_H_
#define DUIKOU_SERVICES_PERSONNEL_PEOPLE_H_

#include <string>

#include "common/store/txn.h"
#include "duikou/personnel/v1/people.pb.h"

// Who could be sent, and where to.
namespace duikou::personnel {

absl::Status OnCreatePerson(Txn& txn, const Caller& caller, v1::Person& person);
absl::Status OnUpdatePerson(Txn& txn, const Caller& caller, const v1::Person& before, v1::Person& after);
// Lets a city see a person from now on.
void MakeKnown(v1::Person& person, const std::string& city);

absl::Status OnCreatePost(Txn& txn, const Caller& caller, v1::Post& post);
absl::Status OnUpdatePost(Txn& txn, const Caller& caller, const v1::Post& before, v1::Post& after);
absl::StatusOr<v1::Post> ClosePost(Txn& txn, const Caller& caller, const v1::ClosePostRequest& request);
absl::StatusOr<v1::Post> ReopenPost(Txn& txn, const Caller& caller, const v1::ReopenPostRequest& request);

}  // namespace duikou::personnel

#endif  // DUIKOU_SERVICES_PERSONNEL_PEOPLE_H_
