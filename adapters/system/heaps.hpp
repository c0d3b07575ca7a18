// How the C library keeps the memory that was freed.
#pragma once

namespace tributary::system {

/// Two heaps for all threads of this process. The C library would give each thread one of its own and keep
/// there what was freed: as the pages of a sync go round the database threads, each would hold on to what the
/// largest page took. To be called before the first thread starts; no more than a hint, where another C
/// library has no such thing.
void share_heaps();

}  // namespace tributary::system
