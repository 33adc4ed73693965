// What ./run starts. Usage: VirtioGpio.Emulated.Run tour|shell|scenario|watch GUEST_FOLDER [OPTION VALUE]...
//                                                 | check [OPTION VALUE]... | pins COMMAND... | picture VCD SVG
// The options are those of ./run: --nanoclr PROGRAM, --pe FOLDER, --vcd FILE, --scenario FILE.

using System;
using System.Runtime.InteropServices;
using VirtioGpio.Boards.Emulated;
using VirtioGpio.Emulated.Rig;
using VirtioGpio.Emulated.Run;

const string Consumers = "board.consumers board.sensor";

try
{
    return args switch
    {
        ["check", .. string[] rest] => RunOptions.Parse(rest) is null ? Usage() : 0,
        ["pins", .. string[] command] => PinsCommand.Run(string.Join(' ', command)),
        ["picture", string recording, string picture] => Picture.Draw(recording, picture),
        [string mode, string guest, .. string[] rest] when RunOptions.Parse(rest) is { } options => mode switch
        {
            "tour" => WithRig(RigFor(guest, options, Consumers), rig => new Tour(rig, Console.Out).Run()),
            "shell" => WithRig(RigFor(guest, options, "") with { HasShell = true }, rig => rig.WaitForLinux()),
            "scenario" when options.Scenario is { } scenario => WithRig(ThatKeepsState(RigFor(guest, options, Consumers)), rig => Play(rig, scenario)),
            "watch" => Watch(ThatKeepsState(RigFor(guest, options, Consumers))),
            _ => Usage(),
        },
        _ => Usage(),
    };
}
catch (InvalidOperationException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
catch (ScenarioException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}

static int Usage()
{
    Console.Error.WriteLine(
        "usage: VirtioGpio.Emulated.Run tour|shell|scenario|watch GUEST_FOLDER [OPTION VALUE]... | check [OPTION VALUE]... | pins COMMAND... | picture VCD SVG");
    return 2;
}

static RigOptions RigFor(string guest, RunOptions options, string arguments) =>
    new(guest, KernelArguments: arguments, NanoClr: options.NanoClr, Vcd: options.Vcd);

// Where the firmware may be killed, neither Linux nor a pin shall notice.
static RigOptions ThatKeepsState(RigOptions options) =>
    options with { Straps = EmulatedBoard.StrapKeepsState | EmulatedBoard.StrapHoldsPads | EmulatedBoard.StrapLatchedPins };

// The board of another terminal, if there is one.
static int Watch(RigOptions options)
{
    using BoardClient? running = PinsCommand.FindBoard();
    if (running is not null && options is not { NanoClr: null, Vcd: null })
    {
        throw new InvalidOperationException("A board runs in another terminal already: its options are those of that ./run.");
    }

    return running is not null ? new WatchCommand(running, null).Run() : WithRig(options, rig => new WatchCommand(rig.Board, rig).Run());
}

static int Play(Rig rig, Scenario scenario)
{
    try
    {
        new ScenarioPlayer(rig, Console.Out).Play(scenario);
        return 0;
    }
    catch (ScenarioException e)
    {
        Console.Error.WriteLine(e.Message);
        return 1;
    }
}

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
