// BoardAssembly: the description of a board, out of the assembly that is flashed.

using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Reflection;
using VirtioGpio.Firmware;

namespace VirtioGpio.Emulated.ResourceTable;

/// <summary>A board that was compiled for the co-processor.</summary>
internal static class BoardAssembly
{
    /// <summary>Calls the board's <c>Describe</c>.</summary>
    /// <param name="path">The assembly. It has one public static method of this name that returns a <see cref="GpioBoard"/>.</param>
    /// <param name="arguments">The method's arguments: whole numbers.</param>
    /// <exception cref="InvalidDataException">There is no such method, or it takes other arguments.</exception>
    internal static GpioBoard Describe(string path, string[] arguments)
    {
        MethodInfo[] found =
        [
            .. from type in Load(path).GetExportedTypes()
               from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static)
               where method.Name == "Describe" && method.ReturnType == typeof(GpioBoard)
               select method,
        ];
        if (found.Length != 1)
        {
            throw new InvalidDataException($"{path} has {found.Length} public static methods GpioBoard Describe(...), and has to have one");
        }

        ParameterInfo[] parameters = found[0].GetParameters();
        int[] numbers = new int[arguments.Length];
        for (int i = 0; i < arguments.Length; i++)
        {
            if (!int.TryParse(arguments[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out numbers[i]))
            {
                throw new InvalidDataException($"{arguments[i]} is no number");
            }
        }

        return parameters.Length == numbers.Length && parameters.All(parameter => parameter.ParameterType == typeof(int))
            ? (GpioBoard)found[0].Invoke(null, BindingFlags.DoNotWrapExceptions, null, [.. numbers.Cast<object>()], null)!
            : throw new InvalidDataException(
                $"{found[0].DeclaringType!.Name}.Describe takes {parameters.Length} arguments ({string.Join(", ", parameters.Select(parameter => $"{parameter.ParameterType.Name} {parameter.Name}"))}), not {numbers.Length}");
    }

    private static Assembly Load(string path)
    {
        if (!File.Exists(path))
        {
            throw new InvalidDataException($"there is no {path}");
        }

        try
        {
            return Assembly.LoadFrom(Path.GetFullPath(path));
        }
        catch (Exception e) when (e is BadImageFormatException or FileLoadException)
        {
            throw new InvalidDataException($"{path} is no assembly: {e.Message}");
        }
    }
}
