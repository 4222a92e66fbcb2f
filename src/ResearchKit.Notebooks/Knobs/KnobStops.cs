using System.Globalization;
using System.Numerics;

namespace ResearchKit.Notebooks;

/// <summary>Where a slider stops if nobody says.</summary>
internal static class KnobStops
{
    private const int AllUpTo = 21, Count = 9;
    private const double RatiosFrom = 50;

    public static bool IsWhole<T>() where T : INumber<T> => T.IsZero(T.CreateTruncating(0.5));

    /// <summary>All whole numbers where they are few; else nine values, the ends exact, those between rounded to two digits.</summary>
    public static T[] Between<T>(T min, T max) where T : struct, INumber<T>
    {
        double low = double.CreateChecked(min), high = double.CreateChecked(max);
        if (IsWhole<T>() && high - low < AllUpTo)
            return [.. Enumerable.Range(0, (int)(high - low) + 1).Select(i => min + T.CreateChecked(i))];
        bool ratios = low > 0 && high / low >= RatiosFrom;
        return [.. Enumerable.Range(0, Count).Select(i =>
        {
            if (i is 0 or Count - 1) return i == 0 ? min : max;
            double t = i / (Count - 1.0);
            // Half the one and half the other: neither end of a wide range overflows.
            double at = ratios ? Math.Exp((Math.Log(low) * (1 - t)) + (Math.Log(high) * t)) : (low * (1 - t)) + (high * t);
            double step = Math.Pow(10, Math.Floor(Math.Log10(ratios ? at : (high / Count) - (low / Count))) - 1);
            double steps = Math.Round(at / step);
            // 0.7 instead of 7 times 0.1; a range at the end of double has no step to round to.
            double rounded = double.IsFinite(steps) ? double.Parse((steps * step).ToString("G12", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : at;
            return T.CreateChecked(Math.Clamp(IsWhole<T>() ? Math.Round(rounded) : rounded, low, high));
        }).Distinct()];
    }
}
