// How long the importer takes for a policy document, decoding included: the median of many runs, in milliseconds.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "common/text/encoding.h"
#include "services/taskregistry/policy/policy_importer.h"

int main(int argc, char** argv) {
  constexpr size_t kDocumentBytes = 20 * 1024;
  constexpr int kRuns = 51;
  if (argc != 2) return std::cerr << "Usage: policy_parse_benchmark FILE\n", 2;
  std::ifstream file(argv[1], std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  if (text.empty()) return std::cerr << argv[1] << " is empty or cannot be read\n", 1;
  std::string document;
  while (document.size() < kDocumentBytes) document += text + "\n";
  std::vector<double> milliseconds;
  int tasks = 0;
  for (int i = 0; i < kRuns; ++i) {
    auto start = std::chrono::steady_clock::now();
    auto decoded = duikou::text::DecodeDocument(document);
    if (!decoded.ok()) return std::cerr << decoded.status() << "\n", 1;
    tasks = duikou::policy::ParsePolicy(*decoded).tasks_size();
    milliseconds.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  std::sort(milliseconds.begin(), milliseconds.end());
  std::printf("{\"bytes\":%zu,\"tasks\":%d,\"median_ms\":%.3f,\"low_ms\":%.3f,\"high_ms\":%.3f}\n", document.size(),
              tasks, milliseconds[kRuns / 2], milliseconds.front(), milliseconds.back());
  return tasks > 0 ? 0 : 1;
}
