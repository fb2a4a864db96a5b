#include "services/personnel/person_rows.h"

#include <functional>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/workday.h"
#include "common/schema/field_limits.h"
#include "common/tabular/table_columns.h"
#include "common/text/strip_space.h"
#include "services/personnel/identity.h"
#include "services/personnel/rules/dates.h"

namespace duikou::personnel {
namespace {

using v1::Person;

// What is wrong with a cell: a reason and a sentence; nullopt for a good one.
using Wrong = std::optional<std::pair<const char*, Text>>;

struct Column {
  Text heading;
  const char* field;  // Of the person, as its limits name it.
  std::function<Wrong(Person&, const std::string&)> set;
};

Wrong SetDate(const std::string& text, duikou::type::v1::Date& date) {
  const auto day = ParseDay(text);
  if (!day) return std::pair("DATE_FORM", Text{"日期应形如 1985-05-20。", "write dates like 1985-05-20."});
  date = rules::ToDate(*day);
  return std::nullopt;
}

template <class Value>
Wrong SetOneOf(const std::map<std::string, Value>& words, const std::string& text, const char* reason, Value& value) {
  const auto found = words.find(text);
  if (found != words.end()) {
    value = found->second;
    return std::nullopt;
  }
  std::string known;
  for (const auto& [word, unused] : words) absl::StrAppend(&known, known.empty() ? "" : "、", word);
  return std::pair(reason,
                   Text{absl::StrCat("应为以下之一:", known, "。"), absl::StrCat("must be one of ", known, ".")});
}

const std::map<std::string, Person::Sex>& Sexes() {
  static const auto* words = new std::map<std::string, Person::Sex>{{"男", Person::MALE}, {"女", Person::FEMALE}};
  return *words;
}

const std::map<std::string, Person::Education>& Educations() {
  static const auto* words = new std::map<std::string, Person::Education>{
      {"高中", Person::SECONDARY},      {"中专", Person::SECONDARY},    {"大专", Person::JUNIOR_COLLEGE},
      {"本科", Person::BACHELOR},       {"大学本科", Person::BACHELOR}, {"硕士", Person::MASTER},
      {"研究生", Person::MASTER},       {"硕士研究生", Person::MASTER}, {"博士", Person::DOCTORATE},
      {"博士研究生", Person::DOCTORATE}};
  return *words;
}

Wrong SetYesNo(const std::string& text, bool& value) {
  static const auto* words = new std::map<std::string, bool>{{"是", true}, {"否", false}};
  return SetOneOf(*words, text, "YES_NO_FORM", value);
}

// A column whose text is the field's as it is.
Column Plain(Text heading, const char* field, std::string* (Person::*mutable_field)()) {
  return {std::move(heading), field, [mutable_field](Person& person, const std::string& text) -> Wrong {
            *(person.*mutable_field)() = text;
            return std::nullopt;
          }};
}

constexpr size_t kMaxPersons = 1000;  // As many unit names as the directory resolves at once.
constexpr size_t kName = 0;
constexpr size_t kUnit = 1;

const std::vector<Column>& Columns() {
  static const auto* columns = new std::vector<Column>{
      Plain({"姓名", "Name"}, "title", &Person::mutable_title),
      {{"工作单位", "Home unit"}, "home_unit", [](Person&, const std::string&) -> Wrong { return std::nullopt; }},
      {{"性别", "Sex"},
       "sex",
       [](Person& person, const std::string& text) -> Wrong {
         Person::Sex sex = Person::SEX_UNSPECIFIED;
         Wrong wrong = SetOneOf(Sexes(), text, "SEX_FORM", sex);
         person.set_sex(sex);
         return wrong;
       }},
      {{"出生日期", "Birth date"},
       "birth_date",
       [](Person& person, const std::string& text) { return SetDate(text, *person.mutable_birth_date()); }},
      {{"参加工作时间", "Began work"},
       "work_start_date",
       [](Person& person, const std::string& text) { return SetDate(text, *person.mutable_work_start_date()); }},
      Plain({"民族", "Ethnic group"}, "ethnic_group", &Person::mutable_ethnic_group),
      Plain({"籍贯", "Native place"}, "native_place", &Person::mutable_native_place),
      Plain({"政治面貌", "Political status"}, "political_status", &Person::mutable_political_status),
      Plain({"现任职务", "Position"}, "position", &Person::mutable_position),
      Plain({"职级", "Rank"}, "rank", &Person::mutable_rank),
      Plain({"职称", "Professional title"}, "professional_title", &Person::mutable_professional_title),
      {{"专业特长", "Skills"},
       "skills",
       [](Person& person, const std::string& text) -> Wrong {
         for (const absl::string_view skill : absl::StrSplit(text, "、", absl::SkipWhitespace()))
           person.add_skills(std::string(skill));
         return std::nullopt;
       }},
      {{"学历", "Education"},
       "education",
       [](Person& person, const std::string& text) -> Wrong {
         Person::Education education = Person::EDUCATION_UNSPECIFIED;
         Wrong wrong = SetOneOf(Educations(), text, "EDUCATION_FORM", education);
         person.set_education(education);
         return wrong;
       }},
      {{"干部", "Cadre"},
       "cadre",
       [](Person& person, const std::string& text) -> Wrong {
         bool cadre = false;
         Wrong wrong = SetYesNo(text, cadre);
         person.set_cadre(cadre);
         return wrong;
       }},
      Plain({"公民身份号码", "Identity number"}, "identity_number", &Person::mutable_identity_number),
      Plain({"联系电话", "Phone"}, "phone", &Person::mutable_phone),
      Plain({"使用依据", "Basis"}, "basis", &Person::mutable_basis),
  };
  return *columns;
}

size_t Identity() {
  size_t column = 0;
  while (std::string_view(Columns()[column].field) != "identity_number") ++column;
  return column;
}

// The limits of the person's fields, each at its column; what no column sets is told at the name.
void CheckLimits(const PersonRow& row, const tabular::TableColumns& columns,
                 google::protobuf::RepeatedPtrField<BadCell>& bad_cells) {
  FieldViolations violations;
  schema::CheckLimits(row.person, "person", schema::RequiredFields::kCheck, violations);
  for (const FieldViolation& violation : FactsOf(violations.ToStatus()).violations) {
    size_t column = kName;
    for (size_t c = 0; c < Columns().size(); ++c) {
      if (violation.field.starts_with(absl::StrCat("person.", Columns()[c].field))) column = c;
    }
    bad_cells.Add(BadAt(row.row, columns.at(column).value_or(0), Columns()[column].heading, "FIELD_INVALID",
                        violation.description));
  }
}

}  // namespace

absl::StatusOr<PersonTable> ReadPersons(const tabular::Sheet& sheet) {
  std::vector<tabular::Heading> headings;
  for (const Column& column : Columns()) headings.push_back({column.heading, headings.empty()});
  ASSIGN_OR_RETURN(const tabular::TableColumns columns, tabular::TableColumns::Find(sheet, headings));
  PersonTable table;
  size_t persons = 0;
  for (size_t r = columns.first_row(); r < sheet.rows.size(); ++r) {
    PersonRow row{.row = r,
                  .unit = std::string(text::StripSpace(columns.Text(sheet, r, kUnit))),
                  .unit_place = columns.at(kUnit).value_or(0),
                  .identity_place = columns.at(Identity()).value_or(0)};
    const int bad_before = table.bad_cells.size();
    bool empty = true;
    for (size_t c = 0; c < Columns().size(); ++c) {
      const std::string text(text::StripSpace(columns.Text(sheet, r, c)));
      if (text.empty()) continue;
      empty = false;
      if (const Wrong wrong = Columns()[c].set(row.person, text))
        table.bad_cells.Add(BadAt(r, *columns.at(c), Columns()[c].heading, wrong->first, wrong->second));
    }
    if (empty) continue;
    if (++persons > kMaxPersons) {
      return BadField("content",
                      {absl::StrCat("一次最多导入 ", kMaxPersons, " 人,请拆分表格。"),
                       absl::StrCat("takes at most ", kMaxPersons, " persons at once: split the table.")},
                      "TABLE_TOO_LARGE");
    }
    // What is badly written would break the limits of its field as well, and be told twice.
    if (table.bad_cells.size() == bad_before) CheckLimits(row, columns, table.bad_cells);
    if (const absl::Status identity = CheckIdentityNumber(row.person); !identity.ok())
      table.bad_cells.Add(BadIdentity(row, identity));
    if (table.bad_cells.size() == bad_before) table.rows.push_back(std::move(row));
  }
  return table;
}

BadCell BadIdentity(const PersonRow& row, const absl::Status& status) {
  return BadAt(row.row, row.identity_place, Columns()[Identity()].heading, status);
}

BadCell BadUnit(const PersonRow& row, bool ambiguous) {
  const Text text = ambiguous ? Text{absl::StrCat("“", row.unit, "”可能是几个单位,请写全称。"),
                                     absl::StrCat("several units bear the name \"", row.unit, "\": write it in full.")}
                              : Text{absl::StrCat("没有名为“", row.unit, "”的单位。"),
                                     absl::StrCat("no unit bears the name \"", row.unit, "\".")};
  return BadAt(row.row, row.unit_place, Columns()[kUnit].heading, ambiguous ? "UNIT_AMBIGUOUS" : "UNIT_NOT_FOUND",
               text);
}

}  // namespace duikou::personnel
