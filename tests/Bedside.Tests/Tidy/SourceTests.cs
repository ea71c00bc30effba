using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Bedside.Ingest.Drivers;

namespace Bedside.Tests.Tidy;

/// <summary>Rules of the house that no analyzer knows.</summary>
public partial class SourceTests
{
    private const int MostLines = 400;
    private static readonly string[] VagueNames = ["Manager", "Helper", "Util", "Common", "Misc"];
    private static readonly string[] ProductFolders = ["storage", "ingest", "viewer", "firmware-host"];

    private static readonly Assembly[] Product =
    [
        typeof(Bedside.Model.Block).Assembly, typeof(Bedside.Storage.Store).Assembly, typeof(Bedside.Extract.WfdbReader).Assembly, typeof(Bedside.Identity.IdentityVault).Assembly, typeof(Bedside.Audit.AuditTrail).Assembly,
        typeof(IDriver).Assembly, typeof(Bedside.Viewer.ViewerOptions).Assembly, typeof(Host.Program).Assembly,
    ];

    private static IEnumerable<Type> ProductTypes =>
        Product.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.Namespace?.StartsWith("Bedside", StringComparison.Ordinal) == true
                && !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
                && !type.Name.Contains('<', StringComparison.Ordinal)
                && !type.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute), inherit: false));

    [Fact]
    public void No_file_is_too_long_to_read() =>
        Assert.DoesNotContain(
            ProductFolders.Append("tests")
                .SelectMany(folder => Directory.EnumerateFiles(Repository.PathOf(folder), "*.*", SearchOption.AllDirectories))
                .Where(file => Path.GetExtension(file) is ".cs" or ".ts" or ".tsx" && !file.Contains("node_modules", StringComparison.Ordinal)),
            file => File.ReadLines(file).Skip(MostLines).Any());

    [Fact]
    public void No_type_has_a_vague_name() =>
        Assert.DoesNotContain(ProductTypes, type => VagueNames.Any(vague => type.Name.Contains(vague, StringComparison.Ordinal)));

    [Fact]
    public void No_static_field_can_change() =>
        Assert.Empty(ProductTypes
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(field => field is { IsInitOnly: false, IsLiteral: false }
                && !field.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
                && !field.Name.StartsWith('<')
                && !field.Name.StartsWith("_Default", StringComparison.Ordinal)
                && !field.DeclaringType!.Name.Contains("Json", StringComparison.Ordinal))
            .Select(field => $"{field.DeclaringType}.{field.Name}"));

    [Fact]
    public void Every_driver_has_a_folder_of_its_own_a_readme_and_a_capture()
    {
        Assert.NotEmpty(DriverCatalog.All);
        Assert.All(DriverCatalog.All, driver =>
        {
            Assert.Equal($"Bedside.Ingest.Drivers.{Pascal(driver.Name)}", driver.GetType().Namespace);
            Assert.True(File.Exists(Repository.PathOf($"ingest/Drivers/{Pascal(driver.Name)}/README.md")));
            Assert.NotEmpty(Directory.GetFiles(Repository.PathOf($"tests/captures/{driver.Name}"), "*.cap"));
            Assert.NotEmpty(Directory.GetFiles(Repository.PathOf($"tests/captures/{driver.Name}"), "*.golden"));
        });
    }

    [Fact]
    public void Every_capture_says_where_it_came_from() =>
        Assert.All(
            Directory.GetFiles(Repository.PathOf("tests/captures"), "*.cap", SearchOption.AllDirectories),
            file => Assert.Matches(OriginLine, string.Join('\n', File.ReadLines(file).TakeWhile(line => line.StartsWith('#')))));

    [Fact]
    public void Drivers_do_no_input_or_output_and_take_no_clock()
    {
        string[] forbidden = ["System.IO.File", "FileStream", "Socket", "TimeProvider", "Task.", "Thread", "ILogger", "Console."];
        Assert.All(
            Directory.EnumerateFiles(Repository.PathOf("ingest/Drivers"), "*.cs", SearchOption.AllDirectories),
            file => Assert.DoesNotContain(forbidden, word => File.ReadAllText(file).Contains(word, StringComparison.Ordinal)));
    }

    [Fact]
    public void No_file_names_a_machine_or_leaves_work_undone()
    {
        string[] forbidden = ["TO_DO", "FIX_ME", "#prag_ma", "#reg_ion", "NotImplemented_Exception", "Assert.True(tr_ue)"];
        string[] words = [.. forbidden.Select(word => word.Replace("_", string.Empty, StringComparison.Ordinal))];
        foreach (string folder in ProductFolders.Append("tests"))
        {
            foreach (string file in Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories))
            {
                string text = File.ReadAllText(file);
                Assert.DoesNotContain(words, word => text.Contains(word, StringComparison.Ordinal));
            }
        }
    }

    private static string Pascal(string name) =>
        string.Concat(name.Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    [GeneratedRegex("^# Origin: (synthetic|de-identified|real)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex OriginLine { get; }
}
