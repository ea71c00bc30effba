using Bedside.Simulators.Transports;

namespace Bedside.Tests.Simulators;

/// <summary>What a receiver with other settings makes of a line, bit by bit, worked out by hand.</summary>
public sealed class UartTests
{
    [Theory]
    [InlineData("9600 8N1", "9600 8N1", "00FF5503", "00FF5503", 0)]
    [InlineData("9600 8E1", "9600 8E1", "00FF5503", "00FF5503", 0)]
    [InlineData("9600 8E1", "9600 8N1", "01", "01", 0)] // the parity bit is 1, as a stop bit is
    [InlineData("9600 8E1", "9600 8N1", "03", "03FF", 1)] // it is 0: no stop bit, but the start of another character
    [InlineData("9600 8N1", "9600 8E1", "01", "01", 0)] // the stop bit is taken for the parity
    [InlineData("9600 8N1", "9600 8E1", "03", "00", 1)]
    [InlineData("9600 8N1", "9600 8E1", "0101", "0001", 1)] // and the next start bit for the stop bit
    [InlineData("9600 8O1", "9600 8E1", "0103", "0000", 2)]
    [InlineData("9600 7E1", "9600 8N1", "4103", "4103", 0)] // even counts of ones: the parity bit is 0
    [InlineData("9600 8N1", "19200 8N1", "00", "00", 1)] // a break, over before the next start bit
    [InlineData("19200 8N1", "9600 8N1", "FF", "", 0)] // half a bit is no start bit
    public void A_receiver_hears_what_stands_in_the_middle_of_its_bits(string speaker, string listener, string said, string heard, int errors)
    {
        var uart = new Uart(LineFormat.Parse(speaker)!, LineFormat.Parse(listener)!);
        Assert.Equal(heard, Convert.ToHexString(uart.Hear(Convert.FromHexString(said))));
        Assert.Equal(errors, uart.Errors);
    }

    [Fact]
    public void A_wrong_speed_or_parity_never_passes_a_long_message_whole()
    {
        LineFormat[] all = [.. new[] { 9_600, 19_200, 38_400, 115_200 }.SelectMany(baud => new[] { "8N1", "8E1", "8O1" }.Select(frame => LineFormat.Parse($"{baud} {frame}")!))];
        var random = new Random(3);
        byte[] said = new byte[200];
        random.NextBytes(said);
        foreach (LineFormat speaker in all)
        {
            foreach (LineFormat listener in all)
            {
                var uart = new Uart(speaker, listener);
                byte[] heard = uart.Hear(said);
                Assert.Equal(speaker == listener, heard.AsSpan().SequenceEqual(said));
                Assert.Equal(speaker == listener, uart.Errors == 0);
                Assert.InRange(heard.Length, 1, said.Length * 12);
            }
        }
    }

    [Theory]
    [InlineData("19200 8E1")]
    [InlineData("19200,8e1")]
    [InlineData(" 19200  8E1 ")]
    public void Settings_are_read_as_engineers_write_them(string text) => Assert.Equal("19200 8E1", LineFormat.Parse(text)?.ToString());

    [Theory]
    [InlineData("")]
    [InlineData("8E1")]
    [InlineData("9600 9N1")]
    [InlineData("9600 8M1")]
    [InlineData("9600 8N3")]
    [InlineData("9600 8N1 x")]
    [InlineData("7")]
    public void What_is_no_line_is_not_read(string text) => Assert.Null(LineFormat.Parse(text));
}
