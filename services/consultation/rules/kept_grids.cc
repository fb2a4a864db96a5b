#include "services/consultation/rules/kept_grids.h"

namespace duikou::consultation::rules {

size_t KeptGrids::BytesOf(const std::string& calendar, const BusyGrid& grid) {
  constexpr size_t kEntry = 200;
  return kEntry + calendar.size() + grid.bytes();
}

KeptGrids::Grid KeptGrids::Find(const std::string& calendar, const Version& version) const {
  const auto found = kept_.find(calendar);
  return found != kept_.end() && found->second.version == version ? found->second.grid : nullptr;
}

void KeptGrids::Keep(const std::string& calendar, const Version& version, Grid grid) {
  const size_t more = BytesOf(calendar, *grid);
  if (const auto found = kept_.find(calendar); found != kept_.end()) {
    if (found->second.version > version) return;
    bytes_ -= BytesOf(calendar, *found->second.grid);
    kept_.erase(found);
  }
  if (bytes_ + more > most_bytes_) {
    kept_.clear();
    bytes_ = 0;
  }
  if (more > most_bytes_) return;
  kept_.emplace(calendar, Kept{version, std::move(grid)});
  bytes_ += more;
}

}  // namespace duikou::consultation::rules
