// The numbers by which a document is divided: 第一章, 第一条, 一、 (一) 1. (1) 1) ①.
#ifndef DUIKOU_SERVICES_TASKREGISTRY_POLICY_LEVELS_H_
#define DUIKOU_SERVICES_TASKREGISTRY_POLICY_LEVELS_H_

#include <string>
#include <vector>

#include "services/taskregistry/policy/source_text.h"

namespace duikou::policy {

// Forms of numbers, the larger division first (GB/T 9704-2012, 7.3.3: 一、 (一) 1. (1)).
enum class Level {
  kChapter,       // 第一章, 第一部分
  kSection,       // 第一节
  kArticle,       // 第一条
  kHan,           // 一、 一.
  kHanBracket,    // (一)
  kDigit,         // 1. 1、 任务1:
  kDigitBracket,  // (1)
  kDigitParen,    // 1)
  kCircled,       // ①
};

// A number that begins a clause.
struct Marker {
  Level level = Level::kHan;
  int number = 0;
  Span span;  // The number with its punctuation.
  bool starts_line = false;
};

// The numbers that begin clauses, in the order of the text. A number begins a clause at the start of a line, after the
// end of a sentence, a bracket or a blank, if it fits the sequence of its form; after a heading whose line break was
// lost (…的实效性(一)研究…) only if it is the next one. Numbers within sentences (第二条(一)项, 1.5, 附件1.) begin
// none.
std::vector<Marker> FindMarkers(const SourceText& text);

// The number alone, for the path of a clause: 三, (一), 1.
std::string MarkerLabel(const SourceText& text, const Marker& marker);

}  // namespace duikou::policy

#endif  // DUIKOU_SERVICES_TASKREGISTRY_POLICY_LEVELS_H_
