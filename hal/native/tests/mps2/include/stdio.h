// stdio: what the tests use of it, to the console of semihosting. %s, %c, %d, %u, %x and %lld, without a width.
//
// Spec:    C11, as far as it goes.
// Trusts:  -
// Thread:  any.
// Memory:  -

#ifndef MPS2_STDIO_H
#define MPS2_STDIO_H

#include <stdarg.h>
#include <stddef.h>

typedef struct file FILE;
#define stderr ((FILE *)0)

__attribute__((format(printf, 2, 3))) int fprintf(FILE *file, const char *format, ...);
__attribute__((format(printf, 3, 4))) int snprintf(char *into, size_t size, const char *format, ...);
__attribute__((format(printf, 3, 0))) int vsnprintf(char *into, size_t size, const char *format, va_list values);

#endif
