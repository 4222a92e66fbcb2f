using System.Runtime.CompilerServices;

namespace ResearchKit;

/// <summary>
/// A running sum in Neumaier's compensated form: the rounding error of d additions stays near one unit in the last
/// place of the sum of magnitudes, whatever d is.
/// </summary>
internal struct CompensatedSum
{
    private double sum;
    private double compensation;

    /// <summary>Adds a term.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(double term)
    {
        double t = sum + term;
        compensation += Math.Abs(sum) >= Math.Abs(term) ? (sum - t) + term : (term - t) + sum;
        sum = t;
    }

    /// <summary>Adds another running sum.</summary>
    public void Merge(CompensatedSum other)
    {
        Add(other.sum);
        compensation += other.compensation;
    }

    /// <summary>The sum so far.</summary>
    public readonly double Total => sum + compensation;

    /// <summary>Compensated sum of a span.</summary>
    public static double Of(ReadOnlySpan<double> values)
    {
        var s = new CompensatedSum();
        foreach (double v in values) s.Add(v);
        return s.Total;
    }
}
