using System.Numerics;

namespace ResearchKit.Tasks;

/// <summary>
/// A small random generator whose stream is part of this library's contract: xoshiro256** (Blackman and Vigna, 2018),
/// its 256 bits of state filled by four steps of splitmix64 from the seed.
/// </summary>
/// <remarks>
/// <see cref="System.Random"/> promises no particular stream, so figures made with it could change with the runtime.
/// Integers and uniforms here are exact in every bit on every machine; normals pass through the platform's logarithm and
/// may differ in the last place. A struct with value semantics: a copy replays the stream, so hand it on by reference.
/// The default value (all-zero state) yields zeros only; use the constructor.
/// </remarks>
public struct SeededRandom
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;
    private ulong s0, s1, s2, s3;
    private double spare;
    private bool hasSpare;

    /// <summary>Starts the stream of a seed.</summary>
    /// <param name="seed">Any integer. With <paramref name="stream"/> 0 the splitmix64 state starts at this value.</param>
    /// <param name="stream">Number of an independent stream of the same seed: the state starts at seed XOR the mixed number.</param>
    public SeededRandom(long seed, long stream = 0)
    {
        ulong state = unchecked((ulong)seed) ^ Mix(unchecked((ulong)stream));
        s0 = Mix(state = unchecked(state + GoldenGamma));
        s1 = Mix(state = unchecked(state + GoldenGamma));
        s2 = Mix(state = unchecked(state + GoldenGamma));
        s3 = Mix(unchecked(state + GoldenGamma));
        spare = 0;
        hasSpare = false;
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong NextUInt64()
    {
        unchecked
        {
            ulong result = BitOperations.RotateLeft(s1 * 5, 7) * 9;
            ulong t = s1 << 17;
            s2 ^= s0;
            s3 ^= s1;
            s1 ^= s2;
            s0 ^= s3;
            s2 ^= t;
            s3 = BitOperations.RotateLeft(s3, 45);
            return result;
        }
    }

    /// <summary>Uniform on [0, 1): the upper 53 bits times 2^-53.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform on [low, high).</summary>
    /// <param name="low">Lower end.</param>
    /// <param name="high">Upper end, not below <paramref name="low"/>; both finite.</param>
    public double Uniform(double low, double high)
    {
        if (!double.IsFinite(low) || !double.IsFinite(high) || high < low)
            throw new ArgumentOutOfRangeException(nameof(high), high, $"The interval [{low}, {high}) is not one: both ends must be finite and low <= high.");
        return low + (high - low) * NextDouble();
    }

    /// <summary>Uniform integer in 0..count-1, without bias (Lemire's multiplication with rejection).</summary>
    /// <param name="count">At least 1.</param>
    public int NextInt(int count)
    {
        if (count < 1)
            throw new ArgumentOutOfRangeException(nameof(count), count, "The number of outcomes must be at least 1.");
        ulong range = (ulong)count;
        ulong threshold = unchecked(0UL - range) % range;
        while (true)
        {
            ulong high = Math.BigMul(NextUInt64(), range, out ulong low);
            if (low >= threshold) return (int)high;
        }
    }

    /// <summary>Standard normal, by Marsaglia's polar method (values come in pairs; the second is kept for the next call).</summary>
    public double NextNormal()
    {
        if (hasSpare)
        {
            hasSpare = false;
            return spare;
        }
        double u, v, s;
        do
        {
            u = 2 * NextDouble() - 1;
            v = 2 * NextDouble() - 1;
            s = u * u + v * v;
        }
        while (s is >= 1 or 0);
        double factor = Math.Sqrt(-2 * Math.Log(s) / s);
        spare = v * factor;
        hasSpare = true;
        return u * factor;
    }

    /// <summary>Fills a span with uniforms on [low, high).</summary>
    public void FillUniform(Span<double> values, double low, double high)
    {
        for (int i = 0; i < values.Length; i++) values[i] = Uniform(low, high);
    }

    /// <summary>Fills a span with standard normals.</summary>
    public void FillNormal(Span<double> values)
    {
        for (int i = 0; i < values.Length; i++) values[i] = NextNormal();
    }

    /// <summary>Shuffles in place; every permutation is equally likely (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> values) => ShufflePrefix(values, values.Length);

    /// <summary>Brings a uniform sample without replacement, in random order, to the first <paramref name="count"/> places.</summary>
    /// <param name="values">The population; it stays a permutation of itself.</param>
    /// <param name="count">Sample size, 0 to the length.</param>
    public void ShufflePrefix<T>(Span<T> values, int count)
    {
        if (count < 0 || count > values.Length)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"The sample size must lie between 0 and the population's {values.Length}.");
        for (int i = 0; i < Math.Min(count, values.Length - 1); i++)
        {
            int j = i + NextInt(values.Length - i);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
