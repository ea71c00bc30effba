namespace Bedside.Host.Commands;

/// <summary>One line on a terminal that says which file is being read; nothing where nobody looks.</summary>
internal sealed class FileProgress(string verb) : IDisposable
{
    private readonly bool _isShown = !Console.IsErrorRedirected;
    private int _width;

    public void Show(string file, int number, int of)
    {
        if (_isShown)
        {
            string line = $"{verb} {file}, {number} of {of} …";
            Console.Error.Write("\r" + line.PadRight(_width));
            _width = line.Length;
        }
    }

    public void Clear()
    {
        if (_isShown && _width > 0)
        {
            Console.Error.Write("\r" + new string(' ', _width) + "\r");
            _width = 0;
        }
    }

    public void Dispose() => Clear();
}
