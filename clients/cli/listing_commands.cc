// duikou listing: search, match, import, export, and the measure of the search; duikou timetable.
#include "clients/cli/listing_commands.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "clients/cli/known_item.h"
#include "clients/cli/language.h"
#include "clients/cli/output_file.h"
#include "clients/cli/table.h"
#include "clients/cli/values.h"
#include "common/base/status_macros.h"
#include "common/tabular/tsv.h"
#include "duikou/techtransfer/v1/events.pb.h"
#include "duikou/techtransfer/v1/listings.pb.h"
#include "duikou/techtransfer/v1/matching.pb.h"

namespace duikou::cli {
namespace {

namespace v1 = techtransfer::v1;

constexpr char kListings[] = "duikou.techtransfer.v1.Listings.";
constexpr size_t kLargestTable = 64'000'000;
// What the service takes, and a little, so that it is the service that says no.
constexpr size_t kLargestImport = 4'000'000;

struct Typed {
  std::string file, query, name, kind, unit, filter;
  std::vector<std::string> facets;
  int count = 20;
  bool json = false, own_city = false, unpublished = false, is_public = false, validate_only = false,
       only_good_rows = false;
};

// The text with what was asked for between marks: in 〔〕, which nobody types.
std::string Marked(const search::v1::Excerpt& excerpt) {
  std::string text(excerpt.cut_before() ? "…" : "");
  size_t at = 0;
  for (const auto& range : excerpt.highlights()) {
    const auto begin = static_cast<size_t>(range.begin()), end = static_cast<size_t>(range.end());
    absl::StrAppend(&text, excerpt.text().substr(at, begin - at), "〔", excerpt.text().substr(begin, end - begin),
                    "〕");
    at = end;
  }
  return absl::StrCat(text, excerpt.text().substr(at), excerpt.cut_after() ? "…" : "");
}

// As it can be typed: the number alone of the own city's, with the city of another's.
std::string Known(Context& context, const std::string& name, const std::string& number) {
  const absl::StatusOr<std::string> city = context.suite().City();
  const std::string listings = name.substr(0, name.rfind('/') + 1);
  if (city.ok() && listings == absl::StrCat("cities/", *city, "/listings/")) return number;
  return absl::StrCat(listings, number);
}

void PrintFound(Context& context, const v1::SearchListingsResponse& response) {
  Table table({FieldLabel("number"), FieldLabel("kind"), FieldLabel("title"), FieldLabel("owner_unit"),
               std::string(Say("所在", "where"))});
  for (const auto& found : response.found()) {
    std::string title = found.title(), where;
    for (const auto& excerpt : found.hit().excerpts()) {
      if (excerpt.highlights().empty()) continue;
      (excerpt.field() == "title" ? title : where) = Marked(excerpt);
      if (!where.empty()) break;
    }
    table.Add({Known(context, found.hit().name(), found.number()), FieldText(found, "kind"), title,
               found.owner_unit_title(), where});
  }
  context.Print(table);
  context.Print(absl::StrCat(Say("共 ", "found: "), response.total(), Say(" 条\n", "\n")));
  for (const auto& facet : response.facets()) {
    std::vector<std::string> counts;
    for (const auto& count : facet.counts()) counts.push_back(absl::StrCat(count.value(), " ", count.count()));
    context.Print(
        absl::StrCat(FieldLabel(facet.field()), Say(":", ": "), absl::StrJoin(counts, Say("、", ", ")), "\n"));
  }
}

absl::StatusOr<std::string> OwnCity(Context& context) {
  ASSIGN_OR_RETURN(const std::string city, context.suite().City());
  return absl::StrCat("cities/", city);
}

absl::Status Search(Context& context, const Typed& typed) {
  v1::SearchListingsRequest request;
  request.set_parent("cities/-");
  if (typed.own_city) {
    ASSIGN_OR_RETURN(*request.mutable_parent(), OwnCity(context));
  }
  request.set_query(typed.query);
  request.set_page_size(typed.count);
  request.set_include_unpublished(typed.unpublished);
  for (const std::string& facet : typed.facets) request.add_facets(facet);
  ASSIGN_OR_RETURN(const auto response, context.suite().Call<v1::SearchListingsResponse>(
                                            absl::StrCat(kListings, "SearchListings"), request));
  if (context.json()) {
    context.PrintJson(response);
  } else {
    PrintFound(context, response);
  }
  return absl::OkStatus();
}

std::string Points(int tenths) { return absl::StrFormat("%d.%d", tenths / 10, tenths % 10); }

absl::Status Match(Context& context, const Typed& typed) {
  v1::MatchListingRequest request;
  const ResourceType* type = Catalog::Get().Find("listing");
  if (type == nullptr) return absl::InternalError("no listings");
  ASSIGN_OR_RETURN(*request.mutable_name(), context.suite().NameOf(*type, typed.name));
  request.set_page_size(typed.count);
  ASSIGN_OR_RETURN(const auto response, context.suite().Call<v1::MatchListingResponse>(
                                            "duikou.techtransfer.v1.Matching.MatchListing", request));
  if (context.json()) {
    context.PrintJson(response);
    return absl::OkStatus();
  }
  const auto& weights = response.weights();
  const auto part = [](absl::string_view zh, absl::string_view en, int weight) {
    return absl::StrCat(Say(zh, en), "/", weight);
  };
  Table table({std::string(Say("得分", "score")), FieldLabel("number"), FieldLabel("title"), FieldLabel("owner_unit"),
               part("文字", "text", weights.text()), part("领域", "field", weights.field()),
               part("成熟度", "maturity", weights.maturity()), part("区域", "region", weights.region()),
               part("价格", "price", weights.price()), part("新近", "fresh", weights.freshness()), FieldLabel("words"),
               FieldLabel("feedback")});
  for (const auto& match : response.matches()) {
    const auto& parts = match.parts();
    const auto points = [](int thousandths, int weight) { return Points(thousandths * weight / 100); };
    table.Add({Points(match.score_tenths()), Known(context, match.listing(), match.number()), match.title(),
               match.owner_unit_title(), points(parts.text(), weights.text()), points(parts.field(), weights.field()),
               points(parts.maturity(), weights.maturity()), points(parts.region(), weights.region()),
               points(parts.price(), weights.price()), points(parts.freshness(), weights.freshness()),
               absl::StrJoin(match.words(), " "), FieldText(match, "feedback")});
  }
  context.Print(table);
  context.Print(absl::StrCat(Say("从 ", "the best of "), response.considered(), Say(" 条中选出\n", "\n")));
  return absl::OkStatus();
}

absl::Status Import(Context& context, const Typed& typed) {
  v1::ImportListingsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), OwnCity(context));
  ASSIGN_OR_RETURN(*request.mutable_content(), ReadInput(typed.file, kLargestImport));
  v1::Listing::Kind kind = v1::Listing::KIND_UNSPECIFIED;
  if (!typed.kind.empty()) v1::Listing::Kind_Parse(typed.kind, &kind);
  request.set_kind(kind);
  if (!typed.unit.empty()) {
    ASSIGN_OR_RETURN(*request.mutable_owner_unit(), context.suite().NameOf(*Catalog::Get().Find("unit"), typed.unit));
  }
  request.set_validate_only(typed.validate_only);
  request.set_only_good_rows(typed.only_good_rows);
  if (typed.is_public) {
    request.mutable_publication()->set_disclosure(type::v1::Access::PUBLIC);
    request.mutable_publication()->set_sharing(type::v1::Access::UNCONDITIONAL);
  }
  ASSIGN_OR_RETURN(const auto response, context.suite().Call<v1::ImportListingsResponse>(
                                            absl::StrCat(kListings, "ImportListings"), request));
  if (context.json()) {
    context.PrintJson(response);
  } else {
    for (const auto& bad : response.bad_cells())
      context.Print(absl::StrCat(bad.cell(), " ", bad.column(), ": ", Say(bad.message(), bad.message_en()), "\n"));
    context.Print(absl::StrCat(typed.validate_only ? Say("预览(未保存):", "Preview, nothing is stored: ") : "",
                               Say("新建 ", "created: "), response.created(), Say(" 条,更新 ", ", updated: "),
                               response.updated(), Say(" 条,未变 ", ", unchanged: "), response.unchanged(),
                               Say(" 条,有误 ", ", bad cells: "), response.bad_cells_size(), Say(" 格\n", "\n")));
  }
  if (response.bad_cells().empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      response.bad_cells_size(),
      Say(" 个单元格有误,见上;改正后可再次导入。", " cells are bad, see above: mend them and import again.")));
}

