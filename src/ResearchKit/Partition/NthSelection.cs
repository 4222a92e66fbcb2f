using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace ResearchKit;

/// <summary>Selection of the n-th row by one coordinate, by Floyd and Rivest's method: about 1.5 comparisons per row for a median.</summary>
/// <remarks>
/// A pivot a little beyond the wanted position, selected from a small sample, leaves only few rows on the wanted side.
/// The sample is a fixed part of the range, so the order that results depends on nothing but the input.
/// </remarks>
internal readonly unsafe ref struct NthSelection(double* rows, double* weights, int* indices, int dimension, int axis)
{
    /// <summary>Ranges up to this size are partitioned about a median of three.</summary>
    private const int Small = 600;

    private readonly double* rows = rows;
    private readonly double* keys = rows + axis;
    private readonly double* weights = weights;
    private readonly int* indices = indices;
    private readonly int dimension = dimension;

    /// <summary>Orders lo..hi (inclusive) about position <paramref name="nth"/>; nth may be hi + 1 or more, which asks for nothing.</summary>
    public void Run(int lo, int hi, int nth)
    {
        while (lo < hi && nth <= hi)
        {
            double pivot;
            if (hi - lo > Small)
            {
                // The sample sits about the wanted position; a standard deviation or so of slack puts the pivot beyond it.
                double n = hi - lo + 1, position = nth - lo + 1, log = Math.Log(n);
                double size = 0.5 * Math.Exp(2 * log / 3);
                double spread = 0.5 * Math.Sqrt(log * size * (n - size) / n) * Math.Sign(position - n / 2);
                int from = Math.Max(lo, (int)(nth - position * size / n + spread));
                int to = Math.Min(hi, (int)(nth + (n - position) * size / n + spread));
                Run(from, to, nth);
                pivot = Key(nth);
            }
            else
            {
                pivot = MedianOfThree(Key(lo), Key(lo + (hi - lo) / 2), Key(hi));
            }
            int below = Partition(lo, hi, pivot);
            if (nth < below)
            {
                hi = below - 1;
                continue;
            }
            // Few below: perhaps many equal ones, which must go as well, or this would take a turn for each.
            int upTo = below - lo > (hi - lo) / 8 && below < nth ? below : Partition(below, hi, Math.BitIncrement(pivot));
            if (nth < upTo) return;
            lo = upTo;
        }
    }

    /// <summary>
    /// Moves the rows with keys below the limit to the front and returns where the others start. Misplaced rows are first
    /// listed, a block from either end, without a branch on the comparison: half of those would be mispredicted
    /// (Edelkamp and Weiss' BlockQuicksort).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Partition(int lo, int hi, double limit)
    {
        const int Block = 64;
        byte* high = stackalloc byte[Block];
        byte* low = stackalloc byte[Block];
        int left = lo, right = hi + 1, highs = 0, lows = 0, firstHigh = 0, firstLow = 0;
        while (right - left > 2 * Block)
        {
            if (highs == 0)
            {
                firstHigh = 0;
                double* key = keys + (long)left * dimension;
                for (int i = 0; i < Block; i++, key += dimension)
                {
                    high[highs] = (byte)i;
                    highs += *key < limit ? 0 : 1;
                }
            }
            if (lows == 0)
            {
                firstLow = 0;
                double* key = keys + ((long)right - 1) * dimension;
                for (int i = 0; i < Block; i++, key -= dimension)
                {
                    low[lows] = (byte)i;
                    lows += *key < limit ? 1 : 0;
                }
            }
            int pairs = Math.Min(highs, lows);
            for (int i = 0; i < pairs; i++) Swap(left + high[firstHigh++], right - 1 - low[firstLow++]);
            highs -= pairs;
            lows -= pairs;
            if (highs == 0) left += Block;
            if (lows == 0) right -= Block;
        }
        // What is left of the last blocks: swap every row, wanted or not, and count.
        int split = left;
        for (int i = left; i < right; i++)
        {
            bool goes = Key(i) < limit;
            Swap(i, split);
            split += goes ? 1 : 0;
        }
        return split;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private double Key(int i) => keys[(long)i * dimension];

    private static double MedianOfThree(double a, double b, double c)
        => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Swap(int i, int j)
    {
        double* a = rows + (long)i * dimension, b = rows + (long)j * dimension;
        int c = 0;
        for (; c + 2 <= dimension; c += 2)
        {
            Vector128<double> x = Vector128.Load(a + c), y = Vector128.Load(b + c);
            y.Store(a + c);
            x.Store(b + c);
        }
        if (c < dimension) (a[c], b[c]) = (b[c], a[c]);
        (indices[i], indices[j]) = (indices[j], indices[i]);
        if (weights != null) (weights[i], weights[j]) = (weights[j], weights[i]);
    }
}
