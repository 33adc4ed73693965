// The rooms of the house: no arrow that is not in the table, and one composer that says new.

using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace VirtioGpio.Tests.House;

[TestClass]
public sealed class RoomTests
{
    private static readonly string[] namesThatSayNothing = ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility"];

    [TestMethod]
    public void Arrow_InCompiledCode_IsInTheTable()
    {
        Found.None(Types().SelectMany(ObjectionsTo));
    }

    [TestMethod]
    public void Arrow_InSources_IsInTheTable()
    {
        // A constant leaves no trace in compiled code.
        Found.None(SourceArrows.OfFirmware().Select(arrow => arrow.Objection).OfType<string>());
    }

    [TestMethod]
    public void UsingLine_InSources_NamesARoomOfTheTable()
    {
        Found.None(SourceArrows.UsingLines().Select(arrow => arrow.Objection).OfType<string>());
    }

    [TestMethod]
    public void Arrow_InProjectFiles_IsInTheTable()
    {
        ProjectArrow[] arrows = ProjectArrows.All().ToArray();
        Assert.Contains(new ProjectArrow("firmware/VirtioGpio.Firmware/VirtioGpio.Firmware.csproj", "hal/nanoFramework/nanoFramework.props"), arrows);
        Found.None(arrows.Select(arrow => arrow.Objection).OfType<string>());
    }

    [TestMethod]
    public void Table_Rooms_AreThoseOfTheFirmware()
    {
        string[] built = Types()
            .Select(type => RoomOf(type))
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToArray();
        CollectionAssert.AreEqual(Rooms.All.Order(StringComparer.Ordinal).ToArray(), built);
    }

    [TestMethod]
    public void New_OfARoomsType_IsSaidByTheComposer()
    {
        Found.None(
            from type in Types()
            where RoomOf(type) != Rooms.Composer
            from method in type.Methods.Where(method => method.HasBody)
            from instruction in method.Body.Instructions.Where(instruction => instruction.OpCode == OpCodes.Newobj)
            let made = ((MethodReference)instruction.Operand).DeclaringType
            where IsOfARoom(made)
            select $"{Mention.NameOf(method)} says new {Mention.NameOf(made)}");
    }

    [TestMethod]
    public void Interface_OutsideHal_HasMoreThanOneImplementation()
    {
        Found.None(
            from type in Types()
            where type.IsInterface && RoomOf(type) != "hal"
            where Types().Count(other => other.Interfaces.Any(implemented => implemented.InterfaceType.FullName == type.FullName)) < 2
            select $"{Mention.NameOf(type)} has no second implementation");
    }

    [TestMethod]
    public void TypeName_OfFlashedCode_SaysWhatItIs()
    {
        Found.None(
            from type in Types()
            where namesThatSayNothing.Any(ending => type.Name.EndsWith(ending, StringComparison.Ordinal))
            select Mention.NameOf(type));
    }

    [TestMethod]
    [DataRow("Wire", "VirtioGpio.Firmware.Trace", "TraceRing")]
    [DataRow("Trace", "VirtioGpio.Firmware.Wire", "RingLayout")]
    [DataRow("Queue", "VirtioGpio.Hal", "Mailbox")]
    [DataRow("Queue", "VirtioGpio.Hal", "IPins")]
    [DataRow("Queue", "VirtioGpio.Firmware.Wire", "GpioMessages")]
    [DataRow("Gpio", "VirtioGpio.Hal", "Mailbox")]
    [DataRow("Gpio", "VirtioGpio.Firmware.Remoteproc", "Vdev")]
    [DataRow("Gpio", "System.Threading", "Thread")]
    [DataRow("Remoteproc", "VirtioGpio.Firmware.Gpio", "LineTable")]
    [DataRow("Remoteproc", "VirtioGpio.Firmware.Wire", "GpioMessages")]
    [DataRow("Runtime", "VirtioGpio.Firmware", "GpioBoard")]
    [DataRow("hal", "VirtioGpio.Firmware", "GpioBoard")]
    [DataRow("board", "VirtioGpio.Firmware.Queue", "Virtqueue")]
    public void Arrow_NotInTheTable_IsRefused(string room, string space, string name)
    {
        Assert.IsNotNull(Rooms.Objection(room, space, name));
    }

    [TestMethod]
    [DataRow("hal/A/A.csproj", "<Import Project='../../boards/emulated/b.props' />", "boards/emulated/b.props")]
    [DataRow("hal/A/A.csproj", "<PropertyGroup><A>$(MSBuildThisFileDirectory)../../firmware/b.targets</A></PropertyGroup>", "firmware/b.targets")]
    [DataRow("firmware/A/A.csproj", "<ProjectReference Include='../../boards/emulated/Machine/*.csproj' />", "boards/emulated/Machine/*.csproj")]
    [DataRow("boards/a/A.csproj", "<Compile Include='../b/*.cs' />", "boards/b/*.cs")]
    [DataRow("boards/a/V/A.nfproj", "<HintPath>..\\..\\..\\tests\\b.dll</HintPath>", "tests/b.dll")]
    [DataRow("tests/A/A.csproj", "<Import Project='../../../b.props' />", "../b.props")]
    public void Path_NotInTheTable_IsRefused(string file, string line, string target)
    {
        ProjectArrow arrow = ProjectArrows.Of(file, XDocument.Parse($"<Project>{line}</Project>")).Single();
        Assert.AreEqual(target, arrow.Target);
        Assert.IsNotNull(arrow.Objection);
    }

    private static IEnumerable<TypeDefinition> Types()
    {
        return Flashed.Projects
            .Where(project => !project.LiesIn("tests"))
            .SelectMany(project => Flashed.Assemblies[project.Name].MainModule.GetTypes())
            .Where(type => OutermostOf(type).Namespace.StartsWith("VirtioGpio.", StringComparison.Ordinal));
    }

    private static IEnumerable<string> ObjectionsTo(TypeDefinition type)
    {
        string room = RoomOf(type);
        return
            from mention in Mention.In(type)
            from named in Mention.PartsOf(mention.Type).Where(part => part is not TypeSpecification and not GenericParameter)
            let outermost = OutermostOf(named)
            let objection = Rooms.Objection(room, outermost.Namespace, outermost.Name)
            where objection is not null
            select $"{objection}: {mention.Place} names {Mention.NameOf(named)}";
    }

    private static string RoomOf(TypeReference type) => Rooms.Of(OutermostOf(type).Namespace, OutermostOf(type).Name);

    private static TypeReference OutermostOf(TypeReference type) => type.DeclaringType is null ? type : OutermostOf(type.DeclaringType);

    // A board says new for its own description; an exception is made where it is thrown.
    private static bool IsOfARoom(TypeReference type)
    {
        return OutermostOf(type).Namespace.StartsWith("VirtioGpio.Firmware", StringComparison.Ordinal)
            && RoomOf(type) != "GpioBoard"
            && !type.Name.EndsWith("Exception", StringComparison.Ordinal);
    }
}
