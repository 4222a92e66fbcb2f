namespace ResearchKit.Cli;

/// <summary>Some consecutive rows of a file as numbers. A row that is left out has weight 0.</summary>
/// <param name="capacity">Rows that fit.</param>
/// <param name="dimension">Coordinates of a row.</param>
/// <param name="weighted">Whether rows have weights other than 1 and 0.</param>
internal sealed class RowBlock(int capacity, int dimension, bool weighted)
{
    private readonly double[] rows = new double[capacity * dimension];
    private readonly double[] weights = new double[capacity];
    private bool plain = true;

    public int Capacity => capacity;

    /// <summary>The first row's number in the file.</summary>
    public long First { get; private set; }

    public int Count { get; private set; }

    /// <summary>Bytes of the file up to the block's end.</summary>
    public long End { get; set; }

    public ReadOnlySpan<double> Rows => rows.AsSpan(0, Count * dimension);

    /// <summary>Empty where all rows count 1.</summary>
    public ReadOnlySpan<double> Weights => plain ? default : weights.AsSpan(0, Count);

    /// <summary>Missing cells of the block: row in the file, and coordinate.</summary>
    public List<(long Row, int Coordinate)> Missing { get; } = [];

    /// <summary>Where the next row's coordinates go.</summary>
    public Span<double> Next => rows.AsSpan(Count * dimension, dimension);

    public void Start(long first)
    {
        (First, Count, plain) = (first, 0, !weighted);
        Missing.Clear();
    }

    /// <summary>Takes the row that was written to <see cref="Next"/>.</summary>
    public void Push(double weight)
    {
        if (plain && weight != 1)
        {
            weights.AsSpan(0, Count).Fill(1);
            plain = false;
        }
        if (!plain) weights[Count] = weight;
        Count++;
    }

    /// <summary>Takes a row that is left out.</summary>
    public void PushNothing()
    {
        Next.Clear();
        Push(0);
    }
}
