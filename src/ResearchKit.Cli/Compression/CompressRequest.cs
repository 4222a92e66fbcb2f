namespace ResearchKit.Cli;

/// <summary>Everything that `compress` was asked to do; paths are full.</summary>
internal sealed record CompressRequest
{
    /// <summary>Bytes that may be used where nothing else is said.</summary>
    public const double DefaultMemory = 1e9;

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

    /// <summary>Whether the defect of the next degrees is left to itself.</summary>
    public bool MomentsOnly { get; init; }

    public int Threads { get; init; } = -1;

    public bool Verify { get; init; }

    public StreamChoice Stream { get; init; }

    /// <summary>Bytes that may be used.</summary>
    public double Memory { get; init; } = DefaultMemory;

    /// <summary>Rows that a stream compresses at once; null for the library's choice.</summary>
    public int? Chunk { get; init; }

    public ResumeChoice Resume { get; init; }

    /// <summary>Where a stream keeps what it needs to go on.</summary>
    public string State => Output + ".state";

    /// <summary>Seconds between two saved states.</summary>
    public double SaveEvery { get; init; } = 10;

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

/// <summary>Whether a file is read as a stream.</summary>
internal enum StreamChoice
{
    Auto,
    Always,
    Never,
}

/// <summary>What to do about the state of an interrupted run.</summary>
internal enum ResumeChoice
{
    Auto,
    Never,
}
