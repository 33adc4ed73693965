// library: the few functions of a C library that the tests and the compiler need. newlib takes some hundred megabytes for them.
//
// Spec:    C11, as far as it goes.
// Trusts:  the caller.
// Thread:  any.
// Memory:  the stack.

#include "mps2.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *memcpy(void *into, const void *from, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ((char *)into)[i] = ((const char *)from)[i];
    }

    return into;
}

void *memset(void *into, int value, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ((char *)into)[i] = (char)value;
    }

    return into;
}

int memcmp(const void *one, const void *other, size_t count)
{
    const unsigned char *a = one, *b = other;
    for (; count > 0; count--, a++, b++) {
        if (*a != *b) {
            return *a - *b;
        }
    }

    return 0;
}

size_t strlen(const char *text)
{
    size_t length = 0;
    while (text[length] != 0) {
        length++;
    }

    return length;
}

int strcmp(const char *one, const char *other)
{
    for (; *one == *other && *one != 0; one++, other++) {
    }

    return (unsigned char)*one - (unsigned char)*other;
}

char *strncat(char *into, const char *from, size_t count)
{
    char *end = into + strlen(into);
    for (; count > 0 && *from != 0; count--) {
        *end++ = *from++;
    }

    *end = 0;
    return into;
}

struct text {
    char *next;
    size_t left; // one of them is for the 0
};

static void put(struct text *text, char letter)
{
    if (text->left > 1) {
        *text->next++ = letter;
        text->left--;
    }
}

static void put_number(struct text *text, unsigned long long number, unsigned base)
{
    char digits[20];
    int count = 0;
    do {
        digits[count++] = "0123456789abcdef"[number % base];
        number /= base;
    } while (number != 0);
    while (count > 0) {
        put(text, digits[--count]);
    }
}

static void put_signed(struct text *text, long long number)
{
    if (number < 0) {
        put(text, '-');
    }

    put_number(text, number < 0 ? 0 - (unsigned long long)number : (unsigned long long)number, 10);
}

static void put_string(struct text *text, const char *from)
{
    while (*from != 0) {
        put(text, *from++);
    }
}

// A format that is not known ends the program: a test must not pass by it.
int vsnprintf(char *into, size_t size, const char *format, va_list values)
{
    struct text text = {into, size};
    for (; *format != 0; format++) {
        if (*format != '%') {
            put(&text, *format);
        } else if (*++format == 's') {
            put_string(&text, va_arg(values, const char *));
        } else if (*format == 'c') {
            put(&text, (char)va_arg(values, int));
        } else if (*format == 'd') {
            put_signed(&text, va_arg(values, int));
        } else if (*format == 'u') {
            put_number(&text, va_arg(values, unsigned), 10);
        } else if (*format == 'x') {
            put_number(&text, va_arg(values, unsigned), 16);
        } else if (strlen(format) >= 3 && memcmp(format, "lld", 3) == 0) {
            put_signed(&text, va_arg(values, long long));
            format += 2;
        } else {
            abort();
        }
    }

    if (text.left > 0) {
        *text.next = 0;
    }

    return (int)(text.next - into);
}

int snprintf(char *into, size_t size, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    int length = vsnprintf(into, size, format, values);
    va_end(values);
    return length;
}

int fprintf(FILE *file, const char *format, ...)
{
    char line[512];
    va_list values;
    (void)file;
    va_start(values, format);
    int length = vsnprintf(line, sizeof line, format, values);
    va_end(values);
    mps2_say(line);
    return length;
}
