#ifndef DUIKOU_SERVICES_CONSULTATION_RULES_KEPT_GRIDS_H_
#define DUIKOU_SERVICES_CONSULTATION_RULES_KEPT_GRIDS_H_

#include <memory>
#include <string>
#include <unordered_map>
#include <utility>

#include "absl/time/time.h"
#include "services/consultation/rules/time_grid.h"

namespace duikou::consultation::rules {

// The busy time of calendars by their names, up to so many bytes: what would not fit any more lets all others go, as
// they are soon made again.
class KeptGrids {
 public:
  // When the calendar was made, as another may have had its name before, and its busy_version.
  using Version = std::pair<absl::Time, int64_t>;
  using Grid = std::shared_ptr<const BusyGrid>;

  explicit KeptGrids(size_t most_bytes) : most_bytes_(most_bytes) {}

  // Null where this version of it is not kept.
  Grid Find(const std::string& calendar, const Version& version) const;
  // Of two versions the later one is kept, whichever comes last.
  void Keep(const std::string& calendar, const Version& version, Grid grid);
  size_t bytes() const { return bytes_; }

 private:
  struct Kept {
    Version version;
    Grid grid;
  };
  // What an entry takes, with its place among the others.
  static size_t BytesOf(const std::string& calendar, const BusyGrid& grid);

  const size_t most_bytes_;
  size_t bytes_ = 0;
  std::unordered_map<std::string, Kept> kept_;
};

}  // namespace duikou::consultation::rules

#endif  // DUIKOU_SERVICES_CONSULTATION_RULES_KEPT_GRIDS_H_
