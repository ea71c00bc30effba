using System.Text;
using Bedside.Host.Commands;

namespace Bedside.Host.Research;

/// <summary>A password that a person types: never an argument, which others could see; not shown on a terminal; the first line of standard input elsewhere.</summary>
internal static class SecretReader
{
    private const int Longest = 256;

    public static string Read(string ask)
    {
        string? secret = Console.IsInputRedirected ? Console.In.ReadLine() : FromKeys(ask);
        return secret is { Length: > 0 and <= Longest } ? secret : throw new CommandFailedException("a password is needed: type it when it is asked for, or send it as the first line of standard input.");
    }

    private static string FromKeys(string ask)
    {
        Console.Error.Write(ask);
        var typed = new StringBuilder();
        for (ConsoleKeyInfo key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(0, typed.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar) && typed.Length < Longest)
            {
                _ = typed.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }
}
