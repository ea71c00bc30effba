using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Bedside.Ingest.Hl7;
using Bedside.Model;
using Bedside.Storage;

namespace Bedside.Tests.Ingest.Hl7;

/// <summary>
/// The checklist of the sheet (section 11) on a box with its store, row by row. Row 4 (series of admissions) has a class of its own; row 7 goes on in <see cref="InteropTests"/> and, with the box
/// as a process, in the end-to-end tests; row 6's whole table is in <see cref="AcknowledgementTests"/>, the names of row 5 in <see cref="ObservationTests"/>.
/// </summary>
public sealed partial class ChecklistTests
{
    private const int Mebibyte = 1 << 20;

    [Theory]
    [MemberData(nameof(FrameCases))]
    public async Task Row1EveryFormOfAFrameGivesTheSameMessagesAndAnswersHoweverItIsCut(string name, string stream, string[] controls, int answers)
    {
        byte[] bytes = stream.StartsWith("UTF-16", StringComparison.Ordinal) ? [Mllp.Start, 0xFF, 0xFE, .. Encoding.Unicode.GetBytes(stream["UTF-16".Length..]), Mllp.End, Mllp.Return] : Encoding.UTF8.GetBytes(stream);
        Assert.Equal((controls, answers), await CutAsync(bytes, [bytes.Length]), new SameExchange(name));
        for (int cut = 1; cut < bytes.Length; cut++)
        {
            Assert.Equal((controls, answers), await CutAsync(bytes, [cut, bytes.Length]), new SameExchange(name));
        }

        var random = new Random(bytes.Length);
        for (int round = 0; round < 20; round++)
        {
            Assert.Equal((controls, answers), await CutAsync(bytes, [.. Enumerable.Range(1, bytes.Length).Where(at => at == bytes.Length || random.Next(3) == 0)]), new SameExchange(name));
        }
    }

    [Fact]
    public async Task Row2ALargeMessageIsTakenWhereTheSiteAllowsItAndOneBeyondItIsNot()
    {
        var limits = new Hl7Limits { MessageBytes = 16 * Mebibyte };
        await using var box = new Hl7Box(new Hl7Settings { Limits = limits }, new MllpOptions { Limits = limits, BufferedBytes = 64 * Mebibyte });
        await using MllpClient client = await box.CallAsync();
        string start = Numbered(7) + "NTE|1||";
        byte[] largest = Encoding.ASCII.GetBytes(start + new string('x', (16 * Mebibyte) - start.Length - 1) + "\r");
        Assert.Equal("CA", (await client.SendAsync(largest, CancellationToken.None)).First("MSA"u8).Field(1).Text);
        Assert.Equal(["7"], box.Values("hr"));
        Hl7Message refused = await client.SendAsync(Encoding.ASCII.GetBytes(Numbered(8) + "NTE|1||" + new string('x', 16 * Mebibyte)), CancellationToken.None);
        Assert.Equal(("CR", "207"), (refused.First("MSA"u8).Field(1).Text, refused.First("ERR"u8).Field(3).Component(1).Text));
        Assert.Equal("CA", (await client.SendAsync(Encoding.ASCII.GetBytes(Numbered(9)), CancellationToken.None)).First("MSA"u8).Field(1).Text);
    }

