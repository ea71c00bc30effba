using System.Reflection;

namespace Bedside.Ingest.Drivers;

/// <summary>How each device is connected: the INSTALL pages of the drivers' folders, which are part of the program. README.md of the folder above says how they are made.</summary>
public static class InstallGuide
{
    private const int MostCharacters = 32_000;

    /// <summary>The page of a driver's device in <c>fr</c> or <c>en</c>, as it was written; empty = there is none.</summary>
    public static string Text(IDriver driver, string language)
    {
        Assembly here = typeof(InstallGuide).Assembly;
        using Stream? page = here.GetManifestResourceStream($"{FolderOf(driver)}.INSTALL.{language}.md");
        if (page is null)
        {
            return "";
        }

        using var reader = new StreamReader(page);
        string text = reader.ReadToEnd();
        return text.Length <= MostCharacters ? text : throw new InvalidOperationException($"the page of {driver.Name} is longer than {MostCharacters} characters");
    }

    /// <summary>The last part of the driver's namespace: <c>philips-intellivue</c> lies in PhilipsIntellivue.</summary>
    private static string FolderOf(IDriver driver) => driver.GetType().Namespace is { } name ? name[(name.LastIndexOf('.') + 1)..] : "";
}
