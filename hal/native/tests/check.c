// check: runs the test that is named.
//
// Spec:    none.
// Trusts:  -
// Thread:  -
// Memory:  static.

#include "check.h"

struct check_test *check_tests;

int main(int count, char **arguments)
{
    for (struct check_test *test = check_tests; test != NULL && count == 2; test = test->next) {
        if (strcmp(test->name, arguments[1]) == 0) {
            test->run();
            return 0;
        }
    }

    fprintf(stderr, "no such test\n");
    return 2;
}
