namespace Bedside.Viewer;

/// <summary>How one kind of device is connected, in both languages. The host gives it, because the viewer knows no drivers.</summary>
/// <param name="Driver">Kebab-case, as in <c>/ports</c>.</param>
/// <param name="Devices">Which devices, in one line.</param>
/// <param name="Quality">How well the driver is proven.</param>
public sealed record HelpPage(string Driver, string Manufacturer, string Devices, string Quality)
{
    /// <summary>What the box tries, in this order: <c>19200 8E1</c>, <c>TCP 4601</c>.</summary>
    public required IReadOnlyList<string> Tried { get; init; }

    public required HelpText French { get; init; }

    public required HelpText English { get; init; }
}

/// <summary>One page in one language.</summary>
/// <param name="Lead">One paragraph of what it is.</param>
/// <param name="Sections">One for each <see cref="HelpTopic"/>, in that order.</param>
public sealed record HelpText(string Title, string Lead, IReadOnlyList<HelpSection> Sections)
{
    public HelpSection Of(HelpTopic topic) => Sections[(int)topic];
}

/// <summary>What every page tells, in this order.</summary>
public enum HelpTopic
{
    Cable,
    Pinout,
    NullModem,
    Menu,
    Line,
    ListenOnly,
    Unknown,
}

/// <summary>The answer in one word, where a section begins with one.</summary>
public enum HelpVerdict
{
    None,
    Yes,
    No,
    Depends,
    NotKnown,
    NotApplicable,
    Everything,
    Part,
    Nothing,
}

/// <summary>One section of a page.</summary>
public sealed record HelpSection(HelpTopic Topic, string Heading, HelpVerdict Verdict, IReadOnlyList<HelpBlock> Blocks);

/// <summary>What a block is.</summary>
public enum HelpBlockKind
{
    /// <summary>One line of <see cref="HelpBlock.Lines"/>.</summary>
    Paragraph,

    /// <summary>The name of what follows: one line.</summary>
    Heading,

    /// <summary>Each line an item.</summary>
    List,

    /// <summary>The same with numbers, because the order counts.</summary>
    Steps,

    /// <summary>Head and rows of <see cref="HelpBlock.Cells"/>.</summary>
    Table,

    /// <summary>A table whose first column are the pins of <see cref="HelpBlock.Connector"/>.</summary>
    Pinout,
}

/// <summary>A part of a section.</summary>
public sealed record HelpBlock(HelpBlockKind Kind)
{
    /// <summary>Text of a paragraph, heading or list; empty for tables.</summary>
    public IReadOnlyList<IReadOnlyList<HelpSpan>> Lines { get; init; } = [];

    /// <summary>Rows of a table, the first is its head.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Cells { get; init; } = [];

    /// <summary><c>db9-male</c>, <c>db9-female</c>, <c>db25-female</c>, <c>rj45</c>; empty unless a pinout.</summary>
    public string Connector { get; init; } = string.Empty;
}

/// <summary>A run of text.</summary>
/// <param name="Style"><c>plain</c>, <c>strong</c>, <c>code</c> (settings, commands) or <c>word</c> (as it stands on the device).</param>
public sealed record HelpSpan(string Text, string Style);
