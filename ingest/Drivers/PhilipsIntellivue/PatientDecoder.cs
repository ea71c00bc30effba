using System.Collections.Immutable;
using Bedside.Model;

namespace Bedside.Ingest.Drivers.PhilipsIntellivue;

/// <summary>Demographics (DEI sheet, section 12), said when anything in them changed.</summary>
internal sealed class PatientDecoder
{
    private static readonly (ushort Id, string Field)[] Texts =
    [
        (AttributeId.PatientGivenName, "given-name"),
        (AttributeId.PatientMiddleName, "middle-name"),
        (AttributeId.PatientFamilyName, "family-name"),
        (AttributeId.PatientId, "id"),
        (AttributeId.PatientEncounterId, "encounter-id"),
        (AttributeId.PatientNotes1, "notes-1"),
        (AttributeId.PatientNotes2, "notes-2"),
    ];

    private static readonly (ushort Id, string Field)[] Measures =
    [
        (AttributeId.PatientAge, "age"),
        (AttributeId.PatientHeight, "height"),
        (AttributeId.PatientWeight, "weight"),
        (AttributeId.PatientBodySurface, "bsa"),
    ];

    private ImmutableSortedDictionary<string, string>? _said;

    public void Take(Observation observation, IDriverOutput output)
    {
        ImmutableSortedDictionary<string, string> fields = Read(observation.Attributes);
        if (_said?.SequenceEqual(fields) != true)
        {
            _said = fields;
            output.Report(new DeviceEvent.Patient(fields));
        }
    }

    private static ImmutableSortedDictionary<string, string> Read(AttributeList attributes)
    {
        ImmutableSortedDictionary<string, string>.Builder fields = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        AddWord(fields, "state", WireFields.U16(attributes, AttributeId.PatientState), StateOf);
        AddWord(fields, "type", WireFields.U16(attributes, AttributeId.PatientType), TypeOf);
        AddWord(fields, "sex", WireFields.U16(attributes, AttributeId.PatientSex), SexOf);
        AddWord(fields, "paced", WireFields.U16(attributes, AttributeId.PatientPacedMode), paced => paced == 0 ? "no" : "yes");
        foreach ((ushort id, string field) in Texts)
        {
            if (WireFields.Text(attributes, id) is { Length: > 0 } text)
            {
                fields[field] = text;
            }
        }

        if (WireFields.Time(attributes, AttributeId.PatientBirthDate) is { } birth)
        {
            fields["birth-date"] = birth.ToString("yyyy-MM-dd");
        }

        foreach ((ushort id, string field) in Measures)
        {
            if (attributes.TryGet(id, out ReadOnlySpan<byte> measure) && MeasureOf(measure) is { } value)
            {
                fields[field] = value;
            }
        }

        return fields.ToImmutable();
    }

    private static void AddWord(ImmutableSortedDictionary<string, string>.Builder fields, string field, ushort? code, Func<ushort, string> words)
    {
        if (code is { } known)
        {
            fields[field] = words(known);
        }
    }

    /// <summary>PatMeasure: <c>FLOAT, u16 unit</c>; null = not entered.</summary>
    private static string? MeasureOf(ReadOnlySpan<byte> value)
    {
        var reader = new WireReader(value);
        Fixed? number = WireFloat.Of(reader.U32()).Number;
        string unit = Units.Ucum(reader.U16());
        return reader.Failed || number is null ? null : $"{number} {unit}";
    }

    private static string StateOf(ushort state) => state switch
    {
        0 => "empty",
        1 => "pre-admitted",
        2 => "admitted",
        8 => "discharged",
        _ => $"{state}",
    };

    private static string TypeOf(ushort type) => type switch
    {
        0 => "unspecified",
        1 => "adult",
        2 => "paediatric",
        3 => "neonatal",
        _ => $"{type}",
    };

    private static string SexOf(ushort sex) => sex switch
    {
        0 => "unknown",
        1 => "male",
        2 => "female",
        9 => "unspecified",
        _ => $"{sex}",
    };
}
