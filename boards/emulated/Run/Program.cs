// What ./run starts. Usage: VirtioGpio.Emulated.Run tour|shell GUEST_FOLDER [NANOCLR [PE_FOLDER]]
//                                                 | check NANOCLR [PE_FOLDER] | pins COMMAND...

using System;
using System.Runtime.InteropServices;
using VirtioGpio.Emulated.Rig;
using VirtioGpio.Emulated.Run;

try
{
    return args switch
    {
        ["tour", string guest, .. string[] clr] =>
            WithRig(new RigOptions(guest, KernelArguments: "board.consumers board.sensor", NanoClr: Find(clr)), rig => new Tour(rig, Console.Out).Run()),
        ["shell", string guest, .. string[] clr] =>
            WithRig(new RigOptions(guest, HasShell: true, NanoClr: Find(clr)), rig => rig.WaitForLinux()),
        ["check", .. string[] clr] => Find(clr) is null ? Usage() : 0,
        ["pins", .. string[] command] => PinsCommand.Run(string.Join(' ', command)),
        _ => Usage(),
    };
}
catch (InvalidOperationException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

static int Usage()
{
    Console.Error.WriteLine(
        "usage: VirtioGpio.Emulated.Run tour|shell GUEST_FOLDER [NANOCLR [PE_FOLDER]] | check NANOCLR [PE_FOLDER] | pins COMMAND...");
    return 2;
}

static NanoClr? Find(string[] clr) => clr.Length == 0 ? null : NanoClr.Find(clr[0], clr.Length > 1 ? clr[1] : null);

// Whatever ends this program ends the rig first: no process and no file is left behind.
static int WithRig(RigOptions options, Func<Rig, int> use)
{
    Rig? rig = null;
    bool isInterrupted = false;
    void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        isInterrupted = true;
        rig?.Dispose();
    }

    using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
    using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
    using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal);
    try
    {
        if (options.HasShell)
        {
            Console.WriteLine("Linux is starting. In a second terminal: ./run --pins pins    ./run --pins set user-button low    ./run --pins watch");
        }

        using (rig = Rig.Create(options))
        {
            rig.Boot();
            return use(rig);
        }
    }
    catch (Exception) when (isInterrupted)
    {
        return 130;
    }
    catch (Exception e) when (e is InvalidOperationException or TimeoutException or System.IO.IOException or System.ComponentModel.Win32Exception)
    {
        Console.Error.WriteLine(e.Message);
        return 1;
    }
}
