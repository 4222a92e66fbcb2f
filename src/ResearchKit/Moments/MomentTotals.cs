namespace ResearchKit;

/// <summary>N compensated sums side by side: a mergeable accumulator of moments.</summary>
internal sealed class MomentTotals(int count)
{
    private readonly CompensatedSum[] sums = new CompensatedSum[count];

    /// <summary>N.</summary>
    public int Count => sums.Length;

    /// <summary>The sum of moment <paramref name="index"/>.</summary>
    public double this[int index] => sums[index].Total;

    /// <summary>Adds one partial sum per moment.</summary>
    public void Add(ReadOnlySpan<double> partial) => Add(0, partial);

    /// <summary>Adds partial sums of the moments from <paramref name="first"/> on.</summary>
    public void Add(int first, ReadOnlySpan<double> partial)
    {
        for (int e = 0; e < partial.Length; e++) sums[first + e].Add(partial[e]);
    }

    /// <summary>Back to zero.</summary>
    public void Clear() => Array.Clear(sums);

    /// <summary>Adds another accumulator's totals.</summary>
    public void Add(MomentTotals other)
    {
        for (int e = 0; e < sums.Length; e++) sums[e].Merge(other.sums[e]);
    }

    /// <summary>Takes over one sum of another accumulator.</summary>
    public void Set(int index, MomentTotals other) => sums[index] = other.sums[index];

    /// <summary>Copies the totals.</summary>
    public void CopyTo(Span<double> target)
    {
        for (int e = 0; e < sums.Length; e++) target[e] = sums[e].Total;
    }
}
