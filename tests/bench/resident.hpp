// The peak of a process's resident memory.
#pragma once

#include <sys/types.h>

#include <fstream>
#include <stdexcept>
#include <string>

namespace tributary::bench {

/// In KiB, since the process began.
inline long peak_resident(pid_t process) {
    std::ifstream status("/proc/" + std::to_string(process) + "/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:")) return std::stol(line.substr(6));
    }
    throw std::runtime_error("the process is not there");
}

}  // namespace tributary::bench
