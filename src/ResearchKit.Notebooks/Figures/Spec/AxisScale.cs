namespace ResearchKit.Notebooks;

/// <summary>A labelled position on an axis.</summary>
internal readonly record struct Tick(double Value, NumberText Label);

/// <summary>Maps data to pixels and chooses round ticks, on linear and logarithmic axes.</summary>
internal sealed class AxisScale
{
    private readonly double _from, _to, _low, _high;

    public AxisScale(double min, double max, bool log, double from, double to)
    {
        (Min, Max, Log, _from, _to) = (min, max, log, from, to);
        (_low, _high) = log ? (Math.Log10(min), Math.Log10(max)) : (min, max);
    }

    public double Min { get; }
    public double Max { get; }
    public bool Log { get; }

    /// <summary>Pixel of a value; NaN stays NaN.</summary>
    public double this[double value] => _from + (((Log ? Math.Log10(value) : value) - _low) / (_high - _low) * (_to - _from));

    /// <summary>Limits that hold the values with a little air around them, or the axis's own where they are given.</summary>
    /// <param name="axis">The axis.</param>
    /// <param name="values">All values on it; NaN is skipped.</param>
    /// <param name="air">Free share of the span at each end.</param>
    public static (double Min, double Max) Limits(AxisSpec axis, IEnumerable<double> values, double air = 0.05)
    {
        double min = double.PositiveInfinity, max = double.NegativeInfinity;
        foreach (double v in values)
        {
            if (!double.IsFinite(v) || (axis.Log && v <= 0)) continue;
            (min, max) = (Math.Min(min, v), Math.Max(max, v));
        }

        if (min > max) (min, max) = axis.Log ? (1, 10) : (0, 1);
        if (axis.Log)
        {
            double decades = Math.Log10(max) - Math.Log10(min), pad = decades > 1e-7 ? decades * air : 0.5;
            // The air must not carry the ends out of the range of double.
            (min, max) = (Math.Max(min * Math.Pow(10, -pad), 1e-307), Math.Min(max * Math.Pow(10, pad), 1e308));
        }
        else
        {
            // Without a span there is no scale of its own: take the value's.
            double span = max - min, size = Math.Max(Math.Abs(max), Math.Abs(min));
            double pad = span > size * 1e-12 ? span * air : size > 0 ? size * 0.5 : 0.5;
            (min, max) = (min - pad, max + pad);
        }

        min = axis.Min ?? min;
        max = axis.Max ?? max;
        if (!(min < max)) (min, max) = axis.Log ? (Math.Min(min, max) / 10, Math.Max(min, max) * 10) : (Math.Min(min, max) - 1, Math.Max(min, max) + 1);
        return (min, max);
    }

    /// <summary>Labelled ticks, at most about <paramref name="target"/>.</summary>
    public IReadOnlyList<Tick> Ticks(int target = 6)
    {
        if (!Log) return LinearTicks(target);
        int first = (int)Math.Ceiling(_low - 1e-9), last = (int)Math.Floor(_high + 1e-9);
        if (last - first >= 1)
        {
            int step = DecadeStep(last - first, target);
            // Start on a multiple of the step, so that 10^0 is a tick wherever it is in sight.
            int start = (int)Math.Ceiling(first / (double)step) * step;
            return [.. Enumerable.Range(0, Math.Max(0, ((last - start) / step) + 1)).Select(i => Power(start + (i * step)))];
        }

        foreach (double[] mantissas in new double[][] { [1, 2, 5], [1, 1.5, 2, 3, 4, 5, 6, 8] })
        {
            Tick[] within = [.. Enumerable.Range(first - 2, last - first + 5).SelectMany(e => mantissas.Select(m => m * Math.Pow(10, e)))
                .Where(v => v >= Min && v <= Max).Select(v => new Tick(v, NumberText.Of(v, 2)))];
            if (within.Length >= 3) return within;
        }

        return LinearTicks(target);
    }

    /// <summary>Unlabelled positions between the ticks of a logarithmic axis.</summary>
    public IReadOnlyList<double> MinorTicks()
    {
        if (!Log || _high - _low > 12) return [];
        var major = Ticks().Select(t => t.Value).ToHashSet();
        int first = (int)Math.Floor(_low), last = (int)Math.Ceiling(_high);
        bool decades = _high - _low > 6;
        return [.. Enumerable.Range(first, last - first + 1)
            .SelectMany(e => Enumerable.Range(1, decades ? 1 : 9).Select(m => m * Math.Pow(10, e)))
            .Where(v => v >= Min && v <= Max && !major.Contains(v))];
    }

    /// <summary>Decades from one labelled power of ten to the next.</summary>
    public static int DecadeStep(int decades, int target)
    {
        int least = Math.Max(1, (decades + target) / target);
        return Array.Find([1, 2, 3, 4, 5, 10, 20, 25, 50, 100], s => s >= least) is > 0 and int step ? step : least;
    }

    private static Tick Power(int exponent) =>
        new(Math.Pow(10, exponent), exponent is 0 or 1 ? NumberText.Integer(exponent == 0 ? 1 : 10) : NumberText.PowerOfTen(exponent));

    private Tick[] LinearTicks(int target)
    {
        double raw = (Max - Min) / target, size = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double step = (raw / size) switch { <= 1 => 1, <= 2 => 2, <= 2.5 => 2.5, <= 5 => 5, _ => 10 } * size;
        double start = Math.Ceiling(Min / step - 1e-9);
        int count = Math.Clamp((int)Math.Floor((Max / step) - start + 1e-9) + 1, 0, 50);
        double largest = Math.Max(Math.Abs(Min), Math.Abs(Max));
        // Enough digits to tell neighbours apart, counted from the largest label.
        int digits = Math.Clamp((int)Math.Ceiling(Math.Log10(largest / step) + 1e-9) + (step / size == 2.5 ? 2 : 1), 1, 15);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            double v = (start + i) * step;
            if (Math.Abs(v) < step * 1e-9) v = 0;
            return new Tick(v, Label(v, step, largest, digits));
        })];
    }

    private static NumberText Label(double value, double step, double largest, int digits)
    {
        if (value == 0) return NumberText.Integer(0);
        if (largest is >= 1e6 or < 1e-3)
        {
            NumberText text = NumberText.Of(value, Math.Max(1, digits));
            if (text.Exponent is null) // NumberText writes integers in full; on an axis that is too wide.
            {
                int e = (int)Math.Floor(Math.Log10(Math.Abs(value)) + 1e-12);
                text = new(NumberText.Of(value / Math.Pow(10, e), Math.Max(1, digits)).Mantissa, e);
            }

            return text with { Mantissa = Trim(text.Mantissa) };
        }

        int decimals = Math.Max(0, (int)Math.Ceiling(-Math.Log10(step) - 1e-9) + (IsQuarter(step) ? 1 : 0));
        string plain = value.ToString("F" + decimals, System.Globalization.CultureInfo.InvariantCulture);
        return decimals > 0 ? new(plain.Replace('-', '\u2212'), null) : NumberText.Integer((long)Math.Round(value));
    }

    private static bool IsQuarter(double step)
    {
        double m = step / Math.Pow(10, Math.Floor(Math.Log10(step) + 1e-9));
        return Math.Abs(m - 2.5) < 1e-6;
    }

    private static string Trim(string mantissa) => mantissa.Contains('.') ? mantissa.TrimEnd('0').TrimEnd('.') : mantissa;
}
