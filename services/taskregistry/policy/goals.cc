#include "services/taskregistry/policy/goals.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace duikou::policy {
namespace {

using taskregistry::v1::PolicyPreview;
using taskregistry::v1::PolicyRegion;

constexpr size_t kLongestGoal = 600;
constexpr int kMostGoals = 50;
constexpr size_t kLongestExcerpt = 200;

struct RegionName {
  std::u32string_view text;
  std::u32string_view name;  // What it is counted under.
  PolicyRegion::Kind kind = PolicyRegion::REGION;
};

// Longer names before those that they begin with.
constexpr RegionName kRegions[] = {
    {U"京津冀", U"京津冀"},
    {U"长江三角洲", U"长三角"},
    {U"长三角", U"长三角"},
    {U"粤港澳大湾区", U"粤港澳大湾区"},
    {U"粤港澳", U"粤港澳大湾区"},
    {U"珠江三角洲", U"珠三角"},
    {U"珠三角", U"珠三角"},
    {U"长江经济带", U"长江经济带"},
    {U"长江中游城市群", U"长江中游城市群"},
    {U"黄河流域", U"黄河流域"},
    {U"成渝地区双城经济圈", U"成渝地区双城经济圈"},
    {U"成渝", U"成渝地区双城经济圈"},
    {U"吉黑蒙东", U"吉黑蒙东"},
    {U"吉、黑、蒙东", U"吉黑蒙东"},
    {U"蒙东", U"蒙东"},
    {U"东北三省", U"东北三省"},
    {U"东北亚", U"东北亚"},
    {U"辽中南城市群", U"辽中南城市群"},
    {U"辽宁沿海经济带", U"辽宁沿海经济带"},
    {U"沈阳现代化都市圈", U"沈阳现代化都市圈"},
    {U"哈长城市群", U"哈长城市群"},
    {U"环渤海", U"环渤海"},
    {U"北部湾", U"北部湾"},
    {U"关中平原", U"关中平原"},
    {U"中原城市群", U"中原城市群"},
    {U"海峡西岸", U"海峡西岸"},
    {U"雄安新区", U"雄安新区"},
    {U"海南自由贸易港", U"海南自由贸易港"},
    {U"西部陆海新通道", U"西部陆海新通道"},
    {U"中部地区", U"中部地区"},
    {U"一带一路", U"一带一路"},
    {U"北京冬奥", U""},
    {U"北京", U"北京", PolicyRegion::PROVINCE},
    {U"天津", U"天津", PolicyRegion::PROVINCE},
    {U"河北", U"河北", PolicyRegion::PROVINCE},
    {U"山西", U"山西", PolicyRegion::PROVINCE},
    {U"内蒙古", U"内蒙古", PolicyRegion::PROVINCE},
    {U"辽宁", U"辽宁", PolicyRegion::PROVINCE},
    {U"吉林", U"吉林", PolicyRegion::PROVINCE},
    {U"黑龙江", U"黑龙江", PolicyRegion::PROVINCE},
    {U"上海", U"上海", PolicyRegion::PROVINCE},
    {U"江苏", U"江苏", PolicyRegion::PROVINCE},
    {U"浙江", U"浙江", PolicyRegion::PROVINCE},
    {U"安徽", U"安徽", PolicyRegion::PROVINCE},
    {U"福建", U"福建", PolicyRegion::PROVINCE},
    {U"江西", U"江西", PolicyRegion::PROVINCE},
    {U"山东", U"山东", PolicyRegion::PROVINCE},
    {U"河南", U"河南", PolicyRegion::PROVINCE},
    {U"湖北", U"湖北", PolicyRegion::PROVINCE},
    {U"湖南", U"湖南", PolicyRegion::PROVINCE},
    {U"广东", U"广东", PolicyRegion::PROVINCE},
    {U"广西", U"广西", PolicyRegion::PROVINCE},
    {U"海南", U"海南", PolicyRegion::PROVINCE},
    {U"重庆", U"重庆", PolicyRegion::PROVINCE},
    {U"四川", U"四川", PolicyRegion::PROVINCE},
    {U"贵州", U"贵州", PolicyRegion::PROVINCE},
    {U"云南", U"云南", PolicyRegion::PROVINCE},
    {U"西藏", U"西藏", PolicyRegion::PROVINCE},
    {U"陕西", U"陕西", PolicyRegion::PROVINCE},
    {U"甘肃", U"甘肃", PolicyRegion::PROVINCE},
    {U"青海", U"青海", PolicyRegion::PROVINCE},
    {U"宁夏", U"宁夏", PolicyRegion::PROVINCE},
    {U"新疆", U"新疆", PolicyRegion::PROVINCE},
    {U"香港", U"香港", PolicyRegion::PROVINCE},
    {U"澳门", U"澳门", PolicyRegion::PROVINCE},
    {U"台湾", U"台湾", PolicyRegion::PROVINCE},
};

std::string Utf8(std::u32string_view text) {
  std::string out;
  for (const char32_t c : text) AppendUtf8(c, out);
  return out;
}

// Regions in the order of their first mention.
class Regions {
 public:
  void Add(std::string name, PolicyRegion::Kind kind) {
    if (name.empty()) return;
    const auto [at, added] = index_.try_emplace(name, found_.size());
    if (added) {
      found_.emplace_back();
      found_.back().set_name(std::move(name));
      found_.back().set_kind(kind);
    }
    auto& region = found_[at->second];
    region.set_mentions(region.mentions() + 1);
  }
  std::vector<PolicyRegion> Take() { return std::move(found_); }

