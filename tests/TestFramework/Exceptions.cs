// What assertions throw, so that MSTest tells a failed assertion and a skipped test from any other exception.

using System;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using MSTest = Microsoft.VisualStudio.TestTools.UnitTesting;

namespace nanoFramework.TestFramework
{
    /// <summary>The test is skipped.</summary>
    public class SkipTestException : AssertInconclusiveException
    {
        public SkipTestException(string? message = null, Exception? innerException = null)
            : base(message ?? string.Empty, innerException!)
        {
        }
    }
}

namespace TestFrameworkShared
{
    /// <summary>An assertion failed.</summary>
    public class AssertFailedException : MSTest.AssertFailedException
    {
        public AssertFailedException()
        {
        }

        public AssertFailedException(string msg)
            : base(msg)
        {
        }

        public AssertFailedException(string msg, Exception ex)
            : base(msg, ex)
        {
        }
    }
}
