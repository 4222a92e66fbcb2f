using System.Diagnostics;
using System.Globalization;

namespace ResearchKit.Notebooks;

/// <summary>How far the pictures of a figure with sliders are, and what the rest will cost.</summary>
/// <param name="Done">Pictures computed.</param>
/// <param name="Total">Pictures in all: the product of the knobs' stops.</param>
/// <param name="Elapsed">Time for those done.</param>
public sealed record KnobProgress(int Done, int Total, TimeSpan Elapsed)
{
    /// <summary>Time for the rest, if each takes as long as those done took on average.</summary>
    public TimeSpan Remaining => Elapsed * ((Total - Done) / (double)Done);

    /// <summary>"3 of 24 pictures, about 7.0 s to go".</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Done} of {Total} pictures, about {Remaining.TotalSeconds:0.0} s to go");
}

/// <summary>Says the cost on the console before it is paid, where it is more than a reader would wait for without a word.</summary>
internal sealed class ConsoleKnobProgress : IProgress<KnobProgress>
{
    private const double SilentSeconds = 5, BetweenSeconds = 10;
    private long _last = Stopwatch.GetTimestamp();

    public void Report(KnobProgress value)
    {
        bool dear = value.Done == 1 && value.Remaining.TotalSeconds > SilentSeconds;
        if (!dear && (value.Done == value.Total || Stopwatch.GetElapsedTime(_last).TotalSeconds < BetweenSeconds)) return;
        _last = Stopwatch.GetTimestamp();
        Console.WriteLine(value);
    }
}
