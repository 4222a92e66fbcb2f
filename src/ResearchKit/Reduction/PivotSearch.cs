using System.Numerics;
using System.Runtime.CompilerServices;

namespace ResearchKit;

/// <summary>The search for a row's next pivot.</summary>
internal static unsafe class PivotSearch
{
    /// <summary>The largest size of a row's entries from..count-1, and the first place where it stands.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double MaxAbs(double* row, int from, int count, out int at)
    {
        int width = Vector<double>.Count, i = from;
        // Native maxima will do: the entries are finite.
        Vector<double> best0 = Vector<double>.Zero, best1 = best0;
        for (; i + 2 * width <= count; i += 2 * width)
        {
            best0 = Vector.MaxNative(best0, Vector.Abs(Vector.Load(row + i)));
            best1 = Vector.MaxNative(best1, Vector.Abs(Vector.Load(row + i + width)));
        }
        best0 = Vector.MaxNative(best0, best1);
        double top = best0[0];
        for (int l = 1; l < width; l++) top = double.MaxNative(top, best0[l]);
        for (; i < count; i++) top = double.MaxNative(top, Math.Abs(row[i]));
        // The first entry of that size, so that the vector width does not show.
        var wanted = new Vector<double>(top);
        for (at = from; at + width <= count; at += width)
            if (Vector.EqualsAny(Vector.Abs(Vector.Load(row + at)), wanted)) break;
        while (at < count && Math.Abs(row[at]) != top) at++;
        return top;
    }
}
