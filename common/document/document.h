#ifndef DUIKOU_COMMON_DOCUMENT_DOCUMENT_H_
#define DUIKOU_COMMON_DOCUMENT_DOCUMENT_H_

#include <string>
#include <vector>

namespace duikou::document {

struct Block {
  enum class Kind {
    kTitle,       // Of the document.
    kSubtitle,    // A line below it.
    kHeading,     // 一、
    kSubheading,  // (一)
    kParagraph,
    kItem,  // Of a list.
    kNote,  // What a person is to fill in or to know; set apart.
    kTable
  };
  Kind kind = Kind::kParagraph;
  std::string text;                            // A line break begins a new paragraph.
  std::vector<std::vector<std::string>> rows;  // Of a table; the first is its head.
  std::vector<int> widths;                     // Of its columns, in any unit; equal when empty.
};

class Document {
 public:
  Document& Add(Block::Kind kind, std::string text) {
    blocks_.push_back({.kind = kind, .text = std::move(text)});
    return *this;
  }
  Document& AddTable(std::vector<std::vector<std::string>> rows, std::vector<int> widths = {}) {
    blocks_.push_back({.kind = Block::Kind::kTable, .rows = std::move(rows), .widths = std::move(widths)});
    return *this;
  }
  const std::vector<Block>& blocks() const { return blocks_; }
  // The text of the first title; empty without one.
  std::string title() const;

 private:
  std::vector<Block> blocks_;
};

// The lines of a text that have something to say, without white space around, that of Chinese texts included.
std::vector<std::string> LinesOf(const std::string& text);

}  // namespace duikou::document

#endif  // DUIKOU_COMMON_DOCUMENT_DOCUMENT_H_
