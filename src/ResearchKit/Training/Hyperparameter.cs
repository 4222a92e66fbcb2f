using System.Globalization;

namespace ResearchKit.Training;

/// <summary>Checks and prints the constants of optimisers.</summary>
internal static class Hyperparameter
{
    /// <summary>A value that must be finite and not negative.</summary>
    public static double Nonnegative(double value, string name)
        => value >= 0 && double.IsFinite(value) ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} = {Text(value)}; it must be finite and nonnegative.");

    /// <summary>A decay factor of a running mean.</summary>
    public static double Decay(double value, string name)
        => value is >= 0 and < 1 ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} = {Text(value)}; a running mean's factor must lie in [0, 1).");

    /// <summary>The shortest text that reads back to the same value.</summary>
    public static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
