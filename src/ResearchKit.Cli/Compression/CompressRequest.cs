namespace ResearchKit.Cli;

/// <summary>Everything that `compress` was asked to do; paths are full.</summary>
internal sealed record CompressRequest
{
    public required string Input { get; init; }

    /// <summary>Rows to keep at most; null with a tolerance.</summary>
    public int? Budget { get; init; }

    /// <summary>The estimated error to keep to; null with a budget.</summary>
    public double? Tolerance { get; init; }

    /// <summary>k; null lets the certificate choose.</summary>
    public int? Degree { get; init; } = CompressionOptions.DefaultDegree;

    /// <summary>The coordinates by name; empty means every numeric column but the weights.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    public string? WeightColumn { get; init; }

    public required string Output { get; init; }

    public required string Certificate { get; init; }

    public MissingChoice Missing { get; init; }

    public TextChoice Text { get; init; }

    public ConstantChoice Constant { get; init; }

    public bool Standardize { get; init; }

    public int Threads { get; init; } = -1;

    public bool Verify { get; init; }

    public bool Force { get; init; }
}

/// <summary>What to do about an empty or NaN cell of a coordinate.</summary>
internal enum MissingChoice
{
    Error,
    Drop,
    Mean,
}

/// <summary>What to do about a column that is not numeric.</summary>
internal enum TextChoice
{
    Error,
    Drop,
}

/// <summary>What to do about a column with one value only.</summary>
internal enum ConstantChoice
{
    Keep,
    Drop,
    Error,
}
