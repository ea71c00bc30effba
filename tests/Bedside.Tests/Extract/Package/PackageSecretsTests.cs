using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Bedside.Extract.Package;
using Bedside.Model;
using Bedside.Model.Research;
using Bedside.Tests.Extract.Arrow;

namespace Bedside.Tests.Extract.Package;

/// <summary>What must not leave is looked for in every byte and every name.</summary>
public sealed partial class PackageSecretsTests
{
    private const string Canary = "zq7Canary";

    [Theory]
    [InlineData(TimeForm.Relative)]
    [InlineData(TimeForm.ShiftedWeeks)]
    public void No_text_of_a_device_or_a_person_is_in_any_byte_or_name(TimeForm form)
    {
        using var folder = new Folder();
        Shelf shelf = WithCanaries();
        PackageStay stay = PackageBed.StayOf(shelf, SyntheticBed.From, SyntheticBed.To);
        PackageResult result = PackageBed.Write(PackageBed.Plan(form, PackageBed.All(shelf), stay), folder.New("out"));

        Assert.True(result.Samples > 0 && result.Readings > 0);
        Assert.NotEqual(0, Rows(folder, "alerts.csv"));
        Assert.NotEqual(0, Rows(folder, "context.csv"));
        Assert.NotEqual(0, Rows(folder, "gaps.csv"));
        foreach ((string name, byte[] bytes) in PackageBed.Everything(folder.New("out")))
        {
            Assert.DoesNotContain(Canary, name, StringComparison.OrdinalIgnoreCase);
            foreach (Encoding encoding in new[] { Encoding.Latin1, Encoding.Unicode, Encoding.BigEndianUnicode })
            {
                Assert.DoesNotContain(Canary, encoding.GetString(bytes), StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain(Canary, encoding.GetString(bytes.AsSpan(Math.Min(1, bytes.Length))), StringComparison.OrdinalIgnoreCase);
            }
        }
    }

    [Theory]
    [InlineData(TimeForm.Relative)]
    [InlineData(TimeForm.ShiftedWeeks)]
    public void No_real_date_and_no_number_of_a_real_time_is_in_any_byte(TimeForm form)
    {
        using var folder = new Folder();
        PackagePlan plan = PackageBed.Synthetic(5, form, out _);
        PackageBed.Write(plan, folder.New("out"));

        // An hour around the stay, in the four units in which programs count from 1970.
        long from = (SyntheticBed.From.UnixNanoseconds / PackageBed.Second) - 3600;
        long to = (SyntheticBed.To.UnixNanoseconds / PackageBed.Second) + 3600;
        foreach ((string name, byte[] bytes) in PackageBed.Everything(folder.New("out")))
        {
            string text = Encoding.Latin1.GetString(bytes);
            Assert.DoesNotMatch(RealDate, text);
            Assert.DoesNotContain(EpochDigits.Matches(text), match => long.Parse(match.Value, CultureInfo.InvariantCulture) is long seconds && seconds >= from && seconds < to);
            for (int i = 0; i + sizeof(long) <= bytes.Length; i++)
            {
                long little = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(i));
                long big = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(i));
                for (long unit = 1; unit <= PackageBed.Second; unit *= 1000)
                {
                    Assert.False((little >= from * unit && little < to * unit) || (big >= from * unit && big < to * unit), $"{name} has a real time at byte {i}");
                }
            }
        }
    }

    [Fact]
    public void A_signal_that_was_not_asked_for_is_not_in_the_package()
    {
        using var folder = new Folder();
        Shelf shelf = SyntheticBed.Of(2);
        PackageBed.Write(PackageBed.Plan(TimeForm.Relative, [new AskedSignal("abp", "why")], PackageBed.StayOf(shelf, SyntheticBed.From, SyntheticBed.To)), folder.New("out"));

        foreach ((string name, byte[] bytes) in PackageBed.Everything(folder.New("out")))
        {
            string text = Encoding.Latin1.GetString(bytes);
            Assert.All(["ecg-ii", "pleth", "set-peep", "131330"], word => Assert.DoesNotContain(word, text, StringComparison.Ordinal));
            Assert.DoesNotContain("ecg", name, StringComparison.Ordinal);
        }
    }

    private static int Rows(Folder folder, string table) => CsvText.Read(Path.Combine(folder.New("out"), "data", table)).Rows.Length;

    /// <summary>A bed with the word in every place where a device or a person may write one.</summary>
    private static Shelf WithCanaries()
    {
        Shelf plain = SyntheticBed.Of(4);
        var shelf = new Shelf();
        foreach (Signal signal in plain.Signals)
        {
            shelf.Signals.Add(signal with
            {
                Id = $"{signal.Id}@{Canary}",
                Device = $"{signal.Device}-{Canary}",
                Metric = signal.Metric with { Label = Canary, DeviceCode = Canary, CodeName = Canary, Channel = Canary, Unit = signal.Metric.Kind == SignalKind.Setting ? Canary : signal.Metric.Unit },
            });
        }

        foreach (Block block in plain.Signals.Select(signal => signal.Number).Append(SignalNumber.None).SelectMany(number => plain.Read(number, SyntheticBed.From, SyntheticBed.To)).Distinct())
        {
            shelf.Add(block switch
            {
                AlertBlock alert => alert with { Device = $"{alert.Device}-{Canary}", Alert = alert.Alert with { Text = Canary, Key = Canary, CodeName = Canary } },
                DeviceBlock device => device with { Device = $"{device.Device}-{Canary}", Reason = Canary, Identity = new DeviceIdentity { Manufacturer = Canary, Model = Canary, SerialNumber = Canary, Firmware = Canary, Protocol = Canary } },
                ClockBlock clock => clock with { Device = $"{clock.Device}-{Canary}", Reason = Canary },
                GapBlock gap => gap with { Device = gap.Device.Length > 0 ? $"{gap.Device}-{Canary}" : string.Empty },
                AnnotationBlock mark => mark with { Text = Canary, Key = Canary, Source = mark.Source == "bed" ? "bed" : Canary },
                TextBlock text => text with { Text = Canary },
                _ => block,
            });
        }

        string device2 = $"monitor-{Canary}";
        shelf.Add(new AnnotationBlock { Signal = SignalNumber.None, Start = SyntheticBed.From, Key = "x", Kind = Canary, Text = Canary, Source = device2 });
        shelf.Add(new AnnotationBlock { Signal = SignalNumber.None, Start = SyntheticBed.From, Key = "y", Kind = "note", Text = Canary, Source = "bed", Attributes = CodedOf("author", Canary.ToLowerInvariant()) });
        shelf.Add(new AlertBlock
        {
            Signal = SignalNumber.None,
            Start = SyntheticBed.From.Add(PackageBed.Second),
            Device = shelf.Signals[0].Device,
            Alert = new Alert { Key = Canary, Phase = AlertPhase.Start, Priority = AlertPriority.Low, Text = Canary, Code = 196_674, CodeName = Canary, Source = Canary },
        });
        return shelf;
    }

    private static Bedside.Model.Context.CodedAttributes CodedOf(string attribute, string value) => Bedside.Model.Context.CodedAttributes.None.With(attribute, value);

    [GeneratedRegex("2026-?03-?01|01/03/2026|1-3-2026", RegexOptions.CultureInvariant)]
    private static partial Regex RealDate { get; }

    [GeneratedRegex("[0-9]{10}", RegexOptions.CultureInvariant)]
    private static partial Regex EpochDigits { get; }
}
