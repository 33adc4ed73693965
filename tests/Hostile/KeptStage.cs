// KeptStage: a scene on a board that keeps the lines' state, with or without deaths of the firmware in it, and all that is seen of it outside.

using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.VisualStudio.TestTools.UnitTesting;
using VirtioGpio.Firmware.Trace;
using VirtioGpio.Tests.Support;

namespace VirtioGpio.Tests.Hostile;

/// <summary>What the firmware is doing when it dies.</summary>
public enum KeptScene
{
    Get,
    SetOutput,
    SetIdle,
    BecomeOutput,
    BecomeInput,
    ReleaseOutput,
    Burst,
    Arm,
    ArmIdle,
    ArmActiveLevel,
    Retrigger,
    RejectOnOutput,
    AcceptRejected,
    Unmask,
    UnmaskLatched,
    UnmaskActiveLevel,
    UnmaskSeveral,
    Fire,
    FireSeveral,
    FireLevel,
    Disarm,
    DisarmBehindABuffer,
    ReleaseArmed,
    Probe,
}

internal sealed class KeptStage
{
    private const int Control = 2;
    private const int Line = 2;
    private const int Output = 0;
    private const int Armed = 5;
    private const int Lines = 8;
    private const int MostTurns = 16;

    private readonly TestBoard board;
    private readonly KeptScene scene;
    private readonly bool[] wants = new bool[Lines];
    private readonly List<int> heads = [];
    private bool isSceneOver;

    internal KeptStage(KeptScene scene, bool isLatched, bool holdsPads)
    {
        this.scene = scene;
        board = new TestBoard(
            Lines,
            isLatched: isLatched,
            configure: b =>
            {
                b.RestartNotifyId = Control;
                b.StateAddress = TestBoard.SramAddress + TestBoard.StateOffset;
                b.TraceAddress = TestBoard.SramAddress + TestBoard.TraceOffset;
                b.TraceSize = 1024;
            })
        {
            HoldsPads = holdsPads,
        };
        Prepare();
        board.LevelChanged += (line, level) =>
        {
            if (!IsDriven)
            {
                Levels.Add($"{line}{(level ? "+" : "-")}");
            }
        };
    }

    /// <summary>Levels that the firmware changed, in their order.</summary>
    internal List<string> Levels { get; } = [];

    /// <summary>Replies, in their order.</summary>
    internal List<string> Replies { get; } = [];

    /// <summary>Events by line.</summary>
    internal List<int>[] Events { get; } = [.. Enumerable.Range(0, Lines).Select(_ => new List<int>())];

    private bool IsDriven { get; set; }

    /// <summary>Plays the scene; the firmware dies at an access or a native call, counted from the scene's begin.</summary>
    /// <param name="at">When it dies; 0: not at all.</param>
    /// <param name="atNatives">Whether native calls are counted; else accesses to memory.</param>
    /// <param name="isRestarted">Whether the firmware is restarted at the scene's begin in any case: it may die while it starts.</param>
    /// <returns>Whether it died.</returns>
    internal bool Play(int at, bool atNatives, bool isRestarted)
    {
        int seen = 0;
        void Count()
        {
            if (++seen >= at && at != 0)
            {
                throw new InvalidOperationException("the firmware is dead");
            }
        }

        Prompt();
        board.OnAccess = atNatives ? null : (_, _, _) => Count();
        board.OnNative = atNatives ? Count : null;
        try
        {
            if (isRestarted)
            {
                board.StartFirmware();
            }

            board.Turn();
            board.Turn();
        }
        catch (Exception) when (isRestarted && at != 0 && seen >= at)
        {
            // It died while it started.
        }

        board.OnAccess = null;
        board.OnNative = null;
        bool isDead = at != 0 && seen >= at;
        if (isDead)
        {
            board.StartFirmware();
        }

        GoOn();
        return isDead;
    }

