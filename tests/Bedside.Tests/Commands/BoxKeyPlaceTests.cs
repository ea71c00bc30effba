using Bedside.Host.Commands;
using Bedside.Model;
using Bedside.Storage;
using Bedside.Storage.Keys;
using Bedside.Tests.Storage;

namespace Bedside.Tests.Commands;

/// <summary>Where commands look for the box key, and what they do without it.</summary>
public sealed class BoxKeyPlaceTests
{
    [Fact]
    public void AKeyIsMadeOnce_ForItsOwnerOnly_AndReadAgain()
    {
        using var folder = new TemporaryFolder();
        var data = new DirectoryInfo(folder.Path);
        var said = new List<string>();
        BoxKeyPlace.ReadOrBegin(data, named: null, said.Add).Dispose();
        string path = folder.FileIn(BoxKey.FileName);
        byte[] made = File.ReadAllBytes(path);
        Assert.Equal(BoxKey.Bytes, made.Length);
        Assert.Equal("-rw-------", ModeOf(path));
        BoxKeyPlace.ReadOrBegin(data, named: null, said.Add).Dispose();
        Assert.Equal(made, File.ReadAllBytes(path));
        Assert.Empty(said);
    }

    [Fact]
    public async Task AnImportMakesNoKeyInThePlaceOfALostOne_ABoxDoes_AndSaysSo()
    {
        using var folder = new TemporaryFolder();
        var data = new DirectoryInfo(folder.Path);
        await using (var store = Store.Open(folder.Path, StoreArguments.Options(data, key: null), TimeProvider.System))
        {
            Assert.NotEqual(StayId.None, store.CurrentStay);
        }

        File.Delete(folder.FileIn(BoxKey.FileName));
        CommandFailedException refused = Assert.Throws<CommandFailedException>(() => StoreArguments.Options(data, key: null));
        Assert.Contains("--box-key", refused.Message, StringComparison.Ordinal);
        var said = new List<string>();
        BoxKeyPlace.ReadOrReplace(data, named: null, said.Add).Dispose();
        _ = Assert.Single(said);
        Assert.True(File.Exists(folder.FileIn(BoxKey.FileName)));
    }

    [Fact]
    public void AKeyTypedFromPaperIsRead_AndWhatIsNoneIsSetAside()
    {
        using var folder = new TemporaryFolder();
        var named = new FileInfo(folder.FileIn("paper"));
        File.WriteAllText(named.FullName, string.Concat(Enumerable.Repeat("0aB1", 16)) + "\n");
        BoxKeyPlace.Read(new DirectoryInfo(folder.Path), named)!.Dispose(); // the file is there
        File.WriteAllText(named.FullName, "no key");
        _ = Assert.Throws<CommandFailedException>(() => BoxKeyPlace.Read(new DirectoryInfo(folder.Path), named));
        var said = new List<string>();
        BoxKeyPlace.ReadOrReplace(new DirectoryInfo(folder.Path), named, said.Add).Dispose();
        Assert.Equal("no key", File.ReadAllText(named.FullName + ".bad"));
        _ = Assert.Single(said);
    }

    [Fact]
    public void ABoxWhoseKeysMediumIsGoneGoesOnWithOneBesideTheData()
    {
        using var folder = new TemporaryFolder();
        var said = new List<string>();
        BoxKeyPlace.ReadOrReplace(new DirectoryInfo(folder.Path), new FileInfo(folder.FileIn("gone/medium")), said.Add).Dispose();
        Assert.NotEmpty(said);
        Assert.True(File.Exists(folder.FileIn(BoxKey.FileName)));
    }

    [Fact]
    public void TheProductWritesNothingThatIsNotEncrypted()
    {
        // What measures may; everything else takes its options from one place.
        string[] files = [.. Directory.EnumerateFiles(Repository.PathOf("firmware-host"), "*.cs", SearchOption.AllDirectories).Where(file => !file.Contains("/Measuring/", StringComparison.Ordinal))];
        Assert.Equal(["StoreArguments.cs"], files.Where(file => File.ReadAllText(file).Contains("new StoreOptions", StringComparison.Ordinal)).Select(Path.GetFileName));
        Assert.DoesNotContain(
            Directory.EnumerateFiles(Repository.PathOf("viewer"), "*.cs", SearchOption.AllDirectories),
            file => File.ReadAllText(file).Contains("Store.Open(", StringComparison.Ordinal));
    }

    private static string ModeOf(string path)
    {
        UnixFileMode mode = new FileInfo(path).UnixFileMode;
        return mode == (UnixFileMode.UserRead | UnixFileMode.UserWrite) ? "-rw-------" : mode.ToString();
    }
}
