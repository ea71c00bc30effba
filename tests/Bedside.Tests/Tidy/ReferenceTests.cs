using System.Xml.Linq;

namespace Bedside.Tests.Tidy;

/// <summary>Who may know whom (ARCHITECTURE.md), read from the project files.</summary>
public class ReferenceTests
{
    [Theory]
    [InlineData("storage/Bedside.Model/Bedside.Model.csproj", "")]
    [InlineData("ingest/Bedside.Ingest.csproj", "Bedside.Model")]
    [InlineData("storage/Bedside.Storage/Bedside.Storage.csproj", "Bedside.Model")]
    [InlineData("storage/Bedside.Extract/Bedside.Extract.csproj", "Bedside.Model Bedside.Storage")]
    [InlineData("storage/Bedside.Identity/Bedside.Identity.csproj", "Bedside.Model Bedside.Storage")]
    [InlineData("storage/Bedside.Audit/Bedside.Audit.csproj", "Bedside.Model Bedside.Storage")]
    [InlineData("viewer/Bedside.Viewer.csproj", "Bedside.Extract Bedside.Model Bedside.Storage")]
    [InlineData("firmware-host/Bedside.Host.csproj", "Bedside.Audit Bedside.Extract Bedside.Identity Bedside.Ingest Bedside.Model Bedside.Storage Bedside.Viewer")]
    [InlineData("tests/Bedside.Simulators/Bedside.Simulators.csproj", "Bedside.Model")]
    [InlineData("tests/Bedside.EndToEnd/Bedside.EndToEnd.csproj", "")]
    public void A_project_knows_only_whom_it_may(string project, string allowed)
    {
        string[] may = allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string[] knows =
        [
            .. XDocument.Load(Repository.PathOf(project)).Descendants("ProjectReference")
                .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/'))),
        ];
        Assert.Subset(may.ToHashSet(), knows.ToHashSet());
    }

    [Fact]
    public void The_model_has_no_packages() =>
        Assert.Empty(XDocument.Load(Repository.PathOf("storage/Bedside.Model/Bedside.Model.csproj")).Descendants("PackageReference"));

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        string solution = File.ReadAllText(Repository.PathOf("Bedside.sln"));
        string[] folders = ["firmware-host", "ingest", "storage", "viewer", "tests"];
        Assert.All(
            folders.SelectMany(folder => Directory.EnumerateFiles(Repository.PathOf(folder), "*.csproj", SearchOption.AllDirectories))
                .Where(file => !file.Contains("node_modules", StringComparison.Ordinal)),
            file => Assert.Contains(Path.GetFileName(file), solution, StringComparison.Ordinal));
    }
}
