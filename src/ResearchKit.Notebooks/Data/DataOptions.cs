namespace ResearchKit.Notebooks;

/// <summary>What to do with cells that are empty or say NA, NaN or null.</summary>
public enum MissingPolicy
{
    /// <summary>Refuse the file and name the first such cell.</summary>
    Error,

    /// <summary>Leave out every row with such a cell in a kept column.</summary>
    DropRows,

    /// <summary>Fill in the mean of the column's present values.</summary>
    Mean,
}

/// <summary>What to do with columns of text.</summary>
public enum TextPolicy
{
    /// <summary>Refuse the file and name the column.</summary>
    Error,

    /// <summary>Leave the column out.</summary>
    Drop,
}

/// <summary>What to do with columns that hold one value only: they carry nothing to compress.</summary>
public enum ConstantPolicy
{
    /// <summary>Keep the column, and say so in the findings.</summary>
    Keep,

    /// <summary>Leave the column out.</summary>
    Drop,

    /// <summary>Refuse the file and name the column.</summary>
    Error,
}

/// <summary>How a data file is read. Every default refuses rather than guesses.</summary>
public sealed record DataOptions
{
    /// <summary>The defaults.</summary>
    public static DataOptions Default { get; } = new();

    /// <summary>Missing cells.</summary>
    public MissingPolicy Missing { get; init; } = MissingPolicy.Error;

    /// <summary>Columns of text.</summary>
    public TextPolicy Text { get; init; } = TextPolicy.Error;

    /// <summary>Constant columns.</summary>
    public ConstantPolicy Constant { get; init; } = ConstantPolicy.Keep;

    /// <summary>Names of the columns to read, in the order wanted; the others are not even looked at. All if null.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Whether a CSV file's first row holds names; if null, it does when any of its cells is not a number.</summary>
    public bool? Header { get; init; }

    /// <summary>What separates the cells of a CSV row.</summary>
    public char Separator { get; init; } = ',';
}
