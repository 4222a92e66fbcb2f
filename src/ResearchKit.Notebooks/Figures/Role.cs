namespace ResearchKit.Notebooks;

/// <summary>What a series is in the argument of a figure; <see cref="Role"/> adds which one of its kind.</summary>
public enum RoleKind
{
    /// <summary>The uncompressed object: ink (black on white, near-white on black), solid.</summary>
    Original,

    /// <summary>The compressed object: blue, solid.</summary>
    Compressed,

    /// <summary>Something to beat: grey, dashed.</summary>
    Baseline,

    /// <summary>What a theorem promises: dotted, without markers.</summary>
    Theory,

    /// <summary>The paper's own reported numbers: hollow markers, vermillion.</summary>
    Authors,

    /// <summary>One member of a family, such as k = 1..6: Okabe-Ito palette.</summary>
    Series,
}

/// <summary>
/// The meaning of a series. It alone decides colour, dash, marker and width, so that one glance reads every figure
/// of the project. Indices tell several of a kind apart.
/// </summary>
/// <param name="Kind">What the series is.</param>
/// <param name="Index">Which of its kind; -1 means "the next free one" for baselines and "the only one" otherwise.</param>
public readonly record struct Role(RoleKind Kind, int Index = -1)
{
    /// <summary>The uncompressed object.</summary>
    public static Role Original => new(RoleKind.Original);

    /// <summary>The compressed object.</summary>
    public static Role Compressed => new(RoleKind.Compressed);

    /// <summary>A baseline; each differently named baseline of a figure gets its own grey, dash and marker.</summary>
    public static Role Baseline => new(RoleKind.Baseline);

    /// <summary>A theorem's line.</summary>
    public static Role Theory => new(RoleKind.Theory);

    /// <summary>The paper's own reported numbers.</summary>
    public static Role Authors => new(RoleKind.Authors);

    /// <summary>Baseline number <paramref name="index"/>, to keep its look over several figures.</summary>
    /// <param name="index">0, 1, 2, ...</param>
    public static Role BaselineAt(int index) => new(RoleKind.Baseline, NotNegative(index));

    /// <summary>Member <paramref name="index"/> of a family.</summary>
    /// <param name="index">0, 1, 2, ...; colours repeat after seven.</param>
    public static Role Series(int index) => new(RoleKind.Series, NotNegative(index));

    /// <summary>The paper's numbers for member <paramref name="index"/>: hollow markers in that member's colour.</summary>
    /// <param name="index">As in <see cref="Series"/>.</param>
    public static Role AuthorsOf(int index) => new(RoleKind.Authors, NotNegative(index));

    /// <summary>The theorem's line for member <paramref name="index"/>: dotted in that member's colour.</summary>
    /// <param name="index">As in <see cref="Series"/>.</param>
    public static Role TheoryOf(int index) => new(RoleKind.Theory, NotNegative(index));

    private static int NotNegative(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        return index;
    }
}
