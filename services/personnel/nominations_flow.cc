#include "services/personnel/nominations_flow.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/schema/field_limits.h"
#include "common/tabular/read_table.h"
#include "common/tabular/table_columns.h"
#include "duikou/personnel/v1/people.pb.h"
#include "services/personnel/nominations.h"
#include "services/personnel/settings.h"

namespace duikou::personnel {
namespace {

using v1::ImportNominationsResponse;
using v1::Nomination;
using v1::Person;
using v1::Post;
using BadCell = v1::ImportPersonsResponse::BadCell;

constexpr size_t kMaxRows = 1000;
constexpr int kMaxWish = 20;

enum Column : size_t { kName, kPost, kIdentity, kWish, kSignedUp, kComment };

const std::vector<tabular::Heading>& Headings() {
  static const auto* headings = new std::vector<tabular::Heading>{{{"姓名", "Name"}},
                                                                  {{"岗位", "Post"}},
                                                                  {{"公民身份号码", "Identity number"}, false},
                                                                  {{"志愿", "Wish"}, false},
                                                                  {{"报名", "Signed up"}, false},
                                                                  {{"推荐意见", "Comment"}, false}};
  return *headings;
}

// What is wrong with a row, and in which column.
struct Wrong {
  Column column;
  std::string reason;
  Text text;
};

Wrong Of(Column column, const absl::Status& status) {
  const ErrorFacts facts = FactsOf(status);
  return {column, facts.reason, facts.violations.empty() ? facts.text : facts.violations[0].description};
}

// A sheet, read in the transaction that makes its nominations: names stand for persons and posts as they are then.
class NominationTable {
 public:
  NominationTable(const tabular::Sheet& sheet, const tabular::TableColumns& columns, std::string city)
      : sheet_(sheet), columns_(columns), city_(std::move(city)) {}

  // Makes the nominations of the good rows.
  absl::StatusOr<ImportNominationsResponse> Store(Txn& txn, const Caller& caller) const {
    ImportNominationsResponse response;
    ASSIGN_OR_RETURN(const std::vector<Post> posts,
                     txn.ListAll<Post>({.parent = "cities/-", .filter = "state = OPEN"}));
    for (size_t row = columns_.first_row(); row < sheet_.rows.size(); ++row) {
      if (IsEmpty(row)) continue;
      Nomination nomination;
      nomination.set_name(absl::StrCat(city_, "/nominations/", txn.NewId()));
      std::vector<Wrong> wrong = Fill(txn, row, posts, nomination);
      if (wrong.empty()) {
        // Checks everything before it stores anything.
        const absl::Status refused = OnCreateNomination(txn, caller, nomination);
        if (!refused.ok()) wrong.push_back(Of(kPost, refused));
      }
      for (const Wrong& one : wrong) *response.add_bad_cells() = Bad(row, one);
      if (!wrong.empty()) continue;
      ASSIGN_OR_RETURN(nomination, txn.Insert(std::move(nomination)));
      response.add_nominations(nomination.name());
    }
    response.set_good_rows(response.nominations_size());
    return response;
  }

 private:
  std::string TextAt(size_t row, Column column) const { return columns_.Text(sheet_, row, column); }

  bool IsEmpty(size_t row) const {
    for (size_t column = 0; column < Headings().size(); ++column) {
      if (!columns_.Text(sheet_, row, column).empty()) return false;
    }
    return true;
  }

  BadCell Bad(size_t row, const Wrong& wrong) const {
    BadCell bad;
    bad.set_cell(tabular::CellName(row, columns_.at(wrong.column).value_or(0)));
    bad.set_column(Headings()[wrong.column].text.zh);
    bad.set_reason(wrong.reason);
    bad.set_message(wrong.text.zh);
    bad.set_message_en(wrong.text.en);
    return bad;
  }

  std::vector<Wrong> Fill(Txn& txn, size_t row, const std::vector<Post>& posts, Nomination& nomination) const {
    std::vector<Wrong> wrong;
    FindPerson(txn, row, nomination, wrong);
    FindPost(row, posts, nomination, wrong);
    if (const std::string text = TextAt(row, kWish); !text.empty()) {
      int wish = 0;
      if (!absl::SimpleAtoi(text, &wish) || wish < 1 || wish > kMaxWish)
        wrong.push_back({kWish, "WISH_FORM", {"应为 1 到 20 的整数。", "must be a number from 1 to 20."}});
      nomination.set_wish(wish);
    }
    if (const std::string text = TextAt(row, kSignedUp); !text.empty()) {
      if (text != "是" && text != "否")
        wrong.push_back({kSignedUp, "YES_NO_FORM", {"应为以下之一:是、否。", "must be one of 是, 否."}});
      nomination.set_signed_up(text == "是");
    }
    nomination.set_comment(TextAt(row, kComment));
    if (!wrong.empty()) return wrong;
    FieldViolations limits;
    schema::CheckLimits(nomination, "nomination", schema::RequiredFields::kCheck, limits);
    if (const absl::Status status = limits.ToStatus(); !status.ok()) wrong.push_back(Of(kComment, status));
    return wrong;
  }