    private void Prepare()
    {
        for (int line = 0; line < Lines; line++)
        {
            Drive(line, false);
        }

        board.Driver.ProbeAndTurn();
        Set(Gpio.SetValue, Output, 1);
        Drive(Output, null);
        Set(Gpio.SetDirection, Output, Gpio.Out);
        Arm(Armed, Gpio.Rising);
        board.Driver.Unmask(Armed);
        switch (scene)
        {
            case KeptScene.SetOutput or KeptScene.BecomeInput or KeptScene.ReleaseOutput or KeptScene.RejectOnOutput or KeptScene.AcceptRejected:
                Drive(Line, null);
                Set(Gpio.SetValue, Line, scene == KeptScene.SetOutput ? 0u : 1u);
                Set(Gpio.SetDirection, Line, Gpio.Out);
                break;
            case KeptScene.BecomeOutput:
                Drive(Line, null);
                Set(Gpio.SetValue, Line, 1);
                break;
            case KeptScene.Burst:
                Drive(Line, null);
                break;
            case KeptScene.Arm or KeptScene.ArmActiveLevel:
                Set(Gpio.SetDirection, Line, Gpio.In);
                break;
            case KeptScene.Unmask or KeptScene.UnmaskLatched or KeptScene.Retrigger or KeptScene.Fire or KeptScene.Disarm
                or KeptScene.ReleaseArmed or KeptScene.DisarmBehindABuffer:
                Arm(Line, Gpio.Both);
                break;
            case KeptScene.UnmaskActiveLevel or KeptScene.FireLevel:
                Arm(Line, Gpio.LevelHigh);
                break;
            case KeptScene.UnmaskSeveral or KeptScene.FireSeveral:
                Arm(Line, Gpio.Rising);
                Arm(Line + 1, Gpio.Rising);
                Arm(Line + 2, Gpio.Rising);
                break;
        }

        if (scene == KeptScene.AcceptRejected)
        {
            Assert.AreEqual(-1, board.Driver.Request(Gpio.SetIrqType, Line, Gpio.Rising));
            wants[Line] = true;
        }

        if (scene is KeptScene.Fire or KeptScene.FireLevel or KeptScene.Disarm or KeptScene.ReleaseArmed or KeptScene.Retrigger or KeptScene.FireSeveral
            or KeptScene.AcceptRejected)
        {
            board.Driver.Unmask(Line);
        }

        if (scene == KeptScene.FireSeveral)
        {
            board.Driver.Unmask(Line + 1);
            board.Driver.Unmask(Line + 2);
        }

        if (scene is KeptScene.UnmaskLatched or KeptScene.UnmaskActiveLevel)
        {
            Drive(Line, true);
            board.Turn();
        }

        for (int turn = 0; turn < MostTurns; turn++)
        {
            board.Turn();
        }
    }

    private void Prompt()
    {
        switch (scene)
        {
            case KeptScene.Get:
                Send(Gpio.GetValue, Line, 0);
                break;
            case KeptScene.SetOutput or KeptScene.SetIdle:
                Send(Gpio.SetValue, Line, 1);
                break;
            case KeptScene.BecomeOutput:
                Send(Gpio.SetDirection, Line, Gpio.Out);
                break;
            case KeptScene.BecomeInput or KeptScene.AcceptRejected:
                Send(Gpio.SetDirection, Line, Gpio.In);
                break;
            case KeptScene.ReleaseOutput or KeptScene.ReleaseArmed:
                wants[Line] = false;
                Send(Gpio.SetDirection, Line, Gpio.None);
                break;
            case KeptScene.Burst:
                Send(Gpio.SetDirection, Line, Gpio.Out);
                Send(Gpio.SetValue, Line, 1);
                Send(Gpio.SetValue, Line, 0);
                Send(Gpio.SetValue, Line, 1);
                break;
            case KeptScene.Arm or KeptScene.ArmIdle:
                wants[Line] = true;
                Send(Gpio.SetIrqType, Line, Gpio.Both);
                break;
            case KeptScene.ArmActiveLevel:
                wants[Line] = true;
                Send(Gpio.SetIrqType, Line, Gpio.LevelLow);
                break;
            case KeptScene.Retrigger:
                Send(Gpio.SetIrqType, Line, Gpio.Falling);
                break;
            case KeptScene.RejectOnOutput:
                Send(Gpio.SetIrqType, Line, Gpio.Falling);
                break;
            case KeptScene.Disarm:
                wants[Line] = false;
                Send(Gpio.SetIrqType, Line, Gpio.None);
                break;
            case KeptScene.DisarmBehindABuffer:
                wants[Line] = false;
                board.Driver.OfferEvent(Line, Line, 2, 1);
                Send(Gpio.SetIrqType, Line, Gpio.None);
                break;
            case KeptScene.Unmask or KeptScene.UnmaskLatched or KeptScene.UnmaskActiveLevel:
                board.Driver.OfferEvent(Line, Line, 2, 1);
                break;
            case KeptScene.UnmaskSeveral:
                for (int line = Line; line < Line + 3; line++)
                {
                    board.Driver.OfferEvent(line, line, 2, 1);
                }

                break;
            case KeptScene.Fire or KeptScene.FireLevel:
                Drive(Line, true);
                break;
            case KeptScene.FireSeveral:
                Drive(Line, true);
                Drive(Line + 1, true);
                Drive(Line + 2, true);
                break;
            case KeptScene.Probe:
                Array.Clear(wants);
                board.Driver.Probe();
                break;
        }
    }

