using System.Globalization;
using System.Text;
using ResearchKit.Cli;

namespace ResearchKit.Notebooks.Tests.Cli;

/// <summary>What the fast parser takes, it takes as the general parser does.</summary>
public class DecimalParserTests
{
    [Theory]
    // Half way between doubles, at the ends of the exact powers, signs, points without digits on a side.
    [InlineData("9007199254740993")]
    [InlineData("9007199254740991e22")]
    [InlineData("9007199254740993e-22")]
    [InlineData("4503599627370496.5")]
    [InlineData("4503599627370497.5")]
    [InlineData("9007199254740992.999")]
    [InlineData("1.7976931348623157e64")]
    [InlineData("2.2250738585072014e-45")]
    [InlineData("0.000000000000000001")]
    [InlineData("1e23")]
    [InlineData("8.41e21")]
    [InlineData("9999999999999999999")]
    [InlineData("-0")]
    [InlineData("+.5")]
    [InlineData("5.")]
    [InlineData("-1E+07")]
    [InlineData("0e0")]
    public void HardNumbersAreTheNearestDoubles(string text) => Same(text, mustTake: true);

    [Theory]
    [InlineData("12345678901234567890")]
    [InlineData("1e400")]
    [InlineData("1e-400")]
    [InlineData("4.9e-324")]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("e5")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    public void OthersAreLeftToTheGeneralParser(string text)
    {
        int at = 0;
        Assert.False(DecimalParser.TryRead(Encoding.ASCII.GetBytes(text), ref at, out _));
        Assert.Equal(0, at);
    }

    [Fact]
    public void RandomNumbersOfAllLengthsAreTheNearestDoubles()
    {
        const int Seed = 20261124;
        var random = new Random(Seed);
        int taken = 0;
        for (int i = 0; i < 100_000; i++)
        {
            string text = (i % 4) switch
            {
                // Any bits of a middling exponent; as many digits as it takes.
                0 => BitConverter.Int64BitsToDouble((random.NextInt64() & ~(0x7FFL << 52)) | ((1023L + random.Next(-200, 200)) << 52)).ToString("R", CultureInfo.InvariantCulture),
                1 => (random.NextDouble() * Math.Pow(10, random.Next(-6, 7))).ToString($"F{random.Next(0, 12)}", CultureInfo.InvariantCulture),
                2 => $"{random.NextInt64(0, 1L << random.Next(1, 63))}e{random.Next(-64, 45)}",
                _ => (random.NextDouble() - 0.5).ToString($"E{random.Next(1, 18)}", CultureInfo.InvariantCulture),
            };
            if (Same(text, mustTake: false, $"seed {Seed}, number {i}")) taken++;
        }
        Assert.True(taken > 90_000, $"only {taken} of 100000 were taken");
    }

    private static bool Same(string text, bool mustTake, string context = "")
    {
        int at = 0;
        if (!DecimalParser.TryRead(Encoding.ASCII.GetBytes(text + ",1"), ref at, out double value))
        {
            Assert.False(mustTake, $"'{text}' was not taken");
            return false;
        }
        Assert.True(BitConverter.DoubleToInt64Bits(double.Parse(text, CultureInfo.InvariantCulture)) == BitConverter.DoubleToInt64Bits(value) && at == text.Length, $"{context} '{text}' was read as {value:R} up to {at}");
        return true;
    }
}
