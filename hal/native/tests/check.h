// check: tests as functions with a name, run one at a time.
//
// Spec:    none.
// Trusts:  -
// Thread:  -
// Memory:  static.
//
// TEST(WhatCame_Condition_Outcome) { CHECK(...); } at the start of a line: CMakeLists.txt finds it there and makes it a test of ctest.

#ifndef VGPIO_CHECK_H
#define VGPIO_CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

struct check_test {
    const char *name;
    void (*run)(void);
    struct check_test *next;
};

extern struct check_test *check_tests;

#define TEST(what)                                                                                                                 \
    static void what(void);                                                                                                        \
    static struct check_test test_##what = {#what, what, NULL};                                                                    \
    __attribute__((constructor)) static void add_##what(void)                                                                      \
    {                                                                                                                              \
        test_##what.next = check_tests;                                                                                            \
        check_tests = &test_##what;                                                                                                \
    }                                                                                                                              \
    static void what(void)

#define CHECK(is_so)                                                                                                               \
    do {                                                                                                                           \
        if (!(is_so)) {                                                                                                            \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #is_so);                                                    \
            exit(1);                                                                                                               \
        }                                                                                                                          \
    } while (0)

#define CHECK_EQUAL(expected, actual)                                                                                              \
    do {                                                                                                                           \
        long long expected_ = (long long)(expected), actual_ = (long long)(actual);                                                \
        if (expected_ != actual_) {                                                                                                \
            fprintf(stderr, "%s:%d: %s: expected %lld, came %lld\n", __FILE__, __LINE__, #actual, expected_, actual_);             \
            exit(1);                                                                                                               \
        }                                                                                                                          \
    } while (0)

#ifdef __cplusplus
}
#endif

#endif
