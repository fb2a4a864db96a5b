#include "services/personnel/people.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "services/personnel/rules/dates.h"
#include "services/personnel/settings.h"

namespace duikou::personnel {
namespace {

using v1::Person;
using v1::Post;

// A unit of the record's own city: another city keeps its own people and posts.
absl::Status CheckOwnUnit(const std::string& record, const std::string& unit, const std::string& field) {
  if (unit.empty() || CityNameOf(unit) == CityNameOf(record)) return absl::OkStatus();
  return BadField(field, {"不是本市单位。", "is no unit of your city."}, "OTHER_CITY");
}

absl::Status CheckPost(const Post& post) {
  RETURN_IF_ERROR(CheckOwnUnit(post.name(), post.host_unit(), "post.host_unit"));
  if (rules::ToCivil(post.start_date()) <= rules::ToCivil(post.end_date())) return absl::OkStatus();
  return BadField("post.end_date", {"结束日期不能早于开始日期。", "must not be before the start date."},
                  "PERIOD_INVALID");
}

absl::StatusOr<Post> SetState(Txn& txn, const std::string& name, const std::string& etag, Post::State from,
                              Post::State to) {
  ASSIGN_OR_RETURN(Post post, txn.Get<Post>(name));
  if (post.state() != from) {
    const bool open = post.state() == Post::OPEN;
    return StateForbids("POST_STATE_FORBIDS",
                        {absl::StrCat("该岗位已处于“", open ? "征集中" : "已关闭", "”状态。"),
                         absl::StrCat("The post is ", open ? "OPEN" : "CLOSED", " already.")},
                        {{"post", post.name()}, {"state", Post::State_Name(post.state())}});
  }
  post.set_state(to);
  return txn.Update(std::move(post), etag);
}

}  // namespace

absl::Status OnCreatePerson(Txn&, const Caller&, Person& person) {
  return CheckOwnUnit(person.name(), person.home_unit(), "person.home_unit");
}

absl::Status OnUpdatePerson(Txn&, const Caller&, const Person&, Person& after) {
  return CheckOwnUnit(after.name(), after.home_unit(), "person.home_unit");
}

void MakeKnown(Person& person, const std::string& city) {
  const auto& known = person.known_to();
  if (std::find(known.begin(), known.end(), city) == known.end()) person.add_known_to(city);
}

absl::Status OnCreatePost(Txn&, const Caller&, Post& post) {
  post.set_state(Post::OPEN);
  return CheckPost(post);
}

absl::Status OnUpdatePost(Txn&, const Caller&, const Post&, Post& after) { return CheckPost(after); }

absl::StatusOr<Post> ClosePost(Txn& txn, const Caller&, const v1::ClosePostRequest& request) {
  return SetState(txn, request.name(), request.etag(), Post::OPEN, Post::CLOSED);
}

absl::StatusOr<Post> ReopenPost(Txn& txn, const Caller&, const v1::ReopenPostRequest& request) {
  return SetState(txn, request.name(), request.etag(), Post::CLOSED, Post::OPEN);
}

}  // namespace duikou::personnel
