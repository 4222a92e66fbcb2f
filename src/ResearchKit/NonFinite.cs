using System.Numerics;

namespace ResearchKit;

/// <summary>Finds the first NaN or infinity of an array, a vector at a time.</summary>
internal static class NonFinite
{
    /// <summary>Index of the first value that is NaN or infinite, or -1.</summary>
    public static int IndexOf(ReadOnlySpan<double> values)
    {
        int i = 0, width = Vector<double>.Count;
        for (; i <= values.Length - width; i += width)
        {
            var v = new Vector<double>(values[i..]);
            // x - x is 0 for a finite x and NaN otherwise.
            if (!Vector.EqualsAll(v - v, Vector<double>.Zero)) break;
        }
        for (; i < values.Length; i++)
            if (!double.IsFinite(values[i])) return i;
        return -1;
    }
}
