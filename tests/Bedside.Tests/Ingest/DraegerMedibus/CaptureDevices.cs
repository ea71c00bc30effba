using Bedside.Ingest.Drivers;

namespace Bedside.Tests.Ingest.DraegerMedibus;

/// <summary>The two devices of our captures and what happens to them while they are recorded.</summary>
internal static class CaptureDevices
{
    /// <summary>Classic tables, two traces, a tidal volume that crosses one litre, alarms, a changed clock, standby.</summary>
    private static ScriptedDevice Evita4()
    {
        var device = new ScriptedDevice { Record = BreathOfTwo };
        device.Answers[0x24] = "0635.00B12.571  4 73  9 74 16 78  5 7D 17 7A0.0088 480B5  0 B80.98B9 6.7D6 14 EB 97 E1 72 E6 38 F0 40 ";
        device.Answers[0x25] = "B9 3.0E6 30 ";
        device.Answers[0x26] = "7D 40 821.17B914.0D6 30 E6 60 ";
        device.Answers[0x27] = "";
        device.Answers[0x28] = "14:30:0515-MAI-26";
        device.Answers[0x29] = "01  40 04 0.4805  1.409   140B  5.013 40  ";
        device.Answers[0x2A] = Texts((0x0E, "Mode BIPAP"), (0x20, "Adult"), (0x22, "mmHg"));
        device.Answers[0x2E] = "";
        device.Answers[0x53] = ScriptedDevice.Offer("00", 16_000, "-  10", "100", "370") + ScriptedDevice.Offer("01", 16_000, "- 180", "180", "FFF");
        device.Answers[0x6A] = "4Adult";
        return device;
    }

    /// <summary>MEDIBUS.X tables on both codepages, five traces, one with decimal limits, and scaling that changes.</summary>
    private static ScriptedDevice V500()
    {
        var device = new ScriptedDevice { Record = BreathOfFive, RecordEvery = 32 * Wire.Millisecond };
        device.Answers[0x52] = "5000'Evita V500'02.51:06.00";
        device.Answers[0x24] = "03 7.406 7.907  5208  1171  5 73 10 74 18 78 5.07D 19 83 46088 470B5  0 B9 7.4C9  33D6 15 E3 5.1E6 38 F0 40 ";
        device.Answers[0x25] = "B9 3.0";
        device.Answers[0x26] = "7D 40 B912.0D6 30 ";
        device.Answers[0x27] = "<19MIN VOL LOW ";
        device.Answers[0x28] = "02:00:59 1-JAN-27";
        device.Answers[0x29] = "01  40 05  1.60B  5.045 18  6F 70  83 175 ";
        device.Answers[0x2A] = Texts((0x0E, "PC-BIPAP"), (0x5C, "PS"), (0x20, "Adulte"), (0x48, "Tubus"), (0x23, "kPa"));
        device.Answers[0x2B] = "21 46022 47023 18 366.7 370.3 ";
        device.Answers[0x2C] = "";
        device.Answers[0x2D] = "21 900";
        device.Answers[0x2E] = "=CCPEEP LOW    ";
        device.Answers[0x53] = FiveOffers("- 20", "100");
        return device;
    }

    /// <summary>What one of them and the driver said to each other.</summary>
    public static Talk Talk(string name, LineSettings line)
    {
        ScriptedDevice device = name == "v500" ? V500() : Evita4();
        var talk = new Talk(device, line);
        Play(device, talk, name);
        return talk;
    }

    /// <summary>What happens, the same each time.</summary>
    private static void Play(ScriptedDevice device, Talk talk, string name)
    {
        talk.Run(6000);
        device.Answers[0x27] = "N10PAW \"#      919MIN VOL LOW ";
        if (name == "evita-4")
        {
            device.Answers[0x24] = "0726  0812  71  4 73  9 74 16 78  5 7D 17 B70.0 821.02B914.3D6 14 EB 97 E1 72 F0 40 ";
            device.Say(talk.Now, Wire.Command(0x49));
            talk.Run(4000);
            device.Answers[0x24] = "F0 21 ";
            device.Answers[0x27] = "";
            device.Answers[0x2A] = Texts((0x1E, "Standby"), (0x20, "Adult"));
            device.Record = null;
            talk.Run(6000);
        }
        else
        {
            device.Answers[0x53] = FiveOffers("- 40", "200");
            device.Say(talk.Now, Wire.Command(0x56));
            talk.Run(4000);
            device.Answers[0x27] = "";
            device.Say(talk.Now, Wire.Command(0x51));
            talk.Run(4000);
        }
    }

    private static string FiveOffers(string min, string max) =>
        ScriptedDevice.Offer("00", 32_000, min, max, "3C0") + ScriptedDevice.Offer("01", 32_000, "- 200", "200", "FA0")
        + ScriptedDevice.Offer("03", 32_000, "0", "3000", "BB8") + ScriptedDevice.Offer("07", 32_000, "- 0.5", "13.3", "FFF")
        + ScriptedDevice.Offer("1C", 32_000, min, max, "3C0");

    /// <summary>A breath of 4 s: pressure and flow, and the marks of where it begins.</summary>
    private static byte[] BreathOfTwo(int number)
    {
        int phase = number % 250;
        int pressure = phase < 85 ? 120 + (phase * 2) : 120;
        int flow = phase < 85 ? 2600 - (phase * 6) : 1200 + Math.Min(848, (phase - 85) * 8);
        byte[] record = ScriptedDevice.RecordOf(pressure, flow);
        return phase == 0 ? [record[0], 0xC6, 0xC0, .. record[1..]] : record;
    }

    /// <summary>Five streams; the fourth has no value in every seventh record, the fifth is announced once.</summary>
    private static byte[] BreathOfFive(int number)
    {
        int phase = number % 125;
        int[] values = [200 + phase, 2000 + (phase * 3), phase * 4, 900 + phase, 205 + phase];
        bool without = number % 7 == 6;
        byte[] four = ScriptedDevice.RecordOf(without ? values[..3] : values[..4]);
        byte[] fifth = ScriptedDevice.RecordOf(values[4])[1..];
        byte[] announced = number % 500 == 0 ? [four[0], 0xC4, 0xC1, .. four[1..]] : four;
        return [.. announced, .. fifth];
    }

    private static string Texts(params (int Code, string Text)[] texts) =>
        string.Concat(texts.Select(text => $"{text.Code:X2}{(char)('0' + text.Text.Length)}{text.Text}\u0003"));
}