    // What Linux would do, and a look at all that the device still knows.
    private void GoOn()
    {
        foreach (int head in heads)
        {
            board.Driver.Answer(head);
            Assert.IsGreaterThanOrEqualTo(0, board.Driver.Length, $"{scene}: the request was lost");
            Replies.Add($"{board.Driver.Status} {board.Driver.Value}");
            Hear();
        }

        Rest();
        isSceneOver = true;
        for (int line = 0; line < Lines; line++)
        {
            Replies.Add($"line {line}: {Ask(Gpio.GetDirection, line, 0)} {Ask(Gpio.GetValue, line, 0)}");
        }

        // What was set and what was armed is there; each armed line works.
        for (int line = 0; line < Lines; line++)
        {
            if (wants[line])
            {
                Drive(line, false);
                Rest();
                Drive(line, true);
                Rest();
            }

            Replies.Add($"line {line}: none {Ask(Gpio.SetIrqType, line, Gpio.None)}");
            wants[line] = false;
            Rest();
            Drive(line, null);
            Replies.Add($"line {line}: out {Ask(Gpio.SetDirection, line, Gpio.Out)} {board.LevelAt(line)}");
        }

        Assert.AreEqual(board.Driver.Events.AvailableIndex, board.Driver.Events.UsedIndex, $"{scene}: a buffer was lost");
        Assert.AreEqual(0, board.Notifications(Control), $"{scene}: Linux was asked to recover");
        Assert.AreEqual(-1, Traced.Ago(board.Firmware, Fault.Unexpected), $"{scene}: an exception reached the loop");
    }

    // "After a turn in which neither side did anything, the next wait is a full tick."
    private void Rest()
    {
        for (int turn = 0; turn < MostTurns; turn++)
        {
            board.Turn();
            Hear();
        }

        Assert.AreEqual(1000, board.LastTimeout, $"{scene}: the device does not rest");
    }

    // Linux's handler: a level goes away when it is served, and the buffer is queued again.
    private void Hear()
    {
        for (int taken = board.Driver.TakeEvent(); taken != -1; taken = board.Driver.TakeEvent())
        {
            int line = taken >> 8;
            Assert.IsTrue(taken >= 0 && line < Lines, $"{scene}: an event of no line");
            Events[line].Add(taken & 0xFF);
            if ((taken & 0xFF) == Gpio.Valid && wants[line])
            {
                if (scene is KeptScene.UnmaskActiveLevel or KeptScene.FireLevel && line == Line)
                {
                    Drive(line, false);
                }
                else if (scene == KeptScene.ArmActiveLevel && line == Line)
                {
                    Drive(line, true);
                }

                board.Driver.OfferEvent(line, line, 2, 1);
            }
        }

        // The buffer of a new trigger follows its answer.
        if (scene is KeptScene.Arm or KeptScene.ArmIdle or KeptScene.ArmActiveLevel && !isSceneOver && Replies.Count == 1)
        {
            isSceneOver = true;
            board.Driver.OfferEvent(Line, Line, 2, 1);
        }
    }

    private void Arm(int line, int trigger)
    {
        Set(Gpio.SetIrqType, line, (uint)trigger);
        wants[line] = true;
    }

    private void Set(int type, int line, uint value) => Assert.AreEqual(0, board.Driver.Request(type, line, value));

    private void Send(int type, int line, uint value) => heads.Add(board.Driver.Send(type, line, value, 8, 2));

    private int Ask(int type, int line, uint value)
    {
        board.Driver.Answer(board.Driver.Send(type, line, value, 8, 2));
        Hear();
        return board.Driver.Status == 0 ? board.Driver.Value : -1;
    }

    private void Drive(int line, bool? level)
    {
        IsDriven = true;
        if (level is bool high)
        {
            board.Drive(line, high);
        }
        else
        {
            board.LetGo(line);
        }

        IsDriven = false;
    }
}