absl::Status Export(Context& context, const Typed& typed) {
  v1::ExportListingsRequest request;
  ASSIGN_OR_RETURN(*request.mutable_parent(), OwnCity(context));
  request.set_filter(typed.filter);
  request.set_csv(HasSuffix(typed.file, ".csv"));
  ASSIGN_OR_RETURN(const auto response, context.suite().Call<v1::ExportListingsResponse>(
                                            absl::StrCat(kListings, "ExportListings"), request));
  RETURN_IF_ERROR(WriteOutput(typed.file, response.content()));
  context.Print(
      absl::StrCat(response.title(), Say(",共 ", ", rows: "), response.rows(), Say(" 条:", ": "), typed.file, "\n"));
  return absl::OkStatus();
}

absl::Status Evaluate(Context& context, const Typed& typed) {
  ASSIGN_OR_RETURN(const std::string bytes, ReadInput(typed.file, kLargestTable));
  ASSIGN_OR_RETURN(const tabular::Sheet table, tabular::ReadTsv(bytes));
  ASSIGN_OR_RETURN(const std::vector<KnownItemWay> ways, KnownItemWays(table));
  Table shown({std::string(Say("方式", "way")), "MRR@10", std::string(Say("召回率@10", "recall@10"))});
  std::vector<std::string> members;
  for (const KnownItemWay& way : ways) {
    const KnownItemFigures figures = MeasureIndex(way);
    shown.Add({way.name, absl::StrFormat("%.4f", figures.mrr), absl::StrFormat("%.4f", figures.recall)});
    members.push_back(absl::StrFormat("\"%s\":{\"mrr\":%.6f,\"recall\":%.6f}", way.name, figures.mrr, figures.recall));
  }
  if (typed.json || context.json()) {
    context.Print(absl::StrCat("{", absl::StrJoin(members, ","), "}\n"));
    return absl::OkStatus();
  }
  context.Print(shown);
  context.Print(absl::StrCat(
      Say("以每条供需信息自身的文字检索它,共 ", "each listing is looked for by words of its own; listings: "),
      ways.front().items.size(),
      Say(" 条。keywords:以全部关键词检索标题和摘要;title:以标题检索摘要;short:以全部关键词检索标题;last:"
          "以最后一个关键词检索摘要。\n",
          ". keywords: title and abstract by all keywords; title: abstract by title; short: title by all keywords; "
          "last: abstract by the last keyword.\n")));
  return absl::OkStatus();
}

