// nanoCLR_Interop: as much of a CLR as the natives touch, so that the taking of arguments can be tested here.
//
// Spec:    nanoFramework interop: names and behaviour of what is declared, no more.
// Trusts:  -
// Thread:  one.
// Memory:  of the tests.

#ifndef NANOCLR_INTEROP_H
#define NANOCLR_INTEROP_H

#include <stddef.h>
#include <stdint.h>

typedef int32_t HRESULT;
typedef int32_t CLR_INT32;
typedef uint32_t CLR_UINT32;
typedef int64_t CLR_INT64;
typedef uint8_t CLR_UINT8;

// Any four numbers that differ.
static const HRESULT S_OK = 0;
static const HRESULT CLR_E_ARGUMENT_NULL = -1;
static const HRESULT CLR_E_OUT_OF_RANGE = -2;
static const HRESULT CLR_E_INVALID_OPERATION = -3;

#define NANOCLR_HEADER() HRESULT hr
#define NANOCLR_SET_AND_LEAVE(expr)                                                                                                \
    do {                                                                                                                           \
        hr = (expr);                                                                                                               \
        goto nanoCLR_Cleanup;                                                                                                      \
    } while (0)
#define NANOCLR_CHECK_HRESULT(expr)                                                                                                \
    do {                                                                                                                           \
        if ((hr = (expr)) < 0)                                                                                                     \
            goto nanoCLR_Cleanup;                                                                                                  \
    } while (0)
#define NANOCLR_NOCLEANUP()                                                                                                        \
    hr = S_OK;                                                                                                                     \
    nanoCLR_Cleanup:                                                                                                               \
    return hr
#define NANOCLR_NOCLEANUP_NOLABEL()                                                                                                \
    hr = S_OK;                                                                                                                     \
    return hr
#define NANOCLR_NATIVE_DECLARE(mtd) static HRESULT mtd(CLR_RT_StackFrame &stack)

struct CLR_RT_HeapBlock_Array {
    CLR_UINT32 m_numOfElements;
    CLR_UINT8 *elements;

    CLR_UINT8 *GetFirstElement()
    {
        return elements;
    }
};

struct CLR_RT_HeapBlock {
    union Number {
        CLR_UINT8 u1;
        CLR_INT32 s4;
        CLR_UINT32 u4;
    } number;
    CLR_RT_HeapBlock_Array *array;

    Number &NumericByRef()
    {
        return number;
    }

    CLR_RT_HeapBlock_Array *DereferenceArray() const
    {
        return array;
    }
};

struct CLR_RT_StackFrame {
    CLR_RT_HeapBlock arguments[8];
    CLR_INT32 result;

    CLR_RT_HeapBlock &Arg1()
    {
        return arguments[1];
    }
    CLR_RT_HeapBlock &Arg2()
    {
        return arguments[2];
    }
    CLR_RT_HeapBlock &Arg3()
    {
        return arguments[3];
    }
    CLR_RT_HeapBlock &Arg4()
    {
        return arguments[4];
    }
    CLR_RT_HeapBlock &Arg5()
    {
        return arguments[5];
    }
    CLR_RT_HeapBlock &Arg6()
    {
        return arguments[6];
    }
    CLR_RT_HeapBlock &Arg7()
    {
        return arguments[7];
    }

    void SetResult_I4(CLR_INT32 value)
    {
        result = value;
    }
    void SetResult_Boolean(bool value)
    {
        result = value;
    }
};

// The uptime in units of 100 ns.
#define TIME_CONVERSION__TO_MILLISECONDS 10000

struct CLR_RT_ExecutionEngine {
    static CLR_INT64 GetUptime();
};

typedef HRESULT (*CLR_RT_MethodHandler)(CLR_RT_StackFrame &stack);

struct CLR_RT_NativeAssemblyData {
    const char *m_szAssemblyName;
    CLR_UINT32 m_checkSum;
    const CLR_RT_MethodHandler *m_pNativeMethods;
    uint16_t m_version[4];
};

#endif
