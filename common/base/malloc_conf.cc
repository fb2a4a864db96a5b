// Read by jemalloc at start, in place of MALLOC_CONF, which still goes before it.
//
// Huge pages: records, indexes and SQLite's pages are some hundred megabytes that are read at random, so that most of
// the time of a lookup is the processor's search for the page, twice over in a virtual machine. Costs a few megabytes
// that are half used; where the kernel grants none (transparent_hugepage=never) nothing changes.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "thp:always,metadata_thp:always";
}
