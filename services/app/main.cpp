#include "services/app/cli.hpp"

int main(int argc, char** argv) {
    return static_cast<int>(tributary::app::run_program(argc, argv));
}
