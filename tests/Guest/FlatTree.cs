// FlatTree: a device tree as a boot loader hands it to Linux.
//
// Devicetree Specification, "Flattened Devicetree (DTB) Format".

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace VirtioGpio.Tests.Guest;

/// <summary>Its nodes by path, with their properties.</summary>
internal sealed class FlatTree
{
    private const uint Magic = 0xD00DFEED;
    private const uint BeginNode = 1;
    private const uint EndNode = 2;
    private const uint Property = 3;
    private const uint NoOperation = 4;

    private readonly Dictionary<string, Dictionary<string, byte[]>> nodes = [];
    private readonly byte[] blob;
    private int at;

    internal FlatTree(byte[] blob)
    {
        this.blob = blob;
        if (Next() != Magic)
        {
            throw new ArgumentException("no device tree");
        }

        at = 8;
        int structure = (int)Next();
        int strings = (int)Next();
        at = structure;
        ReadNodes(strings);
    }

    /// <summary>The paths of all nodes.</summary>
    internal IEnumerable<string> Nodes => nodes.Keys;

    /// <summary>The names of a node's properties.</summary>
    internal string[] PropertiesOf(string node) => [.. nodes[node].Keys];

    /// <summary>A property as 32-bit numbers.</summary>
    internal uint[] Words(string node, string property) =>
        [.. nodes[node][property].Chunk(4).Select(word => BinaryPrimitives.ReadUInt32BigEndian(word))];

    /// <summary>A property as one string.</summary>
    internal string Text(string node, string property) => Encoding.ASCII.GetString(nodes[node][property]).TrimEnd('\0');

    private void ReadNodes(int strings)
    {
        Stack<string> path = new();
        for (uint token = Next(); token is BeginNode or EndNode or Property or NoOperation; token = Next())
        {
            if (token == BeginNode)
            {
                string name = Name(at);
                at += name.Length / 4 * 4 + 4;
                path.Push(path.Count < 2 ? "/" + name : $"{path.Peek()}/{name}");
                nodes.Add(path.Peek(), []);
            }
            else if (token == EndNode)
            {
                path.Pop();
            }
            else if (token == Property)
            {
                int length = (int)Next();
                string name = Name(strings + (int)Next());
                nodes[path.Peek()].Add(name, blob[at..(at + length)]);
                at += (length + 3) / 4 * 4;
            }
        }
    }

    private uint Next()
    {
        at += 4;
        return BinaryPrimitives.ReadUInt32BigEndian(blob.AsSpan(at - 4));
    }

    private string Name(int start) => Encoding.ASCII.GetString(blob, start, Array.IndexOf(blob, (byte)0, start) - start);
}
