#include "services/personnel/nominations_flow.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/schema/field_limits.h"
#include "common/tabular/read_table.h"
#include "common/tabular/table_columns.h"
#include "common/text/strip_space.h"
#include "duikou/personnel/v1/people.pb.h"
#include "services/personnel/bad_cells.h"
#include "services/personnel/nominations.h"
#include "services/personnel/settings.h"

namespace duikou::personnel {
namespace {

using v1::ImportNominationsResponse;
using v1::Nomination;
using v1::Person;
using v1::Post;

constexpr size_t kMaxRows = 1000;

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

// Of a row, where rules or limits refuse it; other failures are the import's.
bool IsOfRow(const absl::Status& status) {
  return absl::IsInvalidArgument(status) || absl::IsFailedPrecondition(status);
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
      const int bad_before = response.bad_cells_size();
      RETURN_IF_ERROR(Fill(txn, row, posts, nomination, response));
      if (response.bad_cells_size() > bad_before) continue;
      // Checks everything before it stores anything.
      if (const absl::Status refused = OnCreateNomination(txn, caller, nomination); !refused.ok()) {
        if (!IsOfRow(refused)) return refused;
        *response.add_bad_cells() = BadAt(row, PlaceOf(kPost), Headings()[kPost].text, refused);
        continue;
      }
      ASSIGN_OR_RETURN(nomination, txn.Insert(std::move(nomination)));
      response.add_nominations(nomination.name());
    }
    response.set_good_rows(response.nominations_size());
    return response;
  }

 private:
  std::string TextAt(size_t row, Column column) const {
    return std::string(text::StripSpace(columns_.Text(sheet_, row, column)));
  }
  size_t PlaceOf(Column column) const { return columns_.at(column).value_or(0); }

  bool IsEmpty(size_t row) const {
    for (size_t column = 0; column < Headings().size(); ++column) {
      if (!TextAt(row, static_cast<Column>(column)).empty()) return false;
    }
    return true;
  }

  void AddBad(size_t row, Column column, const char* reason, const Text& text,
              ImportNominationsResponse& response) const {
    *response.add_bad_cells() = BadAt(row, PlaceOf(column), Headings()[column].text, reason, text);
  }

  // What the cells of a row say; each that says nothing good is bad.
  absl::Status Fill(Txn& txn, size_t row, const std::vector<Post>& posts, Nomination& nomination,
                    ImportNominationsResponse& response) const {
    const int bad_before = response.bad_cells_size();
    RETURN_IF_ERROR(FindPerson(txn, row, nomination, response));
    FindPost(row, posts, nomination, response);
    if (const std::string text = TextAt(row, kWish); !text.empty()) {
      int wish = 0;
      if (!absl::SimpleAtoi(text, &wish))
        AddBad(row, kWish, "WISH_FORM", {"应为整数,1 为第一志愿。", "must be a number, 1 for the first wish."},
               response);
      nomination.set_wish(wish);
    }
    if (const std::string text = TextAt(row, kSignedUp); !text.empty()) {
      if (text != "是" && text != "否")
        AddBad(row, kSignedUp, "YES_NO_FORM", {"应为以下之一:是、否。", "must be one of 是, 否."}, response);
      nomination.set_signed_up(text == "是");
    }
    nomination.set_comment(TextAt(row, kComment));
    if (response.bad_cells_size() == bad_before) CheckLimits(row, nomination, response);
    return absl::OkStatus();
  }

  void CheckLimits(size_t row, const Nomination& nomination, ImportNominationsResponse& response) const {
    FieldViolations violations;
    schema::CheckLimits(nomination, "nomination", schema::RequiredFields::kCheck, violations);
    for (const FieldViolation& violation : FactsOf(violations.ToStatus()).violations)
      AddBad(row, violation.field == "nomination.wish" ? kWish : kComment, "FIELD_INVALID", violation.description,
             response);
  }

  absl::Status FindPerson(Txn& txn, size_t row, Nomination& nomination, ImportNominationsResponse& response) const {
    const std::string name = TextAt(row, kName), number = TextAt(row, kIdentity);
    ASSIGN_OR_RETURN(std::vector<Person> found, txn.FindBy<Person>(std::string(schema::CityOf(city_)), "title", name));
    if (!number.empty()) {
      ASSIGN_OR_RETURN(const std::vector<std::string> digests, txn.IdentityDigests(number));
      std::erase_if(found, [&](const Person& one) {
        return std::find(digests.begin(), digests.end(), one.identity_digest()) == digests.end();
      });
    }
    if (found.size() == 1) {
      nomination.set_person(found.front().name());
    } else if (found.empty()) {
      AddBad(row, kName, "PERSON_NOT_FOUND",
             {absl::StrCat("本市没有登记人员“", name, "”", number.empty() ? "。" : "(身份号码相符者)。"),
              absl::StrCat("no person \"", name, "\" ", number.empty() ? "" : "with this identity number ",
                           "is recorded in the city.")},
             response);
    } else {
      AddBad(row, kName, "PERSON_AMBIGUOUS",
             {absl::StrCat("有 ", found.size(), " 人名为“", name, "”,请填写公民身份号码。"),
              absl::StrCat(found.size(), " persons are called \"", name, "\": write the identity number.")},
             response);
    }
    return absl::OkStatus();
  }

  // By its name, or by its title where that is one post's alone.
  void FindPost(size_t row, const std::vector<Post>& posts, Nomination& nomination,
                ImportNominationsResponse& response) const {
    const std::string text = TextAt(row, kPost);
    std::vector<std::string> found;
    for (const Post& post : posts) {
      if (CityNameOf(post.name()) != city_ && (post.name() == text || post.title() == text))
        found.push_back(post.name());
    }
    if (found.size() == 1) {
      nomination.set_post(found.front());
    } else if (found.empty()) {
      AddBad(row, kPost, "POST_NOT_FOUND",
             {absl::StrCat("没有正在征集的岗位“", text, "”。"), absl::StrCat("no open post is called \"", text, "\".")},
             response);
    } else {
      AddBad(row, kPost, "POST_AMBIGUOUS",
             {absl::StrCat("有 ", found.size(), " 个岗位名为“", text, "”,请填写岗位全名,如 ", found.front(), "。"),
              absl::StrCat(found.size(), " posts are called \"", text, "\": write the post's name, such as ",
                           found.front(), ".")},
             response);
    }
  }

  const tabular::Sheet& sheet_;
  const tabular::TableColumns& columns_;
  const std::string city_;
};

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
    if (whole_or_nothing && !response.bad_cells().empty()) return RowsBad(response.bad_cells());
    return response;
  });
}

}  // namespace duikou::personnel