absl::Status Timetable(Context& context, const Typed& typed) {
  v1::ExportTimetableRequest request;
  const ResourceType* type = Catalog::Get().Find("event");
  if (type == nullptr) return absl::InternalError("no events");
  ASSIGN_OR_RETURN(*request.mutable_name(), context.suite().NameOf(*type, typed.name));
  request.set_csv(HasSuffix(typed.file, ".csv"));
  ASSIGN_OR_RETURN(const auto response, context.suite().Call<v1::ExportTimetableResponse>(
                                            "duikou.techtransfer.v1.Events.ExportTimetable", request));
  RETURN_IF_ERROR(WriteOutput(typed.file, response.content()));
  context.Print(absl::StrCat(response.title(), Say(",共 ", ", meetings: "), response.rows(), Say(" 场:", ": "),
                             typed.file, "\n"));
  return absl::OkStatus();
}

using Command = absl::Status (*)(Context&, const Typed&);

CLI::App* Add(CLI::App& listing, Context& context, const std::shared_ptr<Typed>& typed, Command run, const char* verb,
              absl::string_view zh, absl::string_view en, const char* example) {
  CLI::App* command = AddCommand(listing, verb, zh, en, example);
  command->callback([&context, typed, run] { context.run = [&context, typed, run] { return run(context, *typed); }; });
  return command;
}

std::string Words(absl::string_view zh, absl::string_view en) { return std::string(Say(zh, en)); }

