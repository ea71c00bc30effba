namespace Bedside.Extract;

/// <summary>A WFDB record cannot be read as it is: says which file, which line, what is wrong and what to do.</summary>
public sealed class WfdbException : Exception
{
    /// <summary>Joins the four into one message.</summary>
    /// <param name="file">Name of the file, as the person knows it.</param>
    /// <param name="line">Line in it, from 1; 0 = the file as a whole.</param>
    /// <param name="problem">What is wrong, without a full stop.</param>
    /// <param name="remedy">What to do about it, a sentence.</param>
    public WfdbException(string file, int line, string problem, string remedy)
        : base(line > 0 ? $"{file}, line {line}: {problem}. {remedy}" : $"{file}: {problem}. {remedy}")
    {
        File = file;
        Line = line;
    }

    public string File { get; }

    public int Line { get; }
}
