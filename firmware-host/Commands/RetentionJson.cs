using System.Text.Json;
using Bedside.Model;
using Bedside.Storage.Retention;

namespace Bedside.Host.Commands;

/// <summary>What <c>bedside retention --json</c> prints.</summary>
internal static class RetentionJson
{
    public static void Print(RetentionSurvey survey)
    {
        using Stream output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("budgetBytes", survey.Health.BudgetBytes);
            json.WriteNumber("usedBytes", survey.Health.UsedBytes);
            json.WriteNumber("diskBytes", survey.Health.DiskBytes);
            json.WriteNumber("freeBytes", survey.Health.FreeBytes);
            json.WriteString("level", JsonNamingPolicy.KebabCaseLower.ConvertName(survey.Health.Level.ToString()));
            WriteNumber(json, "bytesPerDay", survey.Health.BytesPerDay);
            WriteNumber(json, "daysLeft", survey.Health.DaysLeft);
            WriteClasses(json, survey.Classes);
            WriteHolds(json, survey.Holds);
            json.WriteStartArray("gone");
            foreach (GapBlock gone in survey.Gone)
            {
                json.WriteStartObject();
                json.WriteString("from", gone.Start.ToString());
                json.WriteString("to", gone.Until.ToString());
                json.WriteString("cause", JsonNamingPolicy.KebabCaseLower.ConvertName(gone.Cause.ToString()));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    public static void WriteHolds(Utf8JsonWriter json, IReadOnlyList<Hold>? holds)
    {
        if (holds is null)
        {
            json.WriteNull("holds");
            return;
        }

        json.WriteStartArray("holds");
        foreach (Hold hold in holds)
        {
            json.WriteStartObject();
            json.WriteString("name", hold.Name);
            json.WriteString("from", hold.From?.ToString());
            json.WriteString("to", hold.To?.ToString());
            json.WriteString("reason", hold.Reason);
            json.WriteString("made", hold.Made.ToString());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteClasses(Utf8JsonWriter json, IReadOnlyList<ClassFigures> classes)
    {
        json.WriteStartArray("classes");
        foreach (ClassFigures one in classes)
        {
            json.WriteStartObject();
            json.WriteString("name", one.Name);
            json.WriteNumber("bytes", one.Bytes);
            json.WriteNumber("segments", one.Segments);
            json.WriteString("oldest", one.Oldest?.ToString());
            WriteNumber(json, "mostAgeDays", one.MostAge?.TotalDays);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
