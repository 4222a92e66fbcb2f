using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace ResearchKit.Cli;

/// <summary>
/// Decimal numbers as they stand in tables to the nearest double, several times as fast as the general parser: by
/// Clinger's exact products, else by Eisel and Lemire's 128-bit ones; what neither decides goes to the general parser.
/// </summary>
internal static class DecimalParser
{
    /// <summary>Powers of ten that the table holds; numbers beyond them are rare in tables.</summary>
    private const int MostPower = 64;

    private static readonly double[] Exact = [.. Enumerable.Range(0, 23).Select(q => double.Parse($"1e{q}", CultureInfo.InvariantCulture))];
    private static readonly (ulong High, ulong Low)[] Fives = [.. Enumerable.Range(-MostPower, 2 * MostPower + 1).Select(Five)];

    /// <summary>Reads a number at a position.</summary>
    /// <param name="text">ASCII text.</param>
    /// <param name="at">Where it begins; moved behind it on success.</param>
    /// <param name="value">The nearest double.</param>
    /// <returns>False where there is no plain decimal number, or one of more than 19 digits or beyond the table; nothing is said then.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, ref int at, out double value)
    {
        value = 0;
        int p = at, scale = 0;
        bool negative = false;
        if (p < text.Length && text[p] is (byte)'-' or (byte)'+') negative = text[p++] == '-';
        int first = p;
        ulong digits = Digits(text, ref p, 0);
        int count = p - first;
        if (p < text.Length && text[p] == '.')
        {
            int point = ++p;
            digits = Digits(text, ref p, digits);
            scale = point - p;
            count -= scale;
        }
        // 19 digits always fit; leading zeros are counted too, which costs such numbers the general parser only.
        if (count is 0 or > 19) return false;
        if (p < text.Length && (text[p] | 0x20) == 'e' && !TryExponent(text, ref p, ref scale)) return false;
        if (!TryRound(digits, scale, out value)) return false;
        if (negative) value = -value;
        at = p;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Digits(ReadOnlySpan<byte> text, ref int p, ulong digits)
    {
        for (uint d; p < text.Length && (d = (uint)text[p] - '0') <= 9; p++) digits = unchecked(10 * digits + d);
        return digits;
    }

    private static bool TryExponent(ReadOnlySpan<byte> text, ref int p, ref int scale)
    {
        int q = p + 1;
        bool negative = q < text.Length && text[q] == '-';
        if (q < text.Length && text[q] is (byte)'-' or (byte)'+') q++;
        int first = q, exponent = 0;
        for (; q < text.Length && text[q] is >= (byte)'0' and <= (byte)'9' && q < first + 4; q++) exponent = 10 * exponent + text[q] - '0';
        if (q == first || q == first + 4) return false;
        scale += negative ? -exponent : exponent;
        p = q;
        return true;
    }

    /// <summary>digits times 10^scale.</summary>
    private static bool TryRound(ulong digits, int scale, out double value)
    {
        if (digits <= 1UL << 53 && Math.Abs(scale) <= 22)
        {
            value = scale < 0 ? digits / Exact[-scale] : digits * Exact[scale];
            return true;
        }
        value = 0;
        if (digits == 0) return true;
        if (Math.Abs(scale) > MostPower) return false;
        int zeros = BitOperations.LeadingZeroCount(digits);
        digits <<= zeros;
        (ulong fiveHigh, ulong fiveLow) = Fives[scale + MostPower];
        ulong high = Math.BigMul(digits, fiveHigh, out ulong low);
        if ((high & 0x1FF) == 0x1FF)
        {
            ulong more = Math.BigMul(digits, fiveLow, out _);
            low += more;
            if (low < more) high++;
        }
        if (low == ulong.MaxValue && scale is < -27 or > 55) return false;
        int top = (int)(high >> 63), shift = top + 9;
        ulong mantissa = high >> shift;
        int power = (((152170 + 65536) * scale) >> 16) + 63 + top - zeros + 1023;
        if (power <= 0) return false;
        // Half way between two doubles, exactly: to the even one.
        if (low <= 1 && scale is >= -4 and <= 23 && (mantissa & 3) == 1 && mantissa << shift == high) mantissa &= ~1UL;
        mantissa = (mantissa + (mantissa & 1)) >> 1;
        if (mantissa >= 1UL << 53)
        {
            mantissa = 1UL << 52;
            power++;
        }
        if (power >= 2047) return false;
        value = BitConverter.UInt64BitsToDouble((mantissa & ~(1UL << 52)) | ((ulong)power << 52));
        return true;
    }

    /// <summary>The first 128 bits of 5^q, rounded up for negative q.</summary>
    private static (ulong High, ulong Low) Five(int q)
    {
        BigInteger power = BigInteger.Pow(5, Math.Abs(q)), c = power;
        if (q < 0)
        {
            int bits = (int)(power - 1).GetBitLength();
            c = (BigInteger.One << (q >= -27 ? bits + 127 : 2 * bits + 128)) / power + 1;
        }
        int excess = (int)c.GetBitLength() - 128;
        c = excess > 0 ? c >> excess : c << -excess;
        return ((ulong)(c >> 64), (ulong)(c & ulong.MaxValue));
    }
}
