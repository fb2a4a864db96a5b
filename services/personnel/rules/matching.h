#ifndef DUIKOU_SERVICES_PERSONNEL_RULES_MATCHING_H_
#define DUIKOU_SERVICES_PERSONNEL_RULES_MATCHING_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "services/personnel/rules/fit.h"

// Who goes where: a proposal for all nominees and posts of a partnership at once, as a minimum-cost flow.
namespace duikou::personnel::rules {

// What is left of a 名额. Kinds lie within directions, directions within partnerships: `within` is the place of the
// wider one in MatchingProblem::quotas, -1 for the widest. A post draws on one kind in one direction; one that is open
// to two is two posts, as its seats must be shared out before they can be kept to.
struct QuotaLeft {
  std::string name;
  int left = 0;
  int within = -1;
};

// A pair that a rule excludes, and why.
struct ForbiddenPair {
  size_t nominee = 0;
  size_t post = 0;
  std::string reason;  // The rule's reason code.
  std::string record;  // What it conflicts with.
};

// All by place in these vectors. Names are unique; every post's quota and every quota's `within` is there, and none
// lies within itself.
struct MatchingProblem {
  std::vector<Nominee> nominees;
  std::vector<Post> posts;
  std::vector<QuotaLeft> quotas;
  std::vector<ForbiddenPair> forbidden;
  FitWeights weights;
};

struct Placement {
  size_t nominee = 0;
  size_t post = 0;
  Fit fit;
};

// Why a nominee who stays out is not in this post. Whoever holds what would be needed fits his own post at least as
// well as this nominee would fit this one: else the exchange would make a greater total.
struct Obstacle {
  enum class Kind {
    kRule,   // The pair is forbidden: `reason` and `record` say by what.
    kQuota,  // The post has a free seat, but a quota is used up: `record` is the narrowest such.
    kSeats,  // The post has no free seat.
  };
  size_t post = 0;
  Kind kind = Kind::kRule;
  std::string reason;
  std::string record;
  std::optional<size_t> rival;  // Of the nominees placed within the quota or the post, the one who fits least, if any.
  Fit fit;                      // Of the pair that did not come about, unless it is forbidden.
};

struct LeftOut {
  size_t nominee = 0;
  std::vector<Obstacle> obstacles;  // One for each post.
};

struct Matching {
  std::vector<Placement> placements;  // By the nominee's name.
  std::vector<LeftOut> left_out;      // By the nominee's name.
};

// One post a nominee, within seats and quotas and outside forbidden pairs. As many nominees as possible are placed, as
// the cities owe each other numbers; of all ways to do that, one with the greatest total fit is taken. Among equals it
// is always the same one, in whichever order nominees and posts are given: they are taken by name.
Matching Match(const MatchingProblem& problem);

}  // namespace duikou::personnel::rules

#endif  // DUIKOU_SERVICES_PERSONNEL_RULES_MATCHING_H_
