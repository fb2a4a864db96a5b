#ifndef DUIKOU_COMMON_BASE_FAILPOINT_H_
#define DUIKOU_COMMON_BASE_FAILPOINT_H_

// Places where a test makes the process die or do wrong, so that it is seen that nothing is lost and that the tests
// notice. They are armed by the environment variable DUIKOU_FAILPOINTS, "NAME[@N],…", in binaries built with
// DUIKOU_TEST_HOOKS alone; of binaries as shipped they are no part.
namespace duikou::testing {

#ifdef DUIKOU_TEST_HOOKS

// Kills the process, as kill -9 does, when `name` is armed: the N-th time that it comes by, or the first.
void Failpoint(const char* name);
// Whether `name` is armed: at the N-th asking alone, or always. A bug hides behind it that a test must find.
bool Bug(const char* name);
// Runs before a failpoint kills the process, on the thread that came by.
void BeforeKill(void (*function)());

#else

inline void Failpoint(const char*) {}
constexpr bool Bug(const char*) { return false; }

#endif

}  // namespace duikou::testing

#endif  // DUIKOU_COMMON_BASE_FAILPOINT_H_
