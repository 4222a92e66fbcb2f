namespace ResearchKit;

/// <summary>The search for a row's next pivot.</summary>
internal static unsafe class PivotSearch
{
    /// <summary>The largest size of a row's entries from..count-1, which are finite.</summary>
    public static double MaxAbs(double* row, int from, int count) => VectorPath.Current.MaxAbs(row, from, count);

    /// <summary>The largest size of a row's entries from..count-1, and the first place where it stands. The entries are finite.</summary>
    public static double MaxAbs(double* row, int from, int count, out int at) => VectorPath.Current.MaxAbs(row, from, count, out at);
}
