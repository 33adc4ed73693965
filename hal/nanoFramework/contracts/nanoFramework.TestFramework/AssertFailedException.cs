// Contract of nanoFramework.TestFramework 3.0: the exception of a failed assertion.

using System;

namespace TestFrameworkShared;

public class AssertFailedException : Exception
{
    public AssertFailedException() => throw null;
    public AssertFailedException(string msg) => throw null;
    public AssertFailedException(string msg, Exception ex) => throw null;
}