void AddFinding(CLI::App& listing, Context& context, const std::shared_ptr<Typed>& typed) {
  CLI::App* search = Add(listing, context, typed, Search, "search", "检索", "search what is published",
                         "duikou listing search '镁合金 NOT 压铸' --facet kind --facet city");
  search->add_option("QUERY", typed->query,
                     Words("检索词;支持\"词组\"、AND、OR、NOT、括号、标题:词、类型:需求、前缀*",
                           "words, \"phrases\", AND, OR, NOT, brackets, title:word, kind:DEMAND, prefix*"));
  search->add_option("--facet", typed->facets, Words("分面计数的字段,可重复", "a field to count, may be repeated"));
  search->add_option("--count", typed->count, Words("最多显示条数", "show at most so many"));
  search->add_flag("--own-city", typed->own_city, Words("只检索本市", "of the own city alone"));
  search->add_flag("--unpublished", typed->unpublished,
                   Words("含本市未发布的", "with what the own city has not published"));
  CLI::App* match = Add(listing, context, typed, Match, "match", "匹配:最合适的需求或成果,逐项列出得分",
                        "the offers that fit a demand best, or the demands an offer, with the score taken apart",
                        "duikou listing match YK-XQ-2026-01");
  match->add_option("NAME", typed->name, Words("名称、编号或标识", "name, number or id"))->required();
  match->add_option("--count", typed->count, Words("最多显示条数", "show at most so many"));
}

void AddFiles(CLI::App& listing, Context& context, const std::shared_ptr<Typed>& typed) {
  CLI::App* in = Add(listing, context, typed, Import, "import", "从表格批量导入(.xlsx、.csv 或 .tsv)",
                     "draft listings from a table (.xlsx, .csv or .tsv)",
                     "duikou listing import 成果.csv --kind OFFER --unit 市科学院 --validate-only");
  in->add_option("FILE", typed->file, Words("表格;- 为标准输入", "the table; - for standard input"))->required();
  in->add_option("--kind", typed->kind,
                 Words("未写类型的行按此:OFFER 成果 或 DEMAND 需求", "of rows that do not say: OFFER or DEMAND"))
      ->check(CLI::IsMember({"OFFER", "DEMAND"}));
  in->add_option("--unit", typed->unit, Words("未写单位的行按此单位", "the unit of rows that do not say"));
  in->add_flag("--public", typed->is_public,
               Words("发布后主动公开、无条件共享", "once published, to be seen by everybody"));
  in->add_flag("--validate-only", typed->validate_only, Words("只预览,不保存", "preview, store nothing"));
  in->add_flag("--only-good-rows", typed->only_good_rows,
               Words("有误的行跳过;缺省有误即全部不存", "skip bad rows; by default it is all or nothing"));
  CLI::App* out = Add(listing, context, typed, Export, "export", "导出(.xlsx 或 .csv),可再导入",
                      "write a table (.xlsx or .csv)", "duikou listing export 供需.xlsx --filter 'state = PUBLISHED'");
  out->add_option("FILE", typed->file, Words("写入的文件", "file to write"))->required();
  out->add_option("--filter", typed->filter, Words("条件,同 list listings", "as of list listings"));
  CLI::App* evaluate =
      Add(listing, context, typed, Evaluate, "eval", "检索质量:能否以自身的文字找到每条供需信息(无需服务)",
          "how well search finds each listing by words of its own; needs no server",
          "duikou listing eval listings.tsv --json");
  evaluate
      ->add_option("FILE", typed->file,
                   Words("制表符分隔的表,含 title、abstract、keywords 列;- 为标准输入",
                         "a table separated by tabs with title, abstract and keywords; - for standard input"))
      ->required();
  evaluate->add_flag("--json", typed->json, Words("以 JSON 输出", "print JSON"));
}

}  // namespace

void AddListingCommands(CLI::App& app, Context& context) {
  CLI::App* listing = AddCommand(app, "listing", "供需信息", "listings of technology offered and wanted");
  listing->require_subcommand(1);
  auto typed = std::make_shared<Typed>();
  AddFinding(*listing, context, typed);
  AddFiles(*listing, context, typed);
  CLI::App* timetable =
      Add(app, context, typed, Timetable, "timetable", "导出对接会洽谈日程(.xlsx 或 .csv)",
          "write the timetable of an event (.xlsx or .csv)", "duikou timetable YK-DJ-2026-01 日程.xlsx");
  timetable->add_option("NAME", typed->name, Words("名称、编号或标识", "name, number or id"))->required();
  timetable->add_option("FILE", typed->file, Words("写入的文件", "file to write"))->required();
}

}  // namespace duikou::cli
