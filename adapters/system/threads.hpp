// How the threads of this process share the machine.
#pragma once

namespace tributary::system {

/// From now on this thread does not push aside the one that wakes it: for a thread that waits for another
/// process to send it something long, which would else wake it for every part. No more than a hint, where
/// another kernel has no such thing.
void let_others_finish();

}  // namespace tributary::system
