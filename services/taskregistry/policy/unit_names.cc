#include "services/taskregistry/policy/unit_names.h"

#include <algorithm>
#include <array>
#include <span>

#include "services/taskregistry/policy/source_text.h"

namespace duikou::policy {
namespace {

using Unit = taskregistry::v1::PolicyUnit;
using Words = std::span<const std::u32string_view>;

bool EndsWithAny(std::u32string_view text, Words words) {
  return std::any_of(words.begin(), words.end(), [&](auto word) { return EndsWith(text, word); });
}
bool ContainsAny(std::u32string_view text, Words words) {
  return std::any_of(words.begin(), words.end(), [&](auto word) { return Contains(text, word); });
}

// Ends of names of units: organs, bodies, enterprises, schools, areas.
constexpr std::u32string_view kEnds[] = {
    U"局",     U"委",           U"办",     U"部",     U"厅",       U"署",     U"政府",       U"会",     U"办公室",
    U"办事处", U"公司",         U"集团",   U"中心",   U"学院",     U"大学",   U"学校",       U"党校",   U"院校",
    U"高校",   U"医院",         U"研究院", U"科学院", U"社科院",   U"设计院", U"工程院",     U"法院",   U"检察院",
    U"院",     U"研究所",       U"事务所", U"交易所", U"派出所",   U"所",     U"处",         U"站",     U"支队",
    U"总队",   U"大队",         U"中队",   U"调查队", U"海关",     U"海事",   U"人大",       U"政协",   U"妇联",
    U"残联",   U"文联",         U"侨联",   U"台联",   U"社科联",   U"工商联", U"记协",       U"科协",   U"作协",
    U"贸促",   U"团中央",       U"党组",   U"党支部", U"总社",     U"供销社", U"供销合作社", U"日报社", U"通讯社",
    U"出版社", U"社",           U"银行",   U"支行",   U"分行",     U"总行",   U"农商行",     U"商行",   U"人行",
    U"电视台", U"气象台",       U"广播台", U"地震台", U"电台",     U"广电台", U"图书馆",     U"博物馆", U"档案馆",
    U"文化馆", U"科技馆",       U"美术馆", U"体育馆", U"馆",       U"小组",   U"工作组",     U"专班",   U"指挥部",
    U"专项组", U"推进组",       U"保障组", U"防控组", U"领导组",   U"统筹组", U"地区",       U"部门",   U"单位",
    U"机构",   U"机关",         U"企业",   U"组织",   U"协调机制", U"军分区", U"警备区",     U"人武部", U"武警",
    U"街道",   U"乡镇",         U"镇街",   U"街镇",   U"社区",     U"区县",   U"县区",       U"县市",   U"市县",
    U"市区",   U"县市区",       U"市州",   U"州市",   U"盟市",     U"旗县",   U"园区",       U"开发区", U"新区",
    U"高新区", U"示范区",       U"度假区", U"保税区", U"经开区",   U"管理区", U"功能区",     U"林区",   U"矿区",
    U"农场",   U"县级市",       U"电网",   U"移动",   U"联通",     U"电信",   U"铁塔",       U"供电",   U"邮政",
    U"烟草",   U"国网",         U"融媒体", U"基金",   U"平台公司", U"科",     U"股",         U"室",     U"有关方面",
    U"党政办", U"共青团",       U"监委",   U"纪检",   U"社保",     U"税务",   U"海警",       U"科室",   U"处室",
    U"股室",   U"班子成员单位",
};

// Words that end like a unit and are none.
constexpr std::u32string_view kFalseEnds[] = {
    U"社会",   U"机会",   U"大会",   U"全会",   U"开会",   U"例会",       U"峰会",     U"晚会",   U"展会",
    U"展览会", U"博览会", U"推介会", U"对接会", U"座谈会", U"招聘会",     U"会",       U"部",     U"办",
    U"所",     U"局",     U"处",     U"站",     U"社",     U"院",         U"科",       U"室",     U"全部",
    U"内部",   U"外部",   U"局部",   U"干部",   U"举办",   U"承办",       U"主办",     U"协办",   U"创办",
    U"兴办",   U"好处",   U"之处",   U"用处",   U"处",     U"股",         U"学科",     U"本科",   U"专科",
    U"教室",   U"场所",   U"住所",   U"厕所",   U"车站",   U"网站",       U"火车站",   U"加油站", U"充电站",
    U"旅行社", U"居室",   U"馆",     U"实验室", U"政策",   U"上市公司",   U"控股",     U"入股",   U"参股",
    U"各部",   U"委",     U"等单位", U"交流会", U"发布会", U"电视电话会", U"民营企业", U"单位",   U"企业",
};

// Words that sentences have and names of units do not.
constexpr std::u32string_view kSentenceWords[] = {
    U"的",   U"了",   U"要",     U"将",   U"应当", U"应在",     U"必须", U"推进", U"推动", U"加强", U"加快",
    U"通过", U"按照", U"以及",   U"进行", U"开展", U"实施",     U"建立", U"完善", U"落实", U"提高", U"提升",
    U"支持", U"鼓励", U"确保",   U"坚持", U"给予", U"制定",     U"做好", U"强化", U"深化", U"积极", U"完成",
    U"负责", U"牵头", U"不得",   U"可以", U"根据", U"以下简称", U"详见", U"包括", U"例如", U"含",   U"自收到",
    U"对于", U"为主", U"经批准", U"实行", U"是指", U"印发",     U"解释", U"设立", U"以上", U"到期",
};

// Government and party organs that may follow areas.
constexpr std::u32string_view kOrgans[] = {
    U"人民政府", U"党委政府",   U"政府", U"管理委员会", U"管委会", U"党工委", U"党委", U"街道办事处",
    U"办事处",   U"党政办公室", U"党组", U"委员会",     U"办公室", U"工委",   U"部门",
};
constexpr std::u32string_view kAreas[] = {
    U"自治区", U"直辖市", U"自治州", U"自治县", U"自治旗", U"县级市", U"设区的市", U"设区市", U"地级市", U"计划单列市",
    U"地区",   U"省",     U"市",     U"县",     U"区",     U"州",     U"盟",       U"旗",     U"乡镇",   U"乡",
    U"镇",     U"街道",   U"街",     U"社区",   U"村",     U"农场",   U"林场",     U"苏木",   U"地",     U"级",
};
constexpr std::u32string_view kParks[] = {
    U"经济技术开发区", U"经济开发区", U"高新技术产业开发区",
    U"开发区",         U"产业园区",   U"工业园区",
    U"园区",           U"高新区",     U"经开区",
    U"功能区",         U"新区",       U"度假区",
    U"示范区",         U"保税区",     U"产业园",
    U"景区",           U"管理区",     U"合作区",
};
constexpr std::u32string_view kCollectivePrefixes[] = {U"各",     U"有关",     U"相关",     U"所有", U"全体",
                                                       U"其他各", U"其他有关", U"其他相关", U"其他"};

// The name without the bracket that ends it: 市营商局(市审批局) -> 市营商局.
std::u32string_view WithoutLastBracket(std::u32string_view name) {
  if (!EndsWith(name, U")")) return name;
  int depth = 0;
  for (size_t i = name.size(); i-- > 0;) {
    if (name[i] == U')') ++depth;
    if (name[i] == U'(' && --depth == 0) return name.substr(0, i);
  }
  return name;
}

// Blanks stay where a line break tore a name.
bool HasOnlyNameCharacters(std::u32string_view name) {
  return std::all_of(name.begin(), name.end(), [](char32_t c) {
    return IsHan(c) || IsDigit(c) || (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z') || c == U'(' || c == U')' ||
           c == U'、' || c == U'·' || IsBlank(c) || c == U'“' || c == U'”' || c == U'-' || c == U'/' || c == U',';
  });
}

bool IsPlausible(std::u32string_view name) {
  return name.size() >= 2 && name.size() <= kLongestUnitName && HasOnlyNameCharacters(name) &&
         !ContainsAny(name, kSentenceWords);
}

// Takes one word of `words`, or one bracket, off the front of `rest`.
bool TakeWord(std::u32string_view& rest, Words words) {
  for (const auto word : words) {
    if (StartsWith(rest, word)) {
      rest.remove_prefix(word.size());
      return true;
    }
  }
  return false;
}

bool TakeBracket(std::u32string_view& rest) {
  if (!StartsWith(rest, U"(")) return false;
  const size_t close = rest.find(U')');
  if (close == std::u32string_view::npos) return false;
  rest.remove_prefix(close + 1);
  return true;
}

}  // namespace

AreaPhrase ReadAreaPhrase(std::u32string_view name) {
  AreaPhrase phrase;
  while (TakeWord(name, kCollectivePrefixes)) {
  }
  bool any = false;
  while (!name.empty()) {
    if (TakeWord(name, kParks)) {
      phrase.has_park = any = true;
    } else if (TakeWord(name, kAreas) || TakeBracket(name) || StartsWith(name, U"、")) {
      if (StartsWith(name, U"、")) name.remove_prefix(1);
      any = true;
    } else {
      break;
    }
  }
  if (any && !name.empty()) phrase.has_organ = TakeWord(name, kOrgans);
  while (phrase.has_organ && TakeBracket(name)) {
  }
  phrase.matches = any && name.empty();
  return phrase;
}

bool IsCollective(std::u32string_view name) {
  if (Contains(name, U"各") || Contains(name, U"有关") || Contains(name, U"相关")) return true;
  if (StartsWith(name, U"全体") || StartsWith(name, U"所有") || StartsWith(name, U"其他")) return true;
  const auto area = ReadAreaPhrase(name);
  return name.size() >= 2 && area.matches && (!area.has_park || Contains(name, U"("));
}

bool NeedsNarrowing(std::u32string_view name) { return Contains(name, U"有关") || Contains(name, U"相关"); }

bool LooksLikeUnit(std::u32string_view name) {
  if (!IsPlausible(name)) return false;
  if (StartsWith(name, U"各") && name.size() <= 25) return true;
  const auto stem = WithoutLastBracket(name);
  if (stem.size() < 2) return false;
  if (stem == U"团市委" || stem == U"团省委" || stem == U"政法委") return true;
  for (const auto word : kFalseEnds) {
    if (stem == word ||
        (word.size() >= 2 && stem.size() <= word.size() + 1 && EndsWith(stem, word) && !IsCollective(stem)))
      return false;
  }
  if (EndsWith(stem, U"社会") || EndsWith(stem, U"干部")) return false;
  return EndsWithAny(stem, kEnds) || ReadAreaPhrase(name).matches;
}

bool CouldBeUnit(std::u32string_view name) { return IsPlausible(name) && name.size() <= 18 && !IsDigit(name.front()); }

Unit::Kind GuessKind(std::u32string_view name) {
  constexpr std::u32string_view kMass[] = {U"总工会", U"妇联",     U"妇女联合会", U"团市委",       U"团省委", U"团县委",
                                           U"团区委", U"共青团",   U"残联",       U"科协",         U"文联",   U"工商联",
                                           U"侨联",   U"红十字会", U"社科联",     U"残疾人联合会", U"工会",   U"台联"};
  constexpr std::u32string_view kParty[] = {U"组织部", U"宣传部", U"统战部", U"政法委", U"网信办",     U"编办",
                                            U"纪委",   U"监委",   U"工委",   U"市委",   U"省委",       U"区委",
                                            U"县委",   U"党委",   U"党组",   U"改革办", U"社会工作部", U"党建"};
  constexpr std::u32string_view kVertical[] = {
      U"税务局", U"海关",   U"人民银行", U"人行",     U"银保监",   U"金融监管总局", U"证监局",     U"邮政管理局",
      U"气象局", U"海事局", U"调查队",   U"烟草专卖", U"供电公司", U"消防救援",     U"通信管理局", U"外汇管理局"};
  constexpr std::u32string_view kInstitution[] = {U"中心",   U"供销", U"电视台", U"医院",   U"图书馆", U"博物馆",
                                                  U"档案馆", U"党校", U"报社",   U"融媒体", U"公积金"};
  if (IsCollective(name)) return Unit::GROUP;
  const auto stem = WithoutLastBracket(name);
  if (Contains(stem, U"驻") && (EndsWith(stem, U"处") || EndsWith(stem, U"办"))) return Unit::LIAISON;
  if (EndsWith(stem, U"管委会") || EndsWith(stem, U"管理委员会")) return Unit::PARK_COMMITTEE;
  if (ContainsAny(stem, kMass)) return Unit::MASS_ORGANISATION;
  if (ContainsAny(stem, kVertical) || EndsWith(stem, U"分局")) return Unit::VERTICAL;
  if (ContainsAny(stem, kParty)) return Unit::PARTY_ORGAN;
  constexpr std::u32string_view kUniversity[] = {U"大学", U"学院", U"学校", U"院校", U"高校"};
  if (EndsWithAny(stem, kUniversity)) return Unit::UNIVERSITY;
  constexpr std::u32string_view kInstitute[] = {U"研究院", U"研究所", U"科学院", U"设计院", U"社科院"};
  if (EndsWithAny(stem, kInstitute)) return Unit::INSTITUTE;
  constexpr std::u32string_view kChamber[] = {U"商会", U"协会", U"学会", U"促进会", U"联合会"};
  if (EndsWithAny(stem, kChamber)) return Unit::CHAMBER;
  if (EndsWith(stem, U"集团") || EndsWith(stem, U"公司"))
    return Contains(stem, U"有限") && !Contains(stem, U"国") ? Unit::ENTERPRISE : Unit::STATE_ENTERPRISE;
  if (ContainsAny(stem, kInstitution)) return Unit::PUBLIC_INSTITUTION;
  return Unit::GOVERNMENT;
}

}  // namespace duikou::policy
