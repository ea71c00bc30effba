using System.Reflection;
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

    /// <summary>What makes packages has no word for what knows patients: neither it nor anything that it is built on, in the assemblies themselves.</summary>
    [Fact]
    public void Extracts_cannot_name_the_identity_vault()
    {
        Assembly vault = typeof(Bedside.Identity.IdentityVault).Assembly;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<Assembly>([typeof(Bedside.Extract.Privacy.Generalisation).Assembly]);
        while (open.TryPop(out Assembly? one))
        {
            foreach (AssemblyName name in one.GetReferencedAssemblies().Where(name => name.Name!.StartsWith("Bedside", StringComparison.OrdinalIgnoreCase) && seen.Add(name.Name!)))
            {
                open.Push(Assembly.Load(name));
            }
        }

        Assert.Contains("Bedside.Model", seen);
        Assert.DoesNotContain(vault.GetName().Name!, seen);
        Assert.DoesNotContain(typeof(Bedside.Extract.Privacy.Generalisation).Assembly.GetTypes(), type => type.FullName!.Contains("Bedside.Identity", StringComparison.Ordinal));
    }

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
