namespace ResearchKit;

/// <summary>
/// An unevaluated sum of two doubles, about 32 digits: what global moments of a stream are kept in, so that neither the
/// number of terms nor that of changes of the frame shows in them.
/// </summary>
/// <param name="High">The value rounded to a double.</param>
/// <param name="Low">What the rounding left.</param>
internal readonly record struct DoubleDouble(double High, double Low)
{
    /// <summary>A double as it is.</summary>
    public static implicit operator DoubleDouble(double value) => new(value, 0);

    /// <summary>The value rounded to a double.</summary>
    public double Rounded => High + Low;

    public static DoubleDouble operator +(DoubleDouble a, DoubleDouble b)
    {
        DoubleDouble sum = Sum(a.High, b.High), rest = Sum(a.Low, b.Low);
        DoubleDouble first = Quick(sum.High, sum.Low + rest.High);
        return Quick(first.High, first.Low + rest.Low);
    }

    public static DoubleDouble operator -(DoubleDouble a) => new(-a.High, -a.Low);

    public static DoubleDouble operator -(DoubleDouble a, DoubleDouble b) => a + -b;

    public static DoubleDouble operator *(DoubleDouble a, DoubleDouble b)
    {
        double product = a.High * b.High;
        double error = Math.FusedMultiplyAdd(a.High, b.High, -product);
        return Quick(product, error + (a.High * b.Low + a.Low * b.High));
    }

    public static DoubleDouble operator /(DoubleDouble a, DoubleDouble b)
    {
        double first = a.High / b.High;
        DoubleDouble rest = a - b * first;
        double second = rest.High / b.High;
        rest -= b * second;
        return Quick(first, second) + rest.High / b.High;
    }

    /// <summary>Knuth's sum of any two doubles without error.</summary>
    public static DoubleDouble Sum(double a, double b)
    {
        double sum = a + b, part = sum - a;
        return new(sum, (a - (sum - part)) + (b - part));
    }

    /// <summary>Dekker's sum, |a| at least |b|.</summary>
    private static DoubleDouble Quick(double a, double b)
    {
        double sum = a + b;
        return new(sum, b - (sum - a));
    }
}
