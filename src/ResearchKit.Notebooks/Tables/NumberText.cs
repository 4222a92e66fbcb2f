using System.Globalization;
using System.Text;

namespace ResearchKit.Notebooks;

/// <summary>A number as people write it: a mantissa and, where the size asks for it, a power of ten.</summary>
/// <param name="Mantissa">Digits with a true minus sign and thin spaces between thousands; empty for a bare power of ten.</param>
/// <param name="Exponent">The power of ten, if one is shown.</param>
public readonly record struct NumberText(string Mantissa, int? Exponent)
{
    private const char Minus = '\u2212', ThinSpace = '\u2009';

    /// <summary>
    /// Writes <paramref name="value"/> with so many significant digits: plainly between 10^-3 and 10^6, as
    /// mantissa times a power of ten outside. Integers below 10^15 are written out in full.
    /// </summary>
    /// <param name="value">Any number; NaN and infinities are named.</param>
    /// <param name="digits">Significant digits, 1 to 17.</param>
    public static NumberText Of(double value, int digits = 4)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(digits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(digits, 17);
        if (double.IsNaN(value)) return new("NaN", null);
        if (double.IsInfinity(value)) return new(value > 0 ? "∞" : Minus + "∞", null);
        if (value == 0) return new("0", null);
        string[] parts = value.ToString("E" + (digits - 1), CultureInfo.InvariantCulture).Split('E');
        int exponent = int.Parse(parts[1], CultureInfo.InvariantCulture);
        if (exponent is < -3 or >= 6)
        {
            return value == Math.Floor(value) && Math.Abs(value) < 1e15
                ? Integer((long)value)
                : new(Signed(parts[0]), exponent);
        }

        if (value == Math.Floor(value)) return Integer((long)value);
        int decimals = Math.Max(0, digits - 1 - exponent);
        return new(Grouped(value.ToString("F" + decimals, CultureInfo.InvariantCulture)), null);
    }

    /// <summary>An integer in full, with thin spaces between thousands from five digits on.</summary>
    /// <param name="value">Any integer.</param>
    public static NumberText Integer(long value) => new(Grouped(value.ToString(CultureInfo.InvariantCulture)), null);

    /// <summary>A bare power of ten, as on logarithmic axes.</summary>
    /// <param name="exponent">The power.</param>
    public static NumberText PowerOfTen(int exponent) => new("", exponent);

    /// <summary>Plain text: 4.1×10⁻⁸.</summary>
    public override string ToString() => Exponent is int e ? Base + Superscript(e) : Mantissa;

    /// <summary>HTML: 4.1×10<sup>−8</sup>.</summary>
    public string ToHtml() => Exponent is int e ? $"{Base}<sup>{Signed(e.ToString(CultureInfo.InvariantCulture))}</sup>" : Mantissa;

    /// <summary>Content of an SVG text element, with the exponent raised and smaller.</summary>
    internal string ToSvg() => Exponent is int e
        ? $"{Base}<tspan dy=\"-0.45em\" font-size=\"74%\">{Signed(e.ToString(CultureInfo.InvariantCulture))}</tspan>"
        : Mantissa;

    private string Base => Mantissa.Length == 0 ? "10" : Mantissa + "×10";

    private static string Signed(string digits) => digits.Replace('-', Minus);

    private static string Grouped(string number)
    {
        int start = number[0] == '-' ? 1 : 0;
        int point = number.IndexOf('.');
        int whole = (point < 0 ? number.Length : point) - start;
        if (whole < 5) return Signed(number);
        var text = new StringBuilder(number[..start]);
        for (int i = 0; i < whole; i++)
        {
            if (i > 0 && (whole - i) % 3 == 0) text.Append(ThinSpace);
            text.Append(number[start + i]);
        }

        return Signed(text.Append(number.AsSpan(start + whole)).ToString());
    }

    private static string Superscript(int exponent)
    {
        var text = new StringBuilder();
        foreach (char c in exponent.ToString(CultureInfo.InvariantCulture))
            text.Append(c == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c - '0']);
        return text.ToString();
    }
}
