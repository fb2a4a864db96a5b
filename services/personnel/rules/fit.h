#ifndef DUIKOU_SERVICES_PERSONNEL_RULES_FIT_H_
#define DUIKOU_SERVICES_PERSONNEL_RULES_FIT_H_

#include <string>
#include <vector>

// How well a nominee fits a post: 0-100, taken apart (domain.md, Matching).
namespace duikou::personnel::rules {

// What a city gives each part; they make 100.
struct FitWeights {
  int skills = 40;
  int rank = 20;
  int education = 15;
  int wish = 15;
  int host_order = 10;
};

// Ranks and degrees of education are steps of the city's own ladders, higher is more, 0 is unknown or not asked.
struct Nominee {
  std::string name;
  std::vector<std::string> skills;  // And fields of work, folded alike on both sides.
  int rank = 0;
  int education = 0;
  std::vector<std::string> wishes;  // Names of posts, the dearest first.
};

struct Post {
  std::string name;
  int seats = 1;
  std::vector<std::string> skills;  // Asked for.
  std::vector<int> ranks;           // Each of which fits; none: not asked.
  int education = 0;
  std::vector<std::string> host_order;  // Names of nominees, the most welcome first.
  int quota = -1;                       // The narrowest quota that its seats are drawn from; -1: none.
};

// Points of each part, each rounded half up.
struct Fit {
  int skills = 0;      // The share of what the post asks for; all of it where it asks for nothing.
  int rank = 0;        // All for one that fits or when not asked, half one step away from one, else none.
  int education = 0;   // All when reached or not asked, half one step below, else none.
  int wish = 0;        // All for the first, a fifth less for each place after it.
  int host_order = 0;  // Likewise.

  int Total() const { return skills + rank + education + wish + host_order; }
  friend bool operator==(const Fit&, const Fit&) = default;
};

Fit FitOf(const Nominee& nominee, const Post& post, const FitWeights& weights);

}  // namespace duikou::personnel::rules

#endif  // DUIKOU_SERVICES_PERSONNEL_RULES_FIT_H_
