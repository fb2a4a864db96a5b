#include "tests/unit/counted_new.h"

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace {

std::atomic<int64_t> allocated_bytes{0};

constexpr size_t kBefore = alignof(std::max_align_t);

}  // namespace

// Each block has its size before it.
void* operator new(size_t bytes) {
  auto* block = static_cast<char*>(std::malloc(bytes + kBefore));
  if (block == nullptr) std::abort();
  *reinterpret_cast<size_t*>(block) = bytes;
  allocated_bytes += static_cast<int64_t>(bytes);
  return block + kBefore;
}

void operator delete(void* at) noexcept {
  if (at == nullptr) return;
  char* block = static_cast<char*>(at) - kBefore;
  allocated_bytes -= static_cast<int64_t>(*reinterpret_cast<size_t*>(block));
  std::free(block);
}

// All the others by these: a runtime may bring its own.
void* operator new[](size_t bytes) { return operator new(bytes); }
void* operator new(size_t bytes, const std::nothrow_t&) noexcept { return operator new(bytes); }
void* operator new[](size_t bytes, const std::nothrow_t&) noexcept { return operator new(bytes); }
void operator delete(void* at, size_t) noexcept { operator delete(at); }
void operator delete(void* at, const std::nothrow_t&) noexcept { operator delete(at); }
void operator delete[](void* at) noexcept { operator delete(at); }
void operator delete[](void* at, size_t) noexcept { operator delete(at); }
void operator delete[](void* at, const std::nothrow_t&) noexcept { operator delete(at); }

namespace duikou::testing {

int64_t AllocatedBytes() { return allocated_bytes; }

}  // namespace duikou::testing