    [Fact]
    public async Task Row2ASenderThatTricklesIsClosedAndOthersAreServed()
    {
        await using var box = new Hl7Box(options: new MllpOptions { FrameWithin = TimeSpan.FromMilliseconds(200) });
        using var slow = new TcpClient { NoDelay = true };
        await slow.ConnectAsync(box.Local);
        NetworkStream stream = slow.GetStream();
        await stream.WriteAsync(new byte[] { Mllp.Start });
        Task<int> end = stream.ReadAsync(new byte[1]).AsTask();
        while (!end.IsCompleted)
        {
            // A byte whenever the one before arrived, for ever.
            try
            {
                await stream.WriteAsync("M"u8.ToArray());
                await box.SendAsync(Numbered(1));
            }
            catch (IOException)
            {
                break;
            }
        }

        Assert.True(await Ended(end));
        Assert.Equal("CA", await box.SendAsync(Numbered(2)));
    }
    [Fact]
    public async Task Row2ThousandMessagesInOnePieceAreAnsweredInOrderAndStored()
    {
        await using var box = new Hl7Box();
        using var socket = new TcpClient();
        await socket.ConnectAsync(box.Local);
        var all = new List<byte>();
        for (int i = 0; i < 1_000; i++)
        {
            all.AddRange(Mllp.Frame(Encoding.UTF8.GetBytes(Numbered(i))));
        }

        await using NetworkStream stream = socket.GetStream();
        await stream.WriteAsync(all.ToArray());
        socket.Client.Shutdown(SocketShutdown.Send);
        await using var answers = new MemoryStream();
        await stream.CopyToAsync(answers);
        string[] controls = [.. Encoding.ASCII.GetString(answers.ToArray()).Split('\x1C', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(answer => Said.Read(answer.TrimStart('\v')).First("MSA"u8)).Select(msa => $"{msa.Field(1).Text} {msa.Field(2).Text}")];
        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => $"CA c{i}"), controls);
        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => $"{i}"), box.Values("hr"));
    }

    [Fact]
    public async Task Row2AMessageBeyondTheBoundIsRefusedForGoodAndTheConnectionLives()
    {
        await using var box = new Hl7Box();
        await using MllpClient client = await box.CallAsync();
        Hl7Message refused = await client.SendAsync(Encoding.ASCII.GetBytes(Said.Header + "NTE|1||" + new string('x', 2 << 20)), CancellationToken.None);
        Assert.Equal(("CR", "207"), (refused.First("MSA"u8).Field(1).Text, refused.First("ERR"u8).Field(3).Component(1).Text));
        Hl7Message taken = await client.SendAsync(Encoding.ASCII.GetBytes(Numbered(1)), CancellationToken.None);
        Assert.Equal("CA", taken.First("MSA"u8).Field(1).Text);
    }

    [Fact]
    public async Task Row2TwoHundredIdleConnectionsStayAndOneMoreIsServed()
    {
        await using var box = new Hl7Box();
        var idle = new List<TcpClient>();
        for (int i = 0; i < 200; i++)
        {
            idle.Add(new TcpClient());
            await idle[i].ConnectAsync(box.Local);
        }

        Assert.Equal("CA", await box.SendAsync(Numbered(1)));
        await idle[0].GetStream().WriteAsync(Mllp.Frame(Encoding.ASCII.GetBytes(Numbered(2))));
        Assert.Equal(Mllp.Start, idle[0].GetStream().ReadByte());
        idle.ForEach(one => one.Dispose());
    }

    [Fact]
    public async Task Row2AFrameThatStandsStillIsClosed()
    {
        await using var box = new Hl7Box(options: new MllpOptions { FrameIdle = TimeSpan.FromMilliseconds(50) });
        using var slow = new TcpClient();
        await slow.ConnectAsync(box.Local);
        await slow.GetStream().WriteAsync(new byte[] { Mllp.Start, (byte)'M', (byte)'S' });
        Assert.Equal(-1, slow.GetStream().ReadByte());
        Assert.Equal("CA", await box.SendAsync(Numbered(1)));
    }

    [Fact]
    public async Task Row3EveryFileOfOthersGetsAnAnswerAndIsReadAsASecondReaderReadsIt()
    {
        if (Repository.Shared("data/hl7") is not { } folder)
        {
            return;
        }

        var receiver = new Everything();
        var options = new MllpOptions();
        foreach (string file in Directory.EnumerateFiles(folder, "*.hl7", SearchOption.AllDirectories))
        {
            byte[] bytes = await File.ReadAllBytesAsync(file);
            var conversation = new MllpConversation(receiver, new Acknowledgement(TimeProvider.System, AnswerMode.Original), options);
            IReadOnlyList<byte[]>? answers = await conversation.TakeAsync(Mllp.Frame(bytes), default, CancellationToken.None);
            bool isAcknowledgement = Encoding.Latin1.GetString(bytes).Contains("|ACK", StringComparison.Ordinal);
            Assert.True(answers!.Count > 0 || isAcknowledgement || bytes.AsSpan().Trim("\r\n "u8).IsEmpty, file);
            foreach (ReadOnlyMemory<byte> one in MessageSplit.Of(bytes, options.Limits).Messages)
            {
                CompareWithSecondReader(Hl7Message.Read(one), Encoding.Latin1.GetString(one.Span), file);
            }
        }
    }

    [Fact]
    public async Task Row5WrongCodesEndInQuarantineInTheStore()
    {
        await using var box = new Hl7Box();
        Assert.Equal("CA", await box.SendAsync(Said.Header + Said.Request + "OBX|1|NM|150017^MDC_PRESS_BLD_ART_SYS^MDC|1.1.1.1|120||||||R\r"));
        Assert.Equal(["120"], box.Values("raw/mdc-conflict/150017/MDC_PRESS_BLD_ART_SYS"));
        Assert.Null(box.Store.Find("art-sys"));
        Assert.Contains(box.Store.ReadBed(new UtcInstant(0), new UtcInstant(long.MaxValue)).OfType<AnnotationBlock>(), note => note.Text.Contains("two signals", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Row6StoredMeansAcceptedARepeatIsAcceptedAgainAndABadHeaderRejected()
    {
        await using var box = new Hl7Box();
        Assert.Equal("CA", await box.SendAsync(Numbered(5)));
        Assert.Equal("CA", await box.SendAsync(Numbered(5)));
        Assert.Equal(["5"], box.Values("hr"));
        Assert.Equal(1, box.Intake.Repeated);
        Assert.Equal("AR", await box.SendAsync("MSH|^^^^|A||||20260101||ORU^R01|1|P|2.6\r"));
        Assert.Equal("CA", await box.SendAsync(Said.Header.Replace("ORU^R01^ORU_R01", "ADT^A01^ADT_A01", StringComparison.Ordinal) + Said.Place));
        await box.Store.DisposeAsync();
        Assert.Equal("CE", await box.SendAsync(Numbered(6)));
    }

    [Fact]
    public async Task Row6ARepeatInTheSamePieceIsAnsweredTwiceAndStoredOnce()
    {
        await using var box = new Hl7Box();
        byte[] alert = Encoding.ASCII.GetBytes(Said.Header.Replace("ORU^R01^ORU_R01", "ORU^R40^ORU_R40", StringComparison.Ordinal) + "OBR|1||7|196616^MDC_EVT_ALARM^MDC|||20260302101459+0100\rOBX|1|CWE|196616^MDC_EVT_ALARM^MDC|1.1.1.1.1|196670^MDC_EVT_LO^MDC|||L~PM~SP|||F\r");
        var answers = new MllpConversation(box.Intake, new Acknowledgement(TimeProvider.System), new MllpOptions());
        Assert.Equal(2, (await answers.TakeAsync((byte[])[.. Mllp.Frame(alert), .. Mllp.Frame(alert)], default, CancellationToken.None))!.Count);
        Assert.Equal(1, box.Intake.Repeated);
        Assert.Single(box.Store.ReadBed(new UtcInstant(long.MinValue / 2), new UtcInstant(long.MaxValue)).OfType<AlertBlock>());
    }

    [Fact]
    public async Task TwoBedsWithoutAWordWhichIsThisOneAreNotKept()
    {
        await using var box = new Hl7Box();
        const string place = "PV1||I|ICU^^5\r";
        static string Of(int number, string where) => Numbered(number).Replace("OBR|1", where + "OBR|1", StringComparison.Ordinal);
        Assert.Equal("CA", await box.SendAsync(Of(1, place)));
        Assert.Equal("CA", await box.SendAsync(Of(2, "PV1||I|ICU^^6\r")));
        Assert.Equal("CA", await box.SendAsync(Of(3, place)));
        Assert.Equal(["1"], box.Values("hr"));
    }

    [Fact]
    public async Task WithACertificateTheLinkIsEncrypted()
    {
        using X509Certificate2 certificate = Hl7Box.Certificate();
        await using var box = new Hl7Box(certificate: certificate);
        await using MllpClient client = await box.CallAsync(new System.Net.Security.SslClientAuthenticationOptions { TargetHost = "localhost", CertificateChainPolicy = Trusting(certificate) });
        Assert.Equal("CA", (await client.SendAsync(Encoding.ASCII.GetBytes(Numbered(8)), CancellationToken.None)).First("MSA"u8).Field(1).Text);
        Assert.Equal(["8"], box.Values("hr"));
    }

    [Fact]
    public void WithoutACertificateTheNetworkIsRefused() =>
        Assert.Throws<ArgumentException>(() => new MllpListener(new System.Net.IPEndPoint(System.Net.IPAddress.Any, 0), new Everything(), new MllpOptions(), tls: null, (TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance)));

    [Fact]
    public async Task Row6WhileTheDiskTakesNothingTheAnswerIsAnErrorAndWhatIsSentAgainIsStoredOnce()
    {
        var disk = new Storage.FaultyDisk(new Random(6));
        using var folder = new TemporaryFolder();
        _ = Directory.CreateDirectory(folder.PathOf("data"));
        await using var box = new Hl7Box(store: Store.Open(folder.PathOf("data"), disk, locked: null, new StoreOptions(), TimeProvider.System));
        Assert.Equal("CA", await box.SendAsync(Numbered(1)));
        disk.FailWhile = disk.Operations..int.MaxValue;
        Assert.Equal("CE", await box.SendAsync(Numbered(2)));
        Assert.False(box.Store.Health.Writing);
        disk.FailWhile = null;
        string answer = "CE";
        for (int attempt = 0; attempt < 20 && answer == "CE"; attempt++)
        {
            answer = await box.SendAsync(Numbered(2));
        }

        Assert.Equal("CA", answer);
        Assert.Equal(["1", "2"], box.Values("hr"));
    }

    [PythonHl7Fact]
    public async Task Row7TheSenderOfAnotherProgramIsUnderstoodAndUnderstandsTheAnswer()
    {
        await using var box = new Hl7Box();
        string file = box.Folder.Write("one.hl7", Numbered(9));
        string said = await RunAsync(PythonHl7FactAttribute.Sender, "--file", file, "--port", $"{box.Local.Port}", "--loose", "127.0.0.1");
        Assert.Contains("MSA|CA|c9", said, StringComparison.Ordinal);
        Assert.Equal(["9"], box.Values("hr"));
    }

    [PythonHl7Fact]
    public async Task Row7AnotherProgramSpeaksOverTlsAndReadsTheAnswerAsWeWroteIt()
    {
        await using var box = new Hl7Box(certificate: Hl7Box.Certificate());
        string file = box.Folder.Write("one.hl7", Numbered(10));
        const string script = "import asyncio,ssl,sys,hl7\nfrom hl7.mllp import open_hl7_connection\n"
            + "async def main():\n c=ssl.create_default_context();c.check_hostname=False;c.verify_mode=ssl.CERT_NONE\n"
            + " r,w=await open_hl7_connection('127.0.0.1',int(sys.argv[1]),ssl=c)\n m=hl7.parse(open(sys.argv[2],newline='').read());w.writemessage(m);await w.drain()\n"
            + " a=await asyncio.wait_for(r.readmessage(),20);print(a.segment('MSA')[1],a.segment('MSA')[2],a.segment('MSH')[9])\n w.close()\nasyncio.run(main())\n";
        string said = await RunAsync("/usr/bin/python3", box.Folder.Write("send.py", script), $"{box.Local.Port}", file);
        Assert.StartsWith("CA c10 ACK^R01^ACK", said, StringComparison.Ordinal);
        Assert.Equal(["10"], box.Values("hr"));
    }

    /// <summary>Splits by the usual delimiters alone, and compares every OBX.</summary>
    private static void CompareWithSecondReader(Hl7Message message, string text, string file)
    {
        if (message.Rejection is not null || !text.StartsWith("MSH|^~\\&", StringComparison.Ordinal))
        {
            return;
        }

        string[][] rows = [.. text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries).Where(line => line.StartsWith("OBX|", StringComparison.Ordinal)).Select(line => line.Split('|'))];
        int next = 0;
        for (int i = 0; i < message.Count; i++)
        {
            if (message[i].Name.SequenceEqual("OBX"u8))
            {
                string[] row = rows[next++];
                for (int field = 1; field < row.Length; field++)
                {
                    Assert.True(row[field] == Encoding.Latin1.GetString(message[i].Field(field).Bytes), $"{file}: OBX {next} field {field}");
                }
            }
        }

        Assert.Equal(rows.Length, next);
    }

    private static X509ChainPolicy Trusting(X509Certificate2 certificate)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(certificate);
        return policy;
    }

    private static string Numbered(int number) =>
        Said.Header.Replace("|77|", $"|c{number}|", StringComparison.Ordinal).Replace("101500", $"10{number / 60 % 60:D2}{number % 60:D2}", StringComparison.Ordinal)
        + Said.Request.Replace("101459", $"10{number / 60 % 60:D2}{number % 60:D2}", StringComparison.Ordinal) + Said.HeartRate.Replace("|80|", $"|{number}|", StringComparison.Ordinal);

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        return said;
    }

    private sealed class Everything : IHl7Receiver
    {
        public Task<IReadOnlyList<Receipt>> ReceiveAsync(IReadOnlyList<Hl7Message> messages, MonotonicInstant arrivedAt, CancellationToken cancel)
        {
            var said = new Said();
            foreach (Hl7Message message in messages)
            {
                new SenderReader(new Hl7Settings()).Take(message, new UtcInstant(0), said);
            }

            return Task.FromResult<IReadOnlyList<Receipt>>([.. messages.Select(_ => new Receipt(Outcome.Accepted))]);
        }
    }
}
