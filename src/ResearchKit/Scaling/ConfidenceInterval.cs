namespace ResearchKit.Scaling;

/// <summary>An interval that covers the true value in the stated part of repetitions.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
/// <param name="Confidence">The nominal coverage, e.g. 0.95.</param>
public readonly record struct ConfidenceInterval(double Low, double High, double Confidence)
{
    /// <summary>True when the value lies in the interval, ends included.</summary>
    public bool Contains(double value) => value >= Low && value <= High;

    /// <summary>High - Low.</summary>
    public double Width => High - Low;
}