  void FindPerson(Txn& txn, size_t row, Nomination& nomination, std::vector<Wrong>& wrong) const {
    const std::string name = TextAt(row, kName), number = TextAt(row, kIdentity);
    const std::string city(schema::CityOf(city_));
    auto found = txn.FindBy<Person>(city, "title", name);
    if (found.ok() && !number.empty()) {
      const auto digest = txn.IdentityDigest(number);
      std::erase_if(*found, [&](const Person& one) { return !digest.ok() || one.identity_digest() != *digest; });
    }
    if (!found.ok()) return wrong.push_back(Of(kName, found.status()));
    if (found->size() == 1) return nomination.set_person(found->front().name());
    if (found->empty()) {
      return wrong.push_back(
          {kName,
           "PERSON_NOT_FOUND",
           {absl::StrCat("本市没有登记人员“", name, "”", number.empty() ? "。" : "(身份号码相符者)。"),
            absl::StrCat("no person \"", name, "\" ", number.empty() ? "" : "with this identity number ",
                         "is recorded in the city.")}});
    }
    wrong.push_back({kName,
                     "PERSON_AMBIGUOUS",
                     {absl::StrCat("有 ", found->size(), " 人名为“", name, "”,请填写公民身份号码。"),
                      absl::StrCat(found->size(), " persons are called \"", name, "\": write the identity number.")}});
  }

  // By its name, or by its title where that is one post's alone.
  void FindPost(size_t row, const std::vector<Post>& posts, Nomination& nomination, std::vector<Wrong>& wrong) const {
    const std::string text = TextAt(row, kPost);
    std::vector<std::string> found;
    for (const Post& post : posts) {
      if (CityNameOf(post.name()) != city_ && (post.name() == text || post.title() == text))
        found.push_back(post.name());
    }
    if (found.size() == 1) return nomination.set_post(found.front());
    if (found.empty()) {
      return wrong.push_back(
          {kPost,
           "POST_NOT_FOUND",
           {absl::StrCat("没有正在征集的岗位“", text, "”。"), absl::StrCat("no open post is called \"", text, "\".")}});
    }
    wrong.push_back(
        {kPost,
         "POST_AMBIGUOUS",
         {absl::StrCat("有 ", found.size(), " 个岗位名为“", text, "”,请填写岗位全名,如 ", found.front(), "。"),
          absl::StrCat(found.size(), " posts are called \"", text, "\": write the post's name, such as ", found.front(),
                       ".")}});
  }

  const tabular::Sheet& sheet_;
  const tabular::TableColumns& columns_;
  const std::string city_;
};

absl::Status RowsBad(const ImportNominationsResponse& response) {
  ErrorFacts facts{.reason = "ROWS_BAD",
                   .text = {absl::StrCat(response.bad_cells_size(), " 个单元格有误,未导入任何推荐。"),
                            absl::StrCat(response.bad_cells_size(), " cells are bad, so nothing was imported.")}};
  for (const BadCell& bad : response.bad_cells())
    facts.violations.push_back({bad.cell(), {bad.message(), bad.message_en()}});
  return MakeError(absl::StatusCode::kInvalidArgument, std::move(facts));
}

}  // namespace

absl::StatusOr<ImportNominationsResponse> ImportNominations(rpc::Context& context, const Caller& caller,
                                                            const v1::ImportNominationsRequest& request) {
  ASSIGN_OR_RETURN(const tabular::Sheet sheet, tabular::ReadTable(request.content()));
  ASSIGN_OR_RETURN(const tabular::TableColumns columns, tabular::TableColumns::Find(sheet, Headings()));
  if (sheet.rows.size() > columns.first_row() + kMaxRows) {
    return BadField("content",
                    {absl::StrCat("一次最多导入 ", kMaxRows, " 行,请拆分表格。"),
                     absl::StrCat("takes at most ", kMaxRows, " rows at once: split the table.")},
                    "TABLE_TOO_LARGE");
  }
  const NominationTable table(sheet, columns, request.parent());
  const bool whole_or_nothing = !request.only_good_rows() && !request.validate_only();
  return context.Commit<ImportNominationsResponse>([&](Txn& txn) -> absl::StatusOr<ImportNominationsResponse> {
    ASSIGN_OR_RETURN(ImportNominationsResponse response, table.Store(txn, caller));
    if (whole_or_nothing && !response.bad_cells().empty()) return RowsBad(response);
    return response;
  });
}

}  // namespace duikou::personnel
