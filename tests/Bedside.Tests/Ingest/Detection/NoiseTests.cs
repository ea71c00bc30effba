using System.Text;
using Bedside.Ingest.Detection;
using Bedside.Ingest.Drivers;
using Bedside.Tests.Storage;

namespace Bedside.Tests.Ingest.Detection;

/// <summary>What is no device is never taken for one.</summary>
public class NoiseTests
{
    private static readonly LineSettings Line = new(9600);

    /// <summary>BEDSIDE_NOISE_SEEDS, such as 0-5000, searches farther.</summary>
    [Fact]
    public Task NoiseIsNeverADevice() => CrashSeeds.ForEachAsync("BEDSIDE_NOISE_SEEDS", 60, seed =>
    {
        var random = new Random(seed);
        int most = 1 << random.Next(1, 9);
        var time = new ManualTime();
        using var device = new HuntLine(time, Line)
        {
            AnySpeed = true,
            Counts = seed % 2 == 0,
            EveryMs = random.Next(5, 400),
            Words = () => Noise(random, 1 + random.Next(most)),
            Answer = asked => random.Next(3) == 0 ? [(random.Next(3_000), Noise(random, asked.Length))] : [],
        };
        Assert.Null(TwoRounds(device, time, seed).Found);
        return Task.CompletedTask;
    });

    [Fact]
    public void NoiseMadeOfTheProtocolsOwnMarksIsNeverADevice()
    {
        byte[] marks = [0x1B, 0x01, 0x0D, 0xC0, 0xC1, 0x7D, 0x7E, 0x02, 0x03, 0x04, 0x30, 0x31, 0x51, 0x52, 0x11, 0x00, 0xFF, 0xE1, 0x0A];
        for (int seed = 0; seed < 25; seed++)
        {
            var random = new Random(seed);
            var time = new ManualTime();
            using var device = new HuntLine(time, Line) { AnySpeed = true, EveryMs = 30, Words = () => [.. Enumerable.Range(0, 24).Select(_ => marks[random.Next(marks.Length)])] };
            Assert.Null(TwoRounds(device, time, seed).Found);
        }
    }

    [Theory]
    [InlineData("\r\nRING\r\n")]
    [InlineData("\r\nCONNECT 9600\r\n")]
    [InlineData("\r\nlogin: ")]
    [InlineData("$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47\r\n")]
    public void AModemATerminalOrAReceiverIsNeverADevice(string unasked)
    {
        var time = new ManualTime();
        using var device = new HuntLine(time, Line) { AnySpeed = true, EveryMs = 900, Words = () => Encoding.ASCII.GetBytes(unasked) };
        HuntResult result = TwoRounds(device, time, 0);
        Assert.Null(result.Found);
        Assert.Equal(FindingKind.UnknownProtocol, result.Finding.Kind);
    }

    [Theory]
    [InlineData("\r\nERROR\r\n")]
    [InlineData("\r\nOK\r\n")]
    [InlineData("")]
    public void AModemThatRepeatsWhatItIsToldIsNeverADevice(string then)
    {
        var time = new ManualTime();
        using var device = new HuntLine(time, Line) { AnySpeed = true, Answer = asked => [(10, asked), (60, Encoding.ASCII.GetBytes(then))] };
        Assert.Null(TwoRounds(device, time, 0).Found);
    }

    [Theory]
    [InlineData(null, FindingKind.Silent)]
    [InlineData(false, FindingKind.Silent)]
    [InlineData(true, FindingKind.CrossedSuspected)]
    public void SilenceIsSilenceUnlessSomethingIsOnAtTheOtherEnd(bool? raised, FindingKind kind)
    {
        var time = new ManualTime();
        using var device = new HuntLine(time, Line) { DeviceRaisesALine = raised };
        HuntResult result = TwoRounds(device, time, 0);
        Assert.Null(result.Found);
        Assert.Equal(kind, result.Finding.Kind);
        Assert.NotEqual(result.Finding.English, result.Finding.French);
    }

    [Fact]
    public void AConsoleAReceiverAndAModemThatTalkMuchAreNeverADevice()
    {
        string[][] talkers =
        [
            ["[    0.000000] Linux version 6.12.0\r\n", "[    1.204113] ttyS0 at I/O 0x3f8 (irq = 4, base_baud = 115200) is a 16550A\r\n", "\r\nDebian GNU/Linux 13 bed ttyS0\r\n\r\nbed login: ", "Password: ", "user@bed:~$ "],
            ["$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A\r\n", "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47\r\n", "$GPGSV,2,1,08,01,40,083,46,02,17,308,41,12,07,344,39,14,22,228,45*75\r\n"],
            ["ATZ\r\r\nOK\r\n", "\r\nRING\r\n", "\r\n+CLIP: \"0123456\",129\r\n", "\r\nCONNECT 9600/ARQ/V34/LAPM/V42BIS\r\n", "\r\nNO CARRIER\r\n", "+++"],
            ["\u000bMSH|^~\\&|A|B|C|D|20260101000000||ORU^R01|1|P|2.3\rOBX|1|NM|HR||80\r\u001c\r", "\u0006", "\u0015", "\u0005"],
            ["\0\0\0\0\0\0\0\0", "\u00ff\u00ff\u00ff\u00ff", "UUUUUUUU", "\u0011\u0013"],
        ];
        for (int talker = 0; talker < talkers.Length; talker++)
        {
            for (int seed = 0; seed < 4; seed++)
            {
                var random = new Random(seed);
                string[] words = talkers[talker];
                byte[] Say() => Encoding.Latin1.GetBytes(words[random.Next(words.Length)]);
                var time = new ManualTime();
                using var device = new HuntLine(time, Line) { AnySpeed = true, Counts = seed % 2 == 0, EveryMs = random.Next(20, 1_200), Words = Say, Answer = _ => [(random.Next(2_000), Say())] };
                Assert.True(TwoRounds(device, time, seed).Found is null, $"talker {talker}, seed {seed}");
            }
        }
    }

    private static byte[] Noise(Random random, int length)
    {
        byte[] bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    private static HuntResult TwoRounds(HuntLine device, ManualTime time, int seed)
    {
        var hunt = new Hunt(new HuntOptions(Transport.Serial), time);
        HuntResult first = hunt.Run(device, CancellationToken.None);
        Assert.True(first.Found is null, $"seed {seed}: {first.Found?.Driver.Name}");
        return hunt.Run(device, CancellationToken.None);
    }
}