 private:
  std::map<std::string, size_t> index_;
  std::vector<PolicyRegion> found_;
};

// 与连云港市: the city that stands between 与 and 市, two to four characters; 与合作城市 and 与各市 name none.
size_t PartnerCity(std::u32string_view all, size_t at) {
  constexpr std::u32string_view kNoName = U"各城本我全该省等地县区合作周边其他有关兄弟友好先进";
  if (at >= all.size() || kNoName.find(all[at]) != std::u32string_view::npos) return 0;
  for (size_t n = 2; n <= 4 && at + n < all.size(); ++n) {
    if (!IsHan(all[at + n - 1]) || kNoName.find(all[at + n - 1]) != std::u32string_view::npos) return 0;
    if (all[at + n] == U'市') return n;
  }
  return 0;
}

}  // namespace

void FillSpan(const SourceText& text, Span span, taskregistry::v1::PolicySpan& out) {
  out.set_begin(text.Byte(span.begin));
  out.set_end(text.Byte(span.end));
  out.set_text(text.OneLine({span.begin, std::min(span.end, span.begin + kLongestExcerpt)}));
}

void ReadGoals(const SourceText& text, PolicyPreview& preview) {
  const auto all = text.folded();
  for (size_t at = all.find(U'到'); at != std::u32string_view::npos; at = all.find(U'到', at + 1)) {
    size_t i = at + 1;
    int year = 0;
    for (; i < all.size() && i - at <= 4 && IsDigit(all[i]); ++i) year = year * 10 + static_cast<int>(all[i] - U'0');
    if (i != at + 5 || i >= all.size() || all[i] != U'年' || year < 1949 || year > 2199) continue;
    const bool opens = at == 0 || IsBlank(all[at - 1]) || IsClauseEnd(all[at - 1]) || all[at - 1] == U')';
    if (!opens) continue;
    size_t end = i;
    while (end < all.size() && end - at < kLongestGoal && all[end] != U'。' && all[end] != U'\n') ++end;
    if (end < all.size() && all[end] == U'。') ++end;
    auto* goal = preview.add_goals();
    goal->set_year(year);
    goal->set_text(text.OneLine({at, end}));
    FillSpan(text, {at, end}, *goal->mutable_span());
    if (preview.goals_size() >= kMostGoals) return;
    at = end - 1;
  }
}

void ReadRegions(const SourceText& text, PolicyPreview& preview) {
  std::u32string starts;
  for (const auto& region : kRegions) {
    if (starts.find(region.text.front()) == std::u32string::npos) starts.push_back(region.text.front());
  }
  const auto all = text.folded();
  Regions regions;
  for (size_t i = 0; i < all.size(); ++i) {
    if (all[i] == U'与' || all[i] == U'同') {
      if (const size_t n = PartnerCity(all, i + 1); n > 0) regions.Add(Utf8(all.substr(i + 1, n)), PolicyRegion::CITY);
      continue;
    }
    if (starts.find(all[i]) == std::u32string::npos) continue;
    for (const auto& region : kRegions) {
      if (!HasAt(all, i, region.text)) continue;
      regions.Add(Utf8(region.name), region.kind);
      i += region.text.size() - 1;
      break;
    }
  }
  for (auto& region : regions.Take()) *preview.add_regions() = std::move(region);
}

}  // namespace duikou::policy
