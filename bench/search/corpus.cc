#include "bench/search/corpus.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <random>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/status_macros.h"
#include "common/search/query.h"
#include "common/tabular/tsv.h"
#include "common/text/utf8.h"

namespace duikou::bench {
namespace {

constexpr size_t kParents = 3;

std::vector<std::string> Sentences(const std::string& text) {
  std::vector<std::string> out(1);
  for (size_t at = 0; at < text.size();) {
    const std::string_view character = text::Truncate(std::string_view(text).substr(at), 1);
    out.back() += character;
    at += character.size();
    if (character == "。" || character == "\uFF1B" || character == ";" || character == ".") out.emplace_back();
  }
  if (out.back().empty() && out.size() > 1) out.pop_back();
  return out;
}

std::string FirstHalf(const std::string& text) { return std::string(text::Truncate(text, text::CodePoints(text) / 2)); }

std::vector<std::string> HanKeywords(const Listing& listing, size_t least, size_t most) {
  std::vector<std::string> out;
  for (const auto keyword : absl::StrSplit(listing.keywords, '_')) {
    std::string text(keyword.data(), keyword.size());
    const std::vector<search::Piece> pieces = search::PiecesOf(text);
    const bool han = std::all_of(pieces.begin(), pieces.end(), [&](const search::Piece& piece) {
      return piece.ideograph != 0 && (&piece == &pieces.front() || piece.tight);
    });
    if (han && pieces.size() >= least && pieces.size() <= most) out.push_back(std::move(text));
  }
  return out;
}

}  // namespace

absl::StatusOr<std::vector<Listing>> ReadListings(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat(path, " cannot be read"));
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  ASSIGN_OR_RETURN(const tabular::Sheet sheet, tabular::ReadTsv(bytes));
  std::vector<Listing> listings;
  for (size_t row = 1; row < sheet.rows.size(); ++row) {
    Listing listing;
    for (size_t column = 0; column < sheet.rows[0].size(); ++column) {
      const std::string name = sheet.rows[0][column], cell(sheet.At(row, column));
      if (name == "title") listing.title = cell;
      if (name == "abstract") listing.abstract = cell;
      if (name == "keywords") listing.keywords = cell;
      if (name == "discipline") listing.discipline = cell;
    }
    listings.push_back(std::move(listing));
  }
  if (listings.size() < kParents) return absl::InvalidArgumentError(absl::StrCat(path, " has too few listings"));
  return listings;
}

std::vector<Listing> Grow(const std::vector<Listing>& real, size_t count) {
  std::vector<std::vector<std::string>> sentences;
  for (const Listing& listing : real) sentences.push_back(Sentences(listing.abstract));
  std::mt19937_64 random(20261127);
  std::vector<Listing> out(real.begin(), real.begin() + static_cast<ptrdiff_t>(std::min(count, real.size())));
  while (out.size() < count) {
    size_t parents[kParents];
    for (size_t& parent : parents) parent = random() % real.size();
    const Listing &first = real[parents[0]], &second = real[parents[1]], &third = real[parents[2]];
    Listing grown{.title = FirstHalf(first.title) + second.title.substr(FirstHalf(second.title).size()),
                  .abstract = {},
                  .keywords = third.keywords,
                  .discipline = first.discipline};
    for (size_t i = 0; i < sentences[parents[0]].size(); ++i) {
      const std::vector<std::string>& from = sentences[parents[i % kParents]];
      grown.abstract += from[random() % from.size()];
    }
    out.push_back(std::move(grown));
  }
  return out;
}

std::vector<Questions> Ask(const std::vector<Listing>& real, size_t of_each) {
  std::vector<Questions> out = {{"two_characters", {}}, {"four_characters", {}}, {"two_words", {}}, {"phrase", {}}};
  std::mt19937_64 random(7);
  const auto take = [&](Questions& questions, size_t words, size_t least, size_t most) {
    while (questions.queries.size() < of_each) {
      std::vector<std::string> keywords = HanKeywords(real[random() % real.size()], least, most);
      if (keywords.size() < words) continue;
      std::shuffle(keywords.begin(), keywords.end(), random);
      keywords.resize(words);
      questions.queries.push_back(std::move(keywords));
    }
  };
  take(out[0], 1, 2, 2);
  take(out[1], 1, 4, 4);
  take(out[2], 2, 2, 4);
  take(out[3], 1, 5, 8);
  return out;
}

}  // namespace duikou::bench
