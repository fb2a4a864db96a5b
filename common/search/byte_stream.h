// Numbers and texts one behind the other in bytes; what is read may be anything.
#ifndef DUIKOU_COMMON_SEARCH_BYTE_STREAM_H_
#define DUIKOU_COMMON_SEARCH_BYTE_STREAM_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace duikou::search {

class ByteWriter {
 public:
  explicit ByteWriter(std::string& out) : out_(out) {}

  // Seven bits a byte, the lowest first.
  void Number(uint64_t number) {
    for (; number >= 0x80; number >>= 7) out_.push_back(static_cast<char>(number | 0x80));
    out_.push_back(static_cast<char>(number));
  }
  void Text(std::string_view text) {
    Number(text.size());
    out_.append(text);
  }

 private:
  std::string& out_;
};

// Once something could not be read, ok() is false and everything is 0 or empty.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  bool ok() const { return ok_; }
  bool at_end() const { return bytes_.empty(); }
  void Fail() {
    ok_ = false;
    bytes_ = {};
  }

  uint64_t Number() {
    uint64_t number = 0;
    for (unsigned shift = 0; shift < 64 && !bytes_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes_.front());
      bytes_.remove_prefix(1);
      number |= uint64_t{byte & 0x7Fu} << shift;
      if (byte < 0x80) return number;
    }
    Fail();
    return 0;
  }
  // A number of things that take a byte each at least: never more than there are bytes left.
  size_t Count() {
    const uint64_t count = Number();
    if (count <= bytes_.size()) return static_cast<size_t>(count);
    Fail();
    return 0;
  }
  std::string_view Text() {
    const std::string_view text = bytes_.substr(0, Count());
    bytes_.remove_prefix(text.size());
    return text;
  }

 private:
  std::string_view bytes_;
  bool ok_ = true;
};

}  // namespace duikou::search

#endif  // DUIKOU_COMMON_SEARCH_BYTE_STREAM_H_
