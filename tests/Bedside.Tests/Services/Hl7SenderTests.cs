using System.Security.Cryptography.X509Certificates;
using Bedside.Host.Commands;
using Bedside.Host.Options;
using Bedside.Host.Services;
using Bedside.Model;
using Bedside.Storage;
using Bedside.Tests.Ingest.Hl7;
using Bedside.Viewer;
using Microsoft.Extensions.Logging.Abstractions;
using TemporaryFolder = Bedside.Tests.Storage.TemporaryFolder;

namespace Bedside.Tests.Services;

public sealed class Hl7SenderTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public async Task Everything_arrives_once_in_order_and_who_approved_is_in_the_store()
    {
        await using var destination = new Destination((_, control) => Reaction.Accepts(control));
        await using var box = new SendingBox();
        await box.SendToAsync(destination);
        await box.AppendAsync(40);
        await box.ArrivedAsync(destination, 40);
        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"{60 + i}"), ValuesOf(destination));
        AnnotationBlock approval = Assert.Single(box.Notes, note => note.Kind == "hl7-out-approved");
        Assert.EndsWith("approved by A Person", approval.Text, StringComparison.Ordinal);
        await box.UntilAsync(() => box.Report is { State: OutboundState.Fine, Sent: >= 4, LastAck: not null });
        Assert.Equal((0, 0, "A Person"), (box.Report.Refused, box.Report.Lost, box.Report.ApprovedBy));
    }

    [Fact]
    public async Task A_destination_that_dies_at_every_byte_of_the_conversation_ends_with_each_message_once()
    {
        await using var destination = new Destination((_, control) => Reaction.Accepts(control)) { TakesOf = connection => connection, GivesOf = came => came - 1 };
        await using var box = new SendingBox();
        await box.SendToAsync(destination);
        await box.AppendAsync(1);
        await box.UntilAsync(() => box.Report.Sent == 1, seconds: 120);
        string message = Assert.Single(destination.Messages);
        Assert.False(destination.IsContradicted);

        // Each byte of the message, then each byte of the answer up to the one that says that it was accepted.
        Assert.InRange(destination.Connections, message.Length + "MSH|...|MSA|CA".Length, int.MaxValue);
        Assert.Equal(["60"], ValuesOf(destination));
    }

    [Theory]
    [InlineData("lost")]
    [InlineData("error")]
    [InlineData("garbage")]
    [InlineData("twice")]
    [InlineData("no end")]
    [InlineData("small letters")]
    [InlineData("names nothing")]
    [InlineData("names another")]
    [InlineData("hangs up behind")]
    [InlineData("answers an old one first")]
    public async Task Whatever_answers_do_each_value_arrives_once_and_none_is_lost(string trouble)
    {
        string before = string.Empty;
        await using var destination = new Destination((count, control) =>
        {
            var good = Reaction.Accepts(control);
            Reaction reaction = trouble switch
            {
                "lost" when count % 2 == 1 => new Reaction(Answer: null),
                "error" when count % 3 != 0 => Reaction.Says("CE", control),
                "garbage" when count % 2 == 1 => new Reaction([.. "HTTP/1.1 400 Bad Request\r\n\r\n"u8, 0x0B, .. "PID|x\r"u8, 0x1C, 0x0D, 0xFF, 0x00], HangUp: true),
                "twice" => new Reaction([.. good.Answer!, .. good.Answer!]),
                "no end" => Reaction.Says("CA", control, framed: false) with { HangUp = count % 2 == 0 },
                "small letters" => Reaction.Says("aa", control),
                "names nothing" => Reaction.Says("AA", string.Empty),
                "names another" => Reaction.Says("AA", "unheard-of"),
                "hangs up behind" => good with { HangUp = true },
                "answers an old one first" when before.Length > 0 => new Reaction([.. Reaction.Accepts(before).Answer!, .. good.Answer!]),
                _ => good,
            };
            before = control;
            return reaction;
        });
        await using var box = new SendingBox();
        await box.SendToAsync(destination);
        await box.AppendAsync(40);
        await box.ArrivedAsync(destination, 40);
        await box.UntilAsync(() => box.Report is { State: OutboundState.Fine, Oldest: null });
        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"{60 + i}"), ValuesOf(destination));
        Assert.False(destination.IsContradicted);
        Assert.Equal(destination.Messages.Count, box.Report.Sent);
    }

    [Fact]
    public async Task What_is_refused_is_set_aside_counted_and_told_and_the_rest_goes_on()
    {
        await using var destination = new Destination((count, control) => count == 2 ? Reaction.Says("AR", control) : Reaction.Accepts(control));
        await using var box = new SendingBox();
        await box.SendToAsync(destination);
        await box.AppendAsync(40);
        await box.ArrivedAsync(destination, 40);
        await box.UntilAsync(() => box.Report.Refused == 1 && box.Report.Sent == destination.Messages.Count - 1);
        Assert.Contains("because", Assert.Single(box.Notes, note => note.Kind == "hl7-out-refused").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_waited_while_nobody_was_there_or_the_box_was_off_arrives_later()
    {
        await using var box = new SendingBox();
        int port;
        await using (var first = new Destination((_, control) => Reaction.Accepts(control)))
        {
            port = first.Local.Port;
            await box.SendToAsync(first);
        }

        await box.AppendAsync(30);
        await box.UntilAsync(() => box.Report is { State: OutboundState.Unreachable, Oldest: not null });
        await box.StopAsync();
        await using var later = new Destination((_, control) => Reaction.Accepts(control), port: port);
        await box.AppendAsync(30);
        await box.SendToAsync(later);
        await box.ArrivedAsync(later, 60);
        Assert.Equal(Enumerable.Range(0, 60).Select(i => $"{60 + i}"), ValuesOf(later));
    }

    [Fact]
    public async Task This_box_as_the_destination_has_the_same_values_at_the_same_times()
    {
        await using var other = new Hl7Box();
        await using var box = new SendingBox();
        await box.SendToAsync(other.Local.Port, waves: true);
        await box.AppendAsync(30);
        await box.UntilAsync(() => other.Values("hr").Length == 30 && box.Report.Oldest is null && box.Report.Sent > 0);
        Assert.Equal(Enumerable.Range(0, 30).Select(i => $"{60 + i}"), other.Values("hr"));
        (long, int)[] sent = Samples(box.Store);
        (long, int)[] read = Samples(other.Store);
        Assert.Equal(sent.Select(sample => sample.Item2), read.Select(sample => sample.Item2));
        long shift = read[0].Item1 - sent[0].Item1;
        Assert.All(sent.Zip(read), pair => Assert.InRange(Math.Abs(pair.Second.Item1 - pair.First.Item1 - shift), 0, 40_000_000));
    }

    [Fact]
    public async Task Over_TLS_only_the_one_whose_certificate_was_signed_by_the_given_authority_is_told_anything()
    {
        using X509Certificate2 right = Hl7Box.Certificate();
        using X509Certificate2 wrong = Hl7Box.Certificate();
        await using var destination = new Destination((_, control) => Reaction.Says("AA", control) with { HangUp = true }, right);
        await using var box = new SendingBox();
        await box.SendToAsync(destination, authority: wrong);
        await box.AppendAsync(20);
        await box.UntilAsync(() => box.Report.State == OutboundState.Unreachable);
        Assert.Empty(destination.Messages);
        await box.StopAsync();
        await box.SendToAsync(destination, authority: right);
        await box.ArrivedAsync(destination, 20);
        Assert.Equal(20, ValuesOf(destination).Length);
    }

    [Fact]
    public async Task A_destination_that_knows_TLS_1_2_alone_is_told_nothing_and_what_waited_arrives_where_the_site_says_so()
    {
        using X509Certificate2 right = Hl7Box.Certificate();
        await using var destination = new Destination((_, control) => Reaction.Says("AA", control) with { HangUp = true }, right) { Protocols = System.Security.Authentication.SslProtocols.Tls12 };
        await using var box = new SendingBox();
        await box.SendToAsync(destination, right);
        await box.AppendAsync(20);
        await box.UntilAsync(() => box.Report.State == OutboundState.Unreachable);
        Assert.Contains("hl7Out.tls12", box.Report.Detail, StringComparison.Ordinal);
        Assert.Empty(destination.Messages);
        await box.StopAsync();
        await box.SendToAsync(destination, right, tls12: true);
        await box.ArrivedAsync(destination, 20);
        Assert.Equal(20, ValuesOf(destination).Length);
    }

    [Theory]
    [InlineData("127.0.0.1:1", "", "5", "nothing leaves this box without a named person's approval")]
    [InlineData("127.0.0.1:1", "A Person", "", "must know which bed")]
    [InlineData("192.0.2.7:2575", "A Person", "5", "over TLS only")]
    [InlineData("hospital.example:2575", "A Person", "5", "over TLS only")]
    [InlineData("nowhere", "A Person", "5", "write it as HOST:PORT")]
    [InlineData("", "A Person", "5", "no destination is told")]
    public void What_was_not_approved_or_is_not_safe_is_refused_with_a_sentence(string to, string person, string bed, string sentence)
    {
        var options = new Hl7OutOptions { To = to, ApprovedBy = person, Bed = bed };
        Assert.Contains(sentence, Assert.Throws<CommandFailedException>(() => options.Check("--hl7-out")).Message, StringComparison.Ordinal);
    }

    private static string[] ValuesOf(Destination destination) =>
        [.. destination.Messages.SelectMany(message => message.Split('\r')).Select(row => row.Split('|')).Where(row => row is ["OBX", _, "NM", ..] && row[3].StartsWith("147842^", StringComparison.Ordinal)).Select(row => row[5])];

    private static (long, int)[] Samples(Store store) =>
    [
        .. store.Read(store.Find("ecg-ii")!.Number, new UtcInstant(0), new UtcInstant(long.MaxValue)).OfType<SampleBlock>()
            .SelectMany(block => Enumerable.Range(0, block.Samples.Length).Select(i => (block.TimeOf(i).UnixNanoseconds, (int)Math.Round(block.Scale!.Value.Physical(block.Samples.Span[i]) * 1000)))),
    ];

    /// <summary>A store with a sender, quick and impatient. Its data lie a quarter of an hour back, so that every interval is due.</summary>
    private sealed class SendingBox : IAsyncDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly UtcInstant _start = UtcInstant.FromDateTime(TimeProvider.System.GetUtcNow().AddMinutes(-15));
        private readonly Signal _rate;
        private readonly Signal _wave;
        private Hl7Sender? _sender;
        private int _count;

        public SendingBox()
        {
            Store = Store.Open(_folder.FileIn("data"), new StoreOptions { SyncEvery = TimeSpan.FromMilliseconds(20) }, TimeProvider.System);
            _rate = Store.Register("monitor", new Metric { SignalId = "hr", Kind = SignalKind.Numeric, Unit = "/min", Code = 147842 });
            _wave = Store.Register("monitor", new Metric { SignalId = "ecg-ii", Kind = SignalKind.Waveform, Unit = "mV", Code = 131330 });
        }

        public Store Store { get; }

        public OutboundReport Report => _sender!.Report;

        public IEnumerable<AnnotationBlock> Notes => Store.ReadBed(new UtcInstant(0), new UtcInstant(long.MaxValue)).OfType<AnnotationBlock>();

        public Task SendToAsync(Destination destination, X509Certificate2? authority = null, bool tls12 = false) => SendToAsync(destination.Local.Port, waves: false, authority, tls12);

        public async Task SendToAsync(int port, bool waves, X509Certificate2? authority = null, bool tls12 = false)
        {
            var options = new Hl7OutOptions { To = authority is null ? $"127.0.0.1:{port}" : $"localhost:{port}", Bed = "5", ApprovedBy = "A Person", Every = "1s", Waves = waves, Tls12 = tls12 };
            if (authority is not null)
            {
                options.Authority = _folder.FileIn("authority.pem");
                await File.WriteAllTextAsync(options.Authority, authority.ExportCertificatePem());
            }

            options.Check("--hl7-out");
            var pace = new Hl7SenderPace { Patience = TimeSpan.FromSeconds(5), FirstWait = TimeSpan.FromMilliseconds(1), LongestWait = TimeSpan.FromMilliseconds(4), Between = TimeSpan.FromMilliseconds(1), Settle = TimeSpan.FromMilliseconds(100) };
            _sender = new Hl7Sender(options, pace, Store, TimeProvider.System, NullLogger<Hl7Sender>.Instance);
            await _sender.StartAsync(CancellationToken.None);
            await UntilAsync(() => Report.ApprovedAt is not null);
        }

        /// <summary>So many seconds of a heart rate that counts, and of a wave.</summary>
        public async Task AppendAsync(int seconds)
        {
            for (int i = 0; i < seconds; i++, _count++)
            {
                UtcInstant at = _start.Add(_count * Second);
                await Store.AppendAsync(new NumericBlock { Signal = _rate.Number, Start = at, ClockEpoch = 1, Readings = [new NumericReading(at, new Fixed(60 + _count, 0), Validity.Valid, DeviceNanoseconds: null)] }, CancellationToken.None);
                int[] samples = [.. Enumerable.Range(_count * 50, 50).Select(sample => sample % 997)];
                await Store.AppendAsync(new SampleBlock { Signal = _wave.Number, Start = at, ClockEpoch = 1, Period = SamplePeriod.FromHertz(50), Samples = samples, Scale = new Scale(0.005, 0), FirstIndex = _count * 50L }, CancellationToken.None);
            }

            await Store.SyncAsync(CancellationToken.None);
        }

        public Task ArrivedAsync(Destination destination, int values, int seconds = 60) => UntilAsync(() => ValuesOf(destination).Length >= values, seconds);

        public async Task UntilAsync(Func<bool> condition, int seconds = 60)
        {
            long begun = TimeProvider.System.GetTimestamp();
            while (!condition())
            {
                Assert.True(TimeProvider.System.GetElapsedTime(begun).TotalSeconds < seconds, $"it does not come: {Report}");
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
            }
        }

        public async Task StopAsync()
        {
            if (_sender is { } sender)
            {
                _sender = null;
                await sender.StopAsync(CancellationToken.None);
                sender.Dispose();
            }
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            _sender?.Dispose();
            await Store.DisposeAsync();
            _folder.Dispose();
        }
    }
}
