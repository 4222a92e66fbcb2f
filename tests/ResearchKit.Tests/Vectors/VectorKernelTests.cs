using ResearchKit.Tasks;

namespace ResearchKit.Tests.Vectors;

/// <summary>
/// Every kernel on every vector path: against slow, obvious loops in double-double arithmetic, and bit by bit against the
/// path without vectors. Inputs span hundreds of decades, hold zeros of both signs, subnormals and sums that cancel.
/// </summary>
public unsafe class VectorKernelTests
{
    private const int Stride = 64;

    private static readonly VectorKernels Scalar = VectorPath.Of(64);

    public static TheoryData<int> Paths => [.. VectorPath.All];

    /// <summary>Every tail of a vector and of two, and an unaligned start.</summary>
    private static IEnumerable<(int Count, int Offset)> Shapes => from n in Enumerable.Range(0, 51) from offset in new[] { 0, 1 } select (n, offset);

    [Theory, MemberData(nameof(Paths))]
    public void DotProducts(int bits)
    {
        using var buffer = new NativeBuffer();
        double* x = buffer.Ensure(2 * Stride), y = x + Stride;
        foreach ((int n, int offset) in Shapes)
        {
            foreach (int kind in new[] { 0, 1, 2 })
            {
                Fill(x, Stride, kind, n);
                Fill(y, Stride, kind, n + 100);
                Quad exact = 0;
                double magnitude = 0;
                for (int i = offset; i < offset + n; i++)
                {
                    exact += (Quad)x[i] * y[i];
                    magnitude += Math.Abs(x[i] * y[i]);
                }
                VectorKernels k = VectorPath.Of(bits);
                double dot = k.Dot(x + offset, y + offset, n), start = (double)exact, difference = k.Difference(start, x + offset, y + offset, n);
                Assert.True(Math.Abs(dot - (double)exact) <= 1.2e-16 * (n + 1) * magnitude + n * double.Epsilon, $"{bits} bits, {n} terms of kind {kind}: {dot} for {(double)exact}");
                AssertSame(Scalar.Dot(x + offset, y + offset, n), dot);
                AssertSame(Scalar.Difference(start, x + offset, y + offset, n), difference);
                // Twice the precision: what is left of the sum is its own rounding. Products below the normal range have no exact error.
                if (kind < 2) Assert.True(Math.Abs(difference - (double)((Quad)start - exact)) <= 1e-30 * magnitude, $"{bits} bits, {n} terms of kind {kind}: {difference} left");
                if (n % 8 != 0) continue;
                (double square, double cross) = k.SquareAndCross(x + offset, y + offset, n);
                (double scalarSquare, double scalarCross) = Scalar.SquareAndCross(x + offset, y + offset, n);
                AssertSame(scalarSquare, square);
                AssertSame(scalarCross, cross);
                Assert.True(Math.Abs(cross - (double)exact) <= 1.2e-16 * (n + 1) * magnitude + n * double.Epsilon);
            }
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void DotProductsOfFourRowsWithTwo(int bits)
    {
        using var buffer = new NativeBuffer();
        double* a = buffer.Ensure(6 * Stride), b = a + 4 * Stride;
        double* dots = stackalloc double[8], scalar = stackalloc double[8];
        foreach ((int n, int offset) in Shapes)
        {
            for (int row = 0; row < 6; row++) Fill(a + row * Stride, Stride, n % 3, 7 * n + row);
            VectorPath.Of(bits).Dots(a + offset, Stride, b + offset, Stride, n, dots);
            Scalar.Dots(a + offset, Stride, b + offset, Stride, n, scalar);
            for (int q = 0; q < 8; q++)
            {
                double* x = a + q / 2 * Stride + offset, y = b + q % 2 * Stride + offset;
                Quad exact = 0;
                double magnitude = 0;
                for (int i = 0; i < n; i++)
                {
                    exact += (Quad)x[i] * y[i];
                    magnitude += Math.Abs(x[i] * y[i]);
                }
                Assert.True(Math.Abs(dots[q] - (double)exact) <= 1.2e-16 * (n + 1) * magnitude + n * double.Epsilon, $"{bits} bits, {n} terms, product {q}: {dots[q]} for {(double)exact}");
                AssertSame(scalar[q], dots[q]);
            }
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void Updates(int bits)
    {
        using var buffer = new NativeBuffer();
        double* p = buffer.Ensure(8 * Stride), c = p + 6 * Stride;
        VectorKernels k = VectorPath.Of(bits);
        foreach ((int n, int offset) in Shapes)
        {
            for (int kind = 0; kind < 7; kind++)
            {
                if ((kind < 3 || kind == 6) && n % 8 != 0) continue;
                int operation = kind;
                double[] before = Rows(), wanted, got;
                Apply(Scalar);
                wanted = Now();
                Restore();
                Apply(k);
                got = Now();
                for (int i = 0; i < got.Length; i++)
                {
                    AssertSame(wanted[i], got[i]);
                    int row = i / Stride, at = i % Stride - offset;
                    bool target = at >= 0 && at < n && (row == 0 || (row == 1 && kind == 0));
                    Quad expected = before[i];
                    double magnitude = Math.Abs(before[i]);
                    for (int b = 0; target && kind < 3 && b < (kind == 2 ? 1 : 4); b++) Add(-before[6 * Stride + 4 * row + b], before[(2 + b) * Stride + at + offset]);
                    if (target && kind == 3) Add(before[6 * Stride], before[2 * Stride + at + offset]);
                    if (target && kind == 5) Add(before[2 * Stride + at + offset], before[2 * Stride + at + offset]);
                    if (target && kind == 6)
                    {
                        Add(before[6 * Stride], before[2 * Stride + at + offset]);
                        if ((double)expected < 0) expected = 0;
                    }
                    if (target && kind == 4) (expected, magnitude) = ((Quad)before[i] * before[2 * Stride + at + offset], Math.Abs(before[i] * before[2 * Stride + at + offset]));
                    Assert.True(Math.Abs((double)(expected - got[i])) <= 5e-16 * magnitude, $"{bits} bits, operation {kind}, length {n}, row {row}, place {at}: {got[i]} for {(double)expected}");

                    void Add(double factor, double value)
                    {
                        expected += (Quad)factor * value;
                        magnitude += Math.Abs(factor * value);
                    }
                }

                double[] Rows()
                {
                    for (int row = 0; row < 7; row++) Fill(p + row * Stride, Stride, row % 2, 10 * n + row + operation);
                    return Now();
                }

                double[] Now() => new Span<double>(p, 7 * Stride).ToArray();

                void Restore() => before.CopyTo(new Span<double>(p, 7 * Stride));

                void Apply(VectorKernels path)
                {
                    double* t0 = p + offset, t1 = t0 + Stride, s0 = t1 + Stride, s1 = s0 + Stride, s2 = s1 + Stride, s3 = s2 + Stride;
                    switch (operation)
                    {
                        case 0: path.UpdateTwo(t0, t1, c, c + 4, s0, s1, s2, s3, n); break;
                        case 1: path.UpdateOne(t0, c, s0, s1, s2, s3, n); break;
                        case 2: path.UpdateSingle(t0, c[0], s0, n); break;
                        case 3: path.AddScaled(t0, c[0], s0, n); break;
                        case 4: path.Multiply(t0, s0, n); break;
                        case 5: path.AddSquares(t0, s0, n); break;
                        default: path.AddClamped(t0, c[0], s0, n); break;
                    }
                }
            }
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void UpdatesByEight(int bits)
    {
        using var buffer = new NativeBuffer();
        double* p = buffer.Ensure(11 * Stride), c = p + 10 * Stride;
        double** sources = stackalloc double*[8];
        for (int b = 0; b < 8; b++) sources[b] = p + (2 + b) * Stride;
        foreach ((int n, int from) in from n in new[] { 0, 8, 16, 24, 40, 56 } from offset in new[] { 0, 1, 5 } where n + offset <= Stride select (n, offset))
        {
            foreach (int targets in new[] { 1, 2 })
            {
                for (int row = 0; row < 11; row++) Fill(p + row * Stride, Stride, row % 2, 20 * n + row + from);
                double[] before = new Span<double>(p, 10 * Stride).ToArray();
                Scalar.UpdateByEight(p, targets == 2 ? p + Stride : null, c, c + 8, sources, from, n);
                double[] wanted = new Span<double>(p, 10 * Stride).ToArray();
                before.CopyTo(new Span<double>(p, 10 * Stride));
                VectorPath.Of(bits).UpdateByEight(p, targets == 2 ? p + Stride : null, c, c + 8, sources, from, n);
                for (int i = 0; i < before.Length; i++)
                {
                    AssertSame(wanted[i], p[i]);
                    int row = i / Stride, at = i % Stride;
                    Quad expected = before[i];
                    double magnitude = Math.Abs(before[i]);
                    for (int b = 0; b < 8 && row < targets && at >= from && at < from + n; b++)
                    {
                        double factor = c[8 * row + b], value = before[(2 + b) * Stride + at];
                        expected -= (Quad)factor * value;
                        magnitude += Math.Abs(factor * value);
                    }
                    Assert.True(Math.Abs((double)(expected - p[i])) <= 1e-15 * magnitude, $"{bits} bits, length {n} from {from}, row {row}, place {at}: {p[i]} for {(double)expected}");
                }
            }
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void ExchangesAndScales(int bits)
    {
        using var buffer = new NativeBuffer();
        double* p = buffer.Ensure(6 * Stride), column = p + 5 * Stride;
        foreach ((int length, int count, int slot) in from length in new[] { 8, 16, 40, 64 } from count in new[] { 0, 1, 2, 3, 5 } from slot in new[] { 0, 3, 7 } select (length, count, slot))
        {
            for (int row = 0; row < 6; row++) Fill(p + row * Stride, Stride, row % 2, length + 10 * row + count);
            double[] before = new Span<double>(p, 5 * Stride).ToArray();
            const double Factor = 0.7;
            Scalar.Exchange(p, count, length, column, slot, Factor);
            Scalar.Scale(p + count * length, Factor, Math.Min(13, 5 * Stride - count * length));
            double[] wanted = new Span<double>(p, 5 * Stride).ToArray();
            before.CopyTo(new Span<double>(p, 5 * Stride));
            VectorPath.Of(bits).Exchange(p, count, length, column, slot, Factor);
            VectorPath.Of(bits).Scale(p + count * length, Factor, Math.Min(13, 5 * Stride - count * length));
            for (int i = 0; i < before.Length; i++)
            {
                AssertSame(wanted[i], p[i]);
                Quad expected = before[i];
                double magnitude = Math.Abs(before[i]);
                if (i < count * length)
                {
                    double f = before[i / length * length + slot] * Factor, value = column[i % length];
                    expected -= (Quad)f * value;
                    magnitude += Math.Abs(f * value);
                }
                else if (i < count * length + 13)
                {
                    expected *= Factor;
                }
                Assert.True(Math.Abs((double)(expected - p[i])) <= 5e-16 * magnitude, $"{bits} bits, {count} vectors of {length}, entry {i}: {p[i]} for {(double)expected}");
            }
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void RowsChangePlacesAndNothingElse(int bits)
    {
        using var buffer = new NativeBuffer();
        double* p = buffer.Ensure(2 * Stride);
        for (int length = 0; length < Stride; length++)
        {
            Fill(p, 2 * Stride, 0, length);
            double[] before = new Span<double>(p, 2 * Stride).ToArray();
            VectorPath.Of(bits).Swap(p, p + Stride, length);
            for (int i = 0; i < 2 * Stride; i++) AssertSame(i % Stride < length ? before[(i + Stride) % (2 * Stride)] : before[i], p[i]);
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void TheProductWithAMap(int bits)
    {
        using var buffer = new NativeBuffer();
        foreach ((int rank, int total) in new[] { (1, 8), (3, 8), (8, 16), (10, 24), (21, 48), (35, 88) })
        {
            double* map = buffer.Ensure((long)(rank + 8) * total + 4L * rank), c = map + rank * total, v = c + 4 * rank;
            Fill(map, rank * total, 0, rank);
            Fill(c, 4 * rank, 1, rank);
            Fill(v, 4 * total, 0, rank + 1);
            double[] before = new Span<double>(v, 4 * total).ToArray();
            Scalar.MultiplyMap(map, rank, total, total, c, 4, v, v + total, v + 2 * total, v + 3 * total);
            double[] wanted = new Span<double>(v, 4 * total).ToArray();
            before.CopyTo(new Span<double>(v, 4 * total));
            VectorPath.Of(bits).MultiplyMap(map, rank, total, total, c, 4, v, v + total, v + 2 * total, v + 3 * total);
            for (int i = 0; i < before.Length; i++)
            {
                AssertSame(wanted[i], v[i]);
                Quad expected = before[i];
                double magnitude = Math.Abs(before[i]);
                for (int q = 0; q < rank; q++)
                {
                    double factor = c[4 * q + i / total], value = map[q * total + i % total];
                    expected += (Quad)factor * value;
                    magnitude += Math.Abs(factor * value);
                }
                Assert.True(Math.Abs((double)(expected - v[i])) <= 1.2e-16 * (rank + 1) * magnitude);
            }
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void PivotsAndRatios(int bits)
    {
        using var buffer = new NativeBuffer();
        double* basic = buffer.Ensure(2 * Stride), v = basic + Stride;
        VectorKernels k = VectorPath.Of(bits);
        foreach ((int n, _) in Shapes)
        {
            foreach (int kind in new[] { 0, 1, 2 })
            {
                Fill(v, Stride, kind, n);
                // Values that occur twice: the first place counts.
                if (n > 20) v[n - 2] = v[n - 12];
                for (int from = 0; from <= Math.Min(n, 9); from++)
                {
                    double top = 0;
                    for (int i = from; i < n; i++) top = Math.Max(top, Math.Abs(v[i]));
                    int first = from;
                    while (first < n && Math.Abs(v[first]) != top) first++;
                    Assert.Equal(top, k.MaxAbs(v, from, n, out int at));
                    Assert.Equal(first, at);
                }
                Fill(basic, Stride, 0, n + 7);
                for (int i = 0; i < Stride; i++) basic[i] = i % 5 == 0 ? 0 : Math.Abs(basic[i]);
                foreach (double noise in new[] { RatioTest.Noise, 0.01 })
                {
                    double slack = 1e-17, down = double.PositiveInfinity, up = down;
                    for (int i = 0; i < n; i++)
                    {
                        if (v[i] < -noise) down = Math.Min(down, (basic[i] + slack) / -v[i]);
                        if (v[i] > noise) up = Math.Min(up, (basic[i] + slack) / v[i]);
                    }
                    k.Limits(basic, v, n, slack, noise, out double gotDown, out double gotUp);
                    Assert.Equal(down, gotDown);
                    Assert.Equal(up, gotUp);
                    foreach (bool gives in new[] { false, true })
                    {
                        double limit = gives ? down : up, raised = limit * (1 + 4e-16), size = RatioTest.Noise;
                        if (double.IsInfinity(limit)) continue;
                        int leaving = -1;
                        for (int i = 0; i < n; i++)
                        {
                            double entry = gives ? -v[i] : v[i];
                            if (entry > size && basic[i] <= raised * entry) (size, leaving) = (entry, i);
                        }
                        Assert.Equal(leaving, k.Leaving(basic, v, n, gives, limit));
                    }
                }
                if (n % 8 != 0) continue;
                foreach (double step in new[] { 0, 1e-12, 1e-3, 1 })
                {
                    bool nonnegative = true;
                    for (int i = 0; i < n; i++) nonnegative &= (double)((Quad)step * v[i] + basic[i]) >= 0;
                    Assert.Equal(nonnegative, k.AllNonnegative(basic, step, v, n));
                }
            }
        }
    }

    [Theory, MemberData(nameof(Paths))]
    public void PassesOverATableau(int bits)
    {
        foreach ((int rank, int residuals, int blocks) in new[] { (1, 0, 1), (3, 2, 1), (10, 5, 3), (21, 28, 7), (8, 8, 2) })
        {
            double[] wanted = Pass(Scalar, rank, residuals, blocks), got = Pass(VectorPath.Of(bits), rank, residuals, blocks);
            for (int i = 0; i < wanted.Length; i++) AssertSame(wanted[i], got[i]);
        }
    }

    /// <summary>One pass of each phase, each value compared with the plain loop; returns all that the passes wrote.</summary>
    private static double[] Pass(VectorKernels k, int rank, int residuals, int blocks)
    {
        const int Block = TableauPass.Block;
        int rows = rank + residuals, points = blocks * Block, pivot = rank / 2, padded = NativeBuffer.Padded(rows + 8);
        using var buffer = new NativeBuffer();
        double* table = buffer.Ensure((long)rows * points + 3 * points + 5 * padded);
        double* gains = table + rows * points, steps = gains + points, penalty = steps + points, minus = penalty + points;
        double* scale = minus + padded, shift = scale + padded, defect = shift + padded, basic = defect + padded;
        var written = new List<double>();
        foreach (bool feasible in new[] { true, false })
        {
            Fill(table, rows * points, 0, rank);
            Fill(minus, padded, 0, rank + 1);
            minus[pivot] = 0;
            Fill(defect, padded, 0, rank + 2);
            Fill(basic, padded, 0, rank + 3);
            for (int j = 0; j < points; j++) penalty[j] = j % 7 == 3 ? double.PositiveInfinity : 0;
            if (feasible) for (int q = 0; q < rank; q++) scale[q] = basic[q] < 0 ? 1 : 0;
            else
            {
                double[] weights = new Span<double>(basic, rank).ToArray();
                k.SetScales(basic, scale, shift, rank, 1e-16);
                for (int q = 0; q < rank; q++)
                {
                    Assert.Equal(Math.Max(0, weights[q]), basic[q]);
                    Assert.Equal(1 / (basic[q] + 1e-16), scale[q]);
                    Assert.Equal(-RatioTest.Noise * scale[q], shift[q]);
                }
            }
            double[] before = new Span<double>(table, rows * points).ToArray();
            var pass = new TableauPass { Table = table, Blocks = blocks, Rank = rank, Residuals = residuals, PivotRow = pivot, Inverse = 1.25, Minus = minus, Gains = gains };
            if (feasible) k.PassFeasible(pass, scale);
            else k.PassDescent(pass, scale, shift, defect, steps, penalty);
            double least = double.PositiveInfinity;
            for (int j = 0; j < points; j++)
            {
                double Entry(int q) => before[(j / Block * rows + q) * Block + j % Block];
                double row = 1.25 * Entry(pivot), reach = 0, magnitude = 0;
                Quad slope = 0, square = 0, cross = 0;
                for (int q = 0; q < rows; q++)
                {
                    Quad updated = q == pivot ? row : Entry(q) + (Quad)minus[q] * row;
                    double now = table[(j / Block * rows + q) * Block + j % Block];
                    Assert.True(Math.Abs((double)(updated - now)) <= 1.2e-16 * (Math.Abs(Entry(q)) + Math.Abs(minus[q] * row)));
                    if (q >= rank)
                    {
                        square += (Quad)now * now;
                        cross += (Quad)now * defect[q - rank];
                        magnitude += Math.Abs(now * defect[q - rank]);
                    }
                    else if (feasible)
                    {
                        slope += (Quad)scale[q] * now;
                        magnitude += Math.Abs(scale[q] * now);
                    }
                    else
                    {
                        reach = Math.Max(reach, Math.FusedMultiplyAdd(scale[q], now, shift[q]));
                    }
                }
                if (feasible)
                {
                    Assert.True(Math.Abs((double)(slope - gains[j])) <= 1.2e-16 * (rank + 1) * magnitude);
                }
                else
                {
                    double up = reach > 0 ? 1 / reach : 0;
                    Assert.Equal(up, steps[j]);
                    bool allowed = up > 0 && penalty[j] == 0;
                    Assert.Equal(allowed, !double.IsPositiveInfinity(gains[j]));
                    Quad gain = (Quad)up * ((Quad)up * square + 2 * cross);
                    if (allowed) Assert.True(Math.Abs((double)(gain - gains[j])) <= 1.2e-16 * (residuals + 4) * (up * up * (double)square + 2 * up * magnitude));
                }
                least = Math.Min(least, gains[j]);
            }
            int first = 0;
            while (gains[first] != least) first++;
            Assert.Equal(first, k.FirstLeast(gains, points));
            written.AddRange(new Span<double>(table, rows * points));
            written.AddRange(new Span<double>(gains, points));
            if (!feasible) written.AddRange(new Span<double>(steps, points));
        }
        return [.. written];
    }

    /// <summary>Kind 0: uniform in [-1, 1] with zeros; 1: over 40 decades, every other term cancelling much of the one before; 2: down to subnormals.</summary>
    private static void Fill(double* p, int count, int kind, int seed)
    {
        var random = new SeededRandom(1000 * kind + seed);
        for (int i = 0; i < count; i++)
        {
            double x = random.Uniform(-1, 1);
            if (random.NextInt(9) == 0) x = random.NextInt(2) == 0 ? 0.0 : -0.0;
            if (kind == 1) x = i % 2 == 1 && random.NextInt(2) == 0 ? -p[i - 1] * (1 + 1e-13 * x) : x * Math.Pow(10, random.Uniform(-20, 20));
            if (kind == 2) x *= Math.Pow(10, random.Uniform(-320, -140));
            p[i] = x;
        }
    }

    /// <summary>The same bits; the sign of a zero counts too.</summary>
    private static void AssertSame(double expected, double actual)
        => Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(actual));
}
