#include "services/personnel/matches.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/workday.h"
#include "common/text/fold.h"
#include "duikou/personnel/v1/people.pb.h"
#include "services/personnel/people.h"
#include "services/personnel/rules/claims.h"
#include "services/personnel/rules/dates.h"
#include "services/personnel/rules/limits.h"
#include "services/personnel/rules/matching.h"
#include "services/personnel/rules/quota.h"
#include "services/personnel/rules/retirement.h"
#include "services/personnel/rules/terms.h"
#include "services/personnel/settings.h"

namespace duikou::personnel {
namespace {

using v1::MatchNominationsResponse;
using v1::Nomination;

constexpr int kMaxObstacles = 50;
constexpr char kNotNominated[] = "not nominated";  // Told to nobody.

// The records of a problem, by the places that it counts in.
struct Candidates {
  std::vector<v1::Person> persons;
  std::vector<v1::Post> posts;
  std::map<std::pair<std::string, std::string>, Nomination> nominations;  // By person and post.
};

template <class T>
std::vector<std::string> Folded(const T& texts) {
  std::vector<std::string> folded;
  for (const std::string& text : texts) folded.push_back(text::Fold(text));
  return folded;
}

int StepOf(const v1::ExchangeSettings& settings, const std::string& rank) {
  const auto& ladder = settings.rank_ladder();
  const auto step = std::find(ladder.begin(), ladder.end(), rank);
  return step == ladder.end() ? 0 : static_cast<int>(step - ladder.begin()) + 1;
}

absl::StatusOr<Candidates> Find(const View& view, const v1::MatchNominationsRequest& request) {
  Candidates found;
  std::map<std::string, v1::Person> persons;
  ASSIGN_OR_RETURN(const auto nominations,
                   view.ListAll<Nomination>({.parent = request.parent(), .filter = "state = SUBMITTED"}));
  std::map<std::string, v1::Post> posts;
  for (const Nomination& nomination : nominations) {
    found.nominations.emplace(std::pair(nomination.person(), nomination.post()), nomination);
    if (!persons.contains(nomination.person())) {
      ASSIGN_OR_RETURN(persons[nomination.person()], view.Get<v1::Person>(nomination.person()));
    }
    if (posts.contains(nomination.post())) continue;
    // A post that is shared no longer stays one that the city has nominees for.
    ASSIGN_OR_RETURN(const auto post, FindStored<v1::Post>(view, nomination.post()));
    if (post && post->state() == v1::Post::OPEN) posts[nomination.post()] = *post;
  }
  for (auto& [name, person] : persons) {
    RETURN_IF_ERROR(AddHeldElsewhere(view, person));
    found.persons.push_back(std::move(person));
  }
  for (auto& [name, post] : posts) found.posts.push_back(std::move(post));
  return found;
}

// The least that terms may say where the post says nothing, so that only what no terms could mend forbids.
void FillLeast(const v1::ExchangeSettings& settings, const v1::Person& person, const v1::Post& post,
               v1::Engagement::Terms& terms) {
  if (!rules::LimitsOf(settings, post.kind()).full_time()) terms.set_share(1);
  if (post.kind() != v1::RETIREE_REHIRE) return;
  const absl::CivilDay start = rules::ToCivil(post.start_date());
  const std::optional<absl::CivilDay> statutory = rules::StatutoryRetirement(person, settings);
  *terms.mutable_retirement_date() = rules::ToDate(statutory ? std::min(*statutory, start) : start);
}

// What the rules say to this person in this post; OK: nothing.
absl::Status CheckPair(const View& view, const Caller& caller, const v1::ExchangeSettings& settings,
                       const v1::Person& person, const v1::Post& post) {
  v1::Engagement engagement;
  engagement.set_kind(post.kind());
  engagement.set_host_city(CityNameOf(post.name()));
  engagement.set_state(v1::Engagement::PROPOSED);
  v1::Engagement::Terms& terms = *engagement.mutable_terms();
  *terms.mutable_start_date() = post.start_date();
  *terms.mutable_end_date() = post.end_date();
  FillLeast(settings, person, post, terms);
  RETURN_IF_ERROR(rules::CheckTerms(
      {.person = person, .settings = settings, .kind = post.kind(), .prefix = "post.", .today = DayOf(view.now())},
      terms));
  v1::Person claiming = person;
  return rules::Claim(claiming, engagement, settings, caller);
}

absl::StatusOr<int> QuotaOf(const View& view, const v1::MatchNominationsRequest& request, const v1::Post& post,
                            rules::MatchingProblem& problem) {
  const std::string key =
      rules::QuotaKey(request.partnership(), CityNameOf(post.name()), post.start_date().year(), post.kind());
  ASSIGN_OR_RETURN(
      const auto page,
      view.List<v1::Quota>({.parent = request.parent(), .page_size = 1, .where = {{"key", store::Value(key)}}}));
  if (page.items.empty()) return -1;
  const v1::Quota& quota = page.items[0];
  for (size_t i = 0; i < problem.quotas.size(); ++i) {
    if (problem.quotas[i].name == quota.name()) return static_cast<int>(i);
  }
  problem.quotas.push_back({.name = quota.name(), .left = quota.seats() - quota.reserved() - quota.consumed()});
  return static_cast<int>(problem.quotas.size()) - 1;
}

void AddNominees(const Candidates& found, const v1::ExchangeSettings& settings, rules::MatchingProblem& problem) {
  for (const v1::Person& person : found.persons) {
    std::vector<const Nomination*> own;
    for (const auto& [pair, nomination] : found.nominations) {
      if (pair.first == person.name()) own.push_back(&nomination);
    }
    // Who says no order of wishes has them all alike, after those said.
    std::stable_sort(own.begin(), own.end(), [](const Nomination* a, const Nomination* b) {
      return (a->wish() == 0 ? 100 : a->wish()) < (b->wish() == 0 ? 100 : b->wish());
    });
    rules::Nominee nominee{.name = person.name(),
                           .skills = Folded(person.skills()),
                           .rank = StepOf(settings, person.rank()),
                           .education = person.education()};
    for (const Nomination* nomination : own) nominee.wishes.push_back(nomination->post());
    problem.nominees.push_back(std::move(nominee));
  }
}

absl::Status AddPosts(const View& view, const v1::MatchNominationsRequest& request, const Candidates& found,
                      const v1::ExchangeSettings& settings, rules::MatchingProblem& problem) {
  for (const v1::Post& post : found.posts) {
    std::vector<std::pair<int, std::string>> order;
    for (const auto& [pair, nomination] : found.nominations) {
      if (pair.second == post.name() && nomination.host_order() > 0)
        order.emplace_back(nomination.host_order(), pair.first);
    }
    std::sort(order.begin(), order.end());
    rules::Post wanted{
        .name = post.name(), .seats = post.seats(), .skills = Folded(post.skills()), .education = post.min_education()};
    for (const std::string& rank : post.ranks()) {
      if (const int step = StepOf(settings, rank); step > 0) wanted.ranks.push_back(step);
    }
    for (const auto& [place, person] : order) wanted.host_order.push_back(person);
    ASSIGN_OR_RETURN(wanted.quota, QuotaOf(view, request, post, problem));
    problem.posts.push_back(std::move(wanted));
  }
  return absl::OkStatus();
}

void Forbid(const View& view, const Caller& caller, bool adjustable, const Candidates& found,
            const v1::ExchangeSettings& settings, rules::MatchingProblem& problem) {
  for (size_t n = 0; n < found.persons.size(); ++n) {
    for (size_t p = 0; p < found.posts.size(); ++p) {
      const std::pair pair(found.persons[n].name(), found.posts[p].name());
      if (!adjustable && !found.nominations.contains(pair)) {
        problem.forbidden.push_back({.nominee = n, .post = p, .reason = kNotNominated});
        continue;
      }
      const absl::Status checked = CheckPair(view, caller, settings, found.persons[n], found.posts[p]);
      if (checked.ok()) continue;
      const ErrorFacts facts = FactsOf(checked);
      problem.forbidden.push_back({.nominee = n,
                                   .post = p,
                                   .reason = facts.reason,
                                   .record = facts.metadata.empty() ? "" : facts.metadata[0].second});
    }
  }
}

void Tell(const rules::Fit& fit, v1::Fit& told) {
  told.set_skills(fit.skills);
  told.set_rank(fit.rank);
  told.set_education(fit.education);
  told.set_wish(fit.wish);
  told.set_host_order(fit.host_order);
  told.set_total(fit.Total());
}

void Tell(const Candidates& found, const rules::Obstacle& obstacle, v1::LeftOut& left) {
  if (obstacle.reason == kNotNominated || left.obstacles_size() >= kMaxObstacles) return;
  v1::Obstacle& told = *left.add_obstacles();
  told.set_post(found.posts[obstacle.post].name());
  told.set_record(obstacle.record);
  if (obstacle.kind == rules::Obstacle::Kind::kRule) {
    told.set_reason(obstacle.reason);
    return;
  }
  told.set_reason(obstacle.kind == rules::Obstacle::Kind::kQuota ? "QUOTA_EXHAUSTED" : "SEATS_TAKEN");
  if (obstacle.rival) told.set_rival(found.persons[*obstacle.rival].name());
  Tell(obstacle.fit, *told.mutable_fit());
}

MatchNominationsResponse Tell(const Candidates& found, const rules::Matching& matching) {
  MatchNominationsResponse response;
  for (const rules::Placement& placement : matching.placements) {
    const v1::Person& person = found.persons[placement.nominee];
    const v1::Post& post = found.posts[placement.post];
    v1::Placement& told = *response.add_placements();
    told.set_person(person.name());
    told.set_person_title(person.title());
    told.set_post(post.name());
    told.set_post_title(post.title());
    const auto nomination = found.nominations.find({person.name(), post.name()});
    if (nomination != found.nominations.end()) told.set_nomination(nomination->second.name());
    Tell(placement.fit, *told.mutable_fit());
  }
  for (const rules::LeftOut& left : matching.left_out) {
    v1::LeftOut& told = *response.add_left_out();
    told.set_person(found.persons[left.nominee].name());
    told.set_person_title(found.persons[left.nominee].title());
    for (const rules::Obstacle& obstacle : left.obstacles) Tell(found, obstacle, told);
  }
  return response;
}

}  // namespace

absl::StatusOr<MatchNominationsResponse> MatchNominations(const View& view, const Caller& caller,
                                                          const v1::MatchNominationsRequest& request) {
  ASSIGN_OR_RETURN(const v1::ExchangeSettings settings, SettingsOf(view, CityNameOf(request.parent())));
  ASSIGN_OR_RETURN(const Candidates found, Find(view, request));
  rules::MatchingProblem problem;
  if (settings.has_fit_weights()) {
    const auto& weights = settings.fit_weights();
    problem.weights = {.skills = weights.skills(),
                       .rank = weights.rank(),
                       .education = weights.education(),
                       .wish = weights.wish(),
                       .host_order = weights.host_order()};
  }
  AddNominees(found, settings, problem);
  RETURN_IF_ERROR(AddPosts(view, request, found, settings, problem));
  Forbid(view, caller, request.adjustable(), found, settings, problem);
  return Tell(found, rules::Match(problem));
}

}  // namespace duikou::personnel
